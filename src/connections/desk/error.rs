//! Why the desk refused: kinds for programs, messages with the mending command for people.

use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::host::{AuthorityError, HttpError, LinkName, UserId};

use crate::connections::catalogue;
use crate::connections::placeholder::Placeholder;
use crate::connections::refusal;
use crate::connections::store::StoreError;

/// Why something was not done. Holds no secret; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskError {
    /// A description, a name or a secret cannot be used; every reason.
    Invalid(Vec<Diagnostic>),
    /// There is no service of this link name.
    NoService {
        /// The name that was asked for.
        wanted: String,
        /// The nearest one there is.
        similar: Option<String>,
    },
    /// A service has this link name already.
    ServiceExists(LinkName),
    /// A connection has this link name already.
    ConnectionExists(LinkName),
    /// Connections use the service.
    InUse {
        /// The service.
        service: LinkName,
        /// Who uses it.
        connections: Vec<LinkName>,
    },
    /// Credentials would go elsewhere than before, so the client secret has to be given again.
    SecretNeeded {
        /// The service.
        service: LinkName,
        /// What would change: `hosts`, `access_token_url`.
        changed: Vec<&'static str>,
    },
    /// The addresses of the service hold placeholders that have no value yet.
    ValuesNeeded(Vec<Placeholder>),
    /// Somebody else owns the connection and shares nothing of it.
    NotYours {
        /// The connection.
        connection: LinkName,
        /// Whose it is.
        owner: UserId,
    },
    /// The host did not answer a trial.
    NoAnswer {
        /// The host.
        host: String,
        /// Why.
        error: HttpError,
    },
    /// Another process changed the record meanwhile.
    ChangedMeanwhile(String),
    /// The connection cannot be used: unknown, not authorised, the provider refuses.
    Connection(AuthorityError),
    /// The store failed.
    Store(StoreError),
}

impl DeskError {
    pub(super) fn no_service(wanted: &str, known: &[LinkName]) -> Self {
        let mut names: Vec<&str> = known.iter().map(LinkName::as_str).collect();
        for name in catalogue::link_names() {
            names.push(name);
        }
        Self::NoService {
            wanted: wanted.to_owned(),
            similar: nearest(wanted, names).map(str::to_owned),
        }
    }

    /// The text is no link name, so no connection has it.
    pub(super) fn no_link_name(text: &str) -> Self {
        let title = format!("`{}` is not a link name", text.escape_debug());
        let rule = "write a lower-case letter first, then lower-case letters, digits and underscores, 50 at most";
        Self::Invalid(vec![Diagnostic::placeless(Code::InvalidLinkName, title).help(rule)])
    }

    pub(super) fn invalid(text: impl Into<String>) -> Self {
        Self::Invalid(vec![Diagnostic::placeless(Code::InvalidService, text)])
    }

    /// The messages for people, each with what to do.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let (code, title, help) = match self {
            Self::Invalid(problems) => return problems,
            Self::Connection(error) => return vec![refusal::to_diagnostic(error)],
            Self::Store(error) => return vec![error.into()],
            Self::NoService { wanted, similar } => no_service(&wanted, similar),
            Self::ServiceExists(link) => (
                Code::NameTaken,
                format!("there is a service `{link}` already"),
                format!("run `dg services edit {link} --from FILE` to change it, or choose another `link_name`"),
            ),
            Self::ConnectionExists(link) => (
                Code::NameTaken,
                format!("there is a connection `{link}` already"),
                format!("run `dg connections reconnect {link}` to connect it again, or choose another link name"),
            ),
            Self::InUse { service, connections } => in_use(&service, &connections),
            Self::SecretNeeded { service, changed } => (
                Code::InvalidService,
                format!(
                    "the client secret of `{service}` has to be given again: the change of `{}` would send it elsewhere",
                    changed.join("`, `")
                ),
                "give it as `client_secret` (for OAuth 1 `consumer_secret`) with the other changes".to_owned(),
            ),
            Self::ValuesNeeded(missing) => {
                let names: Vec<String> = missing
                    .iter()
                    .map(|one| format!("`{}` ({})", one.name, one.label))
                    .collect();
                let sets: Vec<String> = missing.iter().map(|one| format!("--set {}=VALUE", one.name)).collect();
                (
                    Code::InvalidService,
                    format!("the addresses of the service need a value for {}", names.join(", ")),
                    format!("give it with `{}`", sets.join(" ")),
                )
            }
            Self::NotYours { connection, owner } => (
                Code::ConnectionUnknown,
                format!("Connection Name was not found: the connection `{connection}` belongs to `{owner}`"),
                format!("run the command with `--as {owner}` if that is you"),
            ),
            Self::NoAnswer { host, error } => (
                error.kind.code(),
                format!("`{host}` did not answer: {}", error.reason),
                "check the network, the proxy variables and the URL".to_owned(),
            ),
            Self::ChangedMeanwhile(what) => (
                Code::StoreBusy,
                format!("another process changed {what} at the same moment"),
                "look at it again, then repeat the change".to_owned(),
            ),
        };
        vec![Diagnostic::placeless(code, title).help(help)]
    }
}

fn no_service(wanted: &str, similar: Option<String>) -> (Code, String, String) {
    let wanted = wanted.escape_debug();
    let title = format!("there is no service `{wanted}`");
    let help = match similar {
        _ if catalogue::find(&wanted.to_string()).is_some() => {
            format!("the catalogue has it: run `dg services setup {wanted}` first")
        }
        Some(similar) => format!("write `{similar}` if that is meant; `dg services list` shows them all"),
        None => {
            "run `dg services list` to see those there are, or `dg services create --from FILE` to make one".to_owned()
        }
    };
    (Code::ServiceUnknown, title, help)
}

fn in_use(service: &LinkName, connections: &[LinkName]) -> (Code, String, String) {
    let names: Vec<String> = connections.iter().map(|link| format!("`{link}`")).collect();
    let verb = if names.len() == 1 { "uses" } else { "use" };
    let title = format!(
        "the service `{service}` cannot be removed: {} {verb} it",
        names.join(", ")
    );
    let first = connections.first().map(LinkName::as_str).unwrap_or_default();
    let help = format!("remove what uses it first: `dg connections remove {first}`");
    (Code::ServiceInUse, title, help)
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<AuthorityError> for DeskError {
    fn from(error: AuthorityError) -> Self {
        Self::Connection(error)
    }
}
