//! The service of the demonstration: three doors, each with another lock, and a token endpoint of its own.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::connections::DOTS;

/// The user of the Basic login.
pub(super) const USER: &str = "ada";

/// The client of OAuth 2.
pub(super) const CLIENT: &str = "dg-demo";

/// The secrets of one demonstration.
pub(super) struct Keys {
    pub(super) api_key: String,
    pub(super) password: String,
    pub(super) client_secret: String,
    token: String,
}

impl Keys {
    /// Secrets that nobody has seen before.
    pub(super) fn generate() -> Result<Self, String> {
        Ok(Self {
            api_key: Self::random()?,
            password: Self::random()?,
            client_secret: Self::random()?,
            token: Self::random()?,
        })
    }

    /// 32 random hex digits.
    pub(super) fn random() -> Result<String, String> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| format!("the system gave no random bytes: {error}"))?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// One request as the service saw it, its credential masked.
#[derive(Clone)]
pub(super) struct Seen {
    method: String,
    path: String,
    credential: String,
    status: u16,
}

impl Seen {
    /// The request as a row of a table.
    pub(super) fn row(&self) -> [String; 4] {
        [
            self.method.clone(),
            self.path.clone(),
            self.credential.clone(),
            self.status.to_string(),
        ]
    }
}

/// The running service. It ends with the process.
pub(super) struct DemoService {
    base: String,
    desk: Arc<Doors>,
}

struct Doors {
    keys: Keys,
    seen: Mutex<Vec<Seen>>,
}

impl DemoService {
    /// Listens on a free port of this machine.
    pub(super) fn start(keys: Keys) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let base = format!("http://{}", listener.local_addr()?);
        let doors = Arc::new(Doors {
            keys,
            seen: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&doors));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        thread::Builder::new().name("dg-demo".to_owned()).spawn(move || {
            runtime.block_on(async move {
                if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                    // It serves until the process ends; a client finds out by itself where it does not.
                    _ = axum::serve(listener, router).await;
                }
            });
        })?;
        Ok(Self { base, desk: doors })
    }

    /// Its address: scheme, host and port.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.desk.keys
    }

    /// What it saw so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.desk.seen().clone()
    }

    /// How many of the three doors were opened.
    pub(super) fn accepted(&self) -> usize {
        let seen = self.desk.seen();
        let opened = |door: &str| seen.iter().any(|request| request.path == door && request.status < 300);
        DOORS.iter().filter(|door| opened(door)).count()
    }
}

/// What is behind a lock.
const DOORS: [&str; 3] = ["/key/stock", "/basic/orders", "/oauth/invoices"];

impl Doors {
    fn seen(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a request brings to be let in, masked, and whether it is the right thing.
    fn credential(&self, path: &str, headers: &HeaderMap, body: &[u8]) -> (String, bool) {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (shown, given, wanted) = match path {
            "/key/stock" => ("X-Api-Key:", text("x-api-key"), self.keys.api_key.clone()),
            "/basic/orders" => {
                let pair = STANDARD.encode(format!("{USER}:{}", self.keys.password));
                ("Authorization: Basic", bearing("Basic ", text("authorization")), pair)
            }
            "/oauth/invoices" => {
                let token = self.keys.token.clone();
                (
                    "Authorization: Bearer",
                    bearing("Bearer ", text("authorization")),
                    token,
                )
            }
            _ => return (String::from("client id and secret"), self.is_client(body)),
        };
        match given {
            Some(given) => (format!("{shown} {DOTS}"), given == wanted),
            None => ("none".to_owned(), false),
        }
    }

    /// Whether a token request comes from the one client there is (RFC 6749 section 4.4.2).
    fn is_client(&self, body: &[u8]) -> bool {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let has = |name: &str, wanted: &str| fields.iter().any(|(key, value)| key == name && value == wanted);
        has("grant_type", "client_credentials")
            && has("client_id", CLIENT)
            && has("client_secret", &self.keys.client_secret)
    }

    fn answer(&self, path: &str, is_let_in: bool, body: &[u8]) -> (u16, Value) {
        match path {
            "/oauth/token" if is_let_in => (
                200,
                json!({"access_token": self.keys.token, "token_type": "Bearer", "expires_in": 3600}),
            ),
            "/oauth/token" => (401, json!({"error": "invalid_client"})),
            _ if !DOORS.contains(&path) => (404, json!({"message": "there is nothing here"})),
            _ if !is_let_in => (401, json!({"message": "who are you?"})),
            "/key/stock" => (200, json!({"message": "12 boxes of tea"})),
            "/basic/orders" => (200, json!({"message": "3 open orders"})),
            _ => {
                let invoice: Value = serde_json::from_slice(body).unwrap_or_default();
                let customer = invoice["customer"].as_str().unwrap_or("nobody");
                (201, json!({"message": format!("invoice for {customer}")}))
            }
        }
    }
}

fn bearing<'a>(scheme: &str, header: Option<&'a str>) -> Option<&'a str> {
    header.and_then(|header| header.strip_prefix(scheme))
}

async fn answer(
    State(doors): State<Arc<Doors>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let path = uri.path();
    let (credential, is_let_in) = doors.credential(path, &headers, &body);
    let (status, content) = doors.answer(path, is_let_in, &body);
    doors.seen().push(Seen {
        method: method.to_string(),
        path: path.to_owned(),
        credential,
        status,
    });
    let mut response = Response::new(Body::from(content.to_string()));
    *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
