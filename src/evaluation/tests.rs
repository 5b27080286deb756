use std::fs;
use std::path::Path;

use super::*;
use crate::resolver::{Detail, Thresholds};
use crate::score::Ground;

/// Names that are nobody's, in two scripts: syllables put together by number.
fn names(number: usize) -> (String, String) {
    let latin = ["Bor", "Vel", "Gor", "Dar", "Zor", "Mil", "Rad", "Sto"];
    let cyrillic = ["Бор", "Вел", "Гор", "Дар", "Зор", "Мил", "Рад", "Сто"];
    let (a, b, c) = (number % 8, number / 8 % 8, (number * 5 + 3) % 8);
    let of = |syllables: [&str; 8], ends: [&str; 2]| {
        format!(
            "{}{}{} {}{}{}",
            syllables[a],
            syllables[b].to_lowercase(),
            ends[0],
            syllables[c],
            syllables[b].to_lowercase(),
            ends[1]
        )
    };
    (of(latin, ["imir", "anov"]), of(cyrillic, ["имир", "анов"]))
}

fn write(folder: &Path, task: &str, files: &[(&str, String)]) -> Task {
    let folder = folder.join(task);
    fs::create_dir_all(&folder).unwrap();
    files.iter().for_each(|(file, text)| fs::write(folder.join(file), text).unwrap());
    Task::read(&folder).unwrap()
}

/// A task of queries, one of pairs, and one of names on no list.
fn tasks(folder: &Path) -> Vec<Task> {
    let index: String = (0..40).map(|n| format!("e{n}\tperson\t{}\n", names(n).0)).collect();
    let queries: String = (0..40).map(|n| format!("q{n}\tperson\t{}\te{n}\n", names(n).1)).collect();
    let nobody: String = (0..20).map(|n| format!("n{n}\tperson\tЩукин Ефим {n}\tNONE\n")).collect();
    let pairs: String = (0..20)
        .map(|n| {
            let other = names(if n % 2 == 0 { n } else { n + 21 }).0;
            format!("p{n}\tperson\t{}\t{other}\t{}\n", names(n).1, 1 - n % 2)
        })
        .collect();
    vec![
        write(folder, "found <b>&", &[("index.tsv", index.clone()), ("queries.tsv", queries)]),
        write(folder, "nobody", &[("index.tsv", index), ("queries.tsv", nobody)]),
        write(folder, "pairs", &[("pairs.tsv", pairs)]),
    ]
}

fn bench(tasks: &[Task], setting: Setting) -> Bench {
    let outcomes: Vec<Outcome> =
        tasks.iter().map(|task| run(&setting.apply(task), &options(Detail::None, 1), &|| ()).unwrap()).collect();
    let summary = Summary::of(&outcomes, &Thresholds::default());
    Bench { setting, outcomes, summary }
}

#[test]
fn the_tables_of_quality_are_written_from_made_up_tasks() {
    let folder = tempfile::tempdir().unwrap();
    let tasks = tasks(folder.path());
    let make = || Benches {
        plain: bench(&tasks, Setting::default()),
        apart: bench(&tasks[2..], Setting { part: Part::Report, ..Setting::default() }),
        absent: bench(&tasks[..2], Setting { part: Part::Report, absent: 0.5, ..Setting::default() }),
        typing: bench(&tasks[..1], Setting { typos: Some(1), ..Setting::default() }),
    };
    let text = quality(&make(), "exonym eval tasks/*");
    assert_eq!(text, quality(&make(), "exonym eval tasks/*"), "the same tasks gave other tables");
    for title in ["## Finding", "## Comparing two names", "## One typing error", "## Calibration", "## Thresholds"] {
        assert!(text.contains(title), "{title} is missing:\n{text}");
    }
    assert!(text.contains("| found \\<b>& | 40 | 1.000 (1.000–1.000) |"), "{text}");
    assert!(
        text.contains("| pairs | 20 |")
            && text.contains("| pairs, the half kept apart |")
            && text.contains("nobody 0 of 20"),
        "{text}"
    );
    assert!(text.contains("0.8 MATCH") && text.contains("0.35 REVIEW"), "{text}");
    assert!(text.contains("--part report --absent 0.5") && text.contains("--typos 1"), "{text}");
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let folder = tempfile::tempdir().unwrap();
    let Bench { setting, outcomes, summary } = bench(&tasks(folder.path()), Setting::default());
    let html = page(&setting, &outcomes, &summary);
    for outside in ["http", "src=", "@import", "url(", "<script"] {
        assert!(!html.contains(outside), "the page asks for {outside}");
    }
    assert!(html.contains("found &lt;b&gt;&amp;") && !html.contains("found <b>"), "a name was not escaped");
    for plot in ["Precision and recall", "Reliability (ECE", "Scores: right and wrong"] {
        assert!(html.contains(plot), "{plot} is missing");
    }
    for (open, close) in [("<table>", "</table>"), ("<svg", "</svg>"), ("<section", "</section>"), ("<tr>", "</tr>")] {
        assert_eq!(html.matches(open).count(), html.matches(close).count(), "{open}");
    }
    assert!(!html.contains("NaN"));
}

