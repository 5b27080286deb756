use super::arguments::XrefArguments;
use super::backend::open_engine;
use super::progress;
use crate::batch;
use crate::registry::Database;
use crate::resolver::Thresholds;

/// `exonym xref`.
pub fn run(arguments: &XrefArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    let (engine, _) = open_engine(Some(arguments.data.as_path()), shared, Thresholds::default())?;
    let spinner = progress::spinner("reading");
    let report = batch::xref(&engine, !arguments.dry_run, &|stage| spinner.set_message(stage.to_owned()))?;
    spinner.finish_and_clear();
    println!("{} pairs of {} records were looked at", report.pairs, report.records);
    for (rule, count) in &report.decided {
        println!("{count} judged the same by {rule}");
    }
    if report.known > 0 {
        println!("{} of them were judged before", report.known);
    }
    if report.checkable > 0 {
        let share = 100.0 * report.agreeing as f64 / report.checkable as f64;
        let (agreeing, checkable) = (report.agreeing, report.checkable);
        println!(
            "of {checkable} pairs with one name and birth date numbers can be compared: {agreeing} agree ({share:.1} %)"
        );
    }
    if report.conflicts > 0 {
        println!("{} contradict what somebody judged, and wait", report.conflicts);
    }
    if report.common_numbers > 0 {
        println!("{} numbers are shared by so many records that they name nobody", report.common_numbers);
    }
    println!("{} wait for a decision: exonym judge --data {} queue", report.queued, arguments.data.display());
    Ok(())
}
