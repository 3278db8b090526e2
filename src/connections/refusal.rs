//! Why a request is not signed: every sentence of it, Zoho's own words first, and the command that mends it.

use url::Url;

use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::host::{AuthorityError, AuthorityErrorKind, LinkName, MissingConsent, ScopeRefusal, UserId};

use super::connection::Connection;
use super::placeholder::Placeholder;
use super::service::{AuthKind, ClientAuth, OAuth2Endpoints, Service};
use super::sign::Misplaced;
use super::store::StoreError;

/// Zoho's words for a connection that nobody authorised (CRM, Deluge errors and solutions).
const UNAUTHENTICATED: &str = "UnAuthenticated Connections";

fn refusal(kind: AuthorityErrorKind, message: String, help: String) -> AuthorityError {
    AuthorityError {
        kind,
        message,
        help: Some(help),
        missing: None,
    }
}

/// The refusal of a connection that this user could mend.
fn missing(user: &UserId, error: AuthorityError) -> AuthorityError {
    let missing = MissingConsent {
        user: user.clone(),
        authorize_url: None,
    };
    AuthorityError {
        missing: Some(Box::new(missing)),
        ..error
    }
}

/// No connection of this name.
pub(super) fn unknown(link: &LinkName, known: &[LinkName]) -> AuthorityError {
    let names = || known.iter().map(LinkName::as_str);
    let mut message = format!("Connection Name was not found: there is no connection `{link}`");
    if let Some(near) = nearest(link.as_str(), names()) {
        message.push_str(&format!("; there is a similar one, `{near}`"));
    }
    let help = if known.is_empty() {
        format!("run `dg connections create {link} --service SERVICE` to make it")
    } else {
        format!(
            "run `dg connections list` to see those there are, or `dg connections create {link} --service SERVICE` to make \
             it"
        )
    };
    refusal(AuthorityErrorKind::Unknown, message, help)
}

/// The connection's service was removed.
pub(super) fn serviceless(connection: &Connection) -> AuthorityError {
    let (link, service) = (&connection.link_name, &connection.service);
    refusal(
        AuthorityErrorKind::NotAuthorised,
        format!("{UNAUTHENTICATED}: the service `{service}` of the connection `{link}` is not there any more"),
        format!("create it again: `dg services create --from FILE` with the link name `{service}`"),
    )
}

