use super::arguments::EntityArguments;
use super::identity::Identity;
use super::output::printable;
use crate::proto::v1;
use crate::registry::Database;

/// `exonym entity`.
pub fn run(arguments: &EntityArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    super::block_on(async {
        let backend = &arguments.backend;
        let mut identity = Identity::open(backend.data.as_deref(), backend.server.as_deref(), shared).await?;
        let id = arguments.id.clone();
        let found = identity.get_entity(v1::GetEntityRequest { id: id.clone() }).await?;
        if let Some(entity) = &found.entity {
            if found.redirected {
                println!("{id} is now {}", entity.entity_id);
            }
            println!("{}  {}", entity.entity_id, printable(&entity.caption));
        }
        println!("\nrecords");
        for referent in identity.list_referents(v1::ListReferentsRequest { id: id.clone() }).await?.referents {
            let state = if referent.published { "" } else { "  (no longer published)" };
            println!("  {}  founded {}{state}", referent.record_id, referent.founded_entity_id);
        }
        let parties = identity.list_related_parties(v1::ListRelatedPartiesRequest { id: id.clone() }).await?.parties;
        if !parties.is_empty() {
            println!("\nlinked with");
        }
        for party in parties {
            let way = if party.direction() == v1::RelationDirection::Outgoing { "→" } else { "←" };
            let (relation, name) = (printable(&party.relation), printable(&party.name));
            println!("  {way} {relation}: {name}  {}  (by {})", party.entity_id, party.source_record_id);
        }
        println!("\nhistory");
        let request = v1::ListEntityChangesRequest { id, page_size: 1000, ..Default::default() };
        for change in identity.list_entity_changes(request).await?.changes {
            println!("  {}", line(&change));
        }
        Ok(())
    })
}

fn line(change: &v1::EntityChange) -> String {
    let (record, entity, to) = (&change.record_id, &change.entity_id, &change.to_entity_id);
    let number = change.judgement_number;
    let what = match change.kind() {
        v1::ChangeKind::Added => format!("{record} added to {entity}"),
        v1::ChangeKind::Changed => format!("{record} of {entity} changed"),
        v1::ChangeKind::Removed => format!("{record} of {entity} no longer published"),
        v1::ChangeKind::Merged => format!("{record} went from {entity} into {to} by judgement {number}"),
        v1::ChangeKind::Split => format!("{record} parted from {entity} as {to}: judgement {number} was withdrawn"),
        v1::ChangeKind::Unspecified => String::new(),
    };
    let reason = if change.reason.is_empty() { String::new() } else { format!(" ({})", printable(&change.reason)) };
    format!("revision {}: {what}{reason}", change.registry_revision)
}
