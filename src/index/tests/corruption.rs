use std::os::unix::fs::FileExt;

use proptest::prelude::*;

use crate::storage::FsDirectory;

use super::*;

fn whole() -> Files {
    build(&register(24, 0)).files()
}

/// The files of an index of one segment, and of one of three with deleted records.
fn editions() -> [Files; 2] {
    [whole(), segments::three_segments().files()]
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
    for (files, step) in editions().into_iter().zip([7, 23]) {
        for (name, bytes) in &files {
            // Every byte of header and footer, and every so many between.
            let (head, tail) = (bytes.len().min(64), bytes.len().saturating_sub(48));
            for at in (0..head).chain((head..tail).step_by(step)).chain(tail..bytes.len()) {
                let mut damaged = files.clone();
                damaged.get_mut(name).unwrap()[at] ^= 1 << (at % 8);
                refused(damaged, name, &format!("bit flipped in byte {at}"));
            }
        }
    }
}

#[test]
fn a_file_that_is_cut_or_missing_or_grew_is_refused() {
    for files in editions() {
        for (name, bytes) in &files {
            // Every length, so the edges of all sections are among them.
            let mut damaged = files.clone();
            for length in (0..bytes.len()).rev() {
                damaged.get_mut(name).unwrap().truncate(length);
                refused(damaged.clone(), name, &format!("cut to {length}"));
            }
            harmless(damaged);
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
}

#[test]
fn two_swapped_files_are_refused() {
    for files in editions() {
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
}

/// The same index with another body in one file, whose checksum is right. The manifest lists it.
fn resealed(files: &Files, name: &str, body: &[u8]) -> RamDirectory {
    use crate::storage::{Bytes, Directory, Envelope};
    let directory = RamDirectory::from(files.clone());
    let (mut manifest, _) = Manifest::read(&directory).unwrap();
    let envelope = Envelope::open(name, Bytes::from(files[name].clone())).unwrap();
    let (bytes, digest) = Envelope::seal(envelope.header(), body);
    let overlay = manifest.overlay.iter_mut().flat_map(|overlay| &mut overlay.files);
    let mut entries = manifest.segments.iter_mut().flat_map(|segment| &mut segment.files).chain(overlay);
    let entry = entries.find(|entry| entry.name == name).unwrap();
    (entry.digest, entry.length) = (digest, bytes.len() as u64);
    directory.publish(name, &bytes).unwrap();
    manifest.publish(&directory).unwrap();
    directory
}

/// Files whose bytes are not trusted even where their checksums hold: all but manifest and dictionaries.
fn untrusted(files: &Files) -> Vec<(&String, &[u8])> {
    let trusted = |name: &str| name == MANIFEST_FILE || name.starts_with("terms-") || name.starts_with("union-");
    let body = |bytes: &'_ [u8]| 64..bytes.len() - 48;
    files.iter().filter(|(name, _)| !trusted(name)).map(|(name, bytes)| (name, &bytes[body(bytes)])).collect()
}

#[test]
fn a_part_that_ends_early_is_refused_or_missing_even_if_its_checksum_holds() {
    for files in editions() {
        for (name, body) in untrusted(&files) {
            for length in (0..body.len()).step_by(11).chain(body.len().saturating_sub(9)..body.len()) {
                if let Ok(index) = Index::open(&resealed(&files, name, &body[..length])) {
                    touch(&index);
                    assert!(index.check().is_err(), "{name} cut to {length}");
                }
            }
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
        several: bool,
        file in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let [one, three] = editions();
        let mut files = if several { three } else { one };
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
        several: bool,
        file in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let [one, three] = editions();
        let files = if several { three } else { one };
        // Dictionaries are left alone: their reader trusts what has the right checksum.
        let (name, body) = *file.get(&untrusted(&files));
        let mut body = body.to_vec();
        for (at, byte) in damage {
            if !body.is_empty() {
                let at = at.index(body.len());
                body[at] = byte;
            }
        }
        if let Ok(index) = Index::open(&resealed(&files, name, &body)) {
            touch(&index);
        }
    }
}
