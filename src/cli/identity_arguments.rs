use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::arguments::BackendArguments;

/// `exonym judge`.
#[derive(Debug, Args)]
#[command(after_help = "\
Records are named by their ids, or by an entity id, which means the record that founded it. Nothing is ever deleted:
a judgement is undone by its withdrawal, and both stay on file.

Examples:
  exonym judge --data data same ofac:20157 un:KPi.033 --reason 'one passport' --actor alice
  exonym judge --data data withdraw 17 --reason 'another birth date' --actor alice
  exonym judge --server http://127.0.0.1:50051 queue --limit 20")]
pub struct JudgeArguments {
    /// Data directory to judge in
    #[arg(long, value_name = "DIR", conflicts_with = "server", required_unless_present = "server")]
    pub data: Option<PathBuf>,
    /// Server to judge at, as http://ADDRESS:PORT
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// What to do
    #[command(subcommand)]
    pub action: JudgeAction,
}

/// What `exonym judge` does.
#[derive(Debug, Subcommand)]
pub enum JudgeAction {
    /// Two records stand for one party
    Same(PairArguments),
    /// Two records stand for two parties
    Different(PairArguments),
    /// It cannot be told
    Unsure(PairArguments),
    /// Take a judgement back
    Withdraw(WithdrawArguments),
    /// List the judgements, or those about one record
    List {
        /// Only judgements about this record
        #[arg(value_name = "RECORD")]
        record: Option<String>,
    },
    /// List the pairs that wait for a decision, the ones worth most first
    Queue {
        /// The most pairs
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i32).range(1..=1000))]
        limit: i32,
        /// Only judgements that contradict what holds
        #[arg(long)]
        conflicts: bool,
    },
}

/// A pair to judge.
#[derive(Debug, Args)]
pub struct PairArguments {
    /// One record
    #[arg(value_name = "ID")]
    pub left: String,
    /// The other record
    #[arg(value_name = "ID")]
    pub right: String,
    /// Why
    #[arg(long, default_value = "")]
    pub reason: String,
    /// On what evidence
    #[arg(long, default_value = "")]
    pub evidence: String,
    /// Who judges
    #[arg(long, default_value = "")]
    pub actor: String,
    /// Let a judgement that contradicts what holds wait in the queue
    #[arg(long)]
    pub queue: bool,
    /// Check only, and change nothing
    #[arg(long)]
    pub check: bool,
}

/// A judgement to take back.
#[derive(Debug, Args)]
pub struct WithdrawArguments {
    /// Its number
    pub number: u64,
    /// Why
    #[arg(long, default_value = "")]
    pub reason: String,
    /// Who takes it back
    #[arg(long, default_value = "")]
    pub actor: String,
}

/// `exonym entity`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  exonym entity ent-0h2k6m8p4r3 --data data
  exonym entity ofac:20157 --server http://127.0.0.1:50051")]
pub struct EntityArguments {
    /// An entity id, current or former, or a record id
    pub id: String,
    /// Where the answers come from
    #[command(flatten)]
    pub backend: BackendArguments,
}

/// `exonym audit`.
#[derive(Debug, Args)]
pub struct AuditArguments {
    /// What to do
    #[command(subcommand)]
    pub action: AuditAction,
}

/// What `exonym audit` does.
#[derive(Debug, Subcommand)]
pub enum AuditAction {
    /// Walk the whole chain: every link against the one before and against the row it tells of
    #[command(after_help = "\
The last line names the head of the chain. Keep it elsewhere: with --head a later run proves that what was there then
is still there, unchanged.

Example:
  exonym audit verify --data data --head 9f2c…")]
    Verify {
        /// Data directory
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// A head that was written down earlier
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
    /// Write the links as JSON lines
    List {
        /// Data directory
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Only links behind this one
        #[arg(long, default_value_t = 0)]
        after: u64,
    },
}

/// `exonym xref`.
#[derive(Debug, Args)]
#[command(after_help = "\
Pairs are decided by two rules, each a judgement that names it: \"equal-number\", a number that names one party is the
same, the names are compatible and nothing speaks against it; \"name-and-birth-date\", two lists give one name and one
birth date, and no number speaks against it. Everything else that is likely waits in the queue of `exonym judge queue`.

Example:
  exonym xref --data data --dry-run")]
pub struct XrefArguments {
    /// Data directory
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Tell what would be done, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
