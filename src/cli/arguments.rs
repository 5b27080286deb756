use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use super::identity_arguments::{
    AuditAction, AuditArguments, EntityArguments, JudgeAction, JudgeArguments, PairArguments, XrefArguments,
};
pub use super::import_arguments::ImportArguments;
use super::output::Format;
pub use super::portfolio_arguments::PortfolioArguments;
pub use super::registry_arguments::{BackupArguments, CopyArguments, RegistryArguments};
pub use super::source_arguments::SourceArguments;
pub use super::train_arguments::{
    AnswerArguments, CalibrationArguments, CorrespondenceArguments, TrainArguments, Training, WeightArguments,
};
pub use super::version_arguments::{DiffArguments, ReceiptArguments, VersionsArguments};
use crate::evaluation::Part;
use crate::model::Kind;

const EXAMPLES: &str = "\
Examples:
  exonym serve                                   serve the bundled sample list on 127.0.0.1:50051
  exonym resolve 조선철산무역총회사 'ООО «Мокран»'    ask the sample list, without a server
  exonym explain 'Kim Chŏng-ŭn'                  why the best candidate is the best
  exonym import --data data --dataset ofac --format ofac-csv sdn.csv alt.csv add.csv
  exonym serve --data data                       serve what was imported";

/// Which entity is this name? Resolves Korean, Russian and Latin spellings of people, companies and vessels.
#[derive(Debug, Parser)]
#[command(name = "exonym", version, about, after_help = EXAMPLES, max_term_width = 100)]
pub struct Arguments {
    /// Where the registry lies.
    #[command(flatten)]
    pub registry: RegistryArguments,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve gRPC until SIGTERM
    Serve(ServeArguments),
    /// Import list files into a data directory, all or nothing
    Import(ImportArguments),
    /// Show and fetch the lists that the settings name
    Source(SourceArguments),
    /// Resolve names, from the command line or a file
    Resolve(ResolveArguments),
    /// Explain on one screen why a candidate is the party, or is not
    Explain(ExplainArguments),
    /// Offer entities whose names begin as a text does, in any script
    Suggest(SuggestArguments),
    /// Find out which records of the lists stand for one party
    Xref(XrefArguments),
    /// Judge whether two records stand for one party, and see what waits for a decision
    Judge(JudgeArguments),
    /// Show an entity: its records, its history, the parties it is linked with
    Entity(EntityArguments),
    /// Read and verify the chain of changes of a data directory
    Audit(AuditArguments),
    /// Screen names of your own: put them once, and be told what each update changes for them
    Portfolio(PortfolioArguments),
    /// List the versions that are retained, and choose which one serves
    Versions(VersionsArguments),
    /// Tell what changed from one version to another, and for whom
    Diff(DiffArguments),
    /// Make a signing key, get and verify receipts of answers
    Receipt(ReceiptArguments),
    /// Show what each part of a name does: surname, legal form, distinctive word
    Analyze(AnalyzeArguments),
    /// Write text in another script by a published standard
    Transliterate(TransliterateArguments),
    /// Measure recall and rank on tasks with truth
    Eval(EvalArguments),
    /// Learn tables again from pairs of names
    Train(TrainArguments),
    /// Copy the registry of a data directory into one file, also while a server runs
    Backup(BackupArguments),
    /// Copy the registry of a data directory into PostgreSQL
    Copy(CopyArguments),
    /// Verify every file of a data directory and its registry
    Check(CheckArguments),
    /// Ask a server whether it serves; the exit code tells containers
    Health(HealthArguments),
}

/// `exonym serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --data the bundled sample list is served from memory. Settings come from the commented default file,
then --config, then EXONYM_ variables, then these flags; `exonym serve --print-config` shows the default file.

Examples:
  exonym serve
  exonym serve --listen 127.0.0.1:50051 --data data
  exonym serve --config exonym.toml
  exonym serve --data index --registry postgresql://exonym@db/exonym   one of several servers; --data has its index")]
pub struct ServeArguments {
    /// File of settings
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address to listen on, as ADDRESS:PORT
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Data directory that `exonym import` filled
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Print the commented default settings and stop
    #[arg(long)]
    pub print_config: bool,
}

