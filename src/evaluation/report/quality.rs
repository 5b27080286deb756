use super::super::measure::{Case, Figures, Measures};
use super::super::verdicts::cuts;
use super::super::{Outcome, Setting, Summary, TaskSummary};
use super::markdown::Table;
use super::percent;
use crate::resolver::Thresholds;
use crate::tables;

/// Tasks run in one setting.
#[derive(Clone, Debug, Default)]
pub struct Bench {
    /// How they were asked.
    pub setting: Setting,
    /// The answers.
    pub outcomes: Vec<Outcome>,
    /// What they came to.
    pub summary: Summary,
}

/// The runs that the tables of quality are made from.
pub struct Benches {
    /// All queries as they are.
    pub plain: Bench,
    /// The part kept apart of the pairs.
    pub apart: Bench,
    /// The part kept apart, with a share of the parties taken out of the index.
    pub absent: Bench,
    /// Some tasks with a typing error in every query.
    pub typing: Bench,
}

/// The tables of quality, in Markdown. `command` is what made them.
pub fn quality(benches: &Benches, command: &str) -> String {
    let mut text = format!(
        "# Quality\n\nThis file is written by\n\n    {command}\n\nand never by hand; `tasks` is the folder of tasks. Recall counts queries with a party to be \
         found; in brackets the interval that 95 % of samples drawn anew lie in. *With homonyms* counts a party as found \
         also where another one of the very same name stands in its place: a name alone cannot tell them apart. Precision, \
         recall and F1 are those of the verdict MATCH at the default thresholds. What the goals and the figures of others \
         are is told at the end.\n\n"
    );
    text += &tasks(&benches.plain.summary);
    text += &pairs(&benches.plain.summary, &benches.apart.summary);
    text += &typing(&benches.typing);
    text += &alarms(&benches.plain.summary);
    text += &calibration(&benches.absent);
    text += &thresholds(&benches.absent);
    text += NOTES;
    text
}

const NOTES: &str = "## What the figures are\n\nGoals were set before the start, from what the best tool that people use \
    today reaches on the same task at its best setting (*others*). Tasks are real spellings with known truth. The queries \
    and pairs of a task are split in two halves by a hash of their ids: what evidence weighs and what scores mean was \
    fitted to one half, and calibration is reported on the other. The same command on the same tasks writes the same file.\n";

/// Goals and the figures of others for a task: first and second figure of each.
fn goals(task: &str) -> [String; 4] {
    let rows = tables::table("evaluation/data/goals.tsv").map_or(&[][..], |table| table.rows);
    let row = rows.iter().map(|(_, cells)| cells).find(|cells| cells.first() == Some(&task));
    let cell = |place: usize| row.and_then(|cells| cells.get(place)).copied().unwrap_or_default().to_owned();
    [cell(1), cell(2), cell(3), cell(4)]
}

/// The tasks that are also asked with typing errors, each with the recall that it should reach, or an empty text.
pub fn typing_tasks() -> Vec<(&'static str, &'static str)> {
    let rows = tables::table("evaluation/data/typing.tsv").map_or(&[][..], |table| table.rows);
    let row = |(_, cells): &(u32, &'static [&'static str])| Some((*cells.first()?, *cells.get(1)?));
    rows.iter().filter_map(row).collect()
}

fn within(measures: &Measures, of: impl Fn(&Figures) -> f64) -> String {
    format!("{:.3} ({:.3}–{:.3})", of(&measures.figures), of(&measures.low), of(&measures.high))
}

/// An area under the curve; none where everything, or nothing, is right.
fn auc(area: f64) -> String {
    if area > 0.0 { format!("{area:.3}") } else { "–".to_owned() }
}

fn two(first: &str, second: &str) -> String {
    match (first, second) {
        ("", "") => String::new(),
        (first, "") => first.to_owned(),
        (first, second) => format!("{first} / {second}"),
    }
}

