//! Token requests of OAuth 2 (RFC 6749 sections 4 to 6), and answers as providers really give them: a life as a
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
    /// It refuses something else, the client for instance, or says that it is not time yet.
    Refused {
        /// The code of the error.
        code: String,
        /// The code and its description.
        words: String,
    },
    /// It could not be reached or made no sense; later it may.
    Unavailable(String),
    /// It sends the request elsewhere, which is not followed: the client's secret is in it.
    Moved(String),
    /// Somebody stopped the run.
    Interrupted,
}

/// What to ask a provider.
pub(super) struct TokenRequest<'t> {
    /// The client and how it proves itself.
    pub(super) endpoints: &'t OAuth2Endpoints,
    /// Where to ask.
    pub(super) url: &'t Url,
    /// What to say; the parameters of the client and of the service are added.
    pub(super) params: Vec<(String, String)>,
}

/// Asks for tokens.
pub(super) fn ask(http: &dyn Http, request: TokenRequest<'_>, cancel: &Cancel) -> Result<Tokens, TokenError> {
    let endpoints = request.endpoints;
    read(&send(http, request, cancel)?, endpoints)
}

/// Asks for something else than tokens, the code of a device for instance; gives the fields of the answer.
pub(super) fn ask_fields(http: &dyn Http, request: TokenRequest<'_>, cancel: &Cancel) -> Result<Value, TokenError> {
    let response = send(http, request, cancel)?;
    let fields = answered(&response)?;
    if response.status < 300 && text(&fields["error"]).is_none() {
        Ok(fields)
    } else {
        Err(refusal(&response, &fields))
    }
}

/// Tells a provider that a token is not needed any more (RFC 7009 section 2). Its answer has no content.
pub(super) fn tell(http: &dyn Http, request: TokenRequest<'_>, cancel: &Cancel) -> Result<(), TokenError> {
    let response = send(http, request, cancel)?;
    match response.status {
        200..=299 => Ok(()),
        status @ 300..=399 => Err(TokenError::Moved(redirects(status))),
        _ => Err(match fields(&response) {
            Some(fields) => refusal(&response, &fields),
            None => unavailable(&response, ""),
        }),
    }
}

fn send(http: &dyn Http, request: TokenRequest<'_>, cancel: &Cancel) -> Result<Response, TokenError> {
    match http.send(&request.into_request(), cancel) {
        Ok(response) => Ok(response),
        Err(error) if error.kind == HttpErrorKind::Interrupted => Err(TokenError::Interrupted),
        Err(error) => Err(TokenError::Unavailable(error.reason)),
    }
}

impl TokenRequest<'_> {
    fn into_request(mut self) -> Request {
        let mut headers = Headers::default();
        headers.set("Accept", "application/json");
        self.prove_client(&mut headers);
        for (name, value) in &self.endpoints.token_params {
            if !self.params.iter().any(|(given, _)| given == name) {
                self.params.push((name.clone(), value.clone()));
            }
        }
        let body = match self.endpoints.token_body {
            TokenBody::Form => Body::Form(self.params),
            TokenBody::Json => {
                headers.set("Content-Type", "application/json");
                let pairs = self
                    .params
                    .into_iter()
                    .map(|(name, value)| (name, Value::String(value)));
                Body::Bytes(Value::Object(pairs.collect()).to_string().into_bytes())
            }
        };
        Request {
            method: Method::Post,
            url: self.url.clone(),
            headers,
            body,
            timeout: TIMEOUT,
            response_limit: ANSWER_LIMIT,
        }
    }

    fn prove_client(&mut self, headers: &mut Headers) {
        let OAuth2Endpoints {
            client_id,
            client_secret,
            client_auth,
            ..
        } = self.endpoints;
        match client_auth {
            ClientAuth::Body => {
                self.params.push(("client_id".to_owned(), client_id.clone()));
                // A public client has no secret, and must not send an empty one.
                if !client_secret.is_empty() {
                    let secret = client_secret.expose().to_owned();
                    self.params.push(("client_secret".to_owned(), secret));
                }
            }
            ClientAuth::Basic => {
                let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let secret = Secret::new(encoded(client_secret.expose()));
                headers.set("Authorization", basic::value(&encoded(client_id), &secret));
            }
            ClientAuth::BasicRaw => {
                headers.set("Authorization", basic::value(client_id, client_secret));
            }
        }
    }
}

