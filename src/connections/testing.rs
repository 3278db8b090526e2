//! What the tests of this module share: services, requests, and a provider that rotates refresh tokens and revokes the
//! whole grant when an old one is used again, as real ones do.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use url::Url;

use crate::host::{Asked, Body, Cancel, Headers, Http, HttpError, LinkName, Method, Request, Response, UserId};

use super::allowed_host::AllowedHost;
use super::consent::{Person, UserCode};
use super::credential::Secret;
use super::service::{AuthKind, ClientAuth, GrantType, OAuth2Endpoints, ParamType, ScopeDelimiter, Service, TokenBody};

pub(super) fn link(name: &str) -> LinkName {
    LinkName::new(name).unwrap()
}

pub(super) fn asked(connection: &str, user: &str) -> Asked {
    Asked {
        connection: link(connection),
        user: UserId::new(user),
        user_access: None,
    }
}

pub(super) fn request(method: Method, url: &str, body: Body) -> Request {
    Request {
        method,
        url: Url::parse(url).unwrap(),
        headers: Headers::default(),
        body,
        timeout: Duration::from_secs(1),
        response_limit: 1 << 20,
    }
}

pub(super) fn service(name: &str, auth: AuthKind, param_type: ParamType) -> Service {
    Service {
        link_name: link(name),
        name: name.to_owned(),
        auth,
        param_type,
        hosts: vec![AllowedHost::parse("api.example.com").unwrap()],
        extra_headers: Vec::new(),
        test_url: None,
        redirect_url: None,
        placeholders: Vec::new(),
    }
}

pub(super) fn endpoints(grant_type: GrantType) -> OAuth2Endpoints {
    OAuth2Endpoints {
        grant_type,
        client_id: "client-1".to_owned(),
        client_secret: Secret::new("canary-client-secret"),
        authorize_url: None,
        token_url: Url::parse("https://login.example.com/token").unwrap(),
        refresh_url: None,
        device_url: None,
        revoke_url: None,
        issuer: None,
        scope_delimiter: ScopeDelimiter::Comma,
        header_name: "Authorization".to_owned(),
        header_prefix: "Bearer".to_owned(),
        client_auth: ClientAuth::Body,
        token_body: TokenBody::Form,
        assumed_lifetime: None,
        authorize_params: Vec::new(),
        token_params: Vec::new(),
        default_scopes: Vec::new(),
        pkce: false,
    }
}

/// A token endpoint. Tokens are `canary-access-N` and `canary-refresh-N`; refresh token N is good once.
pub(super) struct Provider {
    /// The refresh token that is good; `None` once one was used twice.
    pub(super) good: Mutex<Option<usize>>,
    /// Token requests answered.
    pub(super) asked: AtomicUsize,
    /// Answers given instead, first come first served.
    pub(super) instead: Mutex<Vec<Result<Response, HttpError>>>,
    /// How long an answer takes.
    pub(super) takes: Duration,
    /// `expires_in` of every answer.
    pub(super) lifetime: serde_json::Value,
    /// The forms of the requests.
    pub(super) forms: Mutex<Vec<HashMap<String, String>>>,
    pub(super) requests: Mutex<Vec<Request>>,
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            good: Mutex::new(Some(0)),
            asked: AtomicUsize::new(0),
            instead: Mutex::default(),
            takes: Duration::ZERO,
            lifetime: json!(3_600),
            forms: Mutex::default(),
            requests: Mutex::default(),
        }
    }
}

impl Provider {
    pub(super) fn count(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Uses up the present refresh token, as another program that shares the grant would.
    pub(super) fn rotate_elsewhere(&self) -> usize {
        let mut good = self.good.lock().unwrap();
        let next = good.unwrap() + 1;
        *good = Some(next);
        next
    }

    fn grant(&self, number: usize, refreshable: bool) -> Response {
        let mut answer = json!({
            "access_token": format!("canary-access-{number}"), "token_type": "Bearer", "expires_in": self.lifetime,
        });
        if refreshable {
            answer["refresh_token"] = json!(format!("canary-refresh-{number}"));
        }
        Response::new(200, "application/json", answer.to_string())
    }

    fn answer(&self, form: &HashMap<String, String>) -> Response {
        let mut good = self.good.lock().unwrap();
        if form
            .get("grant_type")
            .is_some_and(|grant| grant == "client_credentials")
        {
            return self.grant(self.count(), false);
        }
        let spent = form.get("refresh_token").cloned().unwrap_or_default();
        match *good {
            Some(number) if spent == format!("canary-refresh-{number}") => {
                *good = Some(number + 1);
                self.grant(number + 1, true)
            }
            _ => {
                *good = None;
                let answer = json!({"error": "invalid_grant", "error_description": format!("no such token {spent}")});
                Response::new(400, "application/json", answer.to_string())
            }
        }
    }
}

impl Http for Provider {
    fn send(&self, request: &Request, _cancel: &Cancel) -> Result<Response, HttpError> {
        self.requests.lock().unwrap().push(request.clone());
        if request.url.host_str() == Some("api.example.com") {
            return Ok(Response::new(200, "application/json", "{}"));
        }
        std::thread::sleep(self.takes);
        self.asked.fetch_add(1, Ordering::SeqCst);
        let form: HashMap<String, String> = match &request.body {
            Body::Form(pairs) => pairs.iter().cloned().collect(),
            Body::Bytes(bytes) => serde_json::from_slice(bytes).unwrap(),
            _ => HashMap::new(),
        };
        self.forms.lock().unwrap().push(form.clone());
        let instead = self.instead.lock().unwrap().pop();
        instead.unwrap_or_else(|| Ok(self.answer(&form)))
    }
}

/// Somebody who never answers.
pub(super) struct Nobody;

impl Person for Nobody {
    fn visit(&self, _url: &Url) {}

    fn type_in(&self, _code: &UserCode) {}

    fn paste(&self, _url: &Url) -> Option<String> {
        None
    }
}
