//! The command line.
//!
//! One file a command; [`Arguments`] holds what they take, with help that teaches. Commands print results to
//! standard output and everything else to standard error.

mod analyze;
mod arguments;
mod audit;
mod backend;
mod check;
mod entity;
mod eval;
mod explain;
mod health;
mod identity;
mod identity_arguments;
mod import;
mod import_arguments;
mod input;
mod judge;
mod output;
mod progress;
mod receipt;
mod resolve;
mod serve;
mod source;
mod source_arguments;
mod suggest;
mod train;
mod transliterate;
mod version_arguments;
mod versions;
mod xref;

pub use arguments::{Arguments, Command};

use clap::Parser;

/// Runs the command that the arguments of the process ask for. The error is one sentence that says what to do.
pub fn run() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Source(arguments) => source::run(&arguments),
        Command::Resolve(arguments) => resolve::run(arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Suggest(arguments) => suggest::run(arguments),
        Command::Xref(arguments) => xref::run(&arguments),
        Command::Judge(arguments) => judge::run(&arguments),
        Command::Entity(arguments) => entity::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Versions(arguments) => versions::run(&arguments),
        Command::Diff(arguments) => versions::diff(&arguments),
        Command::Receipt(arguments) => receipt::run(&arguments),
        Command::Analyze(arguments) => analyze::run(&arguments),
        Command::Transliterate(arguments) => transliterate::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Train(arguments) => train::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Health(arguments) => health::run(&arguments),
    }
}

/// Runs a future to its end on threads of its own.
fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}