#[test]
fn parties_out_of_the_index_are_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let task = &tasks(folder.path())[0];
    let half = bench(std::slice::from_ref(task), Setting { absent: 0.5, ..Setting::default() });
    let measures = &half.summary.tasks[0].measures;
    assert_eq!(measures.expecting + measures.expecting_none, 40);
    assert!((10..=30).contains(&measures.expecting), "{}", measures.expecting);
    assert_eq!(measures.figures.recall_at_1, 1.0);
}

#[test]
fn results_are_written_in_the_format_that_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let tasks = tasks(folder.path());
    for task in [&tasks[0], &tasks[2]] {
        let mut bytes = Vec::new();
        run(task, &options(Detail::None, 1), &|| ()).unwrap().write(&mut bytes).unwrap();
        fs::write(folder.path().join(format!("{}.tsv", task.name)), bytes).unwrap();
        let results = Results::read(folder.path(), &task.name).unwrap().unwrap();
        let versus = Versus::of(task, &results, &results);
        assert_eq!(versus.cases, task.queries.len() + task.pairs.len());
        assert!(versus.before == versus.after && versus.after > 0 && versus.chance() == 1.0);
    }
}

#[test]
fn a_calibration_learns_what_was_right() {
    let folder = tempfile::tempdir().unwrap();
    let setting = Setting { absent: 0.5, ..Setting::default() };
    let tasks = tasks(folder.path());
    let outcomes: Vec<Outcome> =
        tasks.iter().map(|task| run(&setting.apply(task), &options(Detail::None, 1), &|| ()).unwrap()).collect();
    let pairs = outcomes.iter().flat_map(|outcome| pair_samples(outcome, 40));
    let samples = outcomes.iter().flat_map(|outcome| candidate_samples(outcome, 40)).chain(pairs);
    let samples: Vec<Sample> = samples.collect();
    let fitted = fit_calibration(&samples);
    assert_eq!(fitted, fit_calibration(&samples));
    assert!(fitted.candidates > 10 && fitted.pairs > 20, "{fitted:?}");
    assert!(fitted.candidates + fitted.pairs < samples.len(), "the part kept apart was used");
    for ground in [Ground::Index, Ground::Pair] {
        let odds = |right: bool| {
            let own = samples.iter().filter(|sample| sample.standing.ground == ground && sample.right == right);
            let odds: Vec<f64> = own.map(|sample| fitted.calibration.log_odds(&sample.standing)).collect();
            odds.iter().sum::<f64>() / odds.len() as f64
        };
        assert!(odds(true) > odds(false) + 1.0, "{ground:?}: {} {}", odds(true), odds(false));
    }
    assert!(fitted.calibration.to_table(&[]).contains("all\tintercept\t"));
    let errors = held_errors(&samples, &fitted.calibration, Part::Tune);
    let count = |group: &str| errors.iter().find(|(name, ..)| name == group).map(|(_, count, _)| *count);
    assert_eq!(count("all"), Some(fitted.candidates));
    assert!(count("pair").is_some_and(|count| count < fitted.pairs), "what an index offered is no pair somebody made");
    assert!(fitted.calibration.to_table(&[]).contains("pair\tfacts\t1.0000"), "facts are not fitted");
    assert!(errors.iter().all(|(.., error)| (0.0..=1.0).contains(error)), "{errors:?}");
}

#[test]
fn weights_learn_from_what_was_right() {
    let folder = tempfile::tempdir().unwrap();
    let setting = Setting { absent: 0.5, ..Setting::default() };
    let mut tasks = tasks(folder.path());
    let index: String = (0..40).map(|n| format!("e{n}\tperson\t{}\n", names(n).0)).collect();
    let queries: String = (0..40).map(|n| format!("q{n}\tperson\t{} Пётр\te{n}\n", names(n).1)).collect();
    tasks.push(write(folder.path(), "longer", &[("index.tsv", index), ("queries.tsv", queries)]));
    let outcome = |task: &Task| run(&setting.apply(task), &options(Detail::Summary, 1), &|| ()).unwrap();
    let cases: Vec<WeightCase> = tasks.iter().flat_map(|task| weight_cases(&outcome(task), 40)).collect();
    // So few of them would leave every weight as it was set.
    let cases = vec![cases; 4].concat();
    let table = |cases: &[WeightCase]| train_weights(&tasks, cases, 40, 0.5);
    let learned = table(&cases);
    assert_eq!(learned, table(&cases), "the same cases gave another table");
    let cells = |text: &str, name: &str| -> (f64, f64, usize) {
        let row = text.lines().find(|line| line.starts_with(&format!("{name}\t"))).unwrap();
        let cells: Vec<&str> = row.split('\t').collect();
        (cells[1].parse().unwrap(), cells[2].parse().unwrap(), cells[3].parse().unwrap())
    };
    let (value, by_hand, count) = cells(&learned, "birth-date-equal");
    assert_eq!((value, count), (by_hand, 0), "no task speaks of birth dates");
    let is_attested =
        |line: &str| line.split('\t').nth(3).and_then(|cell| cell.parse().ok()).is_some_and(|n: usize| n > 0);
    let attested: Vec<&str> = learned.lines().filter(|line| is_attested(line)).collect();
    assert!(attested.iter().any(|row| row.starts_with("unmatched-query-given\t")), "{attested:?}");
    // Whatever was learned, with nothing to learn from a weight is what it was set to.
    let (value, by_hand, _) = cells(&table(&[]), "contradiction-given");
    assert_eq!(value, by_hand);
}
