use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::trie::{Branch, Root, Roots, Tries};
use super::{Asked, units};
use crate::model::Kind;
use crate::tables::tables_in;
use crate::text::Script;

/// The folder of the learned tables.
pub(crate) const FOLDER: &str = "correspondence/data/";
/// What every count is taken over, beside the counts themselves: without it a unit seen once would cost nothing.
pub(super) const SMOOTHING: f64 = 2.0;
/// The most symbols of a unit on either side.
pub const MAX_UNIT: usize = 7;

/// Costs of spelling the words of one script in the letters of another, in nats.
#[derive(Debug)]
pub struct Table {
    /// The script of the words that are asked.
    pub query: Script,
    /// The script of the words that are stored.
    pub stored: Script,
    /// What it costs that a word is spelled by this table at all, in nats: more for one that few words follow.
    pub prior: f32,
    /// How many units it has.
    units: usize,
    tries: Tries,
    /// See [`Table::mistyped`].
    mistyped: Option<Root>,
    /// The longest chunk of the query's side.
    longest: usize,
}

/// Of several stored symbols for one, those may stand for a mistyped one that cost at most this, in nats: what else a
/// letter is now and then spelled is none of a slip's.
const MISTYPED: f32 = 2.5;
/// What that costs beside the slip, in nats: chosen on the dev halves, so that names without a slip are found as before. At 0,
/// words that differ by a syllable come too near.
const SEVERAL: f32 = 1.0;

/// Digits stand for themselves and nothing else, in every alphabet.
const DIGITS: &[u8; 10] = b"0123456789";

/// The tables of each ordered pair of scripts, at the place that [`place`] gives.
static TABLES: LazyLock<Vec<Tables>> = LazyLock::new(|| {
    let mut loaded: Vec<Tables> = (0..Script::ALL.len().pow(2)).map(|_| Tables::default()).collect();
    for table in tables_in(FOLDER).filter(|table| !table.file[FOLDER.len()..].contains('/')) {
        let script = |key: &str| table.header(key).and_then(Script::from_code);
        let (Some(from), Some(to)) = (script("from"), script("to")) else { continue };
        let counts = table.rows.iter().filter_map(|(_, row)| {
            Some((units::read(from, row[0])?, units::read(to, row[1])?, row[2].parse::<f64>().ok()?))
        });
        let counts: Vec<(Vec<u8>, Vec<u8>, f64)> = counts.collect();
        let prior = table.header("prior").and_then(|prior| prior.parse().ok()).unwrap_or(0.0);
        let of_companies = table.header("kind") == Some(Kind::Organization.as_str());
        let mut add = |table: Table| loaded[place(table.query, table.stored)].add(table, of_companies);
        add(Table::with_slips(from, to, &counts).with_prior(prior));
        if from != to {
            let turned: Vec<_> = counts.into_iter().map(|(from, to, count)| (to, from, count)).collect();
            add(Table::with_slips(to, from, &turned).with_prior(prior));
        }
    }
    loaded
});

/// The tables for words of one script asked and words of another stored, in names of a kind: the general one first,
/// then those of words of one origin, and for organizations at last those of the words that companies are named with.
/// A word is spelled by one of them from front to end. Empty where none was learned.
pub fn tables(query: Script, stored: Script, kind: Kind) -> &'static [Table] {
    let tables = &TABLES[place(query, stored)];
    if kind == Kind::Organization { &tables.all } else { &tables.all[..tables.general] }
}

/// The tables of one ordered pair of scripts.
#[derive(Default)]
struct Tables {
    /// Those of companies come last.
    all: Vec<Table>,
    /// How many are not of companies alone.
    general: usize,
}

impl Tables {
    fn add(&mut self, table: Table, of_companies: bool) {
        if of_companies {
            self.all.push(table);
        } else {
            self.all.insert(self.general, table);
            self.general += 1;
        }
    }
}

/// The place of an ordered pair of scripts among all pairs.
pub(super) fn place(query: Script, stored: Script) -> usize {
    usize::from(query.number()) * Script::ALL.len() + usize::from(stored.number())
}

/// What it costs that `query` is spelled `stored` by the best of some tables, in nats; `None` if it is more than
/// `limit`. Who asks for one word often keeps an [`Asked`].
pub fn least_cost(tables: &[Table], query: &[u8], stored: &[u8], edit: Option<f32>, limit: f32) -> Option<f32> {
    Asked::new(tables, query, edit).cost(stored, limit)
}

impl Table {
    /// Compiles counted units. A unit costs the mean of the negative logarithms of both conditional probabilities:
    /// neither direction alone ranks as well, and the joint probability punishes rare letters.
    pub fn compile(query: Script, stored: Script, counts: &[(Vec<u8>, Vec<u8>, f64)]) -> Table {
        Table::of(query, stored, &costs(counts))
    }

    fn of(query: Script, stored: Script, costs: &BTreeMap<(&[u8], &[u8]), f32>) -> Table {
        let longest = costs.keys().map(|(from, _)| from.len()).max().unwrap_or(0);
        let units: Vec<(&[u8], &[u8], f32)> = costs.iter().map(|((from, to), cost)| (*from, *to, *cost)).collect();
        Table { query, stored, prior: 0.0, units: units.len(), tries: Tries::of(&units), mistyped: None, longest }
    }

