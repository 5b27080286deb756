use proptest::prelude::*;

use super::*;

/// Changes an index as [`update`] does, and the records beside it. Returns the index that follows.
fn changed(
    directory: &RamDirectory,
    index: &Index,
    samples: &mut Vec<Sample>,
    new: Vec<Sample>,
    removed: &[String],
) -> Index {
    let builder = gather(&new, BuildOptions { block: 64, ..BuildOptions::default() });
    samples.retain(|sample| !removed.contains(&sample.id) && new.iter().all(|other| other.id != sample.id));
    samples.extend(new);
    let removed: Vec<&str> = removed.iter().map(String::as_str).collect();
    let manifest = update(index, builder, &removed, directory).unwrap();
    assert!(manifest.segments.len() <= MAX_SEGMENTS);
    manifest.publish(directory).unwrap();
    let next = index.open_next(directory, OpenOptions::default()).unwrap();
    assert_eq!(next.version(), manifest.version());
    next
}

/// The files of one segment with all that an index shows.
fn compacted(index: &Index, directory: &RamDirectory) -> Files {
    let options = BuildOptions { block: 64, ..BuildOptions::default() };
    let manifest = compact(index, directory, options).unwrap();
    manifest.publish(directory).unwrap();
    let kept = manifest.files().map(|file| file.name.as_str()).chain([MANIFEST_FILE]);
    let all = directory.files();
    kept.map(|name| (name.to_owned(), all[name].clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn changes_show_what_an_index_built_anew_shows(
        first in oracle::samples(),
        steps in prop::collection::vec((oracle::samples(), prop::collection::vec(any::<prop::sample::Index>(), 0..6)), 1..6),
    ) {
        let directory = build(&first);
        let (mut samples, mut index) = (first, Index::open(&directory).unwrap());
        for (new, removed) in steps {
            let removed: Vec<String> = match samples.is_empty() {
                true => vec!["never there".to_owned()],
                false => removed.iter().map(|place| place.get(&samples).id.clone()).collect(),
            };
            // What is removed and added at once is there.
            let removed: Vec<String> = removed.into_iter().filter(|id| new.iter().all(|sample| sample.id != *id)).collect();
            index = changed(&directory, &index, &mut samples, new, &removed);
            oracle::agree(&index, &samples);
            oracle::agree(&Index::open(&directory).unwrap(), &samples);
        }
        // One segment of all is, to the byte, the one that a builder writes.
        prop_assert_eq!(compacted(&index, &directory), build(&samples).files());
    }
}

/// An index of three segments with deleted records.
pub(super) fn three_segments() -> RamDirectory {
    let mut samples = register(24, 0);
    let directory = build(&samples);
    let index = Index::open(&directory).unwrap();
    let new = register(9, 1).split_off(3);
    let index = changed(&directory, &index, &mut samples, new, &["register/015".to_owned()]);
    let index = changed(&directory, &index, &mut samples, register(31, 2).split_off(22), &["register/007".to_owned()]);
    assert_eq!(index.manifest().segments.len(), 3);
    let deleted = &index.manifest().overlay.as_ref().unwrap().deleted;
    assert!(deleted[0] > 3 && deleted[1] == 1, "{deleted:?}");
    gc(&directory, [index.manifest()]).unwrap();
    directory
}

#[test]
fn small_segments_are_folded_and_empty_ones_go() {
    let mut samples = register(24, 0);
    let directory = build(&samples);
    let mut index = Index::open(&directory).unwrap();
    for turn in 1..6 {
        let new = register(8 + turn, turn).split_off(4);
        index = changed(&directory, &index, &mut samples, new, &[]);
        oracle::agree(&index, &samples);
    }
    assert_eq!(index.manifest().segments[0].records, 24, "the first segment stays");
    let removed: Vec<String> = samples.iter().map(|sample| sample.id.clone()).collect();
    index = changed(&directory, &index, &mut samples, Vec::new(), &removed[..20]);
    oracle::agree(&index, &samples);
    index = changed(&directory, &index, &mut samples, register(3, 0), &removed);
    oracle::agree(&index, &samples);
    assert_eq!(index.manifest().segments.len(), 1);
    assert!(index.manifest().overlay.is_none(), "what is whole needs no overlay");
}

#[test]
fn an_index_stays_as_it_is_while_it_is_changed() {
    let directory = three_segments();
    let index = Index::open(&directory).unwrap();
    let (before, mut samples) = (touch(&index), Vec::new());
    let version = index.version().to_owned();
    let next = changed(&directory, &index, &mut samples, register(6, 4), &["register/020".to_owned()]);
    gc(&directory, [next.manifest()]).unwrap();
    assert_eq!((touch(&index), index.version()), (before, version.as_str()));
    assert!(next.record_by_id("register/020").is_none() && index.record_by_id("register/020").is_some());
    index.check().unwrap();
    next.check().unwrap();
}

#[test]
fn a_manifest_of_segments_that_do_not_belong_together_is_refused() {
    let directory = three_segments();
    let (manifest, _) = Manifest::read(&directory).unwrap();
    let refuse = |change: &dyn Fn(&mut Manifest, &mut OverlayEntry), message: &str| {
        let mut changed = manifest.clone();
        let mut overlay = changed.overlay.take().unwrap();
        change(&mut changed, &mut overlay);
        changed.overlay = Some(overlay);
        changed.publish(&directory).unwrap();
        let error = Index::open(&directory).err().expect(message).to_string();
        assert!(error.contains(message), "{error}");
    };
    refuse(
        &|manifest, _| manifest.segments.push(manifest.segments[0].clone()),
        "manifest: 4 segments, expected 1 to 3",
    );
    refuse(&|manifest, _| drop(manifest.segments.pop()), "manifest: the overlay lies over other segments");
    refuse(&|manifest, _| manifest.segments.swap(0, 1), "manifest: the overlay lies over other segments");
    refuse(&|manifest, _| manifest.segments[2] = manifest.segments[1].clone(), "lies over other segments");
    refuse(&|_, overlay| overlay.deleted[0] += 1, "another number of deleted records");
    refuse(&|_, overlay| overlay.deleted.truncate(overlay.deleted.len() - 1), "another number of deleted records");
    refuse(&|_, overlay| overlay.lanes[0].terms += 1, ": terms ");
    refuse(&|_, overlay| drop(overlay.files.pop()), "manifest: ");
    refuse(&|_, overlay| overlay.id.0[3] ^= 1, ": segment ");
    refuse(&|_, overlay| overlay.files[2].digest.0[0] ^= 1, ": checksum ");
    let alone = Manifest { segments: manifest.segments[..1].to_vec(), overlay: None, ..manifest.clone() };
    alone.publish(&directory).unwrap();
    Index::open(&directory).unwrap().check().unwrap();
    Manifest { overlay: None, ..manifest.clone() }.publish(&directory).unwrap();
    let error = Index::open(&directory).err().expect("was opened").to_string();
    assert_eq!(error, "manifest: 3 segments and no overlay");
    manifest.publish(&directory).unwrap();
    Index::open(&directory).unwrap().check().unwrap();
}
