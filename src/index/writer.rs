use std::io::{self, Write};

use crate::storage::{Directory, Header, Sealer, SegmentId, StorageError, Tag, Versions};

use super::chunks::Chunks;
use super::digest::{Order, Ranks, segment_id};
use super::inverted::Inverted;
use super::layout::{BLOCK, FORMAT, IDS, NAMES, PAYLOADS, RECORDS, TEXTS, lane_tags, put_varint};
use super::lexicon::put_head;
use super::manifest::EXTENSION;
use super::names::{SHORT_GAPS, width};
use super::postings::put_postings;
use super::texts::TextWriter;
use super::{FileEntry, IndexError, Lane, LaneEntry, NameOrd, Posting, SegmentBuilder, SegmentEntry};

/// Writes a segment. All that is written depends on the sorted records alone.
pub(super) fn write(
    mut builder: SegmentBuilder,
    directory: &dyn Directory,
    versions: Versions,
) -> Result<SegmentEntry, IndexError> {
    let order = Order::new(&builder)?;
    let ranks = Ranks::new(&mut builder);
    let inverted = Inverted::of_all(&builder, &order);
    let segment = segment_id(&builder, &order, &ranks, &inverted, versions);
    let mut output = Output { directory, versions, segment, files: Vec::new() };
    names(&builder, &order, &ranks, &mut output)?;
    payloads(&builder, &ranks, &mut output)?;
    // Nobody asks for the terms of a name any more.
    builder.terms = Chunks::default();
    output.write(TEXTS, |file| {
        let mut texts = TextWriter::new(file, &builder.options)?;
        order.names.iter().try_for_each(|name| texts.push(builder.text(&builder.names[*name as usize])))?;
        texts.finish()
    })?;
    records(&builder, &order, &mut output)?;
    let mut lanes = Vec::new();
    for (lane, inverted) in Lane::all().zip(inverted).filter(|(_, inverted)| !inverted.is_empty()) {
        lanes.push(write_lane(lane, &builder, &inverted, &mut output)?);
    }
    directory.sync()?;
    Ok(SegmentEntry {
        id: segment,
        // `SegmentBuilder::add_record` holds both within u32.
        records: order.records.len() as u32,
        names: order.names.len() as u32,
        lanes,
        files: output.files,
    })
}

/// Where files go, and those that went.
pub(super) struct Output<'d> {
    pub(super) directory: &'d dyn Directory,
    pub(super) versions: Versions,
    pub(super) segment: SegmentId,
    pub(super) files: Vec<FileEntry>,
}

