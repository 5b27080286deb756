//! The command line.
//!
//! One file a command; [`Arguments`] holds what they take, with help that teaches. Commands print results to
//! standard output and everything else to standard error.

mod analyze;
mod arguments;
mod audit;
mod backend;
mod backup;
mod check;
mod copy;
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
mod portfolio;
mod portfolio_arguments;
mod progress;
mod receipt;
mod registry_arguments;
mod resolve;
mod serve;
mod source;
mod source_arguments;
mod suggest;
mod train;
mod train_arguments;
mod transliterate;
mod version_arguments;
mod versions;
mod xref;

pub use arguments::{Arguments, Command};

use clap::{Arg, CommandFactory, FromArgMatches};

/// Runs the command that the arguments of the process ask for. The error is one sentence that says what to do.
pub fn run() -> anyhow::Result<()> {
    let matches = command().get_matches();
    let Arguments { registry, command } = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let shared = registry.database();
    let shared = shared.as_ref();
    match command {
        Command::Serve(arguments) => serve::run(arguments, registry),
        Command::Import(arguments) => import::run(&arguments, shared),
        Command::Source(arguments) => source::run(&arguments, shared),
        Command::Resolve(arguments) => resolve::run(arguments, shared),
        Command::Explain(arguments) => explain::run(&arguments, shared),
        Command::Suggest(arguments) => suggest::run(arguments, shared),
        Command::Xref(arguments) => xref::run(&arguments, shared),
        Command::Judge(arguments) => judge::run(&arguments, shared),
        Command::Entity(arguments) => entity::run(&arguments, shared),
        Command::Audit(arguments) => audit::run(&arguments, shared),
        Command::Portfolio(arguments) => portfolio::run(arguments),
        Command::Versions(arguments) => versions::run(&arguments, shared),
        Command::Diff(arguments) => versions::diff(&arguments, shared),
        Command::Receipt(arguments) => receipt::run(&arguments, shared),
        Command::Analyze(arguments) => analyze::run(&arguments),
        Command::Transliterate(arguments) => transliterate::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Train(arguments) => train::run(&arguments),
        Command::Backup(arguments) => backup::run(&arguments, shared),
        Command::Copy(arguments) => copy::run(&arguments, shared),
        Command::Check(arguments) => check::run(&arguments, shared),
        Command::Health(arguments) => health::run(&arguments),
    }
}

/// Commands that have nothing to do with a registry.
const WITHOUT_REGISTRY: [&str; 6] = ["analyze", "transliterate", "eval", "train", "health", "portfolio"];

/// The command line. Where the registry lies may be said anywhere; the help of commands that have none is silent of it.
fn command() -> clap::Command {
    let hide = |command: clap::Command| {
        let hidden = |id, long| Arg::new(id).long(long).hide(true);
        command.args([hidden("registry", "registry"), hidden("registry_password_file", "registry-password-file")])
    };
    WITHOUT_REGISTRY.into_iter().fold(Arguments::command(), |command, name| command.mut_subcommand(name, hide))
}

/// Runs a future to its end on threads of its own.
fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}
