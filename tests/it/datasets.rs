use exonym::proto::v1::import_dataset_request::Part;
use exonym::proto::v1::{
    GetEntityRequest, ImportDatasetRequest, ImportDatasetResponse, ImportHeader, Kind, ListEntitiesRequest, Name,
    Record, RecordBatch, Verdict,
};
use tonic::Code;

use crate::server::Server;

pub fn record(id: &str, name: &str) -> Record {
    let names = vec![Name { text: name.to_owned(), ..Name::default() }];
    Record { record_id: id.to_owned(), kind: Kind::Organization.into(), names, ..Record::default() }
}

pub async fn import(server: &Server, records: Vec<Record>) -> Result<ImportDatasetResponse, tonic::Status> {
    let header = ImportHeader { dataset: "own".into(), request_id: String::new(), accept_loss: false };
    let parts = [Part::Header(header), Part::Batch(RecordBatch { records })];
    let messages = parts.map(|part| ImportDatasetRequest { part: Some(part) });
    Ok(server.datasets().await.import_dataset(tokio_stream::iter(messages)).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_serves_at_once_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_data(folder.path()).await;
    assert!(server.resolve("Vostok Shipping").await.candidates.is_empty());

    let records = vec![record("own:1", "ООО «Восток Шиппинг»"), record("own:2", "«»"), record("own:1", "again")];
    let report = import(&server, records).await.unwrap();
    assert_eq!((report.read, report.imported, report.quarantined_count), (3, 1, 2));
    assert_eq!(report.quarantined[0].place, "2");
    assert!(report.quarantined[1].reason.contains("record 1 of the stream"), "{:?}", report.quarantined);
    let best = server.resolve("Vostok Shipping LLC").await.candidates.remove(0);
    assert_eq!(best.record_ids, ["own:1"]);

    let again = import(&server, vec![record("own:1", "ООО «Восток Шиппинг»"), record("own:3", "Север")]).await.unwrap();
    assert_eq!((again.imported, again.unchanged, again.removed), (1, 1, 0));
    drop(server);

    // The data directory is free once the server is gone; its end is not waited for here.
    let server = loop {
        match exonym::resolver::Engine::open(folder.path(), Default::default()) {
            Ok(engine) => {
                drop(engine);
                break Server::of_data(folder.path()).await;
            }
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
        }
    };
    let after = server.resolve("Vostok Shipping LLC").await.candidates.remove(0);
    assert_eq!(after.entity_id, best.entity_id, "the canonical id survives import and restart");
    let found = server.entities().await.get_entity(GetEntityRequest { id: after.entity_id }).await.unwrap();
    assert_eq!(found.into_inner().entity.unwrap().records[0].record_id, "own:1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_without_a_header_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_data(folder.path()).await;
    let batch = Part::Batch(RecordBatch { records: vec![record("own:1", "Vostok")] });
    let messages = [ImportDatasetRequest { part: Some(batch) }];
    let status = server.datasets().await.import_dataset(tokio_stream::iter(messages)).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let listed = server.entities().await.list_entities(ListEntitiesRequest::default()).await.unwrap();
    assert!(listed.into_inner().entities.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bundled_list_cannot_be_changed() {
    let server = Server::of_sample().await;
    let status = import(&server, vec![record("own:1", "Vostok")]).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(server.resolve("MOKRAN LLC").await.verdict(), Verdict::Match);
}
