use anyhow::Context;
use tokio_stream::StreamExt;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

use super::backend::{connect, open_engine, plain};
use super::output::printable;
use super::version_arguments::{ChoiceArguments, DiffArguments, PlaceArguments, VersionsAction, VersionsArguments};
use crate::proto::v1;
use crate::proto::v1::as_of::Point;
use crate::proto::v1::version_service_client::VersionServiceClient;
use crate::proto::v1::version_service_server::VersionService;
use crate::registry::Database;
use crate::resolver::Thresholds;
use crate::service::{Backend, VersionAdapter};

/// Who keeps the versions: a data directory that this process has open, or a server.
#[allow(clippy::large_enum_variant)]
enum Keeper {
    /// In this process.
    Local(VersionAdapter),
    /// A server.
    Remote(VersionServiceClient<Channel>),
}

macro_rules! methods {
    ($($method:ident($request:ident) -> $response:ident;)*) => {$(
        async fn $method(&mut self, request: v1::$request) -> anyhow::Result<v1::$response> {
            taken(match self {
                Keeper::Local(adapter) => adapter.$method(Request::new(request)).await,
                Keeper::Remote(client) => client.$method(request).await,
            })
        }
    )*};
}

fn taken<T>(answer: Result<Response<T>, Status>) -> anyhow::Result<T> {
    Ok(answer.map_err(plain)?.into_inner())
}

impl Keeper {
    async fn open(place: &PlaceArguments, shared: Option<&Database>) -> anyhow::Result<Keeper> {
        match &place.server {
            Some(url) => Ok(Keeper::Remote(VersionServiceClient::new(connect(url).await?))),
            None => {
                let (engine, origin) = open_engine(place.data.as_deref(), shared, Thresholds::default())?;
                Ok(Keeper::Local(VersionAdapter::new(Backend::new(engine, origin, 1, 10))))
            }
        }
    }

    methods! {
        list_versions(ListVersionsRequest) -> ListVersionsResponse;
        pin_version(PinVersionRequest) -> PinVersionResponse;
        roll_back_version(RollBackVersionRequest) -> RollBackVersionResponse;
        unpin_version(UnpinVersionRequest) -> UnpinVersionResponse;
    }

    async fn diff(&mut self, request: v1::DiffVersionsRequest) -> anyhow::Result<Vec<v1::Difference>> {
        let mut differences = Vec::new();
        let mut take = |message: Result<v1::DiffVersionsResponse, Status>| {
            differences.extend(message.map_err(plain)?.differences);
            Ok::<(), anyhow::Error>(())
        };
        match self {
            Keeper::Local(adapter) => {
                let mut messages = taken(adapter.diff_versions(Request::new(request)).await)?;
                while let Some(message) = messages.next().await {
                    take(message)?;
                }
            }
            Keeper::Remote(client) => {
                let mut messages = taken(client.diff_versions(request).await)?;
                while let Some(message) = messages.next().await {
                    take(message)?;
                }
            }
        }
        Ok(differences)
    }

    /// What a text on the command line means; the beginning of an index version will do.
    async fn as_of(&mut self, text: &str) -> anyhow::Result<v1::AsOf> {
        let mut as_of = as_of(text)?;
        if let Some(Point::Version(version)) = &mut as_of.point
            && version.index_version.len() < INDEX_DIGITS
        {
            let prefix = &version.index_version;
            let listed = self.list_versions(v1::ListVersionsRequest {}).await?.versions;
            let mut indexes: Vec<String> = listed.into_iter().map(|own| own.index_version).collect();
            indexes.retain(|index| index.starts_with(prefix));
            indexes.sort();
            indexes.dedup();
            version.index_version = match &indexes[..] {
                [index] => index.clone(),
                [] => anyhow::bail!("no retained version begins with {prefix:?}: `exonym versions` lists them"),
                several => anyhow::bail!("{} retained versions begin with {prefix:?}: give more of it", several.len()),
            };
        }
        Ok(as_of)
    }

    async fn chosen(&mut self, choice: &ChoiceArguments) -> anyhow::Result<Option<v1::AsOf>> {
        match &choice.version {
            Some(text) => self.as_of(text).await.map(Some),
            None => Ok(None),
        }
    }
}

/// How many digits an index version has.
const INDEX_DIGITS: usize = 32;

/// What a text on the command line means: a time, `@REVISION`, `INDEX` or `INDEX@REVISION`.
pub fn as_of(text: &str) -> anyhow::Result<v1::AsOf> {
    let number = |text: &str| text.parse::<u64>().with_context(|| format!("{text:?} is no registry revision"));
    let point = if text.contains(['-', ':']) {
        let time: jiff::Timestamp =
            text.parse().with_context(|| format!("{text:?} is no time: expected one as in 2026-03-01T12:00:00Z"))?;
        Point::Time(pbjson_types::Timestamp { seconds: time.as_second(), nanos: time.subsec_nanosecond() })
    } else if let Some(revision) = text.strip_prefix('@') {
        Point::RegistryRevision(number(revision)?)
    } else {
        let (index, revision) = text.split_once('@').map_or((text, None), |(index, own)| (index, Some(own)));
        Point::Version(v1::Version {
            index_version: index.to_owned(),
            registry_revision: revision.map(number).transpose()?.unwrap_or_default(),
            ..v1::Version::default()
        })
    };
    Ok(v1::AsOf { point: Some(point) })
}

