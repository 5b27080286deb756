use std::io::{self, Write};

use crate::storage::{Directory, Header, Sealer, SegmentId, StorageError, Tag, Versions};

use super::builder::{Gathered, Hasher};
use super::layout::{FORMAT, NAMES, PAYLOADS, RECORDS, TEXTS, lane_tags};
use super::manifest::EXTENSION;
use super::postings::put_posting;
use super::texts::TextWriter;
use super::{
    FileEntry, Frequency, IndexError, InputError, Lane, LaneEntry, Manifest, NameOrd, Posting, SegmentBuilder,
    SegmentEntry,
};

/// Writes a segment. All that is written depends on the sorted records alone.
pub(super) fn write(
    mut builder: SegmentBuilder,
    directory: &dyn Directory,
    versions: Versions,
) -> Result<Manifest, IndexError> {
    let order = Order::new(&builder)?;
    let segment = segment_id(&builder, &order, versions);
    let mut output = Output { directory, versions, segment, files: Vec::new() };
    let lanes = lanes(&mut builder, &order, &mut output)?;
    names(&builder, &order, &mut output)?;
    output.write(TEXTS, |file| {
        let mut texts = TextWriter::new(file, &builder.options)?;
        order.names.iter().try_for_each(|name| texts.push(builder.piece(builder.names[name.place].text)))?;
        texts.finish()
    })?;
    records(&builder, &order, &mut output)?;
    directory.sync()?;
    let entry = SegmentEntry {
        id: segment,
        // `SegmentBuilder::add_record` holds both within u32.
        records: order.records.len() as u32,
        names: order.names.len() as u32,
        lanes,
        files: output.files,
    };
    Ok(Manifest { versions, labels: builder.options.labels, segments: vec![entry] })
}

/// In which order records and names are written.
struct Order {
    /// Places of records in the builder, by id.
    records: Vec<u32>,
    /// Names by record, and within a record as given.
    names: Vec<OrderedName>,
}

struct OrderedName {
    /// The record's place in `Order::records`.
    record: u32,
    /// The name's place in the builder.
    place: usize,
}

impl Order {
    fn new(builder: &SegmentBuilder) -> Result<Order, IndexError> {
        let id = |place: u32| builder.piece(builder.records[place as usize].id);
        let mut records: Vec<u32> = (0..builder.records.len() as u32).collect();
        records.sort_unstable_by(|left, right| id(*left).cmp(id(*right)));
        if let Some(twice) = records.windows(2).find(|pair| id(pair[0]) == id(pair[1])) {
            return Err(InputError::Twice { record: String::from_utf8_lossy(id(twice[0])).into_owned() }.into());
        }
        let mut names = Vec::with_capacity(builder.names.len());
        for (record, place) in records.iter().enumerate() {
            let Gathered { first_name, names: count, .. } = builder.records[*place as usize];
            let places = first_name as usize..(first_name + count) as usize;
            names.extend(places.map(|place| OrderedName { record: record as u32, place }));
        }
        Ok(Order { records, names })
    }

    fn records<'a>(&'a self, builder: &'a SegmentBuilder) -> impl Iterator<Item = &'a Gathered> {
        self.records.iter().map(|place| &builder.records[*place as usize])
    }
}

fn segment_id(builder: &SegmentBuilder, order: &Order, versions: Versions) -> SegmentId {
    let mut hasher = Hasher::default();
    for number in [FORMAT, versions.alphabet, versions.tables] {
        hasher.number(number as usize);
    }
    hasher.number(builder.options.block);
    hasher.number(builder.options.level as usize);
    order.records(builder).for_each(|record| hasher.part(&record.digest.0));
    let mut id = SegmentId::default();
    id.0.copy_from_slice(&hasher.finish().0[..16]);
    id
}

/// Where files go, and those that went.
struct Output<'d> {
    directory: &'d dyn Directory,
    versions: Versions,
    segment: SegmentId,
    files: Vec<FileEntry>,
}

impl Output<'_> {
    /// Writes one file and names it after its content.
    fn write(&mut self, tag: Tag, fill: impl FnOnce(&mut Sealer<'_>) -> io::Result<()>) -> Result<(), StorageError> {
        let header = Header { tag, format: FORMAT, versions: self.versions, segment: self.segment };
        let mut file = Sealer::create(self.directory, &header)?;
        fill(&mut file).map_err(|source| file.failed(source))?;
        let sealed = file.seal()?;
        let (length, digest) = (sealed.length, sealed.digest);
        let name = format!("{tag}-{}{EXTENSION}", digest.short());
        sealed.rename(&name)?;
        self.files.push(FileEntry { kind: tag.to_string(), name, length, digest });
        Ok(())
    }
}

/// Postings of all lanes, term by term, each by increasing name.
struct Inverted {
    /// Where the postings of a term begin, in the order of lanes and keys.
    starts: Vec<usize>,
    /// Where they end: before the next start if a name gave the term twice.
    ends: Vec<usize>,
    names: Vec<u32>,
    flags: Vec<u8>,
}

