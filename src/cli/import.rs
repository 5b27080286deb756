use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use super::arguments::ImportArguments;
use super::backend::open_engine;
use super::progress;
use crate::batch::{self, ImportJob, ImportReport};
use crate::registry::Database;
use crate::resolver::Thresholds;
use crate::sources::{self, Format, Mapping};

/// How many quarantined records are listed unless all are asked for.
const LISTED: usize = 20;

/// `exonym import`.
pub fn run(arguments: &ImportArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    let format = match (arguments.format, &arguments.mapping) {
        (Some(format), _) => format,
        (None, Some(_)) => Format::Mapped,
        (None, None) => Format::of_files(&arguments.files)?,
    };
    let mapping = match (format, &arguments.mapping) {
        (Format::Mapped, Some(name)) => Some(load_mapping(name)?),
        (Format::Mapped, None) => bail!("--format mapped needs --mapping FILE, or the name of a bundled mapping"),
        (_, Some(_)) => bail!("--mapping goes with --format mapped only"),
        (_, None) => None,
    };
    fs::create_dir_all(&arguments.data).with_context(|| format!("{} could not be made", arguments.data.display()))?;
    let (engine, _) = open_engine(Some(arguments.data.as_path()), shared, Thresholds::default())?;
    let job = ImportJob {
        dataset: arguments.dataset.clone(),
        format,
        files: arguments.files.clone(),
        mapping,
        max_loss: (!arguments.accept_loss).then(|| f64::from(arguments.max_loss) / 100.0),
        actor: "exonym import".to_owned(),
    };
    let spinner = progress::spinner("reading");
    let report = batch::import(&engine, &job, &|stage| spinner.set_message(stage.to_owned()))?;
    spinner.finish_and_clear();
    print(arguments, &report);
    Ok(())
}

/// The mapping of a file, or a bundled one by its name.
pub(super) fn load_mapping(name: &str) -> anyhow::Result<Mapping> {
    let (text, place) = match sources::bundled_mapping(name) {
        Some(text) => (text.to_owned(), format!("bundled mapping {name}")),
        None => {
            let text = fs::read_to_string(Path::new(name))
                .with_context(|| format!("{name} is neither a bundled mapping nor a file that can be read"))?;
            (text, name.to_owned())
        }
    };
    Ok(Mapping::parse(&place, &text)?)
}

fn print(arguments: &ImportArguments, report: &ImportReport) {
    let counts = &report.counts;
    println!(
        "{}: read {} = imported {} + unchanged {} + quarantined {}; removed {}",
        arguments.dataset, counts.read, counts.imported, counts.unchanged, counts.quarantined, counts.removed
    );
    println!("imported {} = added {} + changed {}", counts.imported, counts.added, counts.changed);
    for reused in &report.reused {
        println!("{} names somebody else now, who is kept as {}", reused.record, reused.successor);
    }
    println!("index {}, registry revision {}", report.version.index, report.version.registry_revision);
    let listed = if arguments.all_quarantined { usize::MAX } else { LISTED };
    for quarantined in report.quarantined.iter().take(listed) {
        let id = quarantined.record_id.as_deref().unwrap_or("no id");
        println!("quarantined {} ({id}): {}", quarantined.place, quarantined.reason);
    }
    if report.quarantined.len() > listed {
        println!("and {} more: --all-quarantined lists them", report.quarantined.len() - listed);
    }
    for warning in report.warnings.iter().take(listed) {
        println!("note {}: {}", warning.place, warning.text);
    }
    if report.warnings.len() > listed {
        println!("and {} more notes", report.warnings.len() - listed);
    }
}
