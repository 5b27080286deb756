use std::fmt::Write as _;

use super::super::measure::{Case, Figures, Measures};
use super::super::{Outcome, Setting, Summary, TaskSummary};
use super::figures::{self, Miss};
use super::{escape, percent};
use crate::resolver::{Thresholds, model_version};

/// Wrong answers that are shown of each task and sort.
const MISSES: usize = 15;
const STYLE: &str = include_str!("style.css");

/// A page about a run that needs nothing but itself: tables, plots as inline SVG, the worst misses.
pub fn page(setting: &Setting, outcomes: &[Outcome], summary: &Summary) -> String {
    let flags = setting.flags();
    let model = escape(model_version());
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>exonym: quality</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<header><h1>exonym: quality</h1>\n<p>model {model} · <code>exonym eval TASKS{}</code> · in brackets the \
         interval that 95 % of samples drawn anew lie in</p></header>\n",
        escape(&flags)
    );
    html += &overview(summary);
    for (outcome, task) in outcomes.iter().zip(&summary.tasks) {
        html += &section(outcome, task);
    }
    html + "</body>\n</html>\n"
}

fn overview(summary: &Summary) -> String {
    let head =
        ["", "queries", "recall@1", "recall@10", "MRR", "with homonyms", "precision", "recall", "F1", "AUC", "ECE"];
    let mut html = String::from("<section>\n<h2>Tasks</h2>\n") + &table_head(&head);
    for task in &summary.tasks {
        let link = format!("<a href=\"#{0}\">{0}</a>", escape(&task.task));
        html += &row(&link, &task.measures, task.is_pairs);
    }
    html += "</tbody></table>\n<h2>Scripts</h2>\n";
    html += &table_head(&head);
    for (scripts, measures) in &summary.scripts {
        html += &row(&scripts.to_string(), measures, false);
    }
    html += &row("all", &summary.pooled, false);
    html += "</tbody></table>\n";
    if !summary.alarms.is_empty() {
        html += "<h2>False positives</h2>\n<p>Names on no list that get an answer at the score that finds so many of a \
                 task.</p>\n";
        html += &table_head(&["found", "share", "score", "names on no list", "with an answer"]);
        for alarm in &summary.alarms {
            let rate = alarm.false_positives.map_or("not so many are found".to_owned(), percent);
            let score = alarm.score.map_or("–".to_owned(), |score| format!("{score:.2}"));
            let share = format!("{:.0} %", alarm.recall * 100.0);
            html += &cells(&[escape(&alarm.found), share, score, escape(&alarm.negatives), rate]);
        }
        html += "</tbody></table>\n";
    }
    html += "<h2>Reliability</h2>\n<div class=\"plots\">\n";
    html += &figures::reliability("all", &summary.pooled.reliability);
    for (scripts, measures) in &summary.scripts {
        html += &figures::reliability(&scripts.to_string(), &measures.reliability);
    }
    html + "</div>\n</section>\n"
}

fn section(outcome: &Outcome, task: &TaskSummary) -> String {
    let thresholds = Thresholds::default();
    let answers = outcome.answers.iter().map(|answer| Case::of_answer(answer, &thresholds));
    let cases: Vec<Case> = answers.chain(outcome.judged.iter().map(|pair| Case::of_pair(pair, &thresholds))).collect();
    let name = escape(&task.task);
    let mut html = format!("<section id=\"{name}\">\n<h2>{name}</h2>\n<p>");
    let _ = write!(html, "{} to be found, {} not", task.measures.expecting, task.measures.expecting_none);
    if outcome.names > 0 {
        let _ = write!(html, ", {} names in the index", outcome.names);
    }
    let micros = |share: f64| outcome.time(share).as_secs_f64() * 1e6;
    let _ = write!(html, "; median {:.0} µs, p99 {:.0} µs", micros(0.5), micros(0.99));
    if outcome.incomplete() > 0 {
        let _ = write!(html, "; {} searches cut by a bound", outcome.incomplete());
    }
    html += "</p>\n<div class=\"plots\">\n";
    if task.measures.expecting > 0 {
        html += &figures::precision_recall(&cases);
    }
    html += &figures::reliability("Reliability", &task.measures.reliability);
    html += &figures::scores(outcome);
    html += "</div>\n";
    let (wrong, lost) = figures::misses(outcome, MISSES);
    html += &misses("Wrong with the highest probability", &wrong);
    html += &misses("Not found", &lost);
    html + "</section>\n"
}

fn misses(title: &str, misses: &[Miss<'_>]) -> String {
    if misses.is_empty() {
        return String::new();
    }
    let mut html = format!("<details>\n<summary>{title}</summary>\n");
    html += &table_head(&["query", "asked", "wanted", "given", "probability"]);
    for miss in misses {
        // Names of any direction keep to their cells.
        let name = |text: &str| format!("<bdi>{}</bdi>", escape(text));
        let probability = format!("{:.3}", miss.probability);
        html += &cells(&[escape(miss.id), name(miss.text), name(miss.wanted), name(miss.found), probability]);
    }
    html + "</tbody></table>\n</details>\n"
}

fn table_head(names: &[&str]) -> String {
    let names: String = names.iter().map(|name| format!("<th>{}</th>", escape(name))).collect();
    format!("<table><thead><tr>{names}</tr></thead><tbody>\n")
}

/// A row of cells that are HTML already.
fn cells(cells: &[String]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr>{cells}</tr>\n")
}

fn row(name: &str, measures: &Measures, is_pairs: bool) -> String {
    let figure = |of: &dyn Fn(&Figures) -> f64| {
        format!("{:.3} <small>({:.3}–{:.3})</small>", of(&measures.figures), of(&measures.low), of(&measures.high))
    };
    let found = |of: &dyn Fn(&Figures) -> f64| if measures.expecting > 0 { figure(of) } else { String::new() };
    let ranked = |of: &dyn Fn(&Figures) -> f64| if is_pairs { String::new() } else { found(of) };
    cells(&[
        name.to_owned(),
        (measures.expecting + measures.expecting_none).to_string(),
        ranked(&|figures| figures.recall_at_1),
        ranked(&|figures| figures.recall_at_10),
        ranked(&|figures| figures.mean_reciprocal_rank),
        ranked(&|figures| figures.homonym_recall_at_1),
        found(&|figures| figures.precision),
        found(&|figures| figures.recall),
        found(&|figures| figures.f1),
        if measures.figures.auc > 0.0 { figure(&|figures| figures.auc) } else { "–".to_owned() },
        figure(&|figures| figures.calibration_error),
    ])
}
