//! Token requests of OAuth 2 (RFC 6749 sections 4.4, 5 and 6), and answers as providers really give them: a life as a
//! text, an error with status 200, a form instead of JSON, a token one level further in.

use std::time::Duration;

use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::host::{Body, Cancel, Headers, Http, HttpErrorKind, Method, Request, Response};

use super::credential::Secret;
use super::service::{ClientAuth, OAuth2Endpoints, TokenBody};
use super::sign::basic;

/// How long a provider may take: a third of the lease that is held meanwhile.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most bytes an answer may have.
const ANSWER_LIMIT: usize = 1 << 20;

/// The most characters of a provider's own words that are repeated.
const WORDS: usize = 200;

/// What a provider gave.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) access: Secret,
    /// A new refresh token; `None` means that the former one still serves (RFC 6749 section 6).
    pub(super) refresh: Option<Secret>,
    /// Seconds that the access token lives, where the provider says.
    pub(super) lifetime: Option<u64>,
    /// The scopes granted, where the provider says.
    pub(super) scopes: Vec<String>,
}

/// Why a provider gave nothing. Holds no secret but what the provider itself repeats, which is redacted by whoever shows
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenError {
    /// It refuses the grant for good: somebody has to connect again.
    GrantRefused(String),
    /// It refuses something else, the client for instance.
    Refused(String),
    /// It could not be reached or made no sense; later it may.
    Unavailable(String),
    /// Somebody stopped the run.
    Interrupted,
}

/// Asks for tokens with these parameters, to which those of the client and of the service are added.
pub(super) fn ask(
    http: &dyn Http,
    endpoints: &OAuth2Endpoints,
    url: &Url,
    params: Vec<(String, String)>,
    cancel: &Cancel,
) -> Result<Tokens, TokenError> {
    let request = to_request(endpoints, url, params)?;
    match http.send(&request, cancel) {
        Ok(response) => read(&response, endpoints),
        Err(error) if error.kind == HttpErrorKind::Interrupted => Err(TokenError::Interrupted),
        Err(error) => Err(TokenError::Unavailable(error.reason)),
    }
}

fn to_request(
    endpoints: &OAuth2Endpoints,
    url: &Url,
    mut params: Vec<(String, String)>,
) -> Result<Request, TokenError> {
    let mut headers = Headers::default();
    headers.set("Accept", "application/json");
    let secret = &endpoints.client_secret;
    match endpoints.client_auth {
        ClientAuth::Body => {
            params.push(("client_id".to_owned(), endpoints.client_id.clone()));
            // A public client has no secret, and must not send an empty one.
            if !secret.is_empty() {
                params.push(("client_secret".to_owned(), secret.expose().to_owned()));
            }
        }
        ClientAuth::Basic => {
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let secret = Secret::new(encoded(secret.expose()));
            headers.set("Authorization", basic::value(&encoded(&endpoints.client_id), &secret));
        }
        ClientAuth::BasicRaw => {
            headers.set("Authorization", basic::value(&endpoints.client_id, secret));
        }
    }
    for (name, value) in &endpoints.token_params {
        if !params.iter().any(|(given, _)| given == name) {
            params.push((name.clone(), value.clone()));
        }
    }
    let body = match endpoints.token_body {
        TokenBody::Form => Body::Form(params),
        TokenBody::Json => {
            headers.set("Content-Type", "application/json");
            let object: serde_json::Map<String, Value> = params
                .into_iter()
                .map(|(name, value)| (name, Value::String(value)))
                .collect();
            Body::Bytes(Value::Object(object).to_string().into_bytes())
        }
    };
    Ok(Request {
        method: Method::Post,
        url: url.clone(),
        headers,
        body,
        timeout: TIMEOUT,
        response_limit: ANSWER_LIMIT,
    })
}

fn read(response: &Response, endpoints: &OAuth2Endpoints) -> Result<Tokens, TokenError> {
    if (300..400).contains(&response.status) {
        let status = response.status;
        let why = format!("it redirects (status {status}); the token URL has to be the final one");
        return Err(TokenError::Unavailable(why));
    }
    let Some(fields) = fields(response) else {
        let status = response.status;
        return Err(TokenError::Unavailable(format!(
            "it answered {status} with no token in it"
        )));
    };
    // Slack puts a user's own token one level further in.
    let user = fields.get("authed_user").unwrap_or(&Value::Null);
    let holder = if text(&fields["access_token"]).is_some() {
        &fields
    } else {
        user
    };
    match text(&holder["access_token"]) {
        Some(access) if response.status < 300 && text(&fields["error"]).is_none() => Ok(Tokens {
            access: Secret::new(access),
            refresh: text(&holder["refresh_token"]).map(Secret::new),
            lifetime: lifetime(&holder["expires_in"]).or(endpoints.assumed_lifetime),
            scopes: scopes(&holder["scope"]),
        }),
        _ => Err(refusal(response.status, &fields)),
    }
}

/// The answer as a JSON object, whether it was JSON or, as with GitHub in former days, a form.
fn fields(response: &Response) -> Option<Value> {
    if let Ok(value @ Value::Object(_)) = serde_json::from_slice(&response.body) {
        return Some(value);
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&response.body).into_owned().collect();
    let telling = pairs.iter().any(|(name, _)| name == "access_token" || name == "error");
    let object = pairs.into_iter().map(|(name, value)| (name, Value::String(value)));
    telling.then(|| Value::Object(object.collect()))
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// Seconds, as a number, a fraction or a text. Nought and less say nothing: a token that is dead on arrival would be
/// refreshed for every request.
fn lifetime(value: &Value) -> Option<u64> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    // Rounded down; what is too large for an integer becomes the largest one.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and the sign was checked"
    )]
    (seconds >= 1.0).then_some(seconds as u64)
}

fn scopes(value: &Value) -> Vec<String> {
    let split = |text: &str| -> Vec<String> {
        let parts = text.split([' ', ',', '+']);
        parts.filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
    };
    match value {
        Value::String(text) => split(text),
        Value::Array(items) => items.iter().filter_map(text).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// What providers call a grant that is gone: RFC 6749 5.2, then Zoho, Slack and GitHub.
const GONE: [&str; 6] = [
    "invalid_grant",
    "invalid_code",
    "invalid_refresh_token",
    "bad_refresh_token",
    "token_revoked",
    "token_expired",
];

fn refusal(status: u16, fields: &Value) -> TokenError {
    let error = &fields["error"];
    let code = text(error)
        .or_else(|| text(&error["code"]))
        .or_else(|| text(&error["status"]))
        .or_else(|| text(&error["type"]));
    let description = text(&fields["error_description"])
        .or_else(|| text(&error["message"]))
        .or_else(|| text(&fields["message"]));
    let Some(code) = code else {
        return TokenError::Unavailable(format!("it answered {status} with no token in it"));
    };
    let words = match description {
        Some(description) => format!("{}: {}", clean(code), clean(description)),
        None => clean(code),
    };
    if GONE.contains(&code) {
        TokenError::GrantRefused(words)
    } else if status == 429 || status >= 500 || code == "temporarily_unavailable" || code == "slow_down" {
        TokenError::Unavailable(format!("it answered {status}, {words}"))
    } else {
        TokenError::Refused(words)
    }
}

/// A provider's words on one line, without what could steer a terminal, and not without end.
fn clean(words: &str) -> String {
    let visible = words.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut words: String = visible.take(WORDS + 1).collect();
    if words.chars().count() > WORDS {
        words.pop();
        words.push('…');
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests;
