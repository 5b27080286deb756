use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::logistic::{Belief, Row, fit};
use crate::evaluation::answer::{Answer, Candidate, Judged};
use crate::evaluation::{Outcome, Task};
use crate::score::{Calibration, Evidence, Standing};
use crate::tables;

/// The table of weights.
const TABLE: &str = "score/data/weights.tsv";
/// How far a weight may well lie from what was set by hand, as a share of that, and at least, in nats.
const SPREAD: (f64, f64) = (0.25, 0.1);
/// What a nat between two candidates of one query is worth in log odds: less than one, since the words of a name go
/// together and each is counted by itself.
const RANKING: f64 = 0.5;
/// All cases together count as so many.
const COUNT: f64 = 10_000.0;
/// A weight that fewer cases speak of stays as it was set by hand.
const ATTESTED: usize = 50;
/// No weight comes nearer to zero, in nats: what was set by hand says for which side it speaks.
const LEAST: f64 = 0.02;
/// No share comes nearer to all.
const MOST_SHARE: f64 = 0.8;
/// What the names of shares begin with.
const SHARE: &str = "contradiction-share";

/// By weight how many times it counts in a score, or how much the odds change with it.
type Uses = BTreeMap<&'static str, f64>;

/// What a query or a pair says of the weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightCase {
    /// How much it counts; more than 0.
    weight: f64,
    /// By weight how the log odds change with it, the log odds without a change, what came true, and the share of the
    /// case that this is.
    claims: Vec<(Uses, f64, bool, f64)>,
}

/// What the answers and judged pairs of an outcome, told with their evidence, say of the weights. `size` is how many
/// queries or pairs the whole task has; a task counts by the square root of it.
///
/// How the parts of two names are aligned is taken as it is, so that a score is linear in the weights: the right
/// candidate should score more than every other one, and the probability of the best one should be what comes true.
pub fn weight_cases(outcome: &Outcome, size: usize) -> Vec<WeightCase> {
    let weight = (size as f64).sqrt() / (outcome.answers.len() + outcome.judged.len()).max(1) as f64;
    let answered = outcome.answers.iter().map(answered);
    let cases = answered.chain(outcome.judged.iter().map(judged)).map(|claims| WeightCase { weight, claims });
    cases.filter(|case| !case.claims.is_empty()).collect()
}

fn answered(answer: &Answer) -> Vec<(Uses, f64, bool, f64)> {
    let Some(best) = answer.best() else { return Vec::new() };
    let (score, lead) = slopes(&best.standing);
    let mut change = times(&uses(&best.evidence), score + lead);
    if let Some(second) = answer.candidates.get(1) {
        add(&mut change, &uses(&second.evidence), -lead);
    }
    let mut claims = vec![(change, Calibration::current().log_odds(&best.standing), best.right, 1.0)];
    if let Some(right) = answer.candidates.iter().find(|candidate| candidate.right) {
        // Homonyms cannot be told apart, whatever their evidence weighs.
        let others: Vec<&Candidate> = answer.candidates.iter().filter(|candidate| !candidate.alike).collect();
        for other in &others {
            let mut change = times(&uses(&right.evidence), RANKING);
            add(&mut change, &uses(&other.evidence), -RANKING);
            claims.push((change, RANKING * (right.score - other.score), true, 1.0 / others.len() as f64));
        }
    }
    claims
}

fn judged(judged: &Judged) -> Vec<(Uses, f64, bool, f64)> {
    let (slope, _) = slopes(&judged.standing);
    let odds = Calibration::current().log_odds(&judged.standing);
    vec![(times(&uses(&judged.evidence), slope), odds, judged.same, 1.0)]
}

/// How the log odds change with a nat of evidence of the names, and with a nat of lead.
fn slopes(standing: &Standing) -> (f64, f64) {
    /// A small step, in nats.
    const STEP: f64 = 0.01;
    let odds = |change: f64, lead: f64| {
        let names = standing.score - standing.facts;
        let scaled = |fit: f64| if names > 0.0 { fit * (names + change) / names } else { fit };
        let moved = Standing {
            score: standing.score + change,
            fit: scaled(standing.fit),
            other_fit: scaled(standing.other_fit),
            lead: standing.lead.map(|own| own + lead),
            ..*standing
        };
        Calibration::current().log_odds(&moved)
    };
    let slope = |up: f64, down: f64| (up - down) / (2.0 * STEP);
    (slope(odds(STEP, 0.0), odds(-STEP, 0.0)), slope(odds(0.0, STEP), odds(0.0, -STEP)))
}

