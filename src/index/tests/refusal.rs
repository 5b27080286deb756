use crate::storage::Directory;

use super::*;

#[test]
fn a_builder_refuses_what_it_cannot_keep_and_stays_as_it_was() {
    let mut builder = SegmentBuilder::new();
    let mut refuse = |id: &str, text: &str, key: TermInput, message: &str| {
        let good = NameInput { text: "good", payload: b"", terms: &[], words: 0 };
        let names = [good, NameInput { text, payload: b"", terms: &[key], words: 0 }];
        let error = builder.add_record(id, b"", &names).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!((builder.record_count(), builder.name_count()), (0, 0));
    };
    refuse("", "a", term(0, "a", 0), "record \"\": id of 0 bytes, expected 1 to 1048576");
    refuse("r", "a", term(16, "a", 0), "record \"r\": names[1]: lane 16 is over 15");
    refuse("r", "a", term(0, "", 0), "record \"r\": key of 0 bytes, expected 1 to 4096");
    let long = "a".repeat(MAX_TEXT + 1);
    refuse("r", "a", term(0, &long[..4097], 0), "record \"r\": key of 4097 bytes, expected 1 to 4096");
    refuse("r", &long, term(0, "a", 0), "record \"r\": text of 1048577 bytes, expected 0 to 1048576");
    builder.add_record("r", b"", &[]).unwrap();
    builder.add_record("r", b"other", &[]).unwrap();
    let directory = RamDirectory::new();
    let error = builder.finish(&directory, VERSIONS).unwrap_err();
    assert_eq!(error.to_string(), "record \"r\": the id is there twice");
    assert!(directory.list().unwrap().is_empty());
}

#[test]
fn a_directory_without_an_index_says_so() {
    assert!(matches!(open_bytes(Files::new()), Err(IndexError::NoManifest)));
}

#[test]
fn an_index_of_other_versions_is_refused_if_versions_matter() {
    let directory = build(&register(5, 0));
    let open = |alphabet, tables| {
        let options = OpenOptions { alphabet, tables, ..OpenOptions::default() };
        Index::open_with(&directory, options).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(open(Some(3), Some(8)), Ok(()));
    assert_eq!(open(Some(3), None), Ok(()));
    assert_eq!(open(Some(4), None), Err("manifest: alphabet version 3, expected 4".to_owned()));
    assert_eq!(open(None, Some(7)), Err("manifest: tables version 8, expected 7".to_owned()));
}

#[test]
fn a_manifest_that_this_version_cannot_follow_is_refused() {
    let directory = build(&register(5, 0));
    let (manifest, _) = Manifest::read(&directory).unwrap();
    let refuse = |change: &dyn Fn(&mut Manifest), message: &str| {
        let mut changed = manifest.clone();
        change(&mut changed);
        changed.publish(&directory).unwrap();
        let error = Index::open(&directory).err().expect(message).to_string();
        assert!(error.contains(message), "{error}");
    };
    refuse(&|manifest| manifest.segments.clear(), "manifest: 0 segments, expected 1 to 3");
    refuse(&|manifest| manifest.segments.extend(manifest.segments.clone()), "manifest: 2 segments and no overlay");
    refuse(&|manifest| manifest.segments[0].lanes[0].lane = Lane(16), "manifest: lanes are not increasing");
    refuse(&|manifest| manifest.segments[0].lanes.reverse(), "manifest: lanes are not increasing");
    refuse(&|manifest| drop(manifest.segments[0].files.pop()), "manifest: 14 files, expected 15");
    refuse(&|manifest| manifest.segments[0].files[1].kind = "other".to_owned(), "manifest: no file of kind payloads");
    refuse(&|manifest| manifest.segments[0].files[0].name = "../etc".to_owned(), "not a plain file name");
    refuse(&|manifest| manifest.segments[0].files[0].length += 1, "bytes, expected");
    refuse(&|manifest| manifest.segments[0].files[0].digest.0[0] ^= 1, ": checksum ");
    refuse(&|manifest| manifest.segments[0].id.0[0] ^= 1, ": segment ");
    refuse(&|manifest| manifest.versions.alphabet = 9, ": alphabet version 3, expected 9");
    refuse(&|manifest| manifest.segments[0].names += 1, ": names ");
    refuse(&|manifest| manifest.segments[0].records += 1, ": records ");
    refuse(&|manifest| manifest.segments[0].lanes[0].terms += 1, ": terms ");
    manifest.publish(&directory).unwrap();
    Index::open(&directory).unwrap().check().unwrap();
}
