use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `exonym source`.
#[derive(Debug, Args)]
#[command(after_help = "\
Sources are the [[source]] sections of the settings; `exonym serve --print-config` shows how one is written. A server
fetches them by itself; `fetch` with --config does so once, without a server on the same data directory.

Examples:
  exonym source list  --config exonym.toml
  exonym source list  --server http://127.0.0.1:50051
  exonym source fetch --server http://127.0.0.1:50051 un
  exonym source fetch --config exonym.toml            all of them
  exonym source fetch --config exonym.toml --accept-loss un")]
pub struct SourceArguments {
    /// What to do.
    #[command(subcommand)]
    pub action: SourceAction,
}

/// What `exonym source` does.
#[derive(Debug, Subcommand)]
pub enum SourceAction {
    /// Show the sources and how they fare
    List(SourcePlace),
    /// Look at sources now, and import what changed
    Fetch(FetchArguments),
}

/// Where the sources are.
#[derive(Debug, Args)]
pub struct SourcePlace {
    /// File of settings that names the sources
    #[arg(long, value_name = "FILE", required_unless_present = "server", conflicts_with = "server")]
    pub config: Option<PathBuf>,
    /// Data directory, instead of the one that the settings name
    #[arg(long, value_name = "DIR", conflicts_with = "server")]
    pub data: Option<PathBuf>,
    /// Server to ask, as http://ADDRESS:PORT
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

/// `exonym source fetch`.
#[derive(Debug, Args)]
pub struct FetchArguments {
    /// Where the sources are.
    #[command(flatten)]
    pub place: SourcePlace,
    /// Take the list over whatever it lost
    #[arg(long)]
    pub accept_loss: bool,
    /// The sources; without any, all of them
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
}