/// Where a command takes its answers from.
#[derive(Clone, Debug, Args)]
pub struct BackendArguments {
    /// Data directory to answer from; without it and --server the bundled sample list answers
    #[arg(long, value_name = "DIR", conflicts_with = "server")]
    pub data: Option<PathBuf>,
    /// Server to ask, as http://ADDRESS:PORT
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

/// `exonym resolve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Input files hold one name a line, or a header line with tab- or comma-separated columns of which one is called
`name`; `id`, `kind`, `country`, `birth_date` and `gender` are used where they are there.

Examples:
  exonym resolve 조선철산무역총회사
  exonym resolve --format jsonl 'Kim Chŏng-ŭn' 'ООО «Мокран»'
  exonym resolve --data data --input customers.tsv --output hits.tsv --format tsv
  cut -f2 payments.tsv | exonym resolve --server http://127.0.0.1:50051 --input - --format csv")]
pub struct ResolveArguments {
    /// Where the answers come from
    #[command(flatten)]
    pub backend: BackendArguments,
    /// File of names, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// File for the answers, or - for standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How to write them
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// The most candidates of one name
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub limit: u32,
    /// The share of the names that are on file, as far as it is known beforehand, above 0 and below 1; it shifts the
    /// probabilities
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    pub prior: f64,
    /// Search with so many times the usual bounds on work, for names whose answers are incomplete
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub work: u32,
    /// As of when: a time, @REVISION of the registry, INDEX or INDEX@REVISION as `exonym versions` lists them
    #[arg(long, value_name = "VERSION")]
    pub as_of: Option<String>,
    /// Names to resolve
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
}

/// `exonym explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  exonym explain 조선철산무역총회사              the best candidate, addend by addend
  exonym explain 김정은 --name 'Kim Jong Il'     two names compared, without a list
  exonym explain 'Kim Jong Un' --id ofac:20157  one candidate, by entity or record id")]
pub struct ExplainArguments {
    /// The name asked for
    pub query: String,
    /// The candidate to explain: an entity id or a record id
    #[arg(long, value_name = "ID", conflicts_with = "name")]
    pub id: Option<String>,
    /// A second name, to compare the two without a list
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Where the answers come from
    #[command(flatten)]
    pub backend: BackendArguments,
}

/// `exonym suggest`.
#[derive(Debug, Args)]
#[command(after_help = "\
The last word may be only begun; end the text with a whole word and the names that have it come first. One line an
entity: its id, the name to show, and the name that begins so where it is another one.

Examples:
  exonym suggest 김정
  exonym suggest --limit 5 'ким чен'
  exonym suggest --server http://127.0.0.1:50051 'kim jo'")]
pub struct SuggestArguments {
    /// Where the answers come from
    #[command(flatten)]
    pub backend: BackendArguments,
    /// The most entities to offer, 1 to 50
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub limit: u32,
    /// What was typed so far
    #[arg(value_name = "TEXT")]
    pub text: String,
}

/// `exonym analyze`.
#[derive(Debug, Args)]
#[command(after_help = "\
Every reading of a name with its weight, and under it the parts: role, as written, folded form, meaning.

Examples:
  exonym analyze 김정은 'ООО «Мокран»'
  exonym analyze --kind person --trace 'KIM, Jong-un'")]
pub struct AnalyzeArguments {
    /// What the names are of: person, organization, vessel or aircraft
    #[arg(long, value_name = "KIND")]
    pub kind: Option<Kind>,
    /// Show what each stage of normalisation changed
    #[arg(long)]
    pub trace: bool,
    /// Names; without any, lines of standard input are read
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
}

/// `exonym transliterate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  exonym transliterate --list
  exonym transliterate --scheme mr 김정은
  exonym transliterate --scheme kontsevich < names.txt")]
pub struct TransliterateArguments {
    /// The standard, by its short or full name
    #[arg(long, value_name = "NAME", required_unless_present = "list")]
    pub scheme: Option<String>,
    /// List the standards
    #[arg(long)]
    pub list: bool,
    /// Show each stage, the rules that fired, and further accepted spellings
    #[arg(long)]
    pub trace: bool,
    /// Texts; without any, lines of standard input are read
    #[arg(value_name = "TEXT")]
    pub texts: Vec<String>,
}

/// `exonym eval`.
#[derive(Debug, Args)]
#[command(after_help = "\
A task is a folder with index.tsv (entity, kind, name) and queries.tsv (query, kind, name, expected ids joined by |
or NONE), or with pairs.tsv (pair, kind, name, name, 1 or 0).

A results file holds query, rank, entity and score, or pair and probability, separated by tabs.

Examples:
  exonym eval tasks/seeds tasks/wd-ko --results results
  exonym eval tasks/* --part report --absent 0.5      calibration: half of the parties are not in the index
  exonym eval tasks/wd-ko --typos 1                   one typing error in every query
  exonym eval tasks/wd-ko --compare before after      which queries a change won and lost
  exonym eval tasks/* --report report.html            a page with plots
  exonym eval tasks/* --quality docs/quality.md       the tables of quality")]
pub struct EvalArguments {
    /// Folders of tasks
    #[arg(required = true, value_name = "TASK_DIR")]
    pub tasks: Vec<PathBuf>,
    /// Folder for the results, one file a task
    #[arg(long, value_name = "DIR")]
    pub results: Option<PathBuf>,
    /// Ask only about so many queries of each task, spread evenly over it
    #[arg(long, value_name = "N")]
    pub sample: Option<usize>,
    /// Ask only the half of the queries to tune on, or the one kept apart to report on: tune, report or all
    #[arg(long, value_name = "PART", default_value = "all")]
    pub part: Part,
    /// Take this share of the parties out of the index, 0 to 1: queries for them should find nothing
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub absent: f64,
    /// Make one typing error in every query, the same ones for the same seed
    #[arg(long, value_name = "SEED")]
    pub typos: Option<u64>,
    /// Search with so many times the usual bounds on work: compared with a run without, it shows what the bounds cost
    #[arg(long, value_name = "TIMES", value_parser = clap::value_parser!(u32).range(1..=50))]
    pub work: Option<u32>,
    /// File for a page with tables, plots and the worst misses; it needs no other file
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// File for the tables of docs/quality.md: the tasks as they are, with parties absent, and mistyped
    #[arg(long, value_name = "FILE")]
    pub quality: Option<PathBuf>,
    /// Run nothing, but compare the results of two runs
    #[arg(long, num_args = 2, value_names = ["RUN_A", "RUN_B"])]
    pub compare: Option<Vec<PathBuf>>,
    /// Threads that ask; as many as there are cores unless given. Times are the truest with 1
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Print one JSON object a task instead of a table
    #[arg(long)]
    pub json: bool,
}

/// `exonym check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Data directory
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}

/// `exonym health`.
#[derive(Debug, Args)]
pub struct HealthArguments {
    /// Server to ask
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:50051")]
    pub server: String,
}