/// The service has placeholders that the connection was made without.
pub(super) fn unfilled(connection: &Connection, missing: &[Placeholder]) -> AuthorityError {
    let link = &connection.link_name;
    let names: Vec<String> = missing.iter().map(|one| format!("`{}`", one.name)).collect();
    let sets: Vec<String> = missing.iter().map(|one| format!("--set {}=VALUE", one.name)).collect();
    refusal(
        AuthorityErrorKind::NotAuthorised,
        format!(
            "{UNAUTHENTICATED}: the connection `{link}` has no value for {} in the addresses of its service",
            names.join(", ")
        ),
        format!("run `dg connections edit {link} {}`", sets.join(" ")),
    )
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,@%+=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The command that connects a user, as he or somebody for him types it.
fn command(verb: &str, connection: &Connection, user: &UserId) -> String {
    let link = &connection.link_name;
    if *user == connection.owner {
        format!("run `dg connections {verb} {link}`")
    } else {
        format!("run `dg connections {verb} {link} --as {}`", quoted(user.as_str()))
    }
}

/// Nobody gave a credential, or it was revoked.
pub(super) fn not_connected(connection: &Connection, service: &Service, user: &UserId) -> AuthorityError {
    let (link, name) = (&connection.link_name, &service.link_name);
    let help = command("connect", connection, user);
    let error = if connection.per_user || *user != connection.owner {
        let message =
            format!("{UNAUTHENTICATED}: the user `{user}` has not authorised the connection `{link}` to `{name}`");
        refusal(AuthorityErrorKind::ConsentNeeded, message, help)
    } else {
        let message = format!("{UNAUTHENTICATED}: the connection `{link}` to `{name}` is not connected");
        refusal(AuthorityErrorKind::NotAuthorised, message, help)
    };
    missing(user, error)
}

/// The grant does not serve any more.
pub(super) fn reconnect(connection: &Connection, service: &Service, user: &UserId, reason: &str) -> AuthorityError {
    let (link, name) = (&connection.link_name, &service.link_name);
    let message = format!("{UNAUTHENTICATED}: the connection `{link}` to `{name}` has to be connected again: {reason}");
    let help = command("reconnect", connection, user);
    let kind = AuthorityErrorKind::ReconnectNeeded {
        reason: reason.to_owned(),
    };
    missing(user, refusal(kind, message, help))
}

/// The request goes elsewhere than the service allows. The path and query are left out; they may hold anything.
pub(super) fn origin(connection: &Connection, service: &Service, url: &Url) -> AuthorityError {
    let (link, name) = (&connection.link_name, &service.link_name);
    let origin = url.origin().ascii_serialization();
    if service.hosts.is_empty() {
        return refusal(
            AuthorityErrorKind::OriginNotAllowed,
            format!("the connection `{link}` may not be used for `{origin}`: its service `{name}` lists no hosts"),
            change_hosts(name, &origin),
        );
    }
    let hosts: Vec<String> = service.hosts.iter().map(|host| format!("`{host}`")).collect();
    refusal(
        AuthorityErrorKind::OriginNotAllowed,
        format!(
            "the connection `{link}` may not be used for `{origin}`: its service `{name}` allows {} only",
            hosts.join(", ")
        ),
        change_hosts(name, &origin),
    )
}

fn change_hosts(service: &LinkName, origin: &str) -> String {
    format!("if the service really is there, run `dg services edit {service} --add-host {origin}`")
}

/// The credential does not fit the request.
pub(super) fn misplaced(connection: &Connection, service: &Service, what: Misplaced) -> AuthorityError {
    let (link, name) = (&connection.link_name, &service.link_name);
    AuthorityError {
        kind: AuthorityErrorKind::Placement,
        message: format!(
            "the connection `{link}` to `{name}` cannot sign this request: {}",
            what.why
        ),
        help: what.help,
        missing: None,
    }
}

/// The provider did not help; the grant stands.
pub(super) fn refresh_failed(connection: &Connection, host: &str, why: &str) -> AuthorityError {
    let link = &connection.link_name;
    refusal(
        AuthorityErrorKind::Refresh,
        format!("the connection `{link}` got no new access token from `{host}`: {why}"),
        format!(
            "try again later; where it stays so, look at the URLs of the service (`dg services show {}`)",
            connection.service
        ),
    )
}

/// The address of the service sends elsewhere.
pub(super) fn refresh_moved(connection: &Connection, endpoints: &OAuth2Endpoints, why: &str) -> AuthorityError {
    let (link, service) = (&connection.link_name, &connection.service);
    let host = endpoints.refresh_url().host_str().unwrap_or_default();
    let flag = match endpoints.refresh_url {
        Some(_) => "--refresh-token-url",
        None => "--access-token-url",
    };
    refusal(
        AuthorityErrorKind::Refresh,
        format!("the connection `{link}` got no new access token from `{host}`: {why}"),
        format!(
            "look where it leads, and write that address into the service: `dg services edit {service} {flag} URL`"
        ),
    )
}

/// The provider refuses the client itself.
pub(super) fn client_refused(connection: &Connection, service: &Service, why: &str) -> AuthorityError {
    let (link, name) = (&connection.link_name, &service.link_name);
    refusal(
        AuthorityErrorKind::ClientRefused,
        format!("the provider refused the token request of the connection `{link}` to `{name}`: {why}"),
        format!(
            "check client id and client secret: `dg services show {name}`{}",
            other_proof(service)
        ),
    )
}

/// Some providers read the client secret from one place only (RFC 6749 section 2.3.1).
fn other_proof(service: &Service) -> String {
    let AuthKind::OAuth2(endpoints) = &service.auth else {
        return String::new();
    };
    let name = &service.link_name;
    if endpoints.client_secret.is_empty() {
        return format!("; it has no secret, which `dg services edit {name} --secrets FILE` gives it");
    }
    let other = match endpoints.client_auth {
        ClientAuth::Body => "basic",
        ClientAuth::Basic | ClientAuth::BasicRaw => "body",
    };
    format!("; where they are right, try `dg services edit {name} --token-auth-method {other}`")
}

/// The provider does not grant what the connection asks for.
pub(super) fn scope_refused(connection: &Connection, service: &Service, user: &UserId, why: &str) -> AuthorityError {
    let (link, name) = (&connection.link_name, &service.link_name);
    let asked = if connection.scopes.is_empty() {
        "it asks for none".to_owned()
    } else {
        let asked: Vec<String> = connection.scopes.iter().map(|scope| format!("`{scope}`")).collect();
        format!("it asks for {}", asked.join(", "))
    };
    let message = format!(
        "{UNAUTHENTICATED}: the provider does not grant the scopes of the connection `{link}` to `{name}` ({why}); {asked}"
    );
    let again = command("reconnect", connection, user);
    let help = format!("correct them with `dg connections edit {link} --scope SCOPE`, then {again}");
    refusal(AuthorityErrorKind::ScopeMissing, message, help)
}

/// A service takes the credential, and wants a scope more.
pub(super) fn scope_missing(connection: &Connection, found: &ScopeRefusal, status: u16) -> AuthorityError {
    let (link, word) = (&connection.link_name, found.word);
    let message =
        format!("the connection `{link}` lacks a scope for this request: the service answered {status}, {word}");
    refusal(AuthorityErrorKind::ScopeMissing, message, found.mending(link))
}

/// Another process has been refreshing for longer than anybody should.
pub(super) fn refresh_busy(connection: &Connection) -> AuthorityError {
    let link = &connection.link_name;
    refusal(
        AuthorityErrorKind::Refresh,
        format!("another process is refreshing the connection `{link}` and has not finished"),
        "try again in half a minute".to_owned(),
    )
}

/// The provider gave new tokens, and the store did not take them.
pub(super) fn unsaved(connection: &Connection, error: StoreError) -> AuthorityError {
    let link = &connection.link_name;
    let first = error.help.map_or_else(String::new, |help| format!("{help}; "));
    refusal(
        AuthorityErrorKind::Store(error.code),
        format!(
            "the connection `{link}` got a new access token, and the store could not keep it: {}",
            error.message
        ),
        format!(
            "{first}this process tries to store it again at the next use; if it ends before, the refresh token may be spent: \
             run `dg connections reconnect {link}`"
        ),
    )
}

/// The run was stopped.
pub(super) fn interrupted(link: &LinkName) -> AuthorityError {
    AuthorityError {
        kind: AuthorityErrorKind::Interrupted,
        message: format!("the run was stopped while the connection `{link}` was being prepared"),
        help: None,
        missing: None,
    }
}

/// The store failed.
pub(super) fn store(link: &LinkName, error: StoreError) -> AuthorityError {
    AuthorityError {
        kind: AuthorityErrorKind::Store(error.code),
        message: format!("the connection `{link}` cannot be used: {}", error.message),
        help: error.help,
        missing: None,
    }
}

/// The refusal as a message without a place.
pub(super) fn to_diagnostic(error: AuthorityError) -> Diagnostic {
    let code: Code = error.kind.code();
    Diagnostic::placeless(code, error.message).help_if(error.help)
}
