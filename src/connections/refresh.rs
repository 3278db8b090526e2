//! Refreshing a grant so that of many who find it stale exactly one asks the provider, within a process and across
//! processes. A refresh token is often good once, and spending it twice ends the whole grant.
//!
//! Within the process the others wait ([`Flights`]); across processes a lease does it. Whoever has the lease looks at the
//! grant again, asks, and has the new tokens on the disk before anybody uses them. Only the version decides what is
//! written, so a lease that ran out costs a second request at worst.

use std::time::{Duration, Instant};

use super::connection::Connection;
use super::consent::client;
use super::crash::crash_point;
use super::credential::{Credential, Secret};
use super::flights::{Turn, jitter, nap};
use super::grant::{GrantState, StoredGrant};
use super::records::{Found, GrantLease, GrantName};
use super::refusal;
use super::service::{GrantType, OAuth2Endpoints, Service};
use super::shared::{Registered, Shared};
use super::store::StoreError;
use super::token::{TokenError, TokenRequest, Tokens, ask};
use crate::host::{AuthorityError, Cancel};

/// How long a lease lasts: longer than a provider may take.
const LEASE: Duration = Duration::from_secs(30);

/// How long to wait for another process that has the lease.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often to try again where the store fails between the provider's answer and the disk: the answer is all there is.
const SAVES: u32 = 3;

/// Why a grant is to be refreshed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Its time is nearly over.
    Stale,
    /// The server refused it in this version.
    Rejected(u64),
}

/// The refresh of one grant.
pub(super) struct Refresh<'r> {
    shared: &'r Shared,
    connection: &'r Connection,
    service: &'r Service,
    endpoints: &'r OAuth2Endpoints,
    name: &'r GrantName,
}

/// What came of it.
struct Refreshed {
    grant: Found<StoredGrant>,
    /// Whether this call asked the provider.
    asked: bool,
}

impl<'r> Refresh<'r> {
    pub(super) fn new(
        shared: &'r Shared,
        registered: &'r Registered,
        endpoints: &'r OAuth2Endpoints,
        name: &'r GrantName,
    ) -> Self {
        Self {
            shared,
            connection: &registered.connection,
            service: &registered.service,
            endpoints,
            name,
        }
    }

    /// A grant that serves: refreshed here, or by somebody else meanwhile.
    pub(super) fn renew(&self, need: Need, cancel: &Cancel) -> Result<Found<StoredGrant>, AuthorityError> {
        let renewed = self.renew_together(need, cancel);
        let outcome = match &renewed {
            Ok(refreshed) if !refreshed.asked => None,
            Ok(_) => Some("refreshed".to_owned()),
            Err(error) => Some(format!("not refreshed: {}", error.kind.code().title())),
        };
        if let Some(outcome) = outcome {
            let host = self.endpoints.refresh_url().host_str().unwrap_or_default();
            self.shared.note_token_request(self.name, host, outcome);
        }
        Ok(renewed?.grant)
    }

    /// One of this process refreshes, the others wait.
    fn renew_together(&self, need: Need, cancel: &Cancel) -> Result<Refreshed, AuthorityError> {
        if need == Need::Stale && self.shared.flights.is_grounded(self.name) {
            let grant = self.load()?;
            if !grant.value.is_over(self.shared.clock.now_millis()) {
                return Ok(Refreshed { grant, asked: false });
            }
        }
        loop {
            match self.shared.flights.enter(self.name, cancel) {
                Turn::Mine(pilot) => {
                    let renewed = self.renew_alone(need, cancel);
                    match &renewed {
                        // Those who wait have runs of their own, which nobody stopped.
                        Err(error) if *error != self.interrupted() => pilot.fail(error.clone()),
                        _ => drop(pilot),
                    }
                    return renewed;
                }
                Turn::Landed => {
                    let grant = self.load()?;
                    // Whoever was at it may have had to make do with a token that is not over yet; so do we.
                    let lasts = need == Need::Stale && !grant.value.is_over(self.shared.clock.now_millis());
                    if self.serves(&grant, need)? || lasts {
                        return Ok(Refreshed { grant, asked: false });
                    }
                }
                Turn::Failed(error) => return Err(error),
                Turn::Interrupted => return Err(self.interrupted()),
            }
        }
    }

