use proptest::prelude::*;

use crate::storage::{Directory, FsDirectory};

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_order_of_records_does_not_matter(
        (samples, shuffled) in oracle::samples().prop_flat_map(|samples| (Just(samples.clone()), Just(samples).prop_shuffle()))
    ) {
        prop_assert_eq!(build(&samples).files(), build(&shuffled).files());
    }
}

#[test]
fn everything_given_is_part_of_the_version() {
    let samples = register(5, 0);
    let version = |samples: &[Sample]| Index::open(&build(samples)).unwrap().version().to_owned();
    let original = version(&samples);
    assert_eq!(original.len(), 32);
    assert_eq!(original, version(&samples));
    let mut versions = vec![original.clone()];
    let mut change = |change: &dyn Fn(&mut Sample)| {
        let mut samples = samples.clone();
        change(&mut samples[3]);
        versions.push(version(&samples));
    };
    change(&|sample| sample.id.push('x'));
    change(&|sample| sample.payload.push(0));
    change(&|sample| sample.names.truncate(1));
    change(&|sample| sample.names.reverse());
    change(&|sample| sample.names[0].text.push('x'));
    change(&|sample| sample.names[0].payload.push(0));
    change(&|sample| sample.names[0].terms[0].lane = Lane(9));
    change(&|sample| sample.names[0].terms[0].key.push(0));
    change(&|sample| sample.names[0].terms[0].flags = 7);
    change(&|sample| sample.names[0].words = 2);
    let finish = |options: BuildOptions, given: Versions| {
        let directory = RamDirectory::new();
        let manifest = gather(&samples, options).finish(&directory, given).unwrap();
        let index = Index::open(&directory).unwrap();
        assert_eq!((manifest.version().as_str(), &manifest), (index.version(), index.manifest()));
        manifest.version()
    };
    let options = || BuildOptions { block: 64, ..BuildOptions::default() };
    versions.push(finish(options(), Versions { alphabet: 4, ..VERSIONS }));
    versions.push(finish(options(), Versions { tables: 4, ..VERSIONS }));
    let labels = BTreeMap::from([("revision".into(), "5".into())]);
    versions.push(finish(BuildOptions { labels, ..options() }, VERSIONS));
    let count = versions.len();
    versions.sort();
    versions.dedup();
    assert_eq!(versions.len(), count);
    assert_eq!(finish(options(), VERSIONS), original);
}

#[test]
fn an_index_of_nothing_opens() {
    let index = Index::open(&build(&[])).unwrap();
    index.check().unwrap();
    touch(&index);
    assert_eq!((index.record_count(), index.name_count(), index.lanes().count()), (0, 0, 0));
}

#[test]
fn texts_of_any_length_are_kept() {
    let text = |length: usize| "가나다라마".chars().cycle().take(length).collect::<String>();
    let lengths = [0, 1, 63, 64, 65, 5000, MAX_TEXT / 3, 0, 2];
    let name = |length| SampleName { text: text(length), payload: Vec::new(), terms: Vec::new(), words: 0 };
    let sample = Sample { id: "a".into(), payload: Vec::new(), names: lengths.map(name).to_vec() };
    let index = Index::open(&build(&[sample])).unwrap();
    for (number, length) in (0..).zip(lengths) {
        assert_eq!(index.name_text(NameOrd(number)), Some(text(length)), "{length} characters");
    }
}

#[test]
fn two_builders_on_two_disks_write_the_same_bytes() {
    let samples = register(40, 0);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let files = std::thread::scope(|scope| {
        let build = |folder: &std::path::Path| {
            let directory = FsDirectory::open(folder).unwrap();
            gather(&samples, BuildOptions::default()).finish(&directory, VERSIONS).unwrap();
            let index = Index::open(&directory).unwrap();
            index.check().unwrap();
            let read = |name: String| (directory.open(&name).unwrap().to_vec(), name);
            directory.list().unwrap().into_iter().map(read).collect::<Vec<_>>()
        };
        let threads = folders.each_ref().map(|folder| scope.spawn(move || build(folder.path())));
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(files[0], files[1]);
    assert!(files[0].len() > 10);
}

#[test]
fn records_added_together_are_as_those_added_one_by_one() {
    // Keys of up to eleven bytes are told apart in another way than longer ones; both come again and again.
    let mut samples = register(300, 0);
    for (number, sample) in samples.iter_mut().enumerate() {
        let long = format!("a key of many letters {}", number % 7);
        let terms = [term(9, &long, 0), term(9, &long[..number % 12 + 1], 0)];
        sample.names.iter_mut().for_each(|name| name.terms.extend_from_slice(&terms));
    }
    let owned: Vec<Vec<NameInput<'_>>> =
        samples.iter().map(|sample| sample.names.iter().map(SampleName::input).collect()).collect();
    let record = |(sample, names)| {
        let Sample { id, payload, .. }: &Sample = sample;
        RecordInput { id, payload, names }
    };
    let inputs: Vec<RecordInput<'_>> = samples.iter().zip(owned.iter().map(Vec::as_slice)).map(record).collect();
    let one_by_one = gather(&samples, BuildOptions::default()).write(&RamDirectory::new(), VERSIONS).unwrap();
    for together in [1, 8, samples.len()] {
        let mut builder = SegmentBuilder::new();
        inputs.chunks(together).for_each(|records| builder.add_records(records).unwrap());
        assert_eq!(builder.write(&RamDirectory::new(), VERSIONS).unwrap(), one_by_one, "{together} at a time");
    }
}

#[test]
fn of_records_added_together_a_wrong_one_keeps_all_out() {
    let mut builder = SegmentBuilder::new();
    let good = RecordInput { id: "good", payload: b"", names: &[] };
    let error = builder.add_records(&[good, RecordInput { id: "", ..good }]).unwrap_err();
    assert_eq!(error.to_string(), "record \"\": id of 0 bytes, expected 1 to 1048576");
    assert_eq!((builder.record_count(), builder.name_count()), (0, 0));
    builder.add_records(&[good]).unwrap();
    assert_eq!(builder.record_count(), 1);
}

#[test]
fn an_index_stays_readable_while_the_next_one_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let directory = FsDirectory::open(folder.path()).unwrap();
    directory.publish("registry.db", b"of another room").unwrap();
    let publish = |turn| gather(&register(30, turn), BuildOptions::default()).finish(&directory, VERSIONS).unwrap();
    let old = publish(0);
    let opened = Index::open(&directory).unwrap();
    let before = touch(&opened);
    let new = publish(1);
    assert_ne!(old.version(), new.version());
    directory.create("tmp-1-2").unwrap();
    let deleted = gc(&directory, [&new]).unwrap();
    assert!(deleted.contains(&"tmp-1-2".to_owned()) && deleted.iter().any(|name| name.starts_with("names-")));
    assert_eq!(touch(&opened), before);
    opened.check().unwrap();
    let reopened = Index::open(&directory).unwrap();
    assert_eq!(reopened.version(), new.version());
    let kept = directory.list().unwrap();
    assert_eq!(kept.len(), new.segments[0].files.len() + 2);
    assert!(kept.contains(&"registry.db".to_owned()));
    assert_eq!(gc(&directory, [&new]).unwrap(), Vec::<String>::new());
}

#[test]
fn an_index_is_shared_by_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Index>();
}