fn uses(evidence: &[Evidence]) -> Uses {
    let mut uses = Uses::new();
    evidence.iter().for_each(|piece| add(&mut uses, &piece.uses.iter().copied().collect(), 1.0));
    uses
}

fn times(uses: &Uses, factor: f64) -> Uses {
    let mut scaled = Uses::new();
    add(&mut scaled, uses, factor);
    scaled
}

fn add(to: &mut Uses, uses: &Uses, factor: f64) {
    for (name, times) in uses {
        *to.entry(name).or_default() += factor * times;
    }
}

/// A row of the table.
struct Weight {
    name: &'static str,
    value: f64,
    by_hand: f64,
    note: &'static str,
}

fn table() -> Vec<Weight> {
    let rows = tables::table(TABLE).map_or(&[][..], |table| table.rows);
    let weight = |cells: &[&'static str]| {
        let [name, value, by_hand, _, note] = cells else { return None };
        Some(Weight { name, value: value.parse().ok()?, by_hand: by_hand.parse().ok()?, note })
    };
    rows.iter().filter_map(|(_, cells)| weight(cells)).collect()
}

/// Fits the weights in force to cases of tasks: the text of the table. The same cases give the same table, as long as
/// the same program makes them.
pub fn train_weights(tasks: &[Task], cases: &[WeightCase], most: usize, absent: f64) -> String {
    let weights = table();
    let spoken: Vec<usize> = weights.iter().map(|weight| speaking(cases, weight.name)).collect();
    let trained: Vec<usize> = (0..weights.len()).filter(|place| spoken[*place] >= ATTESTED).collect();
    let places: BTreeMap<&str, usize> =
        trained.iter().enumerate().map(|(parameter, place)| (weights[*place].name, parameter)).collect();
    let all: f64 = cases.iter().map(|case| case.weight).sum();
    let rows = cases.iter().flat_map(|case| case.claims.iter().map(move |claim| (case.weight, claim)));
    let rows = rows.filter_map(|(weight, (change, offset, right, share))| {
        let features = change.iter().filter(|(_, value)| value.abs() > 1e-9);
        let features: Vec<(usize, f64)> =
            features.filter_map(|(name, value)| Some((*places.get(name)?, *value))).collect();
        let weight = weight * share / all * COUNT;
        (!features.is_empty()).then_some(Row { features, offset: *offset, right: *right, weight })
    });
    let rows: Vec<Row> = rows.collect();
    let belief = |place: &usize| {
        let Weight { value, by_hand, .. } = weights[*place];
        Belief { value: by_hand - value, spread: by_hand.abs() * SPREAD.0 + SPREAD.1 }
    };
    let beliefs: Vec<Belief> = trained.iter().map(belief).collect();
    let changes = fit(&rows, &beliefs);
    let names: Vec<&str> = tasks.iter().map(|task| task.name.as_str()).collect();
    let mut text = format!(
        "# title: Weights of evidence beside the spelling of names\n\
         # source: set by hand from the role that each part plays, in natural logarithms of likelihood ratios; then \
         fitted to one half of the queries and pairs of {}\n\
         # status: fitted to {} cases, at most {most} a task, with {:.0} % of the parties taken out of the index, each \
         weight held to what was set by hand; cases: in how many a weight counts, and with less than {ATTESTED} of them \
         it stays as set by hand\nname\tvalue\tby-hand\tcases\tnote\n",
        names.join(", "),
        cases.len(),
        absent * 100.0
    );
    for (place, weight) in weights.iter().enumerate() {
        let change = places.get(weight.name).map(|parameter| changes[*parameter]);
        let value = change.map_or(weight.by_hand, |change| bounded(weight, weight.value + change));
        let Weight { name, by_hand, note, .. } = weight;
        let _ = writeln!(text, "{name}\t{}\t{by_hand}\t{}\t{note}", (value * 100.0).round() / 100.0, spoken[place]);
    }
    text
}

/// In how many cases a weight counts.
fn speaking(cases: &[WeightCase], name: &str) -> usize {
    let speaks = |case: &&WeightCase| {
        case.claims.iter().any(|(change, ..)| change.get(name).is_some_and(|value| value.abs() > 1e-9))
    };
    cases.iter().filter(speaks).count()
}

/// A value on the side of zero that the hand chose; a share within its bounds.
fn bounded(weight: &Weight, value: f64) -> f64 {
    let most = if weight.name.starts_with(SHARE) { MOST_SHARE } else { f64::INFINITY };
    if weight.by_hand < 0.0 { value.min(-LEAST) } else { value.clamp(LEAST, most) }
}
