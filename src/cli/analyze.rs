use std::io::{self, BufRead, BufWriter, Write};

use anyhow::Context;

use super::arguments::AnalyzeArguments;
use super::output::printable;
use crate::model::Kind;
use crate::names::{Hints, analyse};
use crate::text;

/// `exonym analyze`.
pub fn run(arguments: &AnalyzeArguments) -> anyhow::Result<()> {
    let hints = Hints { kind: arguments.kind.unwrap_or(Kind::Unknown), ..Hints::default() };
    let mut out = BufWriter::new(io::stdout().lock());
    if arguments.names.is_empty() {
        for line in io::stdin().lock().lines() {
            let line = line.context("standard input could not be read as UTF-8")?;
            write(&mut out, &line, &hints, arguments.trace)?;
        }
    } else {
        for name in &arguments.names {
            write(&mut out, name, &hints, arguments.trace)?;
        }
    }
    Ok(out.flush()?)
}

/// One name: what it was folded to, the stages where wanted, and a line for each part of each reading.
fn write(out: &mut dyn Write, name: &str, hints: &Hints, trace: bool) -> anyhow::Result<()> {
    let analysis = analyse(name, hints);
    let language = if analysis.language.is_empty() { "unknown" } else { analysis.language };
    writeln!(out, "{}  ({}, language {language})", printable(&analysis.normalized), analysis.script)?;
    if trace {
        for (stage, before, after) in text::read_traced(name).1 {
            writeln!(out, "  {stage}: {} → {}", printable(&before), printable(&after))?;
        }
    }
    for reading in &analysis.readings {
        writeln!(out, "  {:.0} %  {}", reading.weight * 100.0, reading.kind)?;
        for part in &reading.parts {
            let written = printable(name.get(part.span.clone()).unwrap_or_default());
            let concept = part.concept.map(|concept| format!("  = {concept}")).unwrap_or_default();
            let disguised = if part.disguised { "  disguised" } else { "" };
            writeln!(out, "    {:<12} {written}  ({}){concept}{disguised}", part.role.as_str(), part.form)?;
        }
    }
    Ok(())
}
