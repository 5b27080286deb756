use exonym::proto::v1::{Receipt, ResolveRequest, ResolveResponse, Scope};
use exonym::service::receipt::{verify_request, verify_response, verify_signature};
use tonic::Code;

use crate::datasets::{import, record};
use crate::judgements::reason;
use crate::server::{Server, request};

/// A request that asks for a receipt, and its answer.
async fn answered(server: &Server, text: &str) -> (ResolveRequest, ResolveResponse, Receipt) {
    let mut asked = request(text);
    asked.options.as_mut().unwrap().receipt = true;
    let response = server.resolver().await.resolve(asked.clone()).await.unwrap().into_inner();
    let receipt = response.receipt.clone().unwrap();
    (asked, response, receipt)
}

/// The same request as of the receipt's version.
async fn replayed(
    server: &Server,
    receipt: &Receipt,
    asked: &ResolveRequest,
) -> Result<ResolveResponse, tonic::Status> {
    let point = exonym::proto::v1::as_of::Point::Version(receipt.version.clone().unwrap());
    let as_of = Some(exonym::proto::v1::AsOf { point: Some(point) });
    let mut again = asked.clone();
    again.scope = Some(Scope { as_of, ..again.scope.unwrap_or_default() });
    Ok(server.resolver().await.resolve(again).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_verified_by_asking_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_data(folder.path()).await;
    import(&server, vec![record("own:1", "Vostok Shipping"), record("own:2", "Sever Trading")]).await.unwrap();
    let (asked, response, receipt) = answered(&server, "Vostok Shipping").await;
    verify_signature(&receipt, &server.public_key).unwrap();
    verify_response(&receipt, &response, "given").unwrap();
    let asked = verify_request(&receipt, &asked, 10).unwrap();
    import(&server, vec![record("own:1", "Vostok Ferries"), record("own:2", "Sever Trading")]).await.unwrap();
    let now = server.resolver().await.resolve(asked.clone()).await.unwrap().into_inner();
    assert!(verify_response(&receipt, &now, "new").is_err(), "the list is another one by now");
    verify_response(&receipt, &replayed(&server, &receipt, &asked).await.unwrap(), "replayed").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_changed_in_a_receipt_is_noticed() {
    let server = Server::of_sample().await;
    let (asked, response, receipt) = answered(&server, "Mokran").await;
    verify_signature(&receipt, &server.public_key).unwrap();
    type Change = fn(&mut Receipt);
    let changes: [(&str, Change); 8] = [
        ("query_digest", |receipt| receipt.query_digest[0] ^= 1),
        ("result_digest", |receipt| receipt.result_digest[31] ^= 1),
        ("index", |receipt| receipt.version.as_mut().unwrap().index_version.push('0')),
        ("revision", |receipt| receipt.version.as_mut().unwrap().registry_revision += 1),
        ("threshold", |receipt| receipt.match_threshold = f64::from_bits(receipt.match_threshold.to_bits() + 1)),
        ("time", |receipt| receipt.issued_at.as_mut().unwrap().seconds += 1),
        ("signature", |receipt| receipt.signature[7] ^= 1),
        ("signature cut", |receipt| receipt.signature.truncate(63)),
    ];
    for (what, change) in changes {
        let mut changed = receipt.clone();
        change(&mut changed);
        let error = verify_signature(&changed, &server.public_key).expect_err(what);
        assert!(error.to_string().contains("the signature does not fit"), "{what}: {error}");
    }
    for (what, change) in [
        ("version", (|receipt| receipt.version = None) as Change),
        ("query_digest", |receipt| receipt.query_digest.clear()),
    ] {
        let mut cut = receipt.clone();
        change(&mut cut);
        let error = verify_signature(&cut, &server.public_key).unwrap_err().to_string();
        assert!(error.starts_with(&format!("receipt.{what}: ")), "{error}");
    }
    let other = Server::of_sample().await;
    let error = verify_signature(&receipt, &other.public_key).unwrap_err().to_string();
    assert!(error.contains(&server.public_key) && error.contains(&other.public_key), "{error}");
    let mut another = asked.clone();
    another.subject = "customer 7".into();
    assert!(verify_request(&receipt, &another, 10).is_err());
    let mut changed = response.clone();
    changed.candidates[0].probability /= 2.0;
    assert!(verify_response(&receipt, &changed, "given").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_of_a_version_that_went_cannot_be_replayed_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let engine = exonym::resolver::Engine::open(folder.path(), Default::default()).unwrap();
    engine.retain(1).unwrap();
    let server = Server::of_engine(engine.into(), folder.path()).await;
    import(&server, vec![record("own:1", "Vostok Shipping")]).await.unwrap();
    let (asked, _, receipt) = answered(&server, "Vostok").await;
    import(&server, vec![record("own:1", "Sever Trading")]).await.unwrap();
    let gone = replayed(&server, &receipt, &asked).await.unwrap_err();
    assert_eq!((gone.code(), reason(&gone).as_str()), (Code::NotFound, "VERSION_NOT_RETAINED"));
}
