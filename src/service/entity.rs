use tonic::{Request, Response, Status};

use super::Backend;
use super::convert;
use super::page;
use super::status::{Reason, field_violation, registry_status, status};
use crate::model::{DatasetName, EntityId, RecordId};
use crate::proto::v1;
use crate::proto::v1::entity_service_server::EntityService;
use crate::registry::Page;
use crate::resolver::Engine;

/// Gives entities and the records that stand for them.
#[derive(Clone)]
pub struct EntityAdapter {
    backend: Backend,
}

impl EntityAdapter {
    /// An adapter over a backend.
    pub fn new(backend: Backend) -> EntityAdapter {
        EntityAdapter { backend }
    }
}

#[tonic::async_trait]
impl EntityService for EntityAdapter {
    async fn get_entity(
        &self,
        request: Request<v1::GetEntityRequest>,
    ) -> Result<Response<v1::GetEntityResponse>, Status> {
        let id = request.into_inner().id;
        Ok(Response::new(self.backend.compute(move |engine| get_entity(engine, &id)).await?))
    }

    async fn list_entities(
        &self,
        request: Request<v1::ListEntitiesRequest>,
    ) -> Result<Response<v1::ListEntitiesResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.backend.compute(move |engine| list_entities(engine, &request)).await?))
    }
}

fn get_entity(engine: &Engine, id: &str) -> Result<v1::GetEntityResponse, Status> {
    let registry = engine.registry();
    let found = if id.contains(':') {
        let record: RecordId = id.parse().map_err(|error| invalid("id", &error))?;
        let entity = registry.entity_of_record(&record).map_err(|error| registry_status(&error))?;
        entity.map(|entity| (entity, false))
    } else {
        let entity: EntityId = id.parse().map_err(|error| invalid("id", &error))?;
        let found = registry.entity(entity).map_err(|error| registry_status(&error))?;
        found.map(|found| (found.entity, found.redirected))
    };
    let (entity, redirected) =
        found.ok_or_else(|| status(Reason::EntityNotFound, format!("no entity or record has the id {id:?}")))?;
    Ok(v1::GetEntityResponse { entity: Some(convert::entity_message(entity)), redirected })
}

fn list_entities(engine: &Engine, request: &v1::ListEntitiesRequest) -> Result<v1::ListEntitiesResponse, Status> {
    let dataset = match request.dataset.as_str() {
        "" => None,
        name => Some(name.parse::<DatasetName>().map_err(|error| invalid("dataset", &error))?),
    };
    let limit = page::size(request.page_size)?;
    let after = page::after(&request.page_token, &request.dataset)?;
    // One more than asked for tells whether there is a next page.
    let page = Page { after, limit: limit + 1, dataset };
    let mut entities = engine.registry().entities(&page).map_err(|error| registry_status(&error))?;
    let more = entities.len() > limit;
    entities.truncate(limit);
    let last = entities.last().filter(|_| more).map(|entity| entity.id);
    Ok(v1::ListEntitiesResponse {
        entities: entities.into_iter().map(convert::entity_message).collect(),
        next_page_token: last.map(|id| page::token(id, &request.dataset)).unwrap_or_default(),
    })
}

fn invalid(field: &str, error: &crate::model::IdError) -> Status {
    field_violation(Reason::InvalidField, field, error.to_string())
}
