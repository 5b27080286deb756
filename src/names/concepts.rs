use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::tables;

/// Every concept of the tables, sorted; the place in this list is the concept's index.
static CONCEPTS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut concepts: Vec<&'static str> = tables::tables_in("names/data/")
        .filter_map(|table| table.column("concept").map(|column| (table, column)))
        .flat_map(|(table, column)| table.rows.iter().map(move |(_, cells)| cells[column]))
        .collect();
    concepts.sort_unstable();
    concepts.dedup();
    concepts
});

/// The places of the concepts.
static PLACES: LazyLock<HashMap<&'static str, usize, FixedState>> =
    LazyLock::new(|| CONCEPTS.iter().enumerate().map(|(place, concept)| (*concept, place)).collect());

/// Legal forms and the classes they belong to, sorted by concept.
static CLASSES: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
    let mut classes = Vec::new();
    if let Some(table) = tables::table("names/data/legal-forms.tsv")
        && let (Some(concept), Some(class)) = (table.column("concept"), table.column("class"))
    {
        for (_, cells) in table.rows {
            classes.push((cells[concept], cells[class].split('|').collect()));
        }
    }
    classes.sort_unstable();
    classes
});

/// The glosses of every word of the lexicon and every given name, sorted.
///
/// The place in the list is the number that [`super::codec`] writes, so it holds for one [`version`] only.
pub fn concepts() -> &'static [&'static str] {
    &CONCEPTS
}

/// The place of a concept in [`concepts`].
pub fn concept_index(concept: &str) -> Option<usize> {
    PLACES.get(concept).copied()
}

/// The classes of a legal form: "limited" for llc, "stock" for jsc; both for ltd, which is written for either.
/// Empty for all other concepts.
pub fn concept_classes(concept: &str) -> &'static [&'static str] {
    match CLASSES.binary_search_by_key(&concept, |(name, _)| name) {
        Ok(place) => &CLASSES[place].1,
        Err(_) => &[],
    }
}

/// True if one legal form is written where another list writes the other: they are equal or share a class.
pub fn related_forms(one: &str, other: &str) -> bool {
    one == other || concept_classes(one).iter().any(|class| concept_classes(other).contains(class))
}

/// The digest of every table of this room, 16 hexadecimal digits. Names analysed under different versions do not
/// compare, and an index written under another one must be built again.
pub fn version() -> String {
    let mut digest = blake3::Hasher::new();
    for table in tables::tables_in("names/data/") {
        digest.update(table.file.as_bytes());
        for (_, cells) in table.rows {
            for cell in *cells {
                digest.update(cell.as_bytes());
                digest.update(b"\t");
            }
            digest.update(b"\n");
        }
    }
    digest.finalize().to_hex()[..16].to_owned()
}
