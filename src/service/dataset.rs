use std::collections::HashMap;

use tonic::{Request, Response, Status, Streaming};

use super::Backend;
use super::convert;
use super::listener::Role;
use super::status::{Reason, engine_status, field_violation, registry_status, status};
use crate::batch::live::{Keeper, UnknownSource};
use crate::model::{DatasetName, Record};
use crate::proto::v1;
use crate::proto::v1::dataset_service_server::DatasetService;
use crate::proto::v1::import_dataset_request::Part;
use crate::registry::{Dataset, Guard, Import};
use crate::resolver::{self, Engine};

/// The most records of one message of an import, and the most quarantined ones that the answer lists.
const MAX_BATCH: usize = 1_000;
const MAX_QUARANTINED: usize = 1_000;
/// The most records of one import over the wire; longer lists are imported from files.
const MAX_RECORDS: usize = 2_000_000;

/// Tells and changes what the index is built from.
#[derive(Clone)]
pub struct DatasetAdapter {
    backend: Backend,
}

impl DatasetAdapter {
    /// An adapter over a backend.
    pub fn new(backend: Backend) -> DatasetAdapter {
        DatasetAdapter { backend }
    }
}

#[tonic::async_trait]
impl DatasetService for DatasetAdapter {
    async fn list_datasets(
        &self,
        _request: Request<v1::ListDatasetsRequest>,
    ) -> Result<Response<v1::ListDatasetsResponse>, Status> {
        let response = self.backend.compute(|engine| {
            let datasets = engine.registry().datasets().map_err(|error| registry_status(&error))?;
            Ok(v1::ListDatasetsResponse {
                datasets: datasets.into_iter().map(convert::dataset_message).collect(),
                version: Some(convert::version_message(engine.snapshot().version())),
            })
        });
        Ok(Response::new(response.await?))
    }

    async fn get_dataset(
        &self,
        request: Request<v1::GetDatasetRequest>,
    ) -> Result<Response<v1::GetDatasetResponse>, Status> {
        let name = dataset_name(&request.into_inner().name, "name")?;
        let dataset = self.backend.compute(move |engine| dataset(engine, &name)).await?;
        Ok(Response::new(v1::GetDatasetResponse { dataset: Some(convert::dataset_message(dataset)) }))
    }

    async fn import_dataset(
        &self,
        request: Request<Streaming<v1::ImportDatasetRequest>>,
    ) -> Result<Response<v1::ImportDatasetResponse>, Status> {
        self.backend.require_writable()?;
        let actor = super::actor(&request, "");
        let is_admin = super::may(&request, Role::Admin);
        let mut upload = Upload::receive(request.into_inner(), actor).await?;
        if upload.accept_loss && !is_admin {
            return Err(status(Reason::NeedsAdmin, "header.accept_loss needs the role admin"));
        }
        let backend = self.backend.clone();
        let imported = self.backend.import(move |engine| {
            engine.gently(|| upload.convert());
            upload.import(engine, &backend)
        });
        Ok(Response::new(imported.await?))
    }

    async fn reload_dataset(
        &self,
        request: Request<v1::ReloadDatasetRequest>,
    ) -> Result<Response<v1::ReloadDatasetResponse>, Status> {
        self.backend.require_writable()?;
        let name = request.into_inner().name;
        let backend = self.backend.clone();
        let version = self.backend.import(move |engine| {
            if !name.is_empty() {
                dataset(engine, &dataset_name(&name, "name")?)?;
            }
            let version = engine.rebuild().map_err(|error| engine_status(&error))?;
            backend.serves(&version.index);
            Ok(version)
        });
        Ok(Response::new(v1::ReloadDatasetResponse { version: Some(convert::version_message(&version.await?)) }))
    }

    async fn list_sources(
        &self,
        _request: Request<v1::ListSourcesRequest>,
    ) -> Result<Response<v1::ListSourcesResponse>, Status> {
        let statuses = self.backend.sources().map(Keeper::statuses).unwrap_or_default();
        let sources = statuses.into_iter().map(convert::source_message).collect();
        Ok(Response::new(v1::ListSourcesResponse { sources }))
    }

    async fn fetch_source(
        &self,
        request: Request<v1::FetchSourceRequest>,
    ) -> Result<Response<v1::FetchSourceResponse>, Status> {
        let is_admin = super::may(&request, Role::Admin);
        let v1::FetchSourceRequest { name, accept_loss } = request.into_inner();
        if accept_loss && !is_admin {
            return Err(status(Reason::NeedsAdmin, "accept_loss needs the role admin"));
        }
        let unknown = || UnknownSource(name.clone());
        let source = self.backend.sources().ok_or_else(unknown).and_then(|keeper| keeper.request(&name, accept_loss));
        let source = source.map_err(|error| status(Reason::SourceNotFound, error.to_string()))?;
        Ok(Response::new(v1::FetchSourceResponse { source: Some(convert::source_message(source)) }))
    }
}