    /// The only one in this process: takes the lease, or waits for the process that has it.
    fn renew_alone(&self, need: Need, cancel: &Cancel) -> Result<Refreshed, AuthorityError> {
        let owner = lease_owner();
        let end = Instant::now() + PATIENCE;
        loop {
            let lease = self.shared.records.lease_grant(self.name, &owner, LEASE);
            match lease.map_err(|error| self.store(error))? {
                GrantLease::Granted(found) => {
                    let renewed = match found {
                        Some(found) => self.renew_leased(found, need, cancel),
                        None => Err(self.not_connected()),
                    };
                    // A lease that is not given back runs out by itself.
                    let _ = self.shared.records.release_grant(self.name, &owner);
                    return renewed;
                }
                GrantLease::Held(_) if Instant::now() >= end => return Err(refusal::refresh_busy(self.connection)),
                GrantLease::Held(left) => {
                    let pause = Duration::from_millis(50 + u64::from(jitter()) * 200 / 255);
                    if !nap(pause.min(left.max(Duration::from_millis(1))), cancel) {
                        return Err(self.interrupted());
                    }
                    let grant = self.load()?;
                    if self.serves(&grant, need)? {
                        return Ok(Refreshed { grant, asked: false });
                    }
                }
            }
        }
    }

    /// The only one at all: looks again, asks, saves.
    fn renew_leased(
        &self,
        found: Found<StoredGrant>,
        need: Need,
        cancel: &Cancel,
    ) -> Result<Refreshed, AuthorityError> {
        let mut spent = found;
        if let Some(granted) = self.shared.unsaved.take(self.name, spent.version) {
            spent = self.put(&spent, granted)?;
        }
        // A second round is for a grant that somebody who had no lease rotated while the provider was asked.
        for _ in 0..2 {
            if self.serves(&spent, need)? {
                return Ok(Refreshed {
                    grant: spent,
                    asked: false,
                });
            }
            let asked_at = self.shared.clock.now_millis();
            match self.ask(&spent.value, cancel) {
                Ok(tokens) => {
                    crash_point("answered");
                    let grant = self.save(&spent, tokens, asked_at)?;
                    return Ok(Refreshed { grant, asked: true });
                }
                Err(TokenError::GrantRefused(why)) => {
                    let now_stored = self.load()?;
                    if refresh_token(&now_stored.value) == refresh_token(&spent.value) {
                        return Err(self.give_up(now_stored, &why));
                    }
                    spent = now_stored;
                }
                Err(error) => return self.make_do(spent, need, error),
            }
        }
        Err(refusal::refresh_busy(self.connection))
    }

    fn ask(&self, grant: &StoredGrant, cancel: &Cancel) -> Result<Tokens, TokenError> {
        if self.endpoints.grant_type == GrantType::ClientCredentials {
            return client::obtain(&*self.shared.http, self.endpoints, &self.connection.scopes, cancel);
        }
        let Some(refresh) = refresh_token(grant) else {
            return Err(TokenError::GrantRefused(
                "the access token is over, and the provider gave no refresh token".to_owned(),
            ));
        };
        let params = vec![
            ("grant_type".to_owned(), "refresh_token".to_owned()),
            ("refresh_token".to_owned(), refresh.expose().to_owned()),
        ];
        // Once it is sent the old token may be spent, so nobody may stop this before the answer is saved; it takes ten
        // seconds at most.
        let unstoppable = Cancel::new();
        let request = TokenRequest {
            endpoints: self.endpoints,
            url: self.endpoints.refresh_url(),
            params,
        };
        ask(&*self.shared.http, request, &unstoppable)
    }

    /// Puts new tokens on the disk. Another version there is no reason to lose them, unless it has other tokens.
    fn save(
        &self,
        spent: &Found<StoredGrant>,
        tokens: Tokens,
        asked_at: i64,
    ) -> Result<Found<StoredGrant>, AuthorityError> {
        let former = refresh_token(&spent.value);
        let granted = StoredGrant {
            scopes: if tokens.scopes.is_empty() {
                spent.value.scopes.clone()
            } else {
                tokens.scopes
            },
            ..StoredGrant::new(
                Credential::OAuth2 {
                    access: Some(tokens.access),
                    refresh: tokens.refresh.or_else(|| former.cloned()),
                },
                asked_at,
                tokens.lifetime,
            )
        };
        self.shared.redactor.watch_credential(&granted.credential);
        self.put(spent, granted)
    }

    fn put(&self, spent: &Found<StoredGrant>, granted: StoredGrant) -> Result<Found<StoredGrant>, AuthorityError> {
        let former = refresh_token(&spent.value);
        let mut version = spent.version;
        let mut failure = None;
        for _ in 0..SAVES {
            match self.shared.records.put_grant(self.name, &granted, Some(version)) {
                Ok(Some(version)) => {
                    return Ok(Found {
                        value: granted,
                        version,
                    });
                }
                Ok(None) => {
                    let stored = self.load()?;
                    if refresh_token(&stored.value) != former
                        || self.endpoints.grant_type == GrantType::ClientCredentials
                    {
                        return Ok(stored);
                    }
                    version = stored.version;
                }
                Err(error) => failure = Some(error),
            }
        }
        Err(match failure {
            Some(error) => {
                self.shared.unsaved.keep(self.name, version, granted);
                refusal::unsaved(self.connection, error)
            }
            None => refusal::refresh_busy(self.connection),
        })
    }

