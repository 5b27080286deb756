use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use super::probability::{FEATURES, Ground, Standing};
use crate::model::Kind;
use crate::tables;
use crate::text::Script;

/// Where the calibration is kept.
const TABLE: &str = "score/data/calibration.tsv";

/// Parameters, one a feature of [`FEATURES`].
pub type Parameters = [f64; FEATURES.len()];

/// What the parameters of a row are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Every candidate of an index.
    All,
    /// Candidates in one script for queries in another, or the same: added to those of all.
    Scripts(Script, Script),
    /// Candidates of a kind: added too.
    Kind(Kind),
    /// Every pair of two given parties.
    Pair,
    /// Pairs with names in two scripts: added to those of every pair.
    PairAcross,
    /// Pairs of a kind: added too.
    PairKind(Kind),
}

/// What the names of groups of pairs begin with.
const PAIR: &str = "pair-";

impl Group {
    /// The groups that a standing belongs to, the widest first.
    pub fn of(standing: &Standing) -> impl Iterator<Item = Group> {
        let (query, stored) = standing.scripts;
        let (widest, scripts, kind) = match standing.ground {
            Ground::Index => (Group::All, Some(Group::Scripts(query, stored)), Group::Kind(standing.kind)),
            Ground::Pair => {
                (Group::Pair, (query != stored).then_some(Group::PairAcross), Group::PairKind(standing.kind))
            }
        };
        [Some(widest), scripts, Some(kind)].into_iter().flatten()
    }

    /// The word for it in the table: `all`, `Hang-Latn`, `person`; `pair`, `pair-across`, `pair-person`.
    pub fn name(self) -> String {
        match self {
            Group::All => "all".to_owned(),
            Group::Scripts(query, stored) => format!("{query}-{stored}"),
            Group::Kind(kind) => kind.to_string(),
            Group::Pair => "pair".to_owned(),
            Group::PairAcross => format!("{PAIR}across"),
            Group::PairKind(kind) => format!("{PAIR}{kind}"),
        }
    }

    fn of_name(name: &str) -> Option<Group> {
        match name {
            "all" => return Some(Group::All),
            "pair" => return Some(Group::Pair),
            _ => {}
        }
        if let Some(name) = name.strip_prefix(PAIR) {
            return if name == "across" { Some(Group::PairAcross) } else { name.parse().ok().map(Group::PairKind) };
        }
        match name.split_once('-') {
            Some((query, stored)) => Some(Group::Scripts(Script::from_code(query)?, Script::from_code(stored)?)),
            None => name.parse().ok().map(Group::Kind),
        }
    }
}

/// What turns a standing into a probability: a sum of parameters times features, as log odds. Parameters of a script
/// pair and of a kind are added to those of all; where none are known, those of all hold alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    groups: BTreeMap<Group, Parameters>,
}

static CURRENT: LazyLock<Calibration> = LazyLock::new(|| {
    let rows = tables::table(TABLE).map_or(&[][..], |table| table.rows);
    Calibration::of_rows(rows.iter().map(|(_, cells)| *cells))
});

