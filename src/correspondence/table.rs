use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::units;
use crate::tables::tables_in;
use crate::text::Script;

/// The folder of the learned tables.
const FOLDER: &str = "correspondence/data/";
/// What every count is taken over, beside the counts themselves: without it a unit seen once would cost nothing.
const SMOOTHING: f64 = 2.0;
/// The most symbols of a unit on either side.
pub const MAX_UNIT: usize = 4;

/// Some symbols of a query word, at most four, packed into a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chunk(u64);

impl Chunk {
    /// Packs some symbols; `None` if they are too many.
    pub fn of(symbols: &[u8]) -> Option<Chunk> {
        let pack = |symbols: &[u8]| symbols.iter().fold(1u64, |packed, symbol| packed << 8 | u64::from(*symbol));
        (symbols.len() <= MAX_UNIT).then(|| Chunk(pack(symbols)))
    }
}

/// A node of the trie of what a chunk may be spelled.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// What it costs to end here, in nats; infinite where no unit ends.
    pub cost: f32,
    /// The least cost of ending here or further on.
    pub least: f32,
    /// The next symbols, in order, with the places of their branches.
    pub next: Vec<(u8, u32)>,
}

/// Costs of spelling the words of one script in the letters of another, in nats.
#[derive(Debug)]
pub struct Table {
    /// The script of the words that are asked.
    pub query: Script,
    /// The script of the words that are stored.
    pub stored: Script,
    roots: HashMap<Chunk, u32, foldhash::fast::FixedState>,
    branches: Vec<Branch>,
    /// The longest chunk of the query's side.
    longest: usize,
}

type Key = (Script, Script);

static TABLES: LazyLock<BTreeMap<Key, Vec<Table>>> = LazyLock::new(|| {
    let mut loaded = BTreeMap::new();
    for table in tables_in(FOLDER) {
        let script = |key: &str| table.header(key).and_then(Script::from_code);
        let (Some(from), Some(to)) = (script("from"), script("to")) else { continue };
        let counts = table.rows.iter().filter_map(|(_, row)| {
            Some((units::read(from, row[0])?, units::read(to, row[1])?, row[2].parse::<f64>().ok()?))
        });
        let counts: Vec<(Vec<u8>, Vec<u8>, f64)> = counts.collect();
        let mut add = |table: Table| loaded.entry((table.query, table.stored)).or_insert_with(Vec::new).push(table);
        add(Table::compile(from, to, &counts));
        if from != to {
            let turned: Vec<_> = counts.into_iter().map(|(from, to, count)| (to, from, count)).collect();
            add(Table::compile(to, from, &turned));
        }
    }
    loaded
});

/// The tables for words of one script asked and words of another stored: the general one first, then those of words
/// of one origin. A word is spelled by one of them from front to end. Empty where none was learned.
pub fn tables(query: Script, stored: Script) -> &'static [Table] {
    TABLES.get(&(query, stored)).map_or(&[], Vec::as_slice)
}

/// What it costs that `query` is spelled `stored` by the best of some tables, in nats; `None` if it is more than
/// `limit`. See [`Table::cost_only`].
pub fn least_cost(tables: &[Table], query: &[u8], stored: &[u8], edit: Option<f32>, limit: f32) -> Option<f32> {
    let costs = tables.iter().filter_map(|table| table.cost_only(query, stored, edit, limit));
    costs.min_by(f32::total_cmp)
}

impl Table {
    /// Compiles counted units. A unit costs the mean of the negative logarithms of both conditional probabilities:
    /// neither direction alone ranks as well, and the joint probability punishes rare letters.
    pub fn compile(query: Script, stored: Script, counts: &[(Vec<u8>, Vec<u8>, f64)]) -> Table {
        let mut of_query: BTreeMap<&[u8], f64> = BTreeMap::new();
        let mut of_stored: BTreeMap<&[u8], f64> = BTreeMap::new();
        for (from, to, count) in counts {
            *of_query.entry(from).or_default() += count;
            *of_stored.entry(to).or_default() += count;
        }
        let mut table = Table { query, stored, roots: HashMap::default(), branches: Vec::new(), longest: 0 };
        for (from, to, count) in counts {
            let conditional = |total: f64| -(count / (total + SMOOTHING)).ln();
            let cost = 0.5 * (conditional(of_query[from.as_slice()]) + conditional(of_stored[to.as_slice()]));
            table.insert(from, to, cost as f32);
        }
        table.settle();
        table
    }

    fn insert(&mut self, from: &[u8], to: &[u8], cost: f32) {
        // A unit without letters on either side would loop; one that is too long is none of the trainer's.
        let Some(chunk) = Chunk::of(from).filter(|_| to.len() <= MAX_UNIT && !(from.is_empty() && to.is_empty()))
        else {
            return;
        };
        self.longest = self.longest.max(from.len());
        let root = self.roots.get(&chunk).copied();
        let mut branch = root.unwrap_or_else(|| self.new_branch());
        self.roots.insert(chunk, branch);
        for symbol in to {
            let found = self.branches[branch as usize].next.binary_search_by_key(symbol, |(symbol, _)| *symbol);
            branch = match found {
                Ok(place) => self.branches[branch as usize].next[place].1,
                Err(place) => {
                    let new = self.new_branch();
                    self.branches[branch as usize].next.insert(place, (*symbol, new));
                    new
                }
            };
        }
        let known = &mut self.branches[branch as usize].cost;
        *known = known.min(cost);
    }

    fn new_branch(&mut self) -> u32 {
        self.branches.push(Branch { cost: f32::INFINITY, least: f32::INFINITY, next: Vec::new() });
        // A table has some thousand units of at most four symbols.
        self.branches.len() as u32 - 1
    }

    /// Fills in the least costs. Branches are made after the ones they hang on, so the last come first.
    fn settle(&mut self) {
        for place in (0..self.branches.len()).rev() {
            let next = self.branches[place].next.iter().map(|(_, next)| self.branches[*next as usize].least);
            let least = next.fold(self.branches[place].cost, f32::min);
            self.branches[place].least = least;
        }
    }

    /// The longest chunk of a query word that a unit covers, in symbols.
    pub fn longest_chunk(&self) -> usize {
        self.longest
    }

    /// The root of what a chunk may be spelled.
    pub fn root(&self, chunk: Chunk) -> Option<u32> {
        self.roots.get(&chunk).copied()
    }

    /// A branch by its place.
    pub fn branch(&self, place: u32) -> &Branch {
        &self.branches[place as usize]
    }

    /// How many units the table has.
    pub fn len(&self) -> usize {
        self.branches.iter().filter(|branch| branch.cost.is_finite()).count()
    }

    /// True for a table without a unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// For each place of a query word the least that the rest can cost, whatever is stored: an admissible bound.
    /// One value more than the word has symbols; the last is 0. `skip` is the cost of leaving a symbol out.
    pub fn ahead(&self, query: &[u8], skip: Option<f32>) -> Vec<f32> {
        let mut ahead = vec![f32::INFINITY; query.len() + 1];
        ahead[query.len()] = 0.0;
        for from in (0..query.len()).rev() {
            let mut least = skip.map_or(f32::INFINITY, |skip| skip + ahead[from + 1]);
            for to in from + 1..=(from + self.longest).min(query.len()) {
                let root = Chunk::of(&query[from..to]).and_then(|chunk| self.root(chunk));
                if let Some(root) = root {
                    least = least.min(self.branch(root).least + ahead[to]);
                }
            }
            ahead[from] = least;
        }
        ahead
    }
}