    /// The same for names that somebody typed: see [`Table::mistyped`].
    pub fn with_slips(query: Script, stored: Script, counts: &[(Vec<u8>, Vec<u8>, f64)]) -> Table {
        let costs = costs(counts);
        let mut table = Table::of(query, stored, &costs);
        if query != stored {
            let units = mistyped(&costs);
            table.mistyped = (!units.is_empty()).then(|| table.tries.plant(&units));
        }
        table
    }

    /// What a symbol of a query may stand for that was meant to be any other one of its script, where that is more than one
    /// stored symbol: who types 몉 for 명 has one letter wrong, not the two of "ng". `None` within a script, whose letters
    /// stand for letters, and in a table without slips.
    pub fn mistyped(&self) -> Option<&Root> {
        self.mistyped.as_ref()
    }

    /// The table with such a prior, at least 0.
    pub fn with_prior(mut self, prior: f32) -> Table {
        self.prior = prior.max(0.0);
        self
    }

    /// The longest chunk of a query word that a unit covers, in symbols.
    pub fn longest_chunk(&self) -> usize {
        self.longest
    }

    /// What the chunks of a query word may be spelled, by the place where they begin and by their length. One place
    /// more than the word has symbols: what may be spelled behind it.
    pub fn roots(&self, query: &[u8]) -> Vec<Roots<'_>> {
        let root = |place: usize, length| query.get(place..place + length).and_then(|chunk| self.tries.root(chunk));
        let of_place =
            |place| std::array::from_fn(|length| if length <= self.longest { root(place, length) } else { None });
        (0..=query.len()).map(of_place).collect()
    }

    /// The branches that follow one, by symbol, and the place of the first.
    pub fn next(&self, branch: &Branch) -> (u32, &[Branch]) {
        self.tries.next(branch)
    }

    /// How many units the table has.
    pub fn len(&self) -> usize {
        self.units
    }

    /// True for a table without a unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What counted units cost, and digits: see [`Table::compile`].
fn costs(counts: &[(Vec<u8>, Vec<u8>, f64)]) -> BTreeMap<(&[u8], &[u8]), f32> {
    let mut of_query: BTreeMap<&[u8], f64> = BTreeMap::new();
    let mut of_stored: BTreeMap<&[u8], f64> = BTreeMap::new();
    for (from, to, count) in counts {
        *of_query.entry(from).or_default() += count;
        *of_stored.entry(to).or_default() += count;
    }
    let mut costs: BTreeMap<(&[u8], &[u8]), f32> = BTreeMap::new();
    for (from, to, count) in counts {
        // A unit without letters on either side would loop; one that is too long is none of the trainer's.
        let empty = from.is_empty() && to.is_empty();
        if empty || from.len() > MAX_UNIT || to.len() > MAX_UNIT || *count <= 0.0 {
            continue;
        }
        let conditional = |total: f64| -(count / (total + SMOOTHING)).ln();
        let cost = 0.5 * (conditional(of_query[from.as_slice()]) + conditional(of_stored[to.as_slice()]));
        let known = costs.entry((from, to)).or_insert(f32::INFINITY);
        *known = known.min(cost as f32);
    }
    for digit in DIGITS.chunks(1) {
        costs.insert((digit, digit), 0.0);
    }
    costs
}

/// The several symbols that any one symbol is spelled, each at the least that it costs beside a slip, in their order.
fn mistyped<'u>(costs: &BTreeMap<(&[u8], &'u [u8]), f32>) -> Vec<(&'u [u8], &'u [u8], f32)> {
    let mut spelled: BTreeMap<&[u8], f32> = BTreeMap::new();
    let of_one = |(from, to): &(&[u8], &[u8]), cost: f32| from.len() == 1 && to.len() > 1 && cost <= MISTYPED;
    for ((_, to), cost) in costs.iter().filter(|(unit, cost)| of_one(unit, **cost)) {
        let least = spelled.entry(to).or_insert(f32::INFINITY);
        *least = least.min(*cost + SEVERAL);
    }
    spelled.into_iter().map(|(to, cost)| (to, to, cost)).collect()
}

/// For each place of a query word, of which the roots are given, the least that the rest can cost, whatever is stored:
/// an admissible bound. The last is 0. `skip` is the cost of leaving a symbol out.
pub fn ahead(roots: &[Roots<'_>], skip: Option<f32>) -> Vec<f32> {
    cheapest(roots, skip, |root| root.branch.least)
}

/// For each place of a query word, of which the roots are given, about what the rest will cost: the mean of what its
/// chunks cost, in the cheapest cut. It is no bound, and only guides a search.
pub fn expected(roots: &[Roots<'_>]) -> Vec<f32> {
    cheapest(roots, None, |root| root.mean)
}

/// What the cheapest cut of the rest into chunks costs, by place.
fn cheapest(roots: &[Roots<'_>], skip: Option<f32>, cost: impl Fn(&Root) -> f32) -> Vec<f32> {
    let mut rest = vec![f32::INFINITY; roots.len()];
    let Some(end) = roots.len().checked_sub(1) else { return rest };
    rest[end] = 0.0;
    for place in (0..end).rev() {
        let mut least = skip.map_or(f32::INFINITY, |skip| skip + rest[place + 1]);
        for (length, root) in roots[place].iter().enumerate().skip(1) {
            if let Some(root) = root {
                least = least.min(cost(root) + rest[place + length]);
            }
        }
        rest[place] = least;
    }
    rest
}