/// The fields of an answer that has any.
fn answered(response: &Response) -> Result<Value, TokenError> {
    let status = response.status;
    if (300..400).contains(&status) {
        return Err(TokenError::Moved(redirects(status)));
    }
    fields(response).ok_or_else(|| unavailable(response, " with no token in it"))
}

/// What is wrong with an address that sends elsewhere.
pub(super) fn redirects(status: u16) -> String {
    format!("it redirects (status {status}); the URL in the service has to be the final one")
}

/// No token now. `words` follow the status.
fn unavailable(response: &Response, words: &str) -> TokenError {
    TokenError::Unavailable(format!("it answered {}{words}{}", response.status, wait(response)))
}

/// How long a provider asks to be left alone (RFC 9110 section 10.2.3), as the end of a sentence; nothing where it does
/// not say.
pub(super) fn wait(response: &Response) -> String {
    let asked = response.headers.get("Retry-After").map(str::trim).unwrap_or_default();
    match asked.parse::<u64>() {
        Ok(1) => "; it asks to wait one second".to_owned(),
        Ok(seconds) => format!("; it asks to wait {seconds} seconds"),
        Err(_) if asked.ends_with("GMT") => format!("; it asks to wait until {}", clean(asked)),
        Err(_) => String::new(),
    }
}

fn read(response: &Response, endpoints: &OAuth2Endpoints) -> Result<Tokens, TokenError> {
    let fields = answered(response)?;
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
            lifetime: seconds(&holder["expires_in"]).or(endpoints.assumed_lifetime),
            scopes: scopes(&holder["scope"]),
        }),
        _ => Err(refusal(response, &fields)),
    }
}

/// The answer as a JSON object, whether it was JSON or, as with GitHub in former days, a form.
fn fields(response: &Response) -> Option<Value> {
    // Some servers put a byte order mark in front, which JSON does not know.
    let body = response.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&response.body);
    if let Ok(value @ Value::Object(_)) = serde_json::from_slice(body) {
        return Some(value);
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let telling = pairs.iter().any(|(name, _)| name == "access_token" || name == "error");
    let object = pairs.into_iter().map(|(name, value)| (name, Value::String(value)));
    telling.then(|| Value::Object(object.collect()))
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// Seconds, as a number, a fraction or a text. Nought and less say nothing: a token that is dead on arrival would be
/// refreshed for every request.
pub(super) fn seconds(value: &Value) -> Option<u64> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    // The cast rounds down, and what is too large for an integer becomes the largest one.
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

fn refusal(response: &Response, fields: &Value) -> TokenError {
    let status = response.status;
    let error = &fields["error"];
    let code = text(error)
        .or_else(|| text(&error["code"]))
        .or_else(|| text(&error["status"]))
        .or_else(|| text(&error["type"]));
    let description = text(&fields["error_description"])
        .or_else(|| text(&error["message"]))
        .or_else(|| text(&fields["message"]));
    let Some(code) = code else {
        return unavailable(response, " with no token in it");
    };
    let words = match description {
        Some(description) => format!("{}: {}", clean(code), clean(description)),
        None => clean(code),
    };
    if GONE.contains(&code) {
        TokenError::GrantRefused(words)
    } else if status == 429 || status >= 500 || code == "temporarily_unavailable" {
        unavailable(response, &format!(", {words}"))
    } else {
        TokenError::Refused {
            code: code.to_owned(),
            words,
        }
    }
}

/// A provider's words on one line, without what could steer a terminal, and not without end.
pub(super) fn clean(words: &str) -> String {
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
