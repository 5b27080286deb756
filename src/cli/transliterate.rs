use std::io::{self, BufRead, BufWriter, Write};

use anyhow::Context;

use super::arguments::TransliterateArguments;
use crate::translit::{self, Scheme};

/// `exonym transliterate`.
pub fn run(arguments: &TransliterateArguments) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    if arguments.list {
        for scheme in translit::schemes() {
            let scripts = format!("{} → {}", scheme.source_script(), scheme.target_script());
            writeln!(out, "{:<20} {scripts}  {} ({})", scheme.name(), scheme.title(), scheme.status())?;
        }
        return Ok(out.flush()?);
    }
    let name = arguments.scheme.as_deref().unwrap_or_default();
    let scheme = translit::scheme(name)
        .with_context(|| format!("no scheme is called {name:?}: `exonym transliterate --list` shows them"))?;
    if arguments.texts.is_empty() {
        for line in io::stdin().lock().lines() {
            let line = line.context("standard input could not be read as UTF-8")?;
            write(&mut out, scheme, &line, arguments.trace)?;
        }
    } else {
        for text in &arguments.texts {
            write(&mut out, scheme, text, arguments.trace)?;
        }
    }
    Ok(out.flush()?)
}

fn write(out: &mut dyn Write, scheme: &Scheme, text: &str, trace: bool) -> anyhow::Result<()> {
    if !trace {
        return Ok(writeln!(out, "{}", scheme.transliterate(text).text)?);
    }
    let result = scheme.transliterate_traced(text);
    writeln!(out, "{}", result.text)?;
    for step in &result.trace {
        writeln!(out, "  {}: {} → {}", step.stage, step.input, step.output)?;
    }
    for alternative in &result.alternatives {
        writeln!(out, "  or {alternative}")?;
    }
    Ok(())
}
