use super::arguments::ExplainArguments;
use super::backend::Answers;
use super::output::{printable, verdict};
use crate::proto::v1;
use crate::registry::Database;
use crate::score::weights;

/// `exonym explain`.
pub fn run(arguments: &ExplainArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    super::block_on(explain(arguments, shared))
}

async fn explain(arguments: &ExplainArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    let mut answers = Answers::open(&arguments.backend, shared).await?;
    let query = query_of(&arguments.query);
    if let Some(name) = &arguments.name {
        let request = v1::CompareRequest {
            left: Some(query),
            right: Some(query_of(name)),
            explanation: v1::ExplanationLevel::Full.into(),
            prior: 0.0,
        };
        let comparison = answers.compare(request).await?;
        println!("{}  and  {}", printable(&arguments.query), printable(name));
        summary(comparison.verdict, comparison.probability, comparison.score);
        addends(&comparison.evidence);
        missing(comparison.verdict, &comparison.evidence);
        return Ok(());
    }
    let options =
        v1::ResolveOptions { limit: 100, explanation: v1::ExplanationLevel::Full.into(), ..Default::default() };
    let request = v1::ResolveRequest { query: Some(query), options: Some(options), ..Default::default() };
    let response = answers.resolve(request).await?;
    let wanted = |candidate: &&v1::Candidate| match &arguments.id {
        Some(id) => candidate.entity_id == *id || candidate.record_ids.contains(id),
        None => true,
    };
    let Some(candidate) = response.candidates.iter().find(wanted) else {
        match (&arguments.id, response.candidates.first()) {
            (Some(id), Some(nearest)) => println!(
                "{id} is not among the {} candidates; the best one is {} {}",
                response.candidates.len(),
                nearest.entity_id,
                printable(&nearest.matched_name)
            ),
            _ => println!("nothing in the list comes near {:?}", printable(&arguments.query)),
        }
        return Ok(());
    };
    println!("{}  and  {}", printable(&arguments.query), printable(&candidate.matched_name));
    println!("{}  {}  [{}]", candidate.entity_id, printable(&candidate.caption), candidate.record_ids.join(", "));
    summary(candidate.verdict, candidate.probability, candidate.score);
    addends(&candidate.evidence);
    missing(candidate.verdict, &candidate.evidence);
    if candidate.ties > 0 {
        println!("{} parties bear names that fit as well: the name alone cannot tell them apart", candidate.ties + 1);
    }
    if response.incomplete {
        println!("the search was cut, and somebody may be missing: {}", response.incomplete_reason);
    } else if !response.incomplete_reason.is_empty() {
        println!("the search was cut where nobody is expected to be missing: {}", response.incomplete_reason);
    }
    if let Some(version) = response.version {
        println!("index {}, model {}", version.index_version, version.model_version);
    }
    Ok(())
}

fn query_of(name: &str) -> v1::Query {
    v1::Query { names: vec![v1::Name { text: name.to_owned(), ..Default::default() }], ..Default::default() }
}

fn summary(value: i32, probability: f64, score: f64) {
    println!("{}  {:.1} %  score {score:+.2}\n", verdict(value), probability * 100.0);
}

fn addends(evidence: &[v1::Evidence]) {
    for piece in evidence {
        println!("  {:>+7.2}  {:<13} {}", piece.weight, piece.mechanism, printable(&piece.text));
    }
    let sum: f64 = evidence.iter().map(|piece| piece.weight).sum();
    println!("  {sum:>+7.2}  in all\n");
}

/// For what is no match: what spoke most against it, and what would change it.
fn missing(value: i32, evidence: &[v1::Evidence]) {
    /// The most reasons that are named.
    const MOST: usize = 3;
    if value == i32::from(v1::Verdict::Match) {
        return;
    }
    let mut against: Vec<&v1::Evidence> = evidence.iter().filter(|piece| piece.weight < 0.0).collect();
    against.sort_by(|a, b| a.weight.total_cmp(&b.weight));
    for piece in against.iter().take(MOST) {
        println!("without {:+.2} it would be nearer: {}", piece.weight, printable(&piece.text));
    }
    let states = |features: &[v1::EvidenceFeature]| {
        evidence.iter().any(|piece| features.iter().any(|feature| piece.feature == i32::from(*feature)))
    };
    let weights = weights();
    if !states(&[v1::EvidenceFeature::Identifier]) {
        println!("an identifier that both have would add {:+.1}", weights.get("identifier-equal"));
    }
    if !states(&[v1::EvidenceFeature::BirthDate]) {
        println!("the same birth date would add {:+.1}", weights.get("birth-date-equal"));
    }
}
