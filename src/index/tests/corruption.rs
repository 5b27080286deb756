use std::os::unix::fs::FileExt;

use proptest::prelude::*;

use crate::storage::FsDirectory;

use super::*;

fn whole() -> Files {
    build(&register(24, 0)).files()
}

/// The files must be refused, and the message must name the file.
fn refused(files: Files, name: &str, how: &str) {
    let error = match open_bytes(files) {
        Ok(_) => panic!("{name}: {how}: was opened"),
        Err(error) => error.to_string(),
    };
    assert!(error.starts_with(name), "{name}: {how}: {error}");
}

/// Opened without verification, nothing may panic; where that cannot be, it must be refused.
fn harmless(files: Files) {
    let options = OpenOptions { verify: Verify::Dictionaries, ..OpenOptions::default() };
    if let Ok(index) = Index::open_with(&RamDirectory::from(files), options) {
        touch(&index);
    }
}

#[test]
fn damage_after_opening_is_found_by_reading_again() {
    let folder = tempfile::tempdir().unwrap();
    let directory = FsDirectory::open(folder.path()).unwrap();
    gather(&register(24, 0), BuildOptions::default()).finish(&directory, VERSIONS).unwrap();
    let index = Index::open(&directory).unwrap();
    index.verify().unwrap();
    let name = &index.manifest().segments[0].files.iter().find(|file| file.kind == "payloads").unwrap().name;
    let file = std::fs::OpenOptions::new().write(true).open(folder.path().join(name)).unwrap();
    file.write_all_at(b"?", 100).unwrap();
    assert!(index.verify().unwrap_err().to_string().starts_with(&format!("{name}: checksum ")));
}

#[test]
fn a_flipped_bit_is_found_in_every_region_of_every_file() {
    let files = whole();
    for (name, bytes) in &files {
        // Every byte of header and footer, and every seventh between.
        let (head, tail) = (bytes.len().min(64), bytes.len().saturating_sub(48));
        for at in (0..head).chain((head..tail).step_by(7)).chain(tail..bytes.len()) {
            let mut damaged = files.clone();
            damaged.get_mut(name).unwrap()[at] ^= 1 << (at % 8);
            refused(damaged, name, &format!("bit flipped in byte {at}"));
        }
    }
}

#[test]
fn a_file_that_is_cut_or_missing_or_grew_is_refused() {
    let files = whole();
    for (name, bytes) in &files {
        let lengths = [0, 1, 63, 64, 65, 111, 112, 113, bytes.len() / 2, bytes.len() - 48, bytes.len() - 1];
        for length in lengths.into_iter().filter(|length| *length < bytes.len()) {
            let mut damaged = files.clone();
            damaged.get_mut(name).unwrap().truncate(length);
            refused(damaged.clone(), name, &format!("cut to {length}"));
            harmless(damaged);
        }
        let mut longer = files.clone();
        longer.get_mut(name).unwrap().push(0);
        refused(longer, name, "one byte longer");
        let mut zeroed = files.clone();
        zeroed.get_mut(name).unwrap().fill(0);
        refused(zeroed, name, "zeroes");
        let mut missing = files.clone();
        missing.remove(name);
        refused(missing, name, "missing");
    }
}

#[test]
fn two_swapped_files_are_refused() {
    let files = whole();
    for (one, one_bytes) in &files {
        for (other, other_bytes) in files.iter().filter(|(other, _)| *other > one) {
            let mut swapped = files.clone();
            swapped.insert(one.clone(), other_bytes.clone());
            swapped.insert(other.clone(), one_bytes.clone());
            let error = open_bytes(swapped.clone()).err().expect("was opened").to_string();
            assert!(error.starts_with(one) || error.starts_with(other), "{one} and {other}: {error}");
            harmless(swapped);
        }
    }
}

#[test]
fn a_file_of_another_edition_is_refused_under_any_name() {
    let (files, others) = (whole(), build(&register(24, 1)).files());
    let kind = |name: &str| name.rsplit_once('-').map(|(kind, _)| kind.to_owned());
    for (name, bytes) in files.iter().filter(|(name, _)| *name != MANIFEST_FILE) {
        let (_, other) = others.iter().find(|(other, _)| kind(other) == kind(name)).unwrap();
        assert_ne!(bytes, other, "the header alone differs");
        let mut mixed = files.clone();
        mixed.insert(name.clone(), other.clone());
        refused(mixed.clone(), name, "of another edition");
        harmless(mixed);
    }
    let mut older = files.clone();
    older.insert(MANIFEST_FILE.to_owned(), others[MANIFEST_FILE].clone());
    assert!(open_bytes(older).err().expect("was opened").to_string().ends_with(": missing"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn unverified_damage_is_never_followed_out_of_a_file(
        file in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut files = whole();
        let name = file.get(&files.keys().cloned().collect::<Vec<_>>()).clone();
        let bytes = files.get_mut(&name).unwrap();
        // Between header and footer, which are always compared.
        let body = 64..bytes.len() - 48;
        for (at, byte) in damage {
            if !body.is_empty() {
                bytes[body.start + at.index(body.len())] = byte;
            }
        }
        harmless(files);
    }

    #[test]
    fn whatever_the_parts_say_if_their_checksums_hold_nothing_panics(
        file in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        use crate::storage::{Bytes, Directory, Envelope};
        let directory = build(&register(24, 0));
        let (mut manifest, _) = Manifest::read(&directory).unwrap();
        let entries = &mut manifest.segments[0].files;
        // Dictionaries are left alone: their reader trusts what has the right checksum.
        entries.retain(|entry| !entry.kind.starts_with("terms-"));
        let entry = file.get(entries).clone();
        let envelope = Envelope::open(&entry.name, directory.open(&entry.name).unwrap()).unwrap();
        let mut body = envelope.body().to_vec();
        for (at, byte) in damage {
            if !body.is_empty() {
                let at = at.index(body.len());
                body[at] = byte;
            }
        }
        let (bytes, digest) = Envelope::seal(envelope.header(), &body);
        let (mut manifest, _) = Manifest::read(&directory).unwrap();
        let place = manifest.segments[0].files.iter().position(|found| *found == entry).unwrap();
        manifest.segments[0].files[place].digest = digest;
        directory.publish(&entry.name, &bytes).unwrap();
        manifest.publish(&directory).unwrap();
        prop_assert!(Envelope::open("a", Bytes::from(bytes)).unwrap().verify().is_ok());
        if let Ok(index) = Index::open(&directory) {
            touch(&index);
        }
    }
}
