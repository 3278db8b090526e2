//! Revoking: the provider is told that the tokens are not needed any more (RFC 7009), then they are forgotten here. The
//! connection itself stays.

use super::connect::Wish;
use super::error::ConsentError;
use crate::connections::Connections;
use crate::connections::credential::{Credential, Secret};
use crate::connections::grant::StoredGrant;
use crate::connections::records::GrantName;
use crate::connections::service::{AuthKind, Service};
use crate::connections::shared::Shared;
use crate::connections::token::{TokenError, TokenRequest, tell};
use crate::host::Cancel;

/// How often a grant that changes at the same moment is tried.
const TRIES: usize = 5;

/// What came of revoking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Whether there was a grant to forget.
    pub forgotten: bool,
    /// What the provider did.
    pub at_provider: AtProvider,
}

/// What a provider did about a token that is not needed any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtProvider {
    /// It revoked it.
    Done,
    /// There was nothing to tell it, or no URL where it could be told.
    NotAsked,
    /// It could not be told, for this reason; the token may still be good there.
    Failed(String),
}

impl Connections {
    /// Takes a user's authorisation back: at the provider where the service has a URL for that, and here in any case.
    ///
    /// # Errors
    /// There is no such connection, or the store failed.
    pub fn revoke(&self, wish: &Wish, cancel: &Cancel) -> Result<Revoked, ConsentError> {
        let shared = &*self.shared;
        let registered = shared.find(&wish.connection)?;
        let name = GrantName {
            connection: wish.connection.clone(),
            user: wish.user.clone(),
        };
        let mut at_provider = AtProvider::NotAsked;
        for _ in 0..TRIES {
            let failed = |error| ConsentError::store(&wish.connection, error);
            let Some(found) = shared.records.grant(&name).map_err(failed)? else {
                return Ok(Revoked {
                    forgotten: at_provider != AtProvider::NotAsked,
                    at_provider,
                });
            };
            at_provider = at(shared, &registered.service, &found.value, cancel);
            if shared.records.delete_grant(&name, found.version).map_err(failed)? {
                let host = revoke_host(&registered.service);
                shared.note_token_request(&name, host, "revoked".to_owned());
                return Ok(Revoked {
                    forgotten: true,
                    at_provider,
                });
            }
        }
        Err(crate::connections::refusal::refresh_busy(&registered.connection).into())
    }
}

/// Tells the provider. With the refresh token the access tokens made of it end too (RFC 7009 section 2.1), but not with
/// every provider; so each is told.
fn at(shared: &Shared, service: &Service, grant: &StoredGrant, cancel: &Cancel) -> AtProvider {
    let (AuthKind::OAuth2(endpoints), Credential::OAuth2 { access, refresh }) = (&service.auth, &grant.credential)
    else {
        return AtProvider::NotAsked;
    };
    let Some(url) = &endpoints.revoke_url else {
        return AtProvider::NotAsked;
    };
    let mut outcome = AtProvider::NotAsked;
    let tokens: [(Option<&Secret>, &str); 2] = [(refresh.as_ref(), "refresh_token"), (access.as_ref(), "access_token")];
    for (token, hint) in tokens {
        let Some(token) = token else { continue };
        let params = vec![
            ("token".to_owned(), token.expose().to_owned()),
            ("token_type_hint".to_owned(), hint.to_owned()),
        ];
        let request = TokenRequest { endpoints, url, params };
        match tell(&*shared.http, request, cancel) {
            Ok(()) if outcome == AtProvider::NotAsked => outcome = AtProvider::Done,
            // Some providers know one of the two kinds only.
            Ok(()) => {}
            Err(TokenError::Refused { code, .. }) if code == "unsupported_token_type" => {}
            Err(error) => outcome = AtProvider::Failed(shared.redactor.redact(&words(error))),
        }
    }
    outcome
}

fn words(error: TokenError) -> String {
    match error {
        TokenError::GrantRefused(words)
        | TokenError::Refused { words, .. }
        | TokenError::Unavailable(words)
        | TokenError::Moved(words) => words,
        TokenError::Interrupted => "it was stopped".to_owned(),
    }
}

fn revoke_host(service: &Service) -> &str {
    match &service.auth {
        AuthKind::OAuth2(endpoints) => endpoints
            .revoke_url
            .as_ref()
            .and_then(|url| url.host_str())
            .unwrap_or_default(),
        _ => "",
    }
}
