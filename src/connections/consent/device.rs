//! Device code (RFC 8628): the user types a short code in at a page of the provider, with whatever browser he has, and
//! the provider is asked in intervals whether he has done so.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::error::{ConsentError, ConsentErrorKind};
use super::{Person, UserCode, Waiting};
use crate::connections::allowed_host::is_confidential;
use crate::connections::credential::Secret;
use crate::connections::service::OAuth2Endpoints;
use crate::connections::token::{TokenError, TokenRequest, Tokens, ask, ask_fields, clean, seconds};
use crate::host::{Cancel, Clock, Http};

/// Seconds between two questions where the provider names none, and what a `slow_down` adds (section 3.5).
const INTERVAL: u64 = 5;

/// The longest interval that an unreachable provider stretches the questions to.
const LONGEST: u64 = 60;

/// Seconds that a code lives where the provider does not say.
const LIFETIME: u64 = 900;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a device needs of its surroundings.
pub(super) struct Device<'d> {
    pub(super) http: &'d dyn Http,
    pub(super) clock: &'d dyn Clock,
    pub(super) waiting: &'d dyn Waiting,
    pub(super) endpoints: &'d OAuth2Endpoints,
    pub(super) person: &'d dyn Person,
}

/// What the provider gave to begin with (section 3.2).
struct Started {
    device_code: Secret,
    shown: UserCode,
    interval: u64,
    /// When the code ends, in milliseconds since 1970.
    end: i64,
}

impl Device<'_> {
    /// Shows the code and waits for the tokens.
    pub(super) fn run(&self, scopes: &[String], cancel: &Cancel) -> Result<Tokens, ConsentError> {
        let mut started = self.start(scopes, cancel)?;
        self.person.type_in(&started.shown);
        let host = self.endpoints.token_url.host_str().unwrap_or_default();
        loop {
            if !self.waiting.wait(Duration::from_secs(started.interval), cancel) {
                return Err(ConsentError::interrupted());
            }
            if self.clock.now_millis() >= started.end {
                return Err(expired());
            }
            match self.poll(&started, cancel) {
                Ok(tokens) => return Ok(tokens),
                Err(TokenError::Refused { code, words }) => match code.as_str() {
                    "authorization_pending" => {}
                    "slow_down" => started.interval = started.interval.saturating_add(INTERVAL),
                    "access_denied" => return Err(ConsentError::denied(&words)),
                    "expired_token" => return Err(expired()),
                    _ => return Err(ConsentError::token(TokenError::Refused { code, words }, host)),
                },
                // A provider that cannot be reached is asked less and less often (section 3.5).
                Err(TokenError::Unavailable(_)) => {
                    started.interval = started.interval.saturating_mul(2).min(LONGEST.max(started.interval));
                }
                Err(error) => return Err(ConsentError::token(error, host)),
            }
        }
    }

    fn start(&self, scopes: &[String], cancel: &Cancel) -> Result<Started, ConsentError> {
        let Some(url) = &self.endpoints.device_url else {
            return Err(ConsentError::unsuitable(
                "its service has no `device_authorization_url`, where a device could ask",
            )
            .help("connect with a browser, or add the URL to the service"));
        };
        let host = url.host_str().unwrap_or_default();
        let scope = self.endpoints.joined_scopes(scopes);
        let mut params = Vec::new();
        if !scope.is_empty() {
            params.push(("scope".to_owned(), scope));
        }
        let request = TokenRequest {
            endpoints: self.endpoints,
            url,
            params,
        };
        let asked_at = self.clock.now_millis();
        let fields = ask_fields(self.http, request, cancel).map_err(|error| ConsentError::token(error, host))?;
        read(&fields, asked_at).ok_or_else(|| {
            let message = format!("the provider at `{host}` gave no device code");
            ConsentError::new(ConsentErrorKind::Provider, message)
                .help("check the service's `device_authorization_url`")
        })
    }

    fn poll(&self, started: &Started, cancel: &Cancel) -> Result<Tokens, TokenError> {
        let params = vec![
            ("grant_type".to_owned(), GRANT.to_owned()),
            ("device_code".to_owned(), started.device_code.expose().to_owned()),
        ];
        let request = TokenRequest {
            endpoints: self.endpoints,
            url: &self.endpoints.token_url,
            params,
        };
        ask(self.http, request, cancel)
    }
}

fn expired() -> ConsentError {
    ConsentError::timed_out("the code ran out before anybody typed it in")
}

/// The fields of the answer. Google says `verification_url`.
fn read(fields: &Value, asked_at: i64) -> Option<Started> {
    let text = |name: &str| fields[name].as_str().filter(|text| !text.is_empty());
    let url = |name: &str| Url::parse(text(name)?).ok().filter(is_confidential);
    let lifetime = seconds(&fields["expires_in"]).unwrap_or(LIFETIME);
    let millis = i64::try_from(lifetime).unwrap_or(i64::MAX).saturating_mul(1_000);
    Some(Started {
        device_code: Secret::new(text("device_code")?),
        shown: UserCode {
            code: clean(text("user_code")?),
            url: url("verification_uri").or_else(|| url("verification_url"))?,
            complete_url: url("verification_uri_complete").or_else(|| url("verification_url_complete")),
            lifetime: Duration::from_secs(lifetime),
        },
        interval: seconds(&fields["interval"]).unwrap_or(INTERVAL),
        end: asked_at.saturating_add(millis),
    })
}

#[cfg(test)]
mod tests;
