use exonym::proto::v1::{
    CompareRequest, Kind, ResolveItem, ResolveManyRequest, ResolveStreamRequest, Scope, Verdict, resolve_item_result,
};
use prost::Message;
use tokio_stream::StreamExt;
use tonic::Code;

use crate::server::{Server, query, request};

/// Names as they are asked for, the record they stand for, and why it is not easy.
const GOLDEN: &str = include_str!("../data/resolve.tsv");

#[tokio::test(flavor = "multi_thread")]
async fn golden_names_lead_to_their_records() {
    let server = Server::of_sample().await;
    let mut wrong = Vec::new();
    for line in GOLDEN.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (text, expected, why) = (cells[0], cells[1], cells[2]);
        let answer = server.resolve(text).await;
        let fine = match expected {
            "NONE" => answer.verdict() == Verdict::NoMatch,
            id => answer.candidates.first().is_some_and(|best| best.record_ids[0] == format!("sample:{id}")),
        };
        if !fine {
            let best = answer.candidates.first();
            wrong.push(format!(
                "{text} ({why}): expected {expected}, got {:?} {:.2}",
                best.map(|best| best.record_ids.join(",")),
                best.map_or(0.0, |best| best.probability)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_equal_to_the_byte_from_run_to_run() {
    let (one, other) = (Server::of_sample().await, Server::of_sample().await);
    for text in ["조선철산무역총회사", "ООО «Мокран»", "Kim Chŏng-ŭn", "Иванов Сергей", "bank", "김", "Kum Un San"]
    {
        let first = one.resolve(text).await.encode_to_vec();
        assert_eq!(first, one.resolve(text).await.encode_to_vec(), "{text}");
        assert_eq!(first, other.resolve(text).await.encode_to_vec(), "{text}: another server");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evidence_adds_up_to_the_score() {
    let server = Server::of_sample().await;
    for text in ["Kim Jong-un", "Газпромбанк", "조선광업개발무역회사", "Mokran Trading"] {
        for candidate in server.resolve(text).await.candidates {
            let sum: f64 = candidate.evidence.iter().map(|piece| piece.weight).sum();
            assert!(
                (sum - candidate.score).abs() < 1e-9,
                "{text}: {} {sum} {}",
                candidate.matched_name,
                candidate.score
            );
            assert!((0.0..=1.0).contains(&candidate.probability));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scopes_keep_others_out() {
    let server = Server::of_sample().await;
    let mut client = server.resolver().await;
    let mut asked = request("Mokran");
    asked.scope = Some(Scope { datasets: vec!["other".into()], kinds: vec![], as_of: None });
    assert!(client.resolve(asked.clone()).await.unwrap().into_inner().candidates.is_empty());
    asked.scope = Some(Scope { datasets: vec!["sample".into()], kinds: vec![Kind::Vessel.into()], as_of: None });
    let answer = client.resolve(asked.clone()).await.unwrap().into_inner();
    assert!(answer.candidates.iter().all(|candidate| candidate.kind() == Kind::Vessel));
    asked.scope = Some(Scope { datasets: vec!["Not A Name".into()], kinds: vec![], as_of: None });
    assert_eq!(client.resolve(asked).await.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_answer_as_single_requests_do() {
    let server = Server::of_sample().await;
    let mut client = server.resolver().await;
    let texts = ["Мокран", "…", "Kim Jong Un"];
    let items = texts
        .iter()
        .map(|text| ResolveItem { item_id: (*text).into(), query: Some(query(text)), subject: String::new() })
        .collect();
    let many = ResolveManyRequest { items, scope: None, options: request("").options };
    let results = client.resolve_many(many.clone()).await.unwrap().into_inner().results;
    assert_eq!(results.iter().map(|result| result.item_id.as_str()).collect::<Vec<_>>(), texts);
    for result in &results {
        match result.result.as_ref().unwrap() {
            resolve_item_result::Result::Response(response) => {
                assert_eq!(*response, server.resolve(&result.item_id).await);
            }
            resolve_item_result::Result::Error(status) => {
                assert_eq!((status.code, result.item_id.as_str()), (Code::InvalidArgument as i32, "…"));
            }
        }
    }
    let stream = ResolveStreamRequest { items: many.items, scope: None, options: many.options };
    let requests = tokio_stream::iter(vec![stream; 5]);
    let answers: Vec<_> = client.resolve_stream(requests).await.unwrap().into_inner().collect().await;
    assert_eq!(answers.len(), 5);
    for answer in answers {
        assert_eq!(answer.unwrap().results, results);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_name_that_differs_is_no_small_edit() {
    let server = Server::of_sample().await;
    let mut client = server.resolver().await;
    let mut score = async |left: &str, right: &str| {
        let request = CompareRequest { left: Some(query(left)), right: Some(query(right)), explanation: 0, prior: 0.0 };
        client.compare(request).await.unwrap().into_inner().score
    };
    let same = score("Kim Jong Un", "김정은").await;
    for other in ["김정일", "박정은", "김여정"] {
        let different = score("Kim Jong Un", other).await;
        assert!(same > different + 1.0, "{other}: {different} against {same}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_get_answers_or_clear_errors() {
    let server = Server::of_sample().await;
    let mut client = server.resolver().await;
    let long = "a".repeat(1024);
    let marks = format!("a{}", "\u{301}".repeat(3000));
    let names =
        ["\u{202E}naкroM", "\u{0}", "'", "1", "ООО", "ㅤ", "٣", long.as_str(), marks.as_str(), "a b c d e f g h i j k l"];
    for text in names {
        match client.resolve(request(text)).await {
            Ok(answer) => assert!(answer.into_inner().version.is_some()),
            Err(status) => {
                assert_eq!(status.code(), Code::InvalidArgument, "{text:?}");
                assert!(!status.message().is_empty());
            }
        }
    }
    let mut many = request("Kim");
    many.query.as_mut().unwrap().names = vec![query("Kim").names[0].clone(); 17];
    assert_eq!(client.resolve(many).await.unwrap_err().code(), Code::InvalidArgument);
}
