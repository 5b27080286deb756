use std::collections::HashMap;
use std::fmt;

use super::WordPair;

/// How a table is learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Rounds of expectation maximisation.
    pub rounds: usize,
    /// What is taken off every count in each round.
    pub discount: f64,
    /// Units below this count are dropped in each round.
    pub drop: f64,
    /// Units below this count are not written.
    pub least: f64,
    /// How much likelier a symbol stands for itself to begin with; 1 for two scripts.
    pub identity: f64,
    /// The most that a pair of words may cost to be learned from, in nats a symbol.
    pub worst: f32,
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters { rounds: 8, discount: 0.3, drop: 0.05, least: 1.5, identity: 1.0, worst: 1.6 }
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "rounds {}, discount {}, drop {}, least {}, identity {}, worst {}",
            self.rounds, self.discount, self.drop, self.least, self.identity, self.worst
        )
    }
}

/// The longest side of a unit, in symbols: of the word asked, and of the word stored.
const LONGEST_FROM: usize = 2;
const LONGEST_TO: usize = 4;

/// What a unit of so many symbols weighs before anything is learned.
fn first_weight(from: usize, to: usize) -> f64 {
    match (from, to) {
        (1, 0) => 0.02,
        (1, 1) => 1.0,
        (1, 2) => 0.3,
        (1, 3) => 0.05,
        (1, 4) => 0.01,
        (2, 1) => 0.1,
        (2, 2) => 0.02,
        (2, 3) => 0.05,
        (2, 4) => 0.03,
        _ => 0.0,
    }
}

/// A unit with its count: symbols of the one side, of the other, how often.
pub type Row = (Vec<u8>, Vec<u8>, f64);

/// Units by number: at most two symbols and at most four, packed with their lengths into a number.
#[derive(Default)]
struct Units {
    numbers: HashMap<u64, u32, foldhash::fast::FixedState>,
    names: Vec<(Vec<u8>, Vec<u8>)>,
    weights: Vec<f64>,
}

impl Units {
    fn number(&mut self, from: &[u8], to: &[u8], identity: f64) -> u32 {
        let pack = |packed: u64, symbol: &u8| packed << 8 | u64::from(*symbol);
        let lengths = (from.len() << 4 | to.len()) as u64;
        let packed = from.iter().chain(to).fold(lengths, pack);
        *self.numbers.entry(packed).or_insert_with(|| {
            let likelier = if from == to { identity } else { 1.0 };
            self.names.push((from.to_vec(), to.to_vec()));
            self.weights.push(first_weight(from.len(), to.len()) * likelier);
            self.names.len() as u32 - 1
        })
    }
}

/// A step of a lattice: from one place of the two words to a later one by a unit.
#[derive(Clone, Copy)]
struct Step {
    from: u16,
    to: u16,
    unit: u32,
}

/// The lattice of a pair: its steps, in the order of the places they leave.
struct Lattice {
    begin: usize,
    end: usize,
    places: usize,
    weight: f64,
}

/// Learns units from pairs of words. Deterministic: sums are taken in the order of the pairs. Words are at most 200
/// symbols long; longer ones teach nothing.
pub fn learn(pairs: &[WordPair], parameters: &Parameters) -> Vec<Row> {
    let mut units = Units::default();
    let mut steps = Vec::new();
    let mut lattices = Vec::with_capacity(pairs.len());
    for pair in pairs.iter().filter(|pair| pair.from.len() <= 200 && pair.to.len() <= 200) {
        let begin = steps.len();
        lattice(pair, parameters.identity, &mut units, &mut steps);
        let places = (pair.from.len() + 1) * (pair.to.len() + 1);
        lattices.push(Lattice { begin, end: steps.len(), places, weight: pair.weight });
    }
    let mut weights = units.weights;
    let mut counts = vec![0.0; weights.len()];
    let mut sums = Sums::default();
    for _ in 0..parameters.rounds {
        counts.fill(0.0);
        for lattice in &lattices {
            sums.expect(lattice, &steps[lattice.begin..lattice.end], &weights, &mut counts);
        }
        for count in &mut counts {
            *count = (*count - parameters.discount).max(0.0);
            if *count < parameters.drop {
                *count = 0.0;
            }
        }
        let total: f64 = counts.iter().sum();
        weights = counts.iter().map(|count| count / total.max(f64::MIN_POSITIVE)).collect();
        forget(&mut lattices, &mut steps, &weights);
    }
    let rows = units.names.into_iter().zip(counts).filter(|(_, count)| *count > 0.0);
    rows.map(|((from, to), count)| (from, to, count)).collect()
}

