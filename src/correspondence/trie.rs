use std::collections::HashMap;

use super::table::MAX_UNIT;

/// A node of the tries of what chunks of a query word may be spelled.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    /// What it costs to end here, in nats; infinite where no unit ends.
    pub cost: f32,
    /// The least cost of ending here or further on.
    pub least: f32,
    /// Where the branches that follow begin, and how many they are.
    first: u32,
    count: u16,
    /// The symbol that leads here.
    pub symbol: u8,
}

impl Branch {
    /// True if longer units pass here.
    pub fn leads_on(&self) -> bool {
        self.count > 0
    }
}

/// What one chunk of a query word may be spelled.
#[derive(Debug)]
pub struct Root {
    /// The trie of its spellings.
    pub branch: Branch,
    /// What its spellings cost in the mean, in nats, each counted as often as its cost says that it comes.
    pub mean: f32,
    pub(super) reach: Reach,
}

/// For each length of a chunk that begins at one place of a query word, what it may be spelled.
pub type Roots<'t> = [Option<&'t Root>; MAX_UNIT + 1];

/// What it costs at least to give none, one, two … stored symbols for a chunk, in nats.
pub(super) type Reach = [f32; MAX_UNIT + 1];

/// Some symbols of a query word, at most [`MAX_UNIT`], packed into a number with a leading 1.
fn packed(chunk: &[u8]) -> u64 {
    chunk.iter().fold(1, |packed, symbol| packed << 8 | u64::from(*symbol))
}

/// The tries of all chunks, in one array: the branches that follow another lie side by side, by symbol.
#[derive(Debug, Default)]
pub(super) struct Tries {
    roots: HashMap<u64, Root, foldhash::fast::FixedState>,
    branches: Vec<Branch>,
}

impl Tries {
    /// Builds the tries of units with their costs: symbols of the query, symbols of what is stored, nats. Units must
    /// be sorted, without repetition, and of at most [`MAX_UNIT`] symbols a side.
    pub fn of(units: &[(&[u8], &[u8], f32)]) -> Tries {
        let mut tries = Tries::default();
        for units in units.chunk_by(|a, b| a.0 == b.0) {
            let root = tries.plant(units);
            tries.roots.insert(packed(units[0].0), root);
        }
        tries
    }

    /// Adds the trie of units, of which only what is stored counts; there must be one.
    pub fn plant(&mut self, units: &[(&[u8], &[u8], f32)]) -> Root {
        let root = self.branches.len();
        self.branches.push(Branch { cost: f32::INFINITY, least: f32::INFINITY, first: 0, count: 0, symbol: 0 });
        self.grow(root, units, 0);
        let mut reach = [f32::INFINITY; MAX_UNIT + 1];
        let (mut mass, mut sum) = (0.0, 0.0);
        for (_, to, cost) in units {
            reach[to.len()] = reach[to.len()].min(*cost);
            let share = (-f64::from(*cost)).exp();
            (mass, sum) = (mass + share, sum + share * f64::from(*cost));
        }
        Root { branch: self.branches[root], mean: (sum / mass) as f32, reach }
    }

    /// Fills a branch in with the units that pass it.
    fn grow(&mut self, place: usize, units: &[(&[u8], &[u8], f32)], depth: usize) {
        let ends = units[0].1.len() == depth;
        let (cost, longer) = if ends { (units[0].2, &units[1..]) } else { (f32::INFINITY, units) };
        let first = self.branches.len();
        let next = || longer.chunk_by(|a, b| a.1[depth] == b.1[depth]);
        for units in next() {
            let symbol = units[0].1[depth];
            self.branches.push(Branch { cost: f32::INFINITY, least: f32::INFINITY, first: 0, count: 0, symbol });
        }
        let mut least = cost;
        let count = self.branches.len() - first;
        for (number, units) in next().enumerate() {
            self.grow(first + number, units, depth + 1);
            least = least.min(self.branches[first + number].least);
        }
        let branch = &mut self.branches[place];
        // There are at most 256 symbols, and some thousand units of a few of them.
        (branch.cost, branch.least, branch.first, branch.count) = (cost, least, first as u32, count as u16);
    }

    pub fn root(&self, chunk: &[u8]) -> Option<&Root> {
        if chunk.len() > MAX_UNIT { None } else { self.roots.get(&packed(chunk)) }
    }

    /// The places of the branches that follow one.
    pub fn next(&self, branch: &Branch) -> (u32, &[Branch]) {
        let begin = branch.first as usize;
        (branch.first, &self.branches[begin..begin + usize::from(branch.count)])
    }
}
