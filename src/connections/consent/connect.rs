//! The whole way from a connection that nobody authorised to a grant in the store.

use std::time::Duration;

use url::Url;

use super::client;
use super::dance::OUT_OF_BAND;
use super::device::Device;
use super::error::{ConsentError, ConsentErrorKind};
use super::pending::Pending;
use super::{CALLBACK_PATH, PASTE_PORT, Person, RealTime, Waiting, Way};
use crate::connections::Connections;
use crate::connections::credential::{Credential, Secret};
use crate::connections::grant::StoredGrant;
use crate::connections::records::GrantName;
use crate::connections::refusal;
use crate::connections::service::{AuthKind, GrantType, OAuth2Endpoints};
use crate::connections::shared::{Registered, Shared};
use crate::connections::token::{TokenError, Tokens};
use crate::host::{Cancel, LinkName, UserId};

/// How long a user has for the provider's page.
#[cfg(feature = "loopback")]
const PATIENCE: Duration = Duration::from_secs(300);

/// How often a grant that changes at the same moment is written again.
const SAVES: usize = 5;

/// Who wants to be connected to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The connection.
    pub connection: LinkName,
    /// Whose grant it will be.
    pub user: UserId,
}

/// A connection that has just been authorised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// The connection.
    pub connection: LinkName,
    /// Whose grant it is.
    pub user: UserId,
    /// Scopes that were asked for, and that the provider said it did not grant.
    pub missing_scopes: Vec<String>,
    /// When the access token ends, in milliseconds since 1970, where the provider says.
    pub expires_at: Option<i64>,
    /// Whether it can be renewed without asking anybody.
    pub renewable: bool,
}

/// A credential that is not in the store yet.
pub(super) struct Granted(StoredGrant);

impl Connections {
    /// Connects a user: asks him for consent where the service wants it, and keeps what the provider gives. `way` is how
    /// he is asked; `None` takes the way that suits the service.
    ///
    /// # Errors
    /// There is no such connection, its service takes secrets that have to be given otherwise, the user refused or did
    /// not answer, or the provider gave no token. What was there before stays.
    pub fn connect(
        &self,
        wish: &Wish,
        way: Option<Way>,
        person: &dyn Person,
        cancel: &Cancel,
    ) -> Result<Connected, ConsentError> {
        let registered = self.shared.find(&wish.connection)?;
        let flow = Flow {
            shared: &self.shared,
            registered: &registered,
            person,
            waiting: &RealTime,
            cancel,
        };
        let granted = flow.run(way).map_err(|error| error.of(&wish.connection))?;
        granted.keep(&self.shared, &registered, &wish.user)
    }
}

/// One consent.
pub(super) struct Flow<'f> {
    pub(super) shared: &'f Shared,
    pub(super) registered: &'f Registered,
    pub(super) person: &'f dyn Person,
    pub(super) waiting: &'f dyn Waiting,
    pub(super) cancel: &'f Cancel,
}

impl Flow<'_> {
    pub(super) fn run(&self, way: Option<Way>) -> Result<Granted, ConsentError> {
        let service = &self.registered.service;
        match &service.auth {
            AuthKind::ApiKey { .. } | AuthKind::Basic => {
                let name = &service.link_name;
                let kind = service.auth.label();
                Err(ConsentError::unsuitable(format!(
                    "the service `{name}` ({kind}) takes secrets from you, and asks no provider"
                )))
            }
            AuthKind::OAuth2(endpoints) if endpoints.grant_type == GrantType::ClientCredentials => {
                let asked_at = self.shared.clock.now_millis();
                let scopes = &self.registered.connection.scopes;
                let tokens = client::obtain(&*self.shared.http, endpoints, scopes, self.cancel);
                Granted::tokens(self.shared, tokens, &endpoints.token_url, asked_at)
            }
            auth => match way.or_else(|| Way::of(service)) {
                Some(Way::Paste) => self.paste(),
                Some(Way::Device) => match auth {
                    AuthKind::OAuth2(endpoints) => self.device(endpoints),
                    _ => Err(ConsentError::unsuitable("OAuth 1 knows no device codes").help("leave out `--device`")),
                },
                Some(Way::Browser) | None => self.browser(),
            },
        }
    }

    fn device(&self, endpoints: &OAuth2Endpoints) -> Result<Granted, ConsentError> {
        let device = Device {
            http: &*self.shared.http,
            clock: &*self.shared.clock,
            waiting: self.waiting,
            endpoints,
            person: self.person,
        };
        let tokens = device.run(&self.registered.connection.scopes, self.cancel)?;
        let had_at = self.shared.clock.now_millis();
        Granted::tokens(self.shared, Ok(tokens), &endpoints.token_url, had_at)
    }

    /// The user copies the address, or what the provider shows him, from a browser that may be anywhere.
    fn paste(&self) -> Result<Granted, ConsentError> {
        let service = &self.registered.service;
        let is_dance = matches!(service.auth, AuthKind::OAuth1(_));
        let redirect = match &service.redirect_url {
            Some(url) => url.to_string(),
            None if is_dance => OUT_OF_BAND.to_owned(),
            None => format!("http://127.0.0.1:{PASTE_PORT}{CALLBACK_PATH}"),
        };
        let (url, pending) = Pending::begin(self.shared, self.registered, &redirect, self.cancel)?;
        let pasted = self.person.paste(&url);
        if self.cancel.is_cancelled() {
            return Err(ConsentError::interrupted());
        }
        let pasted = pasted.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let Some(pasted) = pasted else {
            return Err(ConsentError::timed_out("nothing was pasted"));
        };
        match answer_in(pasted) {
            Some(answer) => pending.finish(self.shared, self.registered, &answer, self.cancel),
            None if is_dance => {
                let verifier = Secret::new(pasted);
                pending.finish_dance(self.shared, self.registered, &verifier, self.cancel)
            }
            None => Err(ConsentError::new(
                ConsentErrorKind::Mismatch,
                "what was pasted is not the address at which the browser ended",
            )
            .help("paste the whole address with `code` and `state`, even where the page itself could not be shown")),
        }
    }

    #[cfg(feature = "loopback")]
    fn browser(&self) -> Result<Granted, ConsentError> {
        use super::callback::Callback;
        let service = &self.registered.service;
        // Listening comes first: the browser may be back before we look.
        let callback = Callback::open(service.redirect_url.as_ref(), &service.link_name)?;
        let (url, pending) = Pending::begin(self.shared, self.registered, callback.url().as_str(), self.cancel)?;
        self.person.visit(&url);
        let visit = callback.wait(PATIENCE, self.cancel)?;
        let granted = pending.finish(self.shared, self.registered, visit.address(), self.cancel);
        visit.answer(granted.as_ref().map(|_| ()));
        granted
    }

    #[cfg(not(feature = "loopback"))]
    fn browser(&self) -> Result<Granted, ConsentError> {
        let message = "this build of dg cannot listen for the browser's answer";
        Err(ConsentError::unsuitable(message).help("connect in paste mode"))
    }
}

