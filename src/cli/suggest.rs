use std::io::{self, Write};

use super::arguments::SuggestArguments;
use super::backend::Answers;
use crate::proto::v1;
use crate::registry::Database;

/// `exonym suggest`.
pub fn run(arguments: SuggestArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    super::block_on(suggest(arguments, shared))
}

async fn suggest(arguments: SuggestArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    let mut answers = Answers::open(&arguments.backend, shared).await?;
    let request = v1::SuggestRequest { text: arguments.text, limit: arguments.limit, ..v1::SuggestRequest::default() };
    let response = answers.suggest(request).await?;
    let mut out = io::stdout().lock();
    for party in &response.suggestions {
        write!(out, "{}  {}", party.entity_id, party.caption)?;
        if party.name != party.caption {
            write!(out, "  ({})", party.name)?;
        }
        writeln!(out)?;
    }
    if response.incomplete {
        eprintln!("there may be more: the search was cut ({})", response.incomplete_reason);
    }
    Ok(())
}