fn tasks(summary: &Summary) -> String {
    let head = [
        "task",
        "queries",
        "recall@1",
        "recall@10",
        "MRR",
        "with homonyms",
        "F1",
        "precision",
        "AUC",
        "goal",
        "others",
    ];
    let mut table = Table::new(&head);
    let found = |task: &&TaskSummary| !task.is_pairs && task.measures.expecting > 0;
    for task in summary.tasks.iter().filter(found) {
        table.row(&finding(&task.task, &task.task, &task.measures));
        // A kind has a row of its own where it has a goal of its own.
        for (kind, measures) in &task.kinds {
            let goal = format!("{}/{kind}", task.task);
            if !goals(&goal)[0].is_empty() {
                table.row(&finding(&format!("{}: {kind}s", task.task), &goal, measures));
            }
        }
    }
    let mut text = String::from("## Finding\n\n") + &table.finish();
    let nobody: Vec<String> = (summary.tasks.iter())
        .filter(|task| !task.is_pairs && task.measures.expecting_none > 0)
        .map(|task| {
            let (wrong, all) = (task.measures.false_matches, task.measures.expecting_none);
            format!("{} {wrong} of {all}", task.task)
        })
        .collect();
    if !nobody.is_empty() {
        text += &format!("Queries for nobody on the list that are a MATCH all the same: {}.\n\n", nobody.join(" · "));
    }
    text + "By scripts, all tasks together:\n\n" + &by_scripts(summary)
}

/// A row of the table of finding.
fn finding(name: &str, goal: &str, measures: &Measures) -> [String; 11] {
    let figures = &measures.figures;
    let [goal, goal_at_ten, other, other_at_ten] = goals(goal);
    [
        name.to_owned(),
        measures.expecting.to_string(),
        within(measures, |figures| figures.recall_at_1),
        within(measures, |figures| figures.recall_at_10),
        format!("{:.3}", figures.mean_reciprocal_rank),
        format!("{:.3} / {:.3}", figures.homonym_recall_at_1, figures.homonym_recall_at_10),
        format!("{:.3}", figures.f1),
        format!("{:.3}", figures.precision),
        auc(figures.auc),
        two(&goal, &goal_at_ten),
        two(&other, &other_at_ten),
    ]
}

fn by_scripts(summary: &Summary) -> String {
    let mut table =
        Table::new(&["scripts", "queries", "recall@1", "recall@10", "with homonyms", "F1", "precision", "AUC"]);
    for (scripts, measures) in summary.scripts.iter().filter(|(_, measures)| measures.expecting > 0) {
        let figures = &measures.figures;
        table.row(&[
            scripts.to_string(),
            measures.expecting.to_string(),
            within(measures, |figures| figures.recall_at_1),
            within(measures, |figures| figures.recall_at_10),
            format!("{:.3} / {:.3}", figures.homonym_recall_at_1, figures.homonym_recall_at_10),
            format!("{:.3}", figures.f1),
            format!("{:.3}", figures.precision),
            auc(figures.auc),
        ]);
    }
    table.finish()
}

fn pairs(all: &Summary, apart: &Summary) -> String {
    let mut table =
        Table::new(&["task", "pairs", "F1", "precision", "recall", "AUC", "ECE", "best F1", "goal F1 / AUC", "others"]);
    let mut row = |task: &TaskSummary, note: &str| {
        let (figures, [goal, goal_auc, other, other_auc]) = (&task.measures.figures, goals(&task.task));
        table.row(&[
            format!("{}{note}", task.task),
            (task.measures.expecting + task.measures.expecting_none).to_string(),
            within(&task.measures, |figures| figures.f1),
            format!("{:.3}", figures.precision),
            format!("{:.3}", figures.recall),
            within(&task.measures, |figures| figures.auc),
            format!("{:.3}", figures.calibration_error),
            format!("{:.3} at {:.2}", task.best.0, task.best.1),
            two(&goal, &goal_auc),
            two(&other, &other_auc),
        ]);
    };
    let mut any = false;
    for task in all.tasks.iter().filter(|task| task.is_pairs) {
        any = true;
        row(task, "");
        apart.tasks.iter().filter(|part| part.task == task.task).for_each(|part| row(part, ", the half kept apart"));
    }
    if any { String::from("## Comparing two names\n\n") + &table.finish() } else { String::new() }
}

