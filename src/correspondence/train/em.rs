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
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters { rounds: 8, discount: 0.3, drop: 0.05, least: 1.5, identity: 1.0 }
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "rounds {}, discount {}, drop {}, least {}, identity {}",
            self.rounds, self.discount, self.drop, self.least, self.identity
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

/// Counted units.
#[derive(Clone, Debug, Default)]
pub struct Units {
    names: Vec<(Vec<u8>, Vec<u8>)>,
    counts: Vec<f64>,
}

impl Units {
    /// The units with their counts.
    pub fn rows(&self) -> Vec<(Vec<u8>, Vec<u8>, f64)> {
        let rows = self.names.iter().zip(&self.counts).filter(|(_, count)| **count > 0.0);
        rows.map(|((from, to), count)| (from.clone(), to.clone(), *count)).collect()
    }
}

/// A step of a lattice: from one place of the two words to a later one by a unit.
#[derive(Clone, Copy)]
struct Step {
    from: u32,
    to: u32,
    unit: u32,
}

/// The lattices of all pairs, one after another.
struct Lattices {
    steps: Vec<Step>,
    /// For each pair where its steps begin, and how many places its grid has.
    pairs: Vec<(usize, usize)>,
}

/// Learns units from pairs of words. Deterministic: sums are taken in the order of the pairs.
pub fn learn(pairs: &[WordPair], parameters: &Parameters) -> Units {
    let (mut units, lattices) = lattices(pairs, parameters);
    let mut weights = units.counts.clone();
    for _ in 0..parameters.rounds {
        let mut counts = vec![0.0; weights.len()];
        for pair in 0..lattices.pairs.len() {
            expect(&lattices, pair, &weights, &mut counts);
        }
        for count in &mut counts {
            *count = (*count - parameters.discount).max(0.0);
            if *count < parameters.drop {
                *count = 0.0;
            }
        }
        let total: f64 = counts.iter().sum();
        weights = counts.iter().map(|count| count / total.max(f64::MIN_POSITIVE)).collect();
        units.counts = counts;
    }
    units
}

fn lattices(pairs: &[WordPair], parameters: &Parameters) -> (Units, Lattices) {
    let mut units = Units::default();
    let mut known: HashMap<(Vec<u8>, Vec<u8>), u32, foldhash::fast::FixedState> = HashMap::default();
    let mut lattices = Lattices { steps: Vec::new(), pairs: Vec::new() };
    for pair in pairs {
        let width = pair.to.len() + 1;
        lattices.pairs.push((lattices.steps.len(), (pair.from.len() + 1) * width));
        for from in 0..pair.from.len() {
            for to in 0..=pair.to.len() {
                for taken in 1..=LONGEST_FROM.min(pair.from.len() - from) {
                    for given in 0..=LONGEST_TO.min(pair.to.len() - to) {
                        let weight = first_weight(taken, given);
                        if weight == 0.0 {
                            continue;
                        }
                        let name = (pair.from[from..from + taken].to_vec(), pair.to[to..to + given].to_vec());
                        let weight = if name.0 == name.1 { weight * parameters.identity } else { weight };
                        let unit = *known.entry(name).or_insert_with_key(|name| {
                            units.names.push(name.clone());
                            units.counts.push(weight);
                            units.names.len() as u32 - 1
                        });
                        let place = |from: usize, to: usize| (from * width + to) as u32;
                        let step = Step { from: place(from, to), to: place(from + taken, to + given), unit };
                        lattices.steps.push(step);
                    }
                }
            }
        }
    }
    (units, lattices)
}

/// Adds what one pair attests: the posterior of every step, by forward and backward sums.
fn expect(lattices: &Lattices, pair: usize, weights: &[f64], counts: &mut [f64]) {
    let (begin, places) = lattices.pairs[pair];
    let end = lattices.pairs.get(pair + 1).map_or(lattices.steps.len(), |(begin, _)| *begin);
    let steps = &lattices.steps[begin..end];
    let mut forward = vec![0.0; places];
    let mut backward = vec![0.0; places];
    forward[0] = 1.0;
    backward[places - 1] = 1.0;
    // Steps are made in the order of the places they leave, so every place is complete before it is left.
    for step in steps {
        forward[step.to as usize] += forward[step.from as usize] * weights[step.unit as usize];
    }
    for step in steps.iter().rev() {
        backward[step.from as usize] += backward[step.to as usize] * weights[step.unit as usize];
    }
    let total = forward[places - 1];
    if total <= 0.0 {
        return;
    }
    for step in steps {
        let through = forward[step.from as usize] * weights[step.unit as usize] * backward[step.to as usize];
        counts[step.unit as usize] += through / total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(from: &str, to: &str) -> WordPair {
        WordPair { from: from.as_bytes().to_vec(), to: to.as_bytes().to_vec() }
    }

    #[test]
    fn what_pairs_attest_is_learned() {
        let words = ["ksan", "kan", "san", "na", "sank", "ank", "nask", "kas"];
        let pairs: Vec<WordPair> =
            words.iter().flat_map(|word| std::iter::repeat_n(pair(word, &word.replace('k', "ch")), 20)).collect();
        let rows = learn(&pairs, &Parameters::default()).rows();
        let count = |from: &str, to: &str| {
            rows.iter().find(|(a, b, _)| a == from.as_bytes() && b == to.as_bytes()).map_or(0.0, |row| row.2)
        };
        assert!(count("k", "ch") > 5.0 * count("k", "c"), "{} {}", count("k", "ch"), count("k", "c"));
        assert!(count("n", "n") > 20.0, "{}", count("n", "n"));
    }

    #[test]
    fn the_same_pairs_give_the_same_units() {
        let pairs = [pair("kim", "gim"), pair("pak", "bak"), pair("kap", "gab")];
        let rows = |pairs: &[WordPair]| learn(pairs, &Parameters::default()).rows();
        assert_eq!(rows(&pairs), rows(&pairs));
    }
}
