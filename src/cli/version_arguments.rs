use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Where the versions are kept.
#[derive(Clone, Debug, Args)]
pub struct PlaceArguments {
    /// Data directory whose versions they are; without it and --server those of the bundled list
    #[arg(long, value_name = "DIR", conflicts_with = "server", global = true)]
    pub data: Option<PathBuf>,
    /// Server to ask, as http://ADDRESS:PORT
    #[arg(long, value_name = "URL", global = true)]
    pub server: Option<String>,
}

/// `exonym versions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each line is a version of the index, the newest first: INDEX@FIRST..LAST, where FIRST to LAST are
the revisions of the registry with which it served. A VERSION is given as
  5f0c2a          an index, by as many digits as tell it from the others: as it was last
  5f0c2a@17       the index as of a revision of the registry
  @17             a revision of the registry
  2026-03-01T12:00:00Z   what served at a time

How many are retained is set by `versions.retain` of the server's settings.

Examples:
  exonym versions --data data
  exonym versions rollback --server http://127.0.0.1:50051 --reason 'a bad list' --actor alice
  exonym versions pin 5f0c2a@17 --data data --reason audit --actor alice
  exonym versions unpin --data data")]
pub struct VersionsArguments {
    /// Where they are kept
    #[command(flatten)]
    pub place: PlaceArguments,
    /// What to do; lists them unless it is given
    #[command(subcommand)]
    pub action: Option<VersionsAction>,
}

/// What `exonym versions` does.
#[derive(Debug, Subcommand)]
pub enum VersionsAction {
    /// Serve a version, also after a restart, until it is unpinned; without VERSION what serves now
    Pin(ChoiceArguments),
    /// Serve a version until the next list is imported; without VERSION the one before what serves now
    Rollback(ChoiceArguments),
    /// Serve the newest version again
    Unpin(BecauseArguments),
}

/// Who changes what serves, and why.
#[derive(Debug, Args)]
pub struct BecauseArguments {
    /// Why
    #[arg(long, default_value = "")]
    pub reason: String,
    /// Who wants it
    #[arg(long, default_value = "")]
    pub actor: String,
}

/// Which version is to serve.
#[derive(Debug, Args)]
pub struct ChoiceArguments {
    /// The version
    #[arg(value_name = "VERSION")]
    pub version: Option<String>,
    /// Who wants it, and why
    #[command(flatten)]
    pub because: BecauseArguments,
}

/// `exonym diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
One line a difference: + an entity that came, - one that went, ~ one that changed.
`exonym versions --help` tells how a version is given.

Examples:
  exonym diff 5f0c2a 9b41d7 --data data
  exonym diff 2026-03-01T00:00:00Z --server http://127.0.0.1:50051 --json")]
pub struct DiffArguments {
    /// The earlier version
    #[arg(value_name = "VERSION")]
    pub from: String,
    /// The later version; what serves now unless it is given
    #[arg(value_name = "VERSION")]
    pub to: Option<String>,
    /// Where they are kept
    #[command(flatten)]
    pub place: PlaceArguments,
    /// Write JSON lines
    #[arg(long)]
    pub json: bool,
}

/// `exonym receipt`.
#[derive(Debug, Args)]
#[command(after_help = "\
A receipt proves what a server answered. Its signature is verified with the server's public key, and
the request is answered again as of the version that answered it: the bytes must be the same.

Examples:
  exonym receipt key --output receipts.pem            make a key; receipts.key names it
  exonym receipt get 'Kim Jong Un' --server http://127.0.0.1:50051 > receipt.json
  exonym receipt verify receipt.json --key 0f3a… --data data")]
pub struct ReceiptArguments {
    /// What to do
    #[command(subcommand)]
    pub action: ReceiptAction,
}

/// What `exonym receipt` does.
#[derive(Debug, Subcommand)]
pub enum ReceiptAction {
    /// Make a signing key and print the public key that verifies it
    Key {
        /// File for the private key; must not be there yet
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Ask a server about a name and print request and answer, with its receipt, as JSON
    Get {
        /// The name
        #[arg(value_name = "NAME")]
        name: String,
        /// Server to ask
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:50051")]
        server: String,
        /// The most candidates
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
        limit: u32,
    },
    /// Verify a receipt: its signature, that it is for the request, and that the answer is given again
    Verify {
        /// JSON with "request" and "response" as `get` prints it, or - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The public key that is trusted: 64 hexadecimal digits
        #[arg(long, value_name = "HEX")]
        key: String,
        /// Data directory to answer again from
        #[arg(long, value_name = "DIR", conflicts_with = "server")]
        data: Option<PathBuf>,
        /// Server to answer again; without it and --data the bundled sample list answers
        #[arg(long, value_name = "URL")]
        server: Option<String>,
    },
}
