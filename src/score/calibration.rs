use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use super::probability::{FEATURES, Standing};
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
    /// Every candidate.
    All,
    /// Candidates in one script for queries in another, or the same: added to those of all.
    Scripts(Script, Script),
    /// Candidates of a kind: added too.
    Kind(Kind),
}

impl Group {
    /// The word for it in the table: `all`, `Hang-Latn`, `person`.
    pub fn name(self) -> String {
        match self {
            Group::All => "all".to_owned(),
            Group::Scripts(query, stored) => format!("{query}-{stored}"),
            Group::Kind(kind) => kind.to_string(),
        }
    }

    fn of_name(name: &str) -> Option<Group> {
        if name == "all" {
            return Some(Group::All);
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

/// The calibrations in force: of candidates of an index, and of two parties compared without one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibrations {
    /// Of candidates.
    pub resolve: Calibration,
    /// Of two parties.
    pub compare: Calibration,
}

static CALIBRATIONS: LazyLock<Calibrations> = LazyLock::new(|| {
    let rows = tables::table(TABLE).map_or(&[][..], |table| table.rows);
    Calibrations::of_rows(rows.iter().map(|(_, cells)| *cells))
});

/// The calibrations in force.
pub fn calibrations() -> &'static Calibrations {
    &CALIBRATIONS
}

impl Calibration {
    /// A calibration of such parameters.
    pub fn new(groups: BTreeMap<Group, Parameters>) -> Calibration {
        Calibration { groups }
    }

    /// The log odds that a party in this standing is the one asked for, where every second party asked for is on file.
    /// More evidence never lowers them.
    pub fn log_odds(&self, standing: &Standing) -> f64 {
        let (query, stored) = standing.scripts;
        let groups = [Group::All, Group::Scripts(query, stored), Group::Kind(standing.kind)];
        let groups = groups.map(|group| self.groups.get(&group));
        let sum = |feature: usize| groups.iter().flatten().map(|parameters| parameters[feature]).sum::<f64>();
        let features = standing.features();
        // The first feature is the intercept, which alone may be negative.
        let slopes = (1..FEATURES.len()).map(|feature| sum(feature).max(0.0) * features[feature]);
        sum(0) + slopes.sum::<f64>()
    }
}

impl Calibrations {
    fn of_rows<'a>(rows: impl Iterator<Item = &'a [&'a str]>) -> Calibrations {
        let mut calibrations = Calibrations::default();
        for row in rows {
            let [model, group, feature, value, ..] = row else { continue };
            let feature = FEATURES.iter().position(|name| name == feature);
            let (Some(group), Some(feature), Ok(value)) = (Group::of_name(group), feature, value.parse()) else {
                continue;
            };
            let calibration = match *model {
                "resolve" => &mut calibrations.resolve,
                "compare" => &mut calibrations.compare,
                _ => continue,
            };
            calibration.groups.entry(group).or_default()[feature] = value;
        }
        calibrations
    }

    /// The text of the table, below the lines of its header that say where it comes from.
    pub fn to_table(&self, header: &[(&str, String)]) -> String {
        let mut text = String::new();
        for (name, value) in header {
            let _ = writeln!(text, "# {name}: {value}");
        }
        text += "model\tgroup\tfeature\tvalue\n";
        for (model, calibration) in [("resolve", &self.resolve), ("compare", &self.compare)] {
            for (group, parameters) in &calibration.groups {
                for (feature, value) in FEATURES.iter().zip(parameters).filter(|(_, value)| **value != 0.0) {
                    let _ = writeln!(text, "{model}\t{}\t{feature}\t{value:.4}", group.name());
                }
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

    fn standing(score: f64, lead: f64, fit: f64) -> Standing {
        let scripts = (Script::Hangul, Script::Latin);
        Standing { score, lead: Some(lead), fit, scripts, kind: Kind::Person, ..Standing::default() }
    }

    #[test]
    fn every_row_of_the_table_is_understood() {
        let table = tables::table(TABLE).unwrap();
        let read: usize = [&calibrations().resolve, &calibrations().compare]
            .iter()
            .flat_map(|calibration| calibration.groups.values())
            .map(|parameters| parameters.iter().filter(|value| **value != 0.0).count())
            .sum();
        assert_eq!(read, table.rows.len(), "a row repeats another, is zero, or names what does not exist");
    }

    #[test]
    fn a_table_is_read_back_as_it_was() {
        let groups = BTreeMap::from([
            (Group::All, [-1.5, 0.25, 0.0, 1.0, 0.5, 0.125]),
            (Group::Scripts(Script::Han, Script::Hangul), [0.5, 0.0, 0.0, 0.0, 0.0, 0.0]),
            (Group::Kind(Kind::Vessel), [0.0, 0.0, 0.0, 0.0, 0.0, -0.0625]),
        ]);
        let resolve = Calibration::new(groups);
        let compare = Calibration::new(BTreeMap::from([(Group::All, [2.0, 0.0, 0.0, 0.0, 0.0, 0.0])]));
        let calibrations = Calibrations { resolve, compare };
        let text = calibrations.to_table(&[("title", "made".to_owned()), ("source", "a test".to_owned())]);
        let table = Tsv::parse("made.tsv", &text).unwrap();
        let rows: Vec<Vec<&str>> =
            table.rows.iter().map(|row| row.cells.iter().map(|cell| &**cell).collect()).collect();
        let mut read = Calibrations::of_rows(rows.iter().map(Vec::as_slice));
        // Four digits are kept.
        read.resolve.groups.get_mut(&Group::Kind(Kind::Vessel)).unwrap()[5] = -0.0625;
        assert_eq!(read, calibrations);
    }

    proptest! {
        #[test]
        fn more_evidence_never_lowers_the_odds(
            score in -50.0..50.0f64, more in 0.0..10.0f64, lead in -9.0..9.0f64, fit in -2.0..2.0f64,
        ) {
            for calibration in [&calibrations().resolve, &calibrations().compare] {
                let low = calibration.log_odds(&standing(score, lead, fit));
                prop_assert!(low.is_finite());
                prop_assert!(calibration.log_odds(&standing(score + more, lead, fit)) >= low);
                prop_assert!(calibration.log_odds(&standing(score, lead + more, fit)) >= low);
                prop_assert!(calibration.log_odds(&standing(score, lead, fit + more)) >= low);
                let alone = Standing { lead: None, ..standing(score, lead, fit) };
                prop_assert!(calibration.log_odds(&alone) >= low);
            }
        }
    }
}
