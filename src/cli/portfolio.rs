use std::io::{self, Write};

use anyhow::ensure;
use tonic::transport::Channel;

use super::backend::{connect, plain};
use super::input;
use super::output::printable;
use super::portfolio_arguments::{PortfolioAction, PortfolioArguments};
use crate::proto::v1;
use crate::proto::v1::portfolio_service_client::PortfolioServiceClient;

/// Subjects of one request.
const BATCH: usize = 100;
/// Subjects of one page.
const PAGE: i32 = 1000;

type Client = PortfolioServiceClient<Channel>;

/// `exonym portfolio`.
pub fn run(arguments: PortfolioArguments) -> anyhow::Result<()> {
    super::block_on(async {
        let client = Client::new(connect(&arguments.server).await?).max_decoding_message_size(64 << 20);
        match arguments.action {
            PortfolioAction::Put { file } => put(client, input::read(&file)?).await,
            PortfolioAction::List => list(client).await,
            PortfolioAction::Remove { ids } => remove(client, ids).await,
            PortfolioAction::Watch { resume, from_beginning, limit } => {
                watch(client, resume.unwrap_or_default(), from_beginning, limit).await
            }
        }
    })
}

async fn put(mut client: Client, items: Vec<input::Item>) -> anyhow::Result<()> {
    ensure!(!items.is_empty(), "the file has no names");
    for batch in items.chunks(BATCH) {
        let subject = |item: &input::Item| v1::Subject { subject_id: item.id.clone(), query: Some(item.query.clone()) };
        let request = v1::PutSubjectsRequest { subjects: batch.iter().map(subject).collect() };
        let put = client.put_subjects(request).await.map_err(plain)?.into_inner();
        put.subjects.iter().try_for_each(print)?;
    }
    eprintln!("{} subjects put", items.len());
    Ok(())
}

async fn list(mut client: Client) -> anyhow::Result<()> {
    let mut page_token = String::new();
    loop {
        let request = v1::ListSubjectsRequest { page_size: PAGE, page_token };
        let page = client.list_subjects(request).await.map_err(plain)?.into_inner();
        page.subjects.iter().try_for_each(print)?;
        if page.next_page_token.is_empty() {
            return Ok(());
        }
        page_token = page.next_page_token;
    }
}

async fn remove(mut client: Client, ids: Vec<String>) -> anyhow::Result<()> {
    let mut deleted = 0;
    for ids in ids.chunks(BATCH) {
        let request = v1::DeleteSubjectsRequest { subject_ids: ids.to_vec() };
        deleted += client.delete_subjects(request).await.map_err(plain)?.into_inner().deleted;
    }
    writeln!(io::stdout(), "{deleted} of {} subjects removed", ids.len())?;
    Ok(())
}

async fn watch(
    mut client: Client,
    mut resume_token: String,
    mut from_beginning: bool,
    limit: Option<u64>,
) -> anyhow::Result<()> {
    let mut left = limit.unwrap_or(u64::MAX);
    // A stream ends with its deadline; the next one goes on where it ended.
    while left > 0 {
        let request = v1::WatchAlertsRequest { resume_token: resume_token.clone(), from_beginning };
        let mut alerts = client.watch_alerts(request).await.map_err(plain)?.into_inner();
        loop {
            let message = match alerts.message().await {
                Ok(Some(message)) => message,
                Ok(None) => break,
                Err(status) if status.code() == tonic::Code::DeadlineExceeded => break,
                Err(status) => {
                    eprintln!("go on with --resume {resume_token}");
                    return Err(plain(status));
                }
            };
            for alert in &message.alerts {
                print_alert(alert)?;
                left -= 1;
                if left == 0 {
                    eprintln!("go on with --resume alert-{}", alert.number);
                    return Ok(());
                }
            }
            resume_token = message.resume_token;
            from_beginning = false;
        }
    }
    Ok(())
}

/// A subject, and under it its hits.
fn print(screened: &v1::ScreenedSubject) -> anyhow::Result<()> {
    let mut out = io::stdout();
    let Some(subject) = &screened.subject else { return Ok(()) };
    let names = subject.query.iter().flat_map(|query| &query.names).map(|name| printable(&name.text));
    writeln!(out, "{}  {}", printable(&subject.subject_id), names.collect::<Vec<_>>().join(" | "))?;
    for hit in &screened.hits {
        writeln!(out, "  {}", hit_line(hit))?;
    }
    Ok(())
}

fn print_alert(alert: &v1::Alert) -> anyhow::Result<()> {
    let what = match alert.kind() {
        v1::AlertKind::Unspecified => "",
        v1::AlertKind::New => "new",
        v1::AlertKind::Lost => "lost",
        v1::AlertKind::Changed => "changed",
    };
    let hit = alert.hit.as_ref().map(hit_line).unwrap_or_default();
    let version = alert.version.as_ref().map(|version| version.index_version.as_str()).unwrap_or_default();
    writeln!(io::stdout(), "{:>6}  {what:<7}  {}  {hit}  {version}", alert.number, printable(&alert.subject_id))?;
    Ok(())
}

fn hit_line(hit: &v1::Hit) -> String {
    let verdict = match hit.verdict() {
        v1::Verdict::Match => "match",
        _ => "review",
    };
    format!("{verdict:<6}  {:.3}  {}  {}", hit.probability, hit.entity_id, printable(&hit.caption))
}