impl Calibration {
    /// The calibration in force.
    pub fn current() -> &'static Calibration {
        &CURRENT
    }

    /// A calibration of such parameters.
    pub fn new(groups: BTreeMap<Group, Parameters>) -> Calibration {
        Calibration { groups }
    }

    /// The log odds that a party in this standing is the one asked for, where every second party asked for is on file,
    /// or that the two parties of a pair are one.
    /// More evidence never lowers them.
    pub fn log_odds(&self, standing: &Standing) -> f64 {
        let groups: Vec<&Parameters> = Group::of(standing).filter_map(|group| self.groups.get(&group)).collect();
        let sum = |feature: usize| groups.iter().map(|parameters| parameters[feature]).sum::<f64>();
        let features = standing.features();
        // The first feature is the intercept, which alone may be negative.
        let slopes = (1..FEATURES.len()).map(|feature| sum(feature).max(0.0) * features[feature]);
        sum(0) + slopes.sum::<f64>()
    }

    /// The probability, 0 to 1, that the log odds amount to.
    pub fn probability(&self, standing: &Standing) -> f64 {
        1.0 / (1.0 + (-self.log_odds(standing)).exp())
    }

    fn of_rows<'a>(rows: impl Iterator<Item = &'a [&'a str]>) -> Calibration {
        let mut calibration = Calibration::default();
        for row in rows {
            let [group, feature, value, ..] = row else { continue };
            let feature = FEATURES.iter().position(|name| name == feature);
            if let (Some(group), Some(feature), Ok(value)) = (Group::of_name(group), feature, value.parse()) {
                calibration.groups.entry(group).or_default()[feature] = value;
            }
        }
        calibration
    }

    /// The text of the table, with lines of a header that say where it comes from.
    pub fn to_table(&self, header: &[(&str, String)]) -> String {
        let mut text = String::new();
        for (name, value) in header {
            let _ = writeln!(text, "# {name}: {value}");
        }
        text += "group\tfeature\tvalue\n";
        for (group, parameters) in &self.groups {
            for (feature, value) in FEATURES.iter().zip(parameters).filter(|(_, value)| **value != 0.0) {
                let _ = writeln!(text, "{}\t{feature}\t{value:.4}", group.name());
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Tsv;
    use proptest::prelude::*;

    fn standing(ground: Ground, score: f64, lead: f64, fit: f64) -> Standing {
        let scripts = (Script::Hangul, Script::Latin);
        Standing {
            ground,
            score,
            lead: Some(lead),
            fit,
            other_fit: fit,
            scripts,
            kind: Kind::Person,
            ..Standing::default()
        }
    }

    #[test]
    fn every_row_of_the_table_is_understood() {
        let table = tables::table(TABLE).unwrap();
        let spoken = |parameters: &Parameters| parameters.iter().filter(|value| **value != 0.0).count();
        let read: usize = Calibration::current().groups.values().map(spoken).sum();
        assert_eq!(read, table.rows.len(), "a row repeats another, is zero, or names what does not exist");
    }

    #[test]
    fn a_table_is_read_back_as_it_was() {
        let mut all = Parameters::default();
        (all[0], all[1], all[4]) = (-1.5, 0.25, 1.0);
        let mut few = Parameters::default();
        few[0] = 0.5;
        let groups = [
            Group::Scripts(Script::Han, Script::Hangul),
            Group::Kind(Kind::Vessel),
            Group::PairAcross,
            Group::Pair,
            Group::PairKind(Kind::Person),
        ];
        let groups = groups.into_iter().map(|group| (group, few)).chain([(Group::All, all)]);
        let calibration = Calibration::new(groups.collect());
        let text = calibration.to_table(&[("title", "made".to_owned()), ("source", "a test".to_owned())]);
        let table = Tsv::parse("made.tsv", &text).unwrap();
        let rows: Vec<Vec<&str>> =
            table.rows.iter().map(|row| row.cells.iter().map(|cell| &**cell).collect()).collect();
        assert_eq!(Calibration::of_rows(rows.iter().map(Vec::as_slice)), calibration);
    }

    proptest! {
        #[test]
        fn more_evidence_never_lowers_the_odds(
            score in -50.0..50.0f64, more in 0.0..10.0f64, lead in -9.0..9.0f64, fit in -2.0..2.0f64,
        ) {
            for ground in [Ground::Index, Ground::Pair] {
                let odds = |score, lead, fit| Calibration::current().log_odds(&standing(ground, score, lead, fit));
                let low = odds(score, lead, fit);
                prop_assert!(low.is_finite());
                prop_assert!(odds(score + more, lead, fit) >= low);
                prop_assert!(odds(score, lead + more, fit) >= low);
                prop_assert!(odds(score, lead, fit + more) >= low);
                let alone = Standing { lead: None, ..standing(ground, score, lead, fit) };
                prop_assert!(Calibration::current().log_odds(&alone) >= low);
            }
        }
    }
}