fn typing(bench: &Bench) -> String {
    if bench.summary.tasks.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["task", "queries", "recall@1", "recall@10", "with homonyms", "goal"]);
    for task in &bench.summary.tasks {
        let figures = &task.measures.figures;
        let goal = typing_tasks().into_iter().find(|(name, _)| *name == task.task).map_or("", |(_, goal)| goal);
        table.row(&[
            task.task.clone(),
            task.measures.expecting.to_string(),
            within(&task.measures, |figures| figures.recall_at_1),
            within(&task.measures, |figures| figures.recall_at_10),
            format!("{:.3} / {:.3}", figures.homonym_recall_at_1, figures.homonym_recall_at_10),
            goal.to_owned(),
        ]);
    }
    let flags = bench.setting.flags();
    format!(
        "## One typing error in every query\n\n`exonym eval TASK{flags}`: a wrong, dropped, doubled or swapped letter, in \
             Hangul a jamo.\n\n{}",
        table.finish()
    )
}

fn alarms(summary: &Summary) -> String {
    if summary.alarms.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["found", "share", "score", "names on no list", "with an answer at that score"]);
    for alarm in &summary.alarms {
        table.row(&[
            alarm.found.clone(),
            format!("{:.0} %", alarm.recall * 100.0),
            alarm.score.map_or("–".to_owned(), |score| format!("{score:.2}")),
            alarm.negatives.clone(),
            alarm.false_positives.map_or("not so many are found".to_owned(), percent),
        ]);
    }
    String::from(
        "## False positives\n\nThe score that finds a share of one task, at any rank, is held against names that are \
                  on no list.\n\n",
    ) + &table.finish()
}

fn calibration(bench: &Bench) -> String {
    let pooled = &bench.summary.pooled;
    if pooled.expecting + pooled.expecting_none == 0 {
        return String::new();
    }
    let groups = bench.summary.scripts.iter().map(|(scripts, measures)| (scripts.to_string(), measures));
    let mut errors = Table::new(&["scripts", "queries", "for a party in the index", "ECE", "AUC"]);
    for (name, measures) in groups.chain([("all".to_owned(), pooled)]) {
        errors.row(&[
            name,
            (measures.expecting + measures.expecting_none).to_string(),
            measures.expecting.to_string(),
            within(measures, |figures| figures.calibration_error),
            auc(measures.figures.auc),
        ]);
    }
    let mut bins = Table::new(&["claimed", "cases", "mean claim", "right"]);
    for bin in pooled.reliability.bins.iter().filter(|bin| bin.cases > 0.0) {
        bins.row(&[
            format!("{:.1}–{:.1}", bin.from, bin.to),
            format!("{:.0}", bin.cases),
            format!("{:.3}", bin.probability),
            format!("{:.3}", bin.right),
        ]);
    }
    format!(
        "## Calibration\n\n`exonym eval TASKS{}`: the part of the queries that probabilities were not fitted to, with {:.0} % of the \
         parties taken out of the index. The expected calibration error is the distance between the probability of the \
         best candidate and the share that is right, averaged over ten bins.\n\n{}All together:\n\n{}",
        bench.setting.flags(),
        bench.setting.absent * 100.0,
        errors.finish(),
        bins.finish()
    )
}

fn thresholds(bench: &Bench) -> String {
    let thresholds = Thresholds::default();
    let cases: Vec<Case> = (bench.outcomes.iter().flat_map(|outcome| &outcome.answers))
        .map(|answer| Case::of_answer(answer, &thresholds))
        .collect();
    if cases.is_empty() {
        return String::new();
    }
    let mut table =
        Table::new(&["from probability", "queries that reach it", "of these wrong", "found", "false positives"]);
    for cut in cuts(&cases, &[thresholds.review, thresholds.matching]) {
        let name = match cut.threshold {
            own if own == thresholds.matching => format!("{own} MATCH"),
            own if own == thresholds.review => format!("{own} REVIEW"),
            other => other.to_string(),
        };
        let (wrong, found) = (percent(cut.wrong), percent(cut.found));
        table.row(&[name, percent(cut.reached), wrong, found, percent(cut.false_positives)]);
    }
    String::from(
        "## Thresholds and their errors\n\nOn the same queries. *Found* is the share of the parties in the index whose \
                  right candidate stands first and reaches the threshold, *false positives* the share of the queries for \
                  nobody in the index with a candidate that does. The thresholds are `match_threshold` and \
                  `review_threshold` of the settings.\n\n",
    ) + &table.finish()
}