impl Inverted {
    /// `ranks` are, by lane, the places of terms among all terms, by their numbers in the builder.
    fn new(builder: &SegmentBuilder, order: &Order, ranks: &[Vec<usize>; Lane::COUNT]) -> Inverted {
        let rank = |lane: u8, number: u32| ranks[usize::from(lane)][number as usize];
        let mut starts = vec![0; ranks.iter().map(Vec::len).sum::<usize>()];
        builder.terms.iter().for_each(|(lane, _, number)| starts[rank(*lane, *number)] += 1);
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        let (mut ends, mut names, mut flags) = (starts.clone(), vec![0; sum], vec![0; sum]);
        for (ordinal, name) in order.names.iter().enumerate() {
            for (lane, flag, number) in builder.terms_of(name.place) {
                let term = rank(*lane, *number);
                let end = &mut ends[term];
                if *end > starts[term] && names[*end - 1] == ordinal as u32 {
                    flags[*end - 1] |= *flag;
                } else {
                    (names[*end], flags[*end]) = (ordinal as u32, *flag);
                    *end += 1;
                }
            }
        }
        Inverted { starts, ends, names, flags }
    }
}

fn lanes(builder: &mut SegmentBuilder, order: &Order, output: &mut Output<'_>) -> Result<Vec<LaneEntry>, StorageError> {
    let mut base = 0;
    let mut ranks: [Vec<usize>; Lane::COUNT] = Default::default();
    let keys = std::mem::take(&mut builder.keys).map(|keys| {
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_unstable();
        keys
    });
    for (rank, keys) in ranks.iter_mut().zip(&keys) {
        rank.resize(keys.len(), 0);
        keys.iter().enumerate().for_each(|(ordinal, (_, number))| rank[*number as usize] = base + ordinal);
        base += keys.len();
    }
    let inverted = Inverted::new(builder, order, &ranks);
    let mut entries = Vec::new();
    let mut first = 0;
    for (lane, keys) in Lane::all().zip(&keys).filter(|(_, keys)| !keys.is_empty()) {
        let [terms, posts] = lane_tags(lane);
        output.write(terms, |file| {
            let mut dictionary = fst::raw::Builder::new(file).map_err(io_error)?;
            for (ordinal, (key, _)) in keys.iter().enumerate() {
                dictionary.insert(key, ordinal as u64).map_err(io_error)?;
            }
            dictionary.finish().map_err(io_error)
        })?;
        let mut postings = 0;
        let (mut rows, mut bytes) = (Vec::new(), Vec::new());
        for term in first..first + keys.len() {
            let (offset, mut next, mut frequency, mut last) = (bytes.len(), 0, Frequency::default(), None);
            for at in inverted.starts[term]..inverted.ends[term] {
                let name = NameOrd(inverted.names[at]);
                put_posting(&mut bytes, &mut next, Posting { name, flags: inverted.flags[at] });
                let record = Some(order.names[name.0 as usize].record);
                frequency.names += 1;
                frequency.records += u32::from(record != last);
                last = record;
            }
            postings += u64::from(frequency.names);
            put_row(&mut rows, offset, frequency);
        }
        put_row(&mut rows, bytes.len(), Frequency::default());
        output.write(posts, |file| {
            file.write_all(&rows)?;
            file.write_all(&bytes)
        })?;
        entries.push(LaneEntry { lane, terms: keys.len() as u64, postings });
        first += keys.len();
    }
    Ok(entries)
}

fn put_row(rows: &mut Vec<u8>, offset: usize, frequency: Frequency) {
    rows.extend_from_slice(&(offset as u64).to_le_bytes());
    rows.extend_from_slice(&frequency.names.to_le_bytes());
    rows.extend_from_slice(&frequency.records.to_le_bytes());
}

fn io_error(error: fst::Error) -> io::Error {
    match error {
        fst::Error::Io(error) => error,
        other => io::Error::other(other),
    }
}

fn names(builder: &SegmentBuilder, order: &Order, output: &mut Output<'_>) -> Result<(), StorageError> {
    let payload = |name: &OrderedName| builder.piece(builder.names[name.place].payload);
    output.write(NAMES, |file| {
        let mut offset = 0u64;
        for name in &order.names {
            file.write_all(&name.record.to_le_bytes())?;
            file.write_all(&offset.to_le_bytes())?;
            offset += payload(name).len() as u64;
        }
        file.write_all(&[0; 4])?;
        file.write_all(&offset.to_le_bytes())
    })?;
    output.write(PAYLOADS, |file| order.names.iter().try_for_each(|name| file.write_all(payload(name))))
}

fn records(builder: &SegmentBuilder, order: &Order, output: &mut Output<'_>) -> Result<(), StorageError> {
    output.write(RECORDS, |file| {
        let (mut id, mut payload, mut name) = (0u64, 0u64, 0u32);
        let mut row = |id: u64, payload: u64, name: u32| {
            file.write_all(&id.to_le_bytes())?;
            file.write_all(&payload.to_le_bytes())?;
            file.write_all(&name.to_le_bytes())
        };
        for record in order.records(builder) {
            row(id, payload, name)?;
            id += builder.piece(record.id).len() as u64;
            payload += builder.piece(record.payload).len() as u64;
            name += record.names;
        }
        row(id, payload, name)?;
        order.records(builder).try_for_each(|record| file.write_all(builder.piece(record.id)))?;
        order.records(builder).try_for_each(|record| file.write_all(builder.piece(record.payload)))
    })
}
