use super::arguments::{JudgeAction, JudgeArguments, PairArguments};
use super::identity::Identity;
use super::output::printable;
use crate::proto::v1;
use crate::registry::Database;

/// `exonym judge`.
pub fn run(arguments: &JudgeArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    super::block_on(async {
        let mut identity = Identity::open(arguments.data.as_deref(), arguments.server.as_deref(), shared).await?;
        match &arguments.action {
            JudgeAction::Same(pair) => judge(&mut identity, pair, v1::Opinion::Same).await,
            JudgeAction::Different(pair) => judge(&mut identity, pair, v1::Opinion::Different).await,
            JudgeAction::Unsure(pair) => judge(&mut identity, pair, v1::Opinion::Unsure).await,
            JudgeAction::Withdraw(withdraw) => {
                let request = v1::WithdrawJudgementRequest {
                    number: withdraw.number,
                    reason: withdraw.reason.clone(),
                    on_behalf_of: withdraw.actor.clone(),
                    ..Default::default()
                };
                let done = identity.withdraw_judgement(request).await?;
                println!("judgement {} withdrawn, registry revision {}", withdraw.number, done.registry_revision);
                tell(&done.clusters, &done.moved);
                Ok(())
            }
            JudgeAction::List { record } => list(&mut identity, record.clone().unwrap_or_default()).await,
            JudgeAction::Queue { limit, conflicts } => queue(&mut identity, *limit, *conflicts).await,
        }
    })
}

async fn judge(identity: &mut Identity, pair: &PairArguments, opinion: v1::Opinion) -> anyhow::Result<()> {
    let on_conflict = if pair.queue { v1::OnConflict::Queue } else { v1::OnConflict::Refuse };
    let request = v1::RecordJudgementRequest {
        left: pair.left.clone(),
        right: pair.right.clone(),
        opinion: opinion.into(),
        reason: pair.reason.clone(),
        evidence: pair.evidence.clone(),
        on_behalf_of: pair.actor.clone(),
        on_conflict: on_conflict.into(),
        validate_only: pair.check,
        ..Default::default()
    };
    let done = identity.record_judgement(request).await?;
    if done.review_number > 0 {
        println!("waits in the queue as {}: {}", done.review_number, done.conflict);
        return Ok(());
    }
    let word = if pair.check { "would be judgement" } else { "judgement" };
    println!("{word} {}, registry revision {}", done.number, done.registry_revision);
    tell(&done.clusters, &done.moved);
    Ok(())
}

fn tell(clusters: &[v1::Cluster], moved: &[v1::MovedRecord]) {
    for cluster in clusters {
        println!("  {}  [{}]", cluster.entity_id, cluster.record_ids.join(", "));
    }
    for record in moved {
        println!("  {}: {} is now {}", record.record_id, record.from_entity_id, record.to_entity_id);
    }
}

async fn list(identity: &mut Identity, record_id: String) -> anyhow::Result<()> {
    let mut page_token = String::new();
    loop {
        let request = v1::ListJudgementsRequest { page_size: 1000, page_token, record_id: record_id.clone() };
        let page = identity.list_judgements(request).await?;
        for judgement in &page.judgements {
            let state = judgement.withdrawal.as_ref().map(|by| format!(" (withdrawn by {})", printable(&by.actor)));
            println!(
                "{:>6}  {:<9} {}  {}  {}{}  {}",
                judgement.number,
                word(judgement.opinion),
                judgement.left_record_id,
                judgement.right_record_id,
                printable(&judgement.actor),
                state.unwrap_or_default(),
                printable(&judgement.reason)
            );
        }
        if page.next_page_token.is_empty() {
            return Ok(());
        }
        page_token = page.next_page_token;
    }
}

async fn queue(identity: &mut Identity, page_size: i32, conflicts_only: bool) -> anyhow::Result<()> {
    let request = v1::ListReviewQueueRequest { page_size, conflicts_only, ..Default::default() };
    let page = identity.list_review_queue(request).await?;
    for review in &page.reviews {
        println!(
            "{:>6}  {:>5.2} bits  {}  {}  {}  {}",
            review.number,
            review.worth_bits,
            review.left_record_id,
            review.right_record_id,
            printable(&review.reason),
            review.conflict
        );
    }
    if !page.next_page_token.is_empty() {
        println!("and more: --limit shows up to 1,000");
    }
    Ok(())
}

fn word(opinion: i32) -> &'static str {
    match v1::Opinion::try_from(opinion) {
        Ok(v1::Opinion::Same) => "same",
        Ok(v1::Opinion::Different) => "different",
        _ => "unsure",
    }
}
