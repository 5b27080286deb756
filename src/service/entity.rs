use tonic::{Request, Response, Status};

use super::convert;
use super::page;
use super::status::{Reason, registry_status, status};
use super::watch::{self, Changes};
use super::{Backend, identify};
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

    async fn list_entity_changes(
        &self,
        request: Request<v1::ListEntityChangesRequest>,
    ) -> Result<Response<v1::ListEntityChangesResponse>, Status> {
        let request = request.into_inner();
        Ok(Response::new(self.backend.compute(move |engine| list_changes(engine, &request)).await?))
    }

    async fn list_referents(
        &self,
        request: Request<v1::ListReferentsRequest>,
    ) -> Result<Response<v1::ListReferentsResponse>, Status> {
        let id = request.into_inner().id;
        Ok(Response::new(self.backend.compute(move |engine| list_referents(engine, &id)).await?))
    }

    async fn list_related_parties(
        &self,
        request: Request<v1::ListRelatedPartiesRequest>,
    ) -> Result<Response<v1::ListRelatedPartiesResponse>, Status> {
        let id = request.into_inner().id;
        Ok(Response::new(self.backend.compute(move |engine| list_related(engine, &id)).await?))
    }

    type WatchChangesStream = Changes;

    async fn watch_changes(&self, request: Request<v1::WatchChangesRequest>) -> Result<Response<Changes>, Status> {
        Ok(Response::new(watch::watch(self.backend.clone(), request.into_inner()).await?))
    }
}

fn list_changes(
    engine: &Engine,
    request: &v1::ListEntityChangesRequest,
) -> Result<v1::ListEntityChangesResponse, Status> {
    let entity = identify::entity_id(engine, &request.id, "id")?;
    let limit = page::size(request.page_size)?;
    let after = page::number(&request.page_token, &request.id)?;
    let changes = engine.registry().history(entity, after, limit + 1).map_err(|error| registry_status(&error))?;
    let mut changes = changes.ok_or_else(|| identify::not_found(&request.id))?;
    let more = changes.len() > limit;
    changes.truncate(limit);
    let last = changes.last().filter(|_| more).map(|change| change.sequence);
    Ok(v1::ListEntityChangesResponse {
        changes: changes.into_iter().map(convert::change_message).collect(),
        next_page_token: last.map(|number| page::numbered(number, &request.id)).unwrap_or_default(),
    })
}

fn list_referents(engine: &Engine, id: &str) -> Result<v1::ListReferentsResponse, Status> {
    let entity = identify::entity_id(engine, id, "id")?;
    let referents = engine.registry().referents(entity).map_err(|error| registry_status(&error))?;
    let referents = referents.ok_or_else(|| identify::not_found(id))?;
    Ok(v1::ListReferentsResponse { referents: referents.into_iter().map(convert::referent_message).collect() })
}

fn list_related(engine: &Engine, id: &str) -> Result<v1::ListRelatedPartiesResponse, Status> {
    let entity = identify::entity_id(engine, id, "id")?;
    let related = engine.registry().related(entity).map_err(|error| registry_status(&error))?;
    let related = related.ok_or_else(|| identify::not_found(id))?;
    Ok(v1::ListRelatedPartiesResponse { parties: related.into_iter().map(convert::related_message).collect() })
}

fn get_entity(engine: &Engine, id: &str) -> Result<v1::GetEntityResponse, Status> {
    let registry = engine.registry();
    let found = if id.contains(':') {
        let record: RecordId = id.parse().map_err(|error| identify::invalid("id", &error))?;
        let entity = registry.entity_of_record(&record).map_err(|error| registry_status(&error))?;
        entity.map(|entity| (entity, false))
    } else {
        let entity: EntityId = id.parse().map_err(|error| identify::invalid("id", &error))?;
        let found = registry.entity(entity).map_err(|error| registry_status(&error))?;
        found.map(|found| (found.entity, found.redirected))
    };
    let Some((entity, redirected)) = found else {
        // A record that was never published has founded no id.
        identify::entity_id(engine, id, "id").and_then(|entity| {
            let founder = registry.founder(entity).map_err(|error| registry_status(&error))?;
            founder.ok_or_else(|| identify::not_found(id))
        })?;
        return Err(status(Reason::EntityRetired, format!("no list publishes a record of {id:?} now")));
    };
    Ok(v1::GetEntityResponse { entity: Some(convert::entity_message(entity)), redirected })
}

fn list_entities(engine: &Engine, request: &v1::ListEntitiesRequest) -> Result<v1::ListEntitiesResponse, Status> {
    let dataset = match request.dataset.as_str() {
        "" => None,
        name => Some(name.parse::<DatasetName>().map_err(|error| identify::invalid("dataset", &error))?),
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