/// `exonym versions`.
pub fn run(arguments: &VersionsArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    super::block_on(async {
        let mut keeper = Keeper::open(&arguments.place, shared).await?;
        let serves = match &arguments.action {
            None => {
                let listed = keeper.list_versions(v1::ListVersionsRequest {}).await?.versions;
                listed.iter().for_each(|version| println!("{}", line(version)));
                return Ok(());
            }
            Some(VersionsAction::Pin(choice)) => {
                let version = keeper.chosen(choice).await?;
                let (reason, on_behalf_of) = (choice.because.reason.clone(), choice.because.actor.clone());
                keeper.pin_version(v1::PinVersionRequest { version, reason, on_behalf_of }).await?.version
            }
            Some(VersionsAction::Rollback(choice)) => {
                let version = keeper.chosen(choice).await?;
                let (reason, on_behalf_of) = (choice.because.reason.clone(), choice.because.actor.clone());
                keeper.roll_back_version(v1::RollBackVersionRequest { version, reason, on_behalf_of }).await?.version
            }
            Some(VersionsAction::Unpin(because)) => {
                let (reason, on_behalf_of) = (because.reason.clone(), because.actor.clone());
                keeper.unpin_version(v1::UnpinVersionRequest { reason, on_behalf_of }).await?.version
            }
        };
        let serves = serves.unwrap_or_default();
        println!("{}@{} serves", serves.index_version, serves.registry_revision);
        Ok(())
    })
}

/// `exonym diff`.
pub fn diff(arguments: &DiffArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    super::block_on(async {
        let mut keeper = Keeper::open(&arguments.place, shared).await?;
        let from = Some(keeper.as_of(&arguments.from).await?);
        let to = match &arguments.to {
            Some(text) => Some(keeper.as_of(text).await?),
            None => None,
        };
        let differences = keeper.diff(v1::DiffVersionsRequest { from, to }).await?;
        for difference in &differences {
            if arguments.json {
                println!("{}", serde_json::to_string(difference)?);
            } else {
                println!("{}", told(difference));
            }
        }
        Ok(())
    })
}

fn line(version: &v1::RetainedVersion) -> String {
    let time = version.published_at.unwrap_or_default();
    let time = jiff::Timestamp::new(time.seconds, time.nanos).map(|time| time.to_string()).unwrap_or_default();
    let revisions = (version.first_registry_revision, version.last_registry_revision);
    let state = match (&version.pin, version.serves) {
        (Some(pin), _) => {
            let word = if pin.rolled_back { "rolled back to" } else { "pinned" };
            format!("  serves ({word} as of {} by {})", pin.registry_revision, printable(&pin.actor))
        }
        (None, true) => "  serves".to_owned(),
        (None, false) => String::new(),
    };
    format!(
        "{}@{}..{}  {time}  {} records, {} names{state}",
        version.index_version, revisions.0, revisions.1, version.record_count, version.name_count
    )
}

fn told(difference: &v1::Difference) -> String {
    let v1::Difference { entity_id, to_entity_id, record_id, .. } = difference;
    let caption = printable(&difference.caption);
    match difference.kind() {
        v1::DifferenceKind::EntityAdded => format!("+ {entity_id}  {caption}  ({record_id})"),
        v1::DifferenceKind::EntityRemoved => format!("- {entity_id}  {caption}  ({record_id})"),
        v1::DifferenceKind::RecordAdded => format!("~ {entity_id}  {caption}: {record_id} added"),
        v1::DifferenceKind::RecordRemoved => format!("~ {entity_id}  {caption}: {record_id} removed"),
        v1::DifferenceKind::Merged => format!("~ {entity_id}  {caption}: {record_id} merged into {to_entity_id}"),
        v1::DifferenceKind::Split => format!("~ {entity_id}  {caption}: {record_id} split off as {to_entity_id}"),
        v1::DifferenceKind::RecordChanged | v1::DifferenceKind::Unspecified => {
            let mut changes: Vec<String> = Vec::new();
            changes.extend(difference.names_added.iter().map(|name| format!("+ {}", printable(name))));
            changes.extend(difference.names_removed.iter().map(|name| format!("- {}", printable(name))));
            changes.extend(difference.facts_changed.iter().map(|fact| format!("other {fact}")));
            format!("~ {entity_id}  {caption}: {record_id} changed: {}", changes.join(", "))
        }
    }
}
