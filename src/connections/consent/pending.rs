//! Consent in two steps, for a host whose own web route takes the answer: begin gives the address, finish takes what the
//! browser brings back. What is under way in between lives in this process alone.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

use super::code::{self, CodeRequest};
use super::connect::{Connected, Granted, Wish};
use super::dance::{DanceRequest, Floor};
use super::error::{ConsentError, ConsentErrorKind};
use crate::connections::Connections;
use crate::connections::credential::Secret;
use crate::connections::service::{AuthKind, GrantType, Service};
use crate::connections::shared::{Registered, Shared};
use crate::host::{Cancel, UserId};

/// How long an answer is waited for, in milliseconds.
const PATIENCE: i64 = 600_000;

/// The most that are under way at once; the oldest gives way.
const MOST: usize = 1_024;

/// A consent that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Where to send the user.
    pub authorize_url: Url,
    /// What the answer will carry: `state`, with OAuth 1 `oauth_token`. It tells whose answer it is, so it should be
    /// bound to the session of that user.
    pub state: String,
}

/// A consent that is under way.
#[derive(Debug)]
pub(super) enum Pending {
    Code(CodeRequest),
    Dance(DanceRequest),
}

/// The consents under way in this process.
#[derive(Default)]
pub(in crate::connections) struct Pendings {
    held: Mutex<VecDeque<Held>>,
}

struct Held {
    pending: Pending,
    registered: Registered,
    user: UserId,
    end: i64,
}

impl Connections {
    /// Begins a consent whose answer comes to a page of the caller. `redirect` is the address of that page; it has to be
    /// the one that is registered at the provider.
    ///
    /// # Errors
    /// There is no such connection, its service asks nobody for consent, or an OAuth 1 provider gave no token.
    pub fn begin_consent(&self, wish: &Wish, redirect: &Url) -> Result<Begun, ConsentError> {
        let shared = &*self.shared;
        let registered = shared.find(&wish.connection)?;
        let (authorize_url, pending) = Pending::begin(shared, &registered, redirect.as_str(), &Cancel::new())?;
        let begun = Begun {
            authorize_url,
            state: pending.proof().expose().to_owned(),
        };
        let now = shared.clock.now_millis();
        shared.pendings.add(
            Held {
                pending,
                registered,
                user: wish.user.clone(),
                end: now.saturating_add(PATIENCE),
            },
            now,
        );
        Ok(begun)
    }

    /// Ends a consent: `answer` is the address, query included, at which the user's browser arrived. Each answer counts
    /// once.
    ///
    /// # Errors
    /// No consent under way expects this answer, the user said no, the provider gave no token, or the connection or its
    /// service changed meanwhile.
    pub fn finish_consent(&self, answer: &Url) -> Result<Connected, ConsentError> {
        let shared = &*self.shared;
        let held = shared.pendings.take(answer, shared.clock.now_millis())?;
        let granted = held.pending.finish(shared, &held.registered, answer, &Cancel::new());
        let granted = granted.map_err(|error| error.of(&held.registered.connection.link_name))?;
        granted.keep(shared, &held.registered, &held.user)
    }
}

impl Pending {
    /// The address to send the user to.
    pub(super) fn begin(
        shared: &Shared,
        registered: &Registered,
        redirect: &str,
        cancel: &Cancel,
    ) -> Result<(Url, Self), ConsentError> {
        let scopes = &registered.connection.scopes;
        match &registered.service.auth {
            AuthKind::OAuth2(endpoints) if endpoints.grant_type == GrantType::AuthorizationCode => {
                let redirect =
                    Url::parse(redirect).map_err(|_| ConsentError::unsuitable("the callback URL is not a URL"))?;
                let (url, request) = code::begin(endpoints, scopes, &redirect)?;
                Ok((url, Self::Code(request)))
            }
            AuthKind::OAuth1(endpoints) => {
                let (url, dance) = floor(shared, &registered.service, endpoints).begin(scopes, redirect, cancel)?;
                shared.redactor.watch(dance.secret());
                Ok((url, Self::Dance(dance)))
            }
            _ => Err(nobody_to_ask(&registered.service)),
        }
    }

    /// What an answer has to carry to be this one's.
    fn proof(&self) -> &Secret {
        match self {
            Self::Code(request) => request.state(),
            Self::Dance(dance) => dance.token(),
        }
    }

    /// The grant that an answer stands for.
    pub(super) fn finish(
        &self,
        shared: &Shared,
        registered: &Registered,
        answer: &Url,
        cancel: &Cancel,
    ) -> Result<Granted, ConsentError> {
        match (self, &registered.service.auth) {
            (Self::Code(request), AuthKind::OAuth2(endpoints)) => {
                let code = request.read(answer, endpoints)?;
                shared.redactor.watch(&code);
                let asked_at = shared.clock.now_millis();
                let tokens = request.exchange(&*shared.http, endpoints, &code, cancel);
                Granted::tokens(shared, tokens, &endpoints.token_url, asked_at)
            }
            (Self::Dance(dance), AuthKind::OAuth1(_)) => {
                let verifier = dance.read(answer)?;
                self.finish_dance(shared, registered, &verifier, cancel)
            }
            _ => Err(nobody_to_ask(&registered.service)),
        }
    }

    /// The grant that a verifier stands for, which a provider showed to the user instead of sending him back.
    pub(super) fn finish_dance(
        &self,
        shared: &Shared,
        registered: &Registered,
        verifier: &Secret,
        cancel: &Cancel,
    ) -> Result<Granted, ConsentError> {
        let (Self::Dance(dance), AuthKind::OAuth1(endpoints)) = (self, &registered.service.auth) else {
            return Err(nobody_to_ask(&registered.service));
        };
        let had_at = shared.clock.now_millis();
        let credential = floor(shared, &registered.service, endpoints).finish(dance, verifier, cancel)?;
        Ok(Granted::lasting(credential, had_at))
    }
}

fn floor<'f>(
    shared: &'f Shared,
    service: &'f Service,
    endpoints: &'f crate::connections::service::OAuth1Endpoints,
) -> Floor<'f> {
    Floor {
        http: &*shared.http,
        clock: &*shared.clock,
        service,
        endpoints,
    }
}

fn nobody_to_ask(service: &Service) -> ConsentError {
    let name = &service.link_name;
    let kind = service.auth.label();
    ConsentError::unsuitable(format!("the service `{name}` ({kind}) asks no user for consent"))
}

impl Pendings {
    fn add(&self, held: Held, now: i64) {
        let mut all = self.held();
        all.retain(|other| other.end > now);
        if all.len() >= MOST {
            all.pop_front();
        }
        all.push_back(held);
    }

    /// The consent that an answer belongs to; it is not under way any more.
    fn take(&self, answer: &Url, now: i64) -> Result<Held, ConsentError> {
        let mut all = self.held();
        all.retain(|other| other.end > now);
        let names = ["state", "oauth_token", "denied"];
        let pairs = answer.query_pairs().filter(|(name, _)| names.contains(&&**name));
        let proofs: Vec<Secret> = pairs.map(|(_, value)| Secret::new(value)).collect();
        let found = all.iter().position(|held| proofs.contains(held.pending.proof()));
        found.and_then(|at| all.remove(at)).ok_or_else(|| {
            let message =
                "no consent that is under way expects this answer: it came too late, or twice, or from elsewhere";
            ConsentError::new(ConsentErrorKind::Mismatch, message).help("begin again")
        })
    }

    fn held(&self) -> MutexGuard<'_, VecDeque<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
