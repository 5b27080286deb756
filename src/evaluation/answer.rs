use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use super::{Homonyms, PairRow, QueryRow, Task};
use crate::model::{Kind, RecordId};
use crate::resolver::{Match, Resolution, Verdict};
use crate::score::{Evidence, Standing};
use crate::text::{self, Script};

/// The script that is asked in and the one that the answer is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scripts {
    /// The query's.
    pub query: Script,
    /// That of the names it should find.
    pub stored: Script,
}

impl fmt::Display for Scripts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.query, self.stored)
    }
}

/// A candidate as the measures need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The id of its entity in the task.
    pub entity: String,
    /// The name that matched.
    pub name: String,
    /// The sum of its evidence, in nats.
    pub score: f64,
    /// Where it stands among the others.
    pub standing: Standing,
    /// The probability that it is the party, 0 to 1.
    pub probability: f64,
    /// What speaks for and against it; empty where no detail was asked for.
    pub evidence: Vec<Evidence>,
    /// True if the query expects it.
    pub right: bool,
    /// True if it is right or bears the very name of one that is.
    pub alike: bool,
}

/// What a query was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The query's id.
    pub id: String,
    /// What was asked.
    pub text: String,
    /// Of which kind.
    pub kind: Kind,
    /// The scripts of the query and of what it should find; of most names of the index where it should find nothing.
    pub scripts: Scripts,
    /// A name of a party that it should find; `None` where it should find nothing.
    pub wanted: Option<String>,
    /// The candidates, best first.
    pub candidates: Vec<Candidate>,
    /// The verdict.
    pub verdict: Verdict,
    /// What it cost the processor.
    pub time: Duration,
    /// True if a bound cut the search so that a candidate may well be missing.
    pub incomplete: bool,
}

impl Answer {
    /// The rank, from 1, of the first right candidate.
    pub fn rank(&self) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.right).map(|place| place + 1)
    }

    /// The rank, from 1, of the first candidate that is right or a homonym of a right one.
    pub fn homonym_rank(&self) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.alike).map(|place| place + 1)
    }

    /// The best candidate.
    pub fn best(&self) -> Option<&Candidate> {
        self.candidates.first()
    }
}

/// What a pair was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The pair's id.
    pub id: String,
    /// One name.
    pub left: String,
    /// The other name.
    pub right: String,
    /// Of which kind both are.
    pub kind: Kind,
    /// Their scripts.
    pub scripts: Scripts,
    /// True if they are one party's.
    pub same: bool,
    /// The sum of the evidence, in nats.
    pub score: f64,
    /// What the probability was told from.
    pub standing: Standing,
    /// The probability that they are, 0 to 1.
    pub probability: f64,
    /// What speaks for and against it; empty where no detail was asked for.
    pub evidence: Vec<Evidence>,
    /// What it cost the processor.
    pub time: Duration,
}

impl Judged {
    /// A pair that no name of fits: the answer before anything speaks for it.
    pub fn of_row(row: &PairRow) -> Judged {
        let scripts = Scripts { query: text::read(&row.left).script(), stored: text::read(&row.right).script() };
        Judged {
            id: row.id.clone(),
            left: row.left.clone(),
            right: row.right.clone(),
            kind: row.kind,
            scripts,
            same: row.same,
            score: 0.0,
            standing: Standing::of_facts(0.0),
            probability: 0.0,
            evidence: Vec::new(),
            time: Duration::ZERO,
        }
    }
}

/// What is known of a task's entities beside what the search sees.
pub struct Truth {
    homonyms: Homonyms,
    /// The first name and the main script of each entity.
    entities: HashMap<String, (String, Script)>,
    main: Script,
}

impl Truth {
    /// The truth of a task.
    pub fn of(task: &Task) -> Truth {
        let mut entities: HashMap<String, (String, Script)> = HashMap::new();
        let mut counts = [0usize; Script::ALL.len()];
        for row in &task.index {
            entities.entry(row.entity.clone()).or_insert_with(|| {
                let script = text::read(&row.name).script();
                counts[usize::from(script.number())] += 1;
                (row.name.clone(), script)
            });
        }
        // Of equals the last one: any will do, as long as it is the same one each time.
        let main = Script::ALL.into_iter().max_by_key(|script| counts[usize::from(script.number())]);
        Truth { homonyms: Homonyms::of(task), entities, main: main.unwrap_or(Script::Latin) }
    }

    /// The answer to a query, marked. A query that was refused, as one without a letter is, found nothing.
    pub fn mark(&self, row: &QueryRow, resolution: Option<Resolution>, time: Duration) -> Answer {
        let wanted = row.expected.first().and_then(|entity| self.entities.get(entity));
        let scripts =
            Scripts { query: text::read(&row.text).script(), stored: wanted.map_or(self.main, |(_, script)| *script) };
        let (verdict, incomplete, matches) = match resolution {
            Some(found) => (found.verdict, found.is_incomplete(), found.matches),
            None => (Verdict::NoMatch, false, Vec::new()),
        };
        let candidates = matches.into_iter().filter_map(|found| self.mark_candidate(row, found)).collect();
        Answer {
            id: row.id.clone(),
            text: row.text.clone(),
            kind: row.kind,
            scripts,
            wanted: wanted.map(|(name, _)| name.clone()),
            candidates,
            verdict,
            time,
            incomplete,
        }
    }

    fn mark_candidate(&self, row: &QueryRow, found: Match) -> Option<Candidate> {
        let entity = found.records.first().map(RecordId::local)?.to_owned();
        let right = row.expected.contains(&entity);
        let alike = right || row.expected.iter().any(|expected| self.homonyms.are(expected, &entity));
        let Match { matched_name: name, score, standing, probability, evidence, .. } = found;
        Some(Candidate { entity, name, score, standing, probability, evidence, right, alike })
    }
}
