use exonym::proto::v1::{Kind, Scope, SuggestRequest, SuggestResponse};
use tonic::Code;

use crate::server::Server;

async fn suggest(server: &Server, text: &str) -> SuggestResponse {
    let request = SuggestRequest { text: text.to_owned(), ..SuggestRequest::default() };
    server.resolver().await.suggest(request).await.unwrap().into_inner()
}

fn records(answer: &SuggestResponse) -> Vec<&str> {
    answer.suggestions.iter().map(|party| party.record_id.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_is_offered_the_same_parties_in_every_script() {
    let server = Server::of_sample().await;
    for text in ["김정", "김저", "ким чен", "ким че", "kim jo", "kim jong", "jong ki"] {
        let answer = suggest(&server, text).await;
        for party in ["sample:kim-jong-un", "sample:kim-jong-sik"] {
            assert!(records(&answer).contains(&party), "{text}: {:?}", records(&answer));
        }
    }
    for (text, party) in [("ким чен ы", "sample:kim-jong-un"), ("Kim Jong-s", "sample:kim-jong-sik")] {
        assert_eq!(records(&suggest(&server, text).await).first(), Some(&party), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_keep_to_the_scope_and_the_limit() {
    let server = Server::of_sample().await;
    let mut client = server.resolver().await;
    let request = |kind: Kind, datasets: &[&str], limit| SuggestRequest {
        text: "k".to_owned(),
        kind: kind.into(),
        scope: Some(Scope {
            datasets: datasets.iter().map(|name| (*name).to_owned()).collect(),
            kinds: Vec::new(),
            as_of: None,
        }),
        limit,
    };
    let people = client.suggest(request(Kind::Person, &["sample"], 5)).await.unwrap().into_inner();
    assert_eq!(people.suggestions.len(), 5);
    assert!(people.suggestions.iter().all(|party| party.kind() == Kind::Person));
    let none = client.suggest(request(Kind::Person, &["other"], 5)).await.unwrap().into_inner();
    assert!(none.suggestions.is_empty());
    let refused = client.suggest(request(Kind::Person, &[], 51)).await.unwrap_err();
    assert_eq!((refused.code(), refused.message().contains("limit")), (Code::InvalidArgument, true));
}