    /// The provider refuses the grant that is stored: somebody has to connect again, and everybody is told so.
    fn give_up(&self, stored: Found<StoredGrant>, why: &str) -> AuthorityError {
        let reason = format!("the provider refused it ({})", self.shared.redactor.redact(why));
        let mut grant = stored.value;
        grant.state = GrantState::NeedsReconnect { reason: reason.clone() };
        // If it cannot be noted, the next one finds out again.
        let _ = self.shared.records.put_grant(self.name, &grant, Some(stored.version));
        refusal::reconnect(self.connection, self.service, &self.name.user, &reason)
    }

    /// Nothing new is to be had. A token that was to be refreshed ahead of its end serves on until then.
    fn make_do(&self, grant: Found<StoredGrant>, need: Need, error: TokenError) -> Result<Refreshed, AuthorityError> {
        if error == TokenError::Interrupted {
            return Err(self.interrupted());
        }
        if need == Need::Stale && !grant.value.is_over(self.shared.clock.now_millis()) {
            self.shared.flights.ground(self.name);
            return Ok(Refreshed { grant, asked: false });
        }
        let host = self.endpoints.refresh_url().host_str().unwrap_or_default();
        Err(match error {
            TokenError::Refused { code, words } if code == "slow_down" => {
                refusal::refresh_failed(self.connection, host, &self.shared.redactor.redact(&words))
            }
            TokenError::Refused { code, words } if code == "invalid_scope" => {
                let why = self.shared.redactor.redact(&words);
                refusal::scope_refused(self.connection, self.service, &self.name.user, &why)
            }
            TokenError::Refused { words, .. } => {
                refusal::client_refused(self.connection, self.service, &self.shared.redactor.redact(&words))
            }
            TokenError::GrantRefused(why) | TokenError::Unavailable(why) => {
                refusal::refresh_failed(self.connection, host, &self.shared.redactor.redact(&why))
            }
            TokenError::Moved(why) => refusal::refresh_moved(self.connection, self.endpoints, &why),
            TokenError::Interrupted => self.interrupted(),
        })
    }

    /// Whether a grant answers the need.
    fn serves(&self, grant: &Found<StoredGrant>, need: Need) -> Result<bool, AuthorityError> {
        if let GrantState::NeedsReconnect { reason } = &grant.value.state {
            return Err(refusal::reconnect(
                self.connection,
                self.service,
                &self.name.user,
                reason,
            ));
        }
        let now = self.shared.clock.now_millis();
        Ok(match need {
            Need::Stale => !is_due(&grant.value, self.endpoints, now),
            Need::Rejected(version) => grant.version != version && !grant.value.is_over(now),
        })
    }

    fn load(&self) -> Result<Found<StoredGrant>, AuthorityError> {
        let found = self
            .shared
            .records
            .grant(self.name)
            .map_err(|error| self.store(error))?;
        found.ok_or_else(|| self.not_connected())
    }

    fn not_connected(&self) -> AuthorityError {
        refusal::not_connected(self.connection, self.service, &self.name.user)
    }

    fn interrupted(&self) -> AuthorityError {
        refusal::interrupted(&self.name.connection)
    }

    fn store(&self, error: StoreError) -> AuthorityError {
        refusal::store(&self.name.connection, error)
    }
}

/// Whether it is time to refresh. A token that cannot be refreshed is used to its end.
pub(super) fn is_due(grant: &StoredGrant, endpoints: &OAuth2Endpoints, now: i64) -> bool {
    if is_refreshable(grant, endpoints) {
        grant.is_stale(now)
    } else {
        grant.is_over(now)
    }
}

/// Whether new tokens can be had without asking anybody.
pub(super) fn is_refreshable(grant: &StoredGrant, endpoints: &OAuth2Endpoints) -> bool {
    endpoints.grant_type == GrantType::ClientCredentials || refresh_token(grant).is_some()
}

fn refresh_token(grant: &StoredGrant) -> Option<&Secret> {
    match &grant.credential {
        Credential::OAuth2 { refresh, .. } => refresh.as_ref(),
        _ => None,
    }
}

/// A name that no other lease has.
fn lease_owner() -> String {
    let mut bytes = [0; 16];
    // Without random bytes the process and the time still tell owners apart.
    let _ = getrandom::fill(&mut bytes);
    let random: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} {:?} {random}", std::process::id(), std::thread::current().id())
}
