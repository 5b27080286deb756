use std::fmt;
use std::str::FromStr;

/// What a principal may do. Roles do not include one another: a token lists every role it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ask which entity a name is.
    Query,
    /// Read entities and datasets.
    Read,
    /// Judge which records stand for one party.
    Judge,
    /// Import a dataset, keep a portfolio.
    Write,
    /// Rebuild the index, choose the version that serves.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] = [Role::Query, Role::Read, Role::Judge, Role::Write, Role::Admin];

    /// The word used in token files and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Query => "query",
            Role::Read => "read",
            Role::Judge => "judge",
            Role::Write => "write",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// The set with one more role.
    #[must_use]
    pub fn with(self, role: Role) -> Roles {
        Roles(self.0 | 1 << role as u8)
    }

    /// Whether the role is in the set.
    pub fn contains(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }
}

/// Reads `query,read`. The error is a sentence that names the word not understood.
impl FromStr for Roles {
    type Err = String;

    fn from_str(text: &str) -> Result<Roles, String> {
        text.split(',').map(str::trim).try_fold(Roles::default(), |roles, word| {
            let role = Role::ALL.into_iter().find(|role| role.as_str() == word);
            let role =
                role.ok_or_else(|| format!("unknown role `{word}`: roles are query, read, judge, write and admin"))?;
            Ok(roles.with(role))
        })
    }
}

/// Who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without a credential.
    Open,
    /// Principals with the role.
    Needs(Role),
}

/// Which budget of concurrent calls, and which deadline, a method has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Health checks: never refused because others work.
    Health,
    /// Short calls.
    Unary,
    /// Streams, and calls that work as long as one.
    Long,
}

/// How one method is treated.
#[derive(Debug, PartialEq, Eq)]
pub struct Method {
    /// `package.Service/Method`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Its budget and deadline.
    pub lane: Lane,
}

impl Method {
    /// The entry of an HTTP path (`/package.Service/Method`), or `None`: then there is no such method, and no handler
    /// is reached, whatever the routes hold.
    pub fn find(path: &str) -> Option<&'static Method> {
        let path = path.strip_prefix('/')?;
        METHODS.binary_search_by(|method| method.path.cmp(path)).ok().map(|at| &METHODS[at])
    }

    /// The service's full name.
    pub fn service(&self) -> &'static str {
        self.path.split_once('/').map_or(self.path, |(service, _)| service)
    }
}

/// What logs and metrics call a method that is not in [`METHODS`]: a label that a stranger cannot make grow.
pub const OTHER_METHOD: &str = "_OTHER";

const fn row(path: &'static str, access: Access, lane: Lane) -> Method {
    Method { path, access, lane }
}

/// Every method the server has, sorted by path. What is not here is not served; a test walks the descriptor set and
/// fails if a method lacks a line.
#[rustfmt::skip]
pub static METHODS: &[Method] = &[
    row("exonym.v1.DatasetService/FetchSource",       Access::Needs(Role::Write), Lane::Unary),
    row("exonym.v1.DatasetService/GetDataset",        Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.DatasetService/ImportDataset",     Access::Needs(Role::Write), Lane::Long),
    row("exonym.v1.DatasetService/ListDatasets",      Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.DatasetService/ListSources",       Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.DatasetService/ReloadDataset",     Access::Needs(Role::Admin), Lane::Long),
    row("exonym.v1.EntityService/GetEntity",          Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.EntityService/ListEntities",       Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.EntityService/ListEntityChanges",  Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.EntityService/ListReferents",      Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.EntityService/ListRelatedParties", Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.EntityService/WatchChanges",       Access::Needs(Role::Read),  Lane::Long),
    row("exonym.v1.JudgementService/DismissReview",   Access::Needs(Role::Judge), Lane::Unary),
    row("exonym.v1.JudgementService/LiftSuppression", Access::Needs(Role::Judge), Lane::Unary),
    row("exonym.v1.JudgementService/ListJudgements",  Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.JudgementService/ListReviewQueue", Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.JudgementService/ListSuppressions", Access::Needs(Role::Read), Lane::Unary),
    row("exonym.v1.JudgementService/ProposeReview",   Access::Needs(Role::Judge), Lane::Unary),
    row("exonym.v1.JudgementService/RecordJudgement", Access::Needs(Role::Judge), Lane::Unary),
    row("exonym.v1.JudgementService/SuppressHit",     Access::Needs(Role::Judge), Lane::Unary),
    row("exonym.v1.JudgementService/WithdrawJudgement", Access::Needs(Role::Judge), Lane::Unary),
    row("exonym.v1.PortfolioService/DeleteSubjects",  Access::Needs(Role::Write), Lane::Unary),
    row("exonym.v1.PortfolioService/ListSubjects",    Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.PortfolioService/PutSubjects",     Access::Needs(Role::Write), Lane::Long),
    row("exonym.v1.PortfolioService/WatchAlerts",     Access::Needs(Role::Read),  Lane::Long),
    row("exonym.v1.ResolverService/AnalyzeName",      Access::Needs(Role::Query), Lane::Unary),
    row("exonym.v1.ResolverService/Compare",          Access::Needs(Role::Query), Lane::Unary),
    row("exonym.v1.ResolverService/ListSchemes",      Access::Needs(Role::Query), Lane::Unary),
    row("exonym.v1.ResolverService/Resolve",          Access::Needs(Role::Query), Lane::Unary),
    row("exonym.v1.ResolverService/ResolveMany",      Access::Needs(Role::Query), Lane::Unary),
    row("exonym.v1.ResolverService/ResolveStream",    Access::Needs(Role::Query), Lane::Long),
    row("exonym.v1.ResolverService/Suggest",          Access::Needs(Role::Query), Lane::Unary),
    row("exonym.v1.ResolverService/Transliterate",    Access::Needs(Role::Query), Lane::Unary),
    row("exonym.v1.ServerService/GetServerInfo",      Access::Needs(Role::Query), Lane::Unary),
    row("exonym.v1.VersionService/DiffVersions",      Access::Needs(Role::Read),  Lane::Long),
    row("exonym.v1.VersionService/ListVersions",      Access::Needs(Role::Read),  Lane::Unary),
    row("exonym.v1.VersionService/PinVersion",        Access::Needs(Role::Admin), Lane::Long),
    row("exonym.v1.VersionService/RollBackVersion",   Access::Needs(Role::Admin), Lane::Long),
    row("exonym.v1.VersionService/UnpinVersion",      Access::Needs(Role::Admin), Lane::Unary),
    row("grpc.health.v1.Health/Check",                Access::Open,               Lane::Health),
    row("grpc.health.v1.Health/Watch",                Access::Open,               Lane::Health),
    row("grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                                                      Access::Needs(Role::Query), Lane::Long),
    row("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                                      Access::Needs(Role::Query), Lane::Long),
];