fn lattice(pair: &WordPair, identity: f64, units: &mut Units, steps: &mut Vec<Step>) {
    let width = pair.to.len() + 1;
    // Words are at most 200 symbols long, so places fit sixteen bits.
    let place = |from: usize, to: usize| (from * width + to) as u16;
    for from in 0..pair.from.len() {
        for to in 0..=pair.to.len() {
            for taken in 1..=LONGEST_FROM.min(pair.from.len() - from) {
                for given in 0..=LONGEST_TO.min(pair.to.len() - to) {
                    if first_weight(taken, given) > 0.0 {
                        let unit = units.number(&pair.from[from..from + taken], &pair.to[to..to + given], identity);
                        steps.push(Step { from: place(from, to), to: place(from + taken, to + given), unit });
                    }
                }
            }
        }
    }
}

/// Drops the steps of units that have no weight left: most of them, after the first round.
fn forget(lattices: &mut [Lattice], steps: &mut Vec<Step>, weights: &[f64]) {
    let mut kept = 0;
    for lattice in lattices {
        let begin = kept;
        for place in lattice.begin..lattice.end {
            let step = steps[place];
            if weights[step.unit as usize] > 0.0 {
                steps[kept] = step;
                kept += 1;
            }
        }
        (lattice.begin, lattice.end) = (begin, kept);
    }
    steps.truncate(kept);
}

/// The sums over all ways into and out of every place, reused from pair to pair.
#[derive(Default)]
struct Sums {
    forward: Vec<f64>,
    backward: Vec<f64>,
}

impl Sums {
    /// Adds what one pair attests: the posterior of every step, by forward and backward sums.
    fn expect(&mut self, lattice: &Lattice, steps: &[Step], weights: &[f64], counts: &mut [f64]) {
        for sums in [&mut self.forward, &mut self.backward] {
            sums.clear();
            sums.resize(lattice.places, 0.0);
        }
        let (forward, backward) = (&mut self.forward, &mut self.backward);
        forward[0] = 1.0;
        backward[lattice.places - 1] = 1.0;
        // Steps are made in the order of the places they leave, so every place is complete before it is left.
        for step in steps {
            forward[usize::from(step.to)] += forward[usize::from(step.from)] * weights[step.unit as usize];
        }
        let total = forward[lattice.places - 1];
        if total <= 0.0 {
            return;
        }
        let share = lattice.weight / total;
        for step in steps.iter().rev() {
            let onward = backward[usize::from(step.to)] * weights[step.unit as usize];
            backward[usize::from(step.from)] += onward;
            counts[step.unit as usize] += forward[usize::from(step.from)] * onward * share;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(from: &str, to: &str, weight: f64) -> WordPair {
        WordPair { from: from.as_bytes().to_vec(), to: to.as_bytes().to_vec(), weight }
    }

    #[test]
    fn what_pairs_attest_is_learned() {
        let words = ["ksan", "kan", "san", "na", "sank", "ank", "nask", "kas"];
        let pairs: Vec<WordPair> = words.iter().map(|word| pair(word, &word.replace('k', "ch"), 20.0)).collect();
        let rows = learn(&pairs, &Parameters::default());
        let count = |from: &str, to: &str| {
            rows.iter().find(|(a, b, _)| a == from.as_bytes() && b == to.as_bytes()).map_or(0.0, |row| row.2)
        };
        assert!(count("k", "ch") > 5.0 * count("k", "c"), "{} {}", count("k", "ch"), count("k", "c"));
        assert!(count("n", "n") > 20.0, "{}", count("n", "n"));
    }

    #[test]
    fn a_weight_is_as_good_as_repetition() {
        let words = [("kim", "gim"), ("pak", "bak"), ("kap", "gab")];
        let weighed: Vec<WordPair> = words.iter().map(|(a, b)| pair(a, b, 3.0)).collect();
        let repeated: Vec<WordPair> =
            words.iter().flat_map(|(a, b)| [pair(a, b, 1.0), pair(a, b, 1.0), pair(a, b, 1.0)]).collect();
        let (weighed, repeated) = (learn(&weighed, &Parameters::default()), learn(&repeated, &Parameters::default()));
        assert_eq!(weighed.len(), repeated.len());
        for (a, b) in weighed.iter().zip(&repeated) {
            assert!((&a.0, &a.1) == (&b.0, &b.1) && (a.2 - b.2).abs() < 1e-6, "{a:?} {b:?}");
        }
    }

    #[test]
    fn every_symbol_of_a_pair_is_accounted_for() {
        let pairs = [pair("kim", "gim", 30.0), pair("pak", "bak", 30.0), pair("kap", "gab", 30.0)];
        let parameters = Parameters { discount: 0.0, ..Parameters::default() };
        let symbols: f64 = learn(&pairs, &parameters).iter().map(|(from, _, count)| from.len() as f64 * count).sum();
        assert!((symbols - 270.0).abs() < 0.5, "{symbols}");
    }
}