/// The address that somebody pasted, or its query alone.
fn answer_in(pasted: &str) -> Option<Url> {
    let whole = Url::parse(pasted)
        .ok()
        .filter(|url| url.has_host() && url.query().is_some());
    whole.or_else(|| {
        let query = pasted.trim_start_matches(['?', '&']);
        let telling = query.contains("state=") || query.contains("oauth_token=");
        let mut url = Url::parse("http://127.0.0.1/").ok()?;
        url.set_query(Some(query));
        (telling && !query.contains(char::is_whitespace)).then_some(url)
    })
}

impl Granted {
    /// A credential without an end.
    pub(super) fn lasting(credential: Credential, now: i64) -> Self {
        Self(StoredGrant::new(credential, now, None))
    }

    /// The grant that tokens are, counted from when they were asked for.
    pub(super) fn tokens(
        shared: &Shared,
        tokens: Result<Tokens, TokenError>,
        asked: &Url,
        asked_at: i64,
    ) -> Result<Self, ConsentError> {
        let host = asked.host_str().unwrap_or_default();
        let tokens = tokens.map_err(|error| {
            let mut error = ConsentError::token(error, host);
            error.message = shared.redactor.redact(&error.message);
            error
        })?;
        let credential = Credential::OAuth2 {
            access: Some(tokens.access),
            refresh: tokens.refresh,
        };
        Ok(Self(StoredGrant {
            scopes: tokens.scopes,
            ..StoredGrant::new(credential, asked_at, tokens.lifetime)
        }))
    }

    /// Puts the grant into the store, unless the service became another one while the user was asked.
    pub(super) fn keep(self, shared: &Shared, asked: &Registered, user: &UserId) -> Result<Connected, ConsentError> {
        let link = &asked.connection.link_name;
        let Registered { connection, service } = shared.find(link)?;
        if service.auth != asked.service.auth || connection.service != asked.connection.service {
            let message = format!("the service of the connection `{link}` was changed while you were asked");
            return Err(ConsentError::new(ConsentErrorKind::Mismatch, message).help("run the command again"));
        }
        let name = GrantName {
            connection: link.clone(),
            user: user.clone(),
        };
        let Self(grant) = self;
        shared.redactor.watch_credential(&grant.credential);
        for _ in 0..SAVES {
            let failed = |error| ConsentError::store(link, error);
            let former = shared.records.grant(&name).map_err(failed)?.map(|found| found.version);
            if shared
                .records
                .put_grant(&name, &grant, former)
                .map_err(failed)?
                .is_some()
            {
                shared.note_token_request(&name, host_of(&service.auth), "connected".to_owned());
                return Ok(connected(name, &grant, &connection.scopes, &service.auth));
            }
        }
        Err(refusal::refresh_busy(&connection).into())
    }
}

fn connected(name: GrantName, grant: &StoredGrant, scopes: &[String], auth: &AuthKind) -> Connected {
    // A provider that names no scopes granted those that were asked for (RFC 6749 section 5.1).
    let is_missing = |scope: &&String| !grant.scopes.is_empty() && !grant.scopes.contains(scope);
    let renewable = match (auth, &grant.credential) {
        (AuthKind::OAuth2(endpoints), Credential::OAuth2 { refresh, .. }) => {
            endpoints.grant_type == GrantType::ClientCredentials || refresh.is_some()
        }
        _ => false,
    };
    Connected {
        connection: name.connection,
        user: name.user,
        missing_scopes: scopes.iter().filter(is_missing).cloned().collect(),
        expires_at: grant.expires_at,
        renewable,
    }
}

fn host_of(auth: &AuthKind) -> &str {
    let url = match auth {
        AuthKind::OAuth2(endpoints) => endpoints.token_url.host_str(),
        AuthKind::OAuth1(endpoints) => endpoints.access_token_url.host_str(),
        AuthKind::ApiKey { .. } | AuthKind::Basic => None,
    };
    url.unwrap_or_default()
}