impl Output<'_> {
    /// Writes one file and names it after its content.
    pub(super) fn write(
        &mut self,
        tag: Tag,
        fill: impl FnOnce(&mut Sealer<'_>) -> io::Result<()>,
    ) -> Result<(), StorageError> {
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

fn write_lane(
    lane: Lane,
    builder: &SegmentBuilder,
    inverted: &Inverted,
    output: &mut Output<'_>,
) -> Result<LaneEntry, StorageError> {
    let [terms, posts] = lane_tags(lane);
    let keys = &builder.keys[usize::from(lane.0)];
    output.write(terms, |file| {
        // Written byte by byte, which memory takes more gladly than a file.
        let mut dictionary = fst::raw::Builder::memory();
        for (ordinal, key) in (0..).zip(keys.iter()) {
            dictionary.insert(key, ordinal).map_err(io_error)?;
        }
        file.write_all(&dictionary.into_inner().map_err(io_error)?)
    })?;
    let (mut rows, mut heads, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    let mut row = |heads: usize, bytes: usize| {
        rows.extend_from_slice(&(heads as u64).to_le_bytes());
        rows.extend_from_slice(&(bytes as u64).to_le_bytes());
    };
    let mut postings = 0;
    for term in 0..inverted.len() {
        if term % BLOCK as usize == 0 {
            row(heads.len(), bytes.len());
        }
        let (start, frequency) = (bytes.len(), inverted.frequency(term));
        let read = inverted.postings(term).map(|(name, flags)| Posting { name: NameOrd(name), flags });
        put_postings(&mut bytes, frequency.names, read);
        postings += u64::from(frequency.names);
        put_head(&mut heads, bytes.len() - start, frequency);
    }
    row(heads.len(), bytes.len());
    output.write(posts, |file| {
        file.write_all(&rows)?;
        file.write_all(&heads)?;
        file.write_all(&bytes)
    })?;
    Ok(LaneEntry { lane, terms: inverted.len() as u64, postings })
}

fn io_error(error: fst::Error) -> io::Error {
    match error {
        fst::Error::Io(error) => error,
        other => io::Error::other(other),
    }
}

fn names(builder: &SegmentBuilder, order: &Order, ranks: &Ranks, output: &mut Output<'_>) -> Result<(), StorageError> {
    let widths: [u8; Lane::COUNT] = std::array::from_fn(|lane| width(builder.keys[lane].len()));
    // Of each name its length, its payload and its words, nearly always within twelve bytes.
    let (mut rows, mut blocks, mut own) = (Vec::new(), Vec::with_capacity(12 * order.names.len()), Vec::new());
    let mut last = 0;
    for (ordinal, (place, record)) in order.names.iter().zip(&order.record_of).enumerate() {
        if ordinal % BLOCK as usize == 0 {
            rows.extend_from_slice(&(blocks.len() as u64).to_le_bytes());
            rows.extend_from_slice(&record.to_le_bytes());
            last = *record;
        }
        own.clear();
        let payload = builder.names[*place as usize].payload;
        put_varint(&mut own, ranks.payloads[payload as usize].into());
        for term in &builder.terms_of(*place)[..words_of(builder, payload)] {
            let lane = usize::from(term.lane);
            own.extend_from_slice(&term.number.to_le_bytes()[..usize::from(widths[lane])]);
        }
        let gap = record - last;
        last = *record;
        put_varint(&mut blocks, (own.len() as u64) << 2 | u64::from(gap.min(SHORT_GAPS)));
        if gap >= SHORT_GAPS {
            put_varint(&mut blocks, (gap - SHORT_GAPS).into());
        }
        blocks.extend_from_slice(&own);
    }
    rows.extend_from_slice(&(blocks.len() as u64).to_le_bytes());
    rows.extend_from_slice(&[0; 4]);
    output.write(NAMES, |file| {
        file.write_all(&widths)?;
        file.write_all(&rows)?;
        file.write_all(&blocks)
    })
}

/// How many words a payload has: what `template` wrote in front of it.
pub(super) fn words_of(builder: &SegmentBuilder, payload: u32) -> usize {
    let mut bytes = builder.payloads.get(payload);
    super::layout::take_varint(&mut bytes).unwrap_or(0) as usize
}

fn payloads(builder: &SegmentBuilder, ranks: &Ranks, output: &mut Output<'_>) -> Result<(), StorageError> {
    output.write(PAYLOADS, |file| {
        file.write_all(&(builder.payloads.len() as u64).to_le_bytes())?;
        let mut offset = 0u64;
        for number in &ranks.payload_order {
            file.write_all(&offset.to_le_bytes())?;
            offset += builder.payloads.get(*number).len() as u64;
        }
        file.write_all(&offset.to_le_bytes())?;
        ranks.payload_order.iter().try_for_each(|number| file.write_all(builder.payloads.get(*number)))
    })
}

fn records(builder: &SegmentBuilder, order: &Order, output: &mut Output<'_>) -> Result<(), StorageError> {
    let (mut rows, mut blocks, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let mut row = |blocks: usize, ids: usize, name: u32| {
        rows.extend_from_slice(&(blocks as u64).to_le_bytes());
        rows.extend_from_slice(&(ids as u64).to_le_bytes());
        rows.extend_from_slice(&name.to_le_bytes());
    };
    let mut name = 0;
    for block in order.records.chunks(BLOCK as usize) {
        row(blocks.len(), ids.len(), name);
        let block = block.iter().map(|place| builder.records[*place as usize]);
        let mut last: &[u8] = &[];
        for record in block.clone() {
            let (id, payload) = builder.record(&record);
            put_varint(&mut blocks, record.names.into());
            put_varint(&mut blocks, payload.len() as u64);
            name += record.names;
            let kept = id.iter().zip(last).take_while(|(a, b)| a == b).count();
            put_varint(&mut ids, kept as u64);
            put_varint(&mut ids, (id.len() - kept) as u64);
            ids.extend_from_slice(&id[kept..]);
            last = id;
        }
        block.for_each(|record| blocks.extend_from_slice(builder.record(&record).1));
    }
    row(blocks.len(), ids.len(), name);
    output.write(RECORDS, |file| {
        file.write_all(&rows)?;
        // `SegmentBuilder::add_record` holds it within u32.
        file.write_all(&(order.records.len() as u32).to_le_bytes())?;
        file.write_all(&blocks)
    })?;
    output.write(IDS, |file| file.write_all(&ids))
}