fn dataset_name(name: &str, field: &str) -> Result<DatasetName, Status> {
    name.parse().map_err(|error: crate::model::IdError| field_violation(Reason::InvalidField, field, error.to_string()))
}

fn dataset(engine: &Engine, name: &DatasetName) -> Result<Dataset, Status> {
    let datasets = engine.registry().datasets().map_err(|error| registry_status(&error))?;
    let found = datasets.into_iter().find(|dataset| dataset.name == *name);
    found.ok_or_else(|| status(Reason::DatasetNotFound, format!("no dataset is called {:?}", name.as_str())))
}

/// The records of one import, as they came in.
struct Upload {
    dataset: DatasetName,
    actor: String,
    accept_loss: bool,
    request_id: Option<String>,
    messages: Vec<v1::Record>,
    records: Vec<Record>,
    quarantined: Vec<v1::Quarantined>,
    quarantined_count: u64,
    /// Where each record id stood first.
    places: HashMap<String, u64>,
    read: u64,
}

impl Upload {
    async fn receive(mut messages: Streaming<v1::ImportDatasetRequest>, actor: String) -> Result<Upload, Status> {
        let first = messages.message().await?.and_then(|message| message.part);
        let Some(Part::Header(header)) = first else {
            return Err(field_violation(Reason::InvalidField, "header", "the first message must carry the header"));
        };
        let mut upload = Upload {
            dataset: dataset_name(&header.dataset, "header.dataset")?,
            actor,
            accept_loss: header.accept_loss,
            request_id: Some(header.request_id).filter(|id| !id.is_empty()),
            messages: Vec::new(),
            records: Vec::new(),
            quarantined: Vec::new(),
            quarantined_count: 0,
            places: HashMap::new(),
            read: 0,
        };
        while let Some(message) = messages.message().await? {
            let Some(Part::Batch(batch)) = message.part else {
                return Err(field_violation(Reason::InvalidField, "batch", "messages after the first carry records"));
            };
            if batch.records.len() > MAX_BATCH || upload.messages.len() > MAX_RECORDS {
                let reason = format!("at most {MAX_BATCH} records a message and {MAX_RECORDS} an import");
                return Err(field_violation(Reason::TooManyItems, "batch.records", reason));
            }
            upload.messages.extend(batch.records);
        }
        Ok(upload)
    }

    /// Turns the messages into records, or quarantines them.
    fn convert(&mut self) {
        std::mem::take(&mut self.messages).into_iter().for_each(|record| self.take(record));
    }

    fn take(&mut self, message: v1::Record) {
        self.read += 1;
        let id = message.record_id.clone();
        match convert::record_from(message, &self.dataset) {
            Ok(record) => match self.places.get(&id) {
                Some(first) => {
                    let reason = format!("record_id: the id was used before, by record {first} of the stream");
                    self.quarantine(id, reason);
                }
                None => {
                    self.places.insert(id, self.read);
                    self.records.push(record);
                }
            },
            Err(error) => self.quarantine(id, format!("{}: {}", error.field, error.reason)),
        }
    }

    fn quarantine(&mut self, record_id: String, reason: String) {
        self.quarantined_count += 1;
        if self.quarantined.len() < MAX_QUARANTINED {
            self.quarantined.push(v1::Quarantined { place: self.read.to_string(), record_id, reason });
        }
    }

    fn import(self, engine: &Engine, backend: &Backend) -> Result<v1::ImportDatasetResponse, Status> {
        let name = self.dataset.clone();
        let import = Import {
            dataset: self.dataset,
            records: self.records,
            quarantined: self.quarantined_count,
            actor: self.actor,
            request_id: self.request_id,
            at: jiff::Timestamp::now(),
            guard: Guard {
                max_loss: (!self.accept_loss).then_some(Guard::MAX_LOSS),
                is_somebody_else: Some(resolver::is_somebody_else),
            },
        };
        let published = engine.import(import).map_err(|error| engine_status(&error))?;
        backend.imported(name.as_str(), &published);
        let counts = published.counts;
        let reused = engine.registry().successions(&name).map_err(|error| registry_status(&error))?;
        let reused = reused.into_iter().filter(|succession| succession.revision == counts.revision);
        Ok(v1::ImportDatasetResponse {
            dataset: Some(convert::dataset_message(dataset(engine, &name)?)),
            read: counts.read,
            imported: counts.imported,
            unchanged: counts.unchanged,
            removed: counts.removed,
            quarantined: self.quarantined,
            quarantined_count: counts.quarantined,
            version: Some(convert::version_message(&published.version)),
            added: counts.added,
            changed: counts.changed,
            reused_ids: reused.map(convert::reused_message).collect(),
        })
    }
}
