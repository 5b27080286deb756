use anyhow::ensure;

use super::arguments::ResolveArguments;
use super::backend::Answers;
use super::input::{self, Item};
use super::output::{self, Answer, Writer};
use super::{progress, versions};
use crate::proto::v1;
use crate::proto::v1::resolve_item_result::Result as Outcome;
use crate::registry::Database;

/// Items of one request.
const BATCH: usize = 100;

/// `exonym resolve`.
pub fn run(arguments: ResolveArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    let mut items: Vec<Item> = Vec::new();
    for (place, name) in arguments.names.iter().enumerate() {
        items.push(Item::of_name((place + 1).to_string(), name.clone()));
    }
    if let Some(path) = &arguments.input {
        items.extend(input::read(path)?);
    }
    ensure!(!items.is_empty(), "there is nothing to resolve: give names, or a file of names with --input");
    let prior = arguments.prior;
    ensure!(prior > 0.0 && prior < 1.0, "--prior {prior} is no share to start from: expected more than 0, less than 1");
    let writer = Writer::new(output::open(arguments.output.as_deref())?, arguments.format)?;
    super::block_on(resolve(arguments, shared, items, writer))
}

async fn resolve(
    arguments: ResolveArguments,
    shared: Option<&Database>,
    items: Vec<Item>,
    mut writer: Writer,
) -> anyhow::Result<()> {
    let mut answers = Answers::open(&arguments.backend, shared).await?;
    let as_of = arguments.as_of.as_deref().map(versions::as_of).transpose()?;
    let scope = as_of.map(|as_of| v1::Scope { as_of: Some(as_of), ..v1::Scope::default() });
    let bar = progress::bar(items.len() as u64, "names");
    for batch in items.chunks(BATCH) {
        let request = v1::ResolveManyRequest {
            items: batch
                .iter()
                .map(|item| v1::ResolveItem {
                    item_id: item.id.clone(),
                    query: Some(item.query.clone()),
                    subject: String::new(),
                })
                .collect(),
            scope: scope.clone(),
            options: Some(v1::ResolveOptions {
                limit: arguments.limit,
                prior: arguments.prior,
                work: arguments.work,
                explanation: v1::ExplanationLevel::Summary.into(),
                ..v1::ResolveOptions::default()
            }),
        };
        let response = answers.resolve_many(request).await?;
        ensure!(
            response.results.len() == batch.len(),
            "the server answered {} of {} names",
            response.results.len(),
            batch.len()
        );
        for (item, result) in batch.iter().zip(response.results) {
            let answer: Answer = match result.result {
                Some(Outcome::Response(response)) => Ok(response),
                Some(Outcome::Error(status)) => Err(status),
                None => anyhow::bail!("the server gave neither an answer nor an error for item {:?}", item.id),
            };
            writer.write(item, &answer)?;
        }
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    writer.finish()
}
