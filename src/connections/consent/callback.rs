//! The page on loopback to which a provider sends the user's browser back (RFC 8252 section 7.3). It is open before the
//! browser is, takes one answer, and tells the user what came of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{oneshot, watch};
use url::{Host, Url};

use super::error::{ConsentError, ConsentErrorKind};
use super::{CALLBACK_PATH, is_loopback_page};
use crate::host::{Cancel, LinkName};

/// How often who waits looks whether somebody stopped it.
const LOOK: Duration = Duration::from_millis(50);

/// How long a browser may take to fetch the last page.
const GOODBYE: Duration = Duration::from_secs(1);

/// What an answer holds at least one of: OAuth 2, then OAuth 1.
const TELLING: [&str; 6] = [
    "code",
    "error",
    "oauth_token",
    "oauth_verifier",
    "oauth_problem",
    "denied",
];

/// The page, open until it is dropped.
pub(super) struct Callback {
    url: Url,
    visits: Receiver<Visit>,
    stop: watch::Sender<bool>,
    server: Option<JoinHandle<()>>,
}

/// A browser that came back and waits for its page.
pub(super) struct Visit {
    address: Url,
    page: oneshot::Sender<Page>,
}

/// What a browser shows.
struct Page {
    title: &'static str,
    text: String,
}

impl Callback {
    /// Opens the page at the address that is registered for a service, or at any free port.
    pub(super) fn open(registered: Option<&Url>, service: &LinkName) -> Result<Self, ConsentError> {
        let any = Url::parse(&format!("http://127.0.0.1{CALLBACK_PATH}")).ok();
        let wanted = registered.or(any.as_ref()).filter(|url| is_loopback_page(url));
        let Some(wanted) = wanted else {
            let message =
                "the service's callback URL is on another machine, so the browser's answer does not come here";
            return Err(ConsentError::new(ConsentErrorKind::Callback, message).help("connect with `--paste`"));
        };
        let listeners = listen(wanted).map_err(|error| occupied(wanted, service, &error))?;
        let mut url = wanted.clone();
        if let Some(Ok(address)) = listeners.first().map(TcpListener::local_addr)
            && (registered.is_none() || wanted.port().is_none())
        {
            // A loopback URL has a host, so it can have a port.
            let _ = url.set_port(Some(address.port()));
        }
        let (sender, visits) = sync_channel(8);
        let (stop, stopped) = watch::channel(false);
        let desk = Desk {
            url: url.clone(),
            visits: sender,
        };
        let failed = |error| occupied(wanted, service, &error);
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let server = thread::Builder::new()
            .name("dg-callback".to_owned())
            .spawn(move || serve(&runtime, listeners, desk, &stopped))
            .map_err(failed)?;
        Ok(Self {
            url,
            visits,
            stop,
            server: Some(server),
        })
    }

    /// The address of the page, for the provider.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Waits for the browser.
    pub(super) fn wait(&self, patience: Duration, cancel: &Cancel) -> Result<Visit, ConsentError> {
        let end = Instant::now() + patience;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.visits.recv_timeout(left.min(LOOK)) {
                Ok(visit) => return Ok(visit),
                Err(_) if cancel.is_stopped() => return Err(ConsentError::interrupted()),
                Err(RecvTimeoutError::Timeout) if !left.is_zero() => {}
                Err(_) => {
                    let minutes = patience.as_secs() / 60;
                    return Err(ConsentError::timed_out(&format!(
                        "nobody came back from the provider's page within {minutes} minutes"
                    )));
                }
            }
        }
    }
}

impl Drop for Callback {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

impl Visit {
    /// The address at which the browser arrived.
    pub(super) fn address(&self) -> &Url {
        &self.address
    }

    /// Tells the user at the browser what came of it.
    pub(super) fn answer(self, outcome: Result<(), &ConsentError>) {
        let page = match outcome {
            Ok(()) => Page {
                title: "Connected",
                text: "You can close this page and go back to the terminal.".to_owned(),
            },
            Err(error) => Page {
                title: "Not connected",
                text: format!("{}. The terminal tells what to do.", capitalised(&error.message)),
            },
        };
        // A browser that went away meanwhile misses nothing: the terminal tells the same.
        let _ = self.page.send(page);
    }
}

fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

/// Listens where the address leads: at `localhost` by both of its addresses, since a browser may try either.
fn listen(wanted: &Url) -> std::io::Result<Vec<TcpListener>> {
    let addresses: &[IpAddr] = match wanted.host() {
        Some(Host::Ipv4(address)) => &[IpAddr::V4(address)],
        Some(Host::Ipv6(address)) => &[IpAddr::V6(address)],
        _ => &[IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)],
    };
    let mut port = wanted.port().unwrap_or(0);
    let mut listeners = Vec::with_capacity(addresses.len());
    for (index, address) in addresses.iter().enumerate() {
        match TcpListener::bind(SocketAddr::new(*address, port)) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                port = listener.local_addr()?.port();
                listeners.push(listener);
            }
            Err(error) if index == 0 => return Err(error),
            // A machine without IPv6 has but one of them.
            Err(_) => {}
        }
    }
    Ok(listeners)
}

fn occupied(wanted: &Url, service: &LinkName, error: &std::io::Error) -> ConsentError {
    let at = match wanted.port() {
        Some(port) => format!("at port {port}"),
        None => "on this machine".to_owned(),
    };
    let why = match error.kind() {
        std::io::ErrorKind::AddrInUse => "another program listens there".to_owned(),
        kind => kind.to_string(),
    };
    let message = format!("the browser's answer cannot be received {at}: {why}");
    ConsentError::new(ConsentErrorKind::Callback, message).help(format!(
        "end the other program (another `dg connections connect`, maybe) and try again, connect with `--paste`, or register \
         another callback URL at the provider and as `redirect_url` of the service `{service}`"
    ))
}

/// What the server knows.
#[derive(Clone)]
struct Desk {
    url: Url,
    visits: SyncSender<Visit>,
}

fn serve(runtime: &Runtime, listeners: Vec<TcpListener>, desk: Desk, stopped: &watch::Receiver<bool>) {
    let router = Router::new().fallback(receive).with_state(desk);
    runtime.block_on(async {
        let mut servers = Vec::with_capacity(listeners.len());
        for listener in listeners {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                continue;
            };
            let mut stopped = stopped.clone();
            let server = axum::serve(listener, router.clone()).with_graceful_shutdown(async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            });
            servers.push(tokio::spawn(server.into_future()));
        }
        let mut stopped = stopped.clone();
        let _ = stopped.wait_for(|stop| *stop).await;
        for server in servers {
            // Connections that a browser opened ahead of need are not waited for.
            let _ = tokio::time::timeout(GOODBYE, server).await;
        }
    });
}

async fn receive(State(desk): State<Desk>, method: Method, uri: Uri) -> Response {
    let mut address = desk.url.clone();
    address.set_query(uri.query());
    let tells = address.query_pairs().any(|(name, _)| TELLING.contains(&&*name));
    if uri.path() != desk.url.path() {
        return show(
            StatusCode::NOT_FOUND,
            &Page::plain("Nothing here", "This is not a page of dg."),
        );
    }
    if method != Method::GET || !tells {
        let text = "This address waits for the answer of a provider, and there is none in it.";
        return show(StatusCode::BAD_REQUEST, &Page::plain("Nothing to do", text));
    }
    let (page, shown) = oneshot::channel();
    let late = Page::plain("Too late", "dg has its answer already. You can close this page.");
    if desk.visits.try_send(Visit { address, page }).is_err() {
        return show(StatusCode::GONE, &late);
    }
    match shown.await {
        Ok(page) => show(StatusCode::OK, &page),
        Err(_) => show(StatusCode::GONE, &late),
    }
}

impl Page {
    fn plain(title: &'static str, text: &str) -> Self {
        Self {
            title,
            text: text.to_owned(),
        }
    }

    fn html(&self) -> String {
        let text = escape(&self.text);
        let title = self.title;
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>dg: {title}</title><style>body{{font:1.1rem \
             system-ui,sans-serif;margin:15vh auto;max-width:32rem;padding:0 1rem}}</style></head><body><h1>{title}</h1>\
             <p>{text}</p></body></html>\n"
        )
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The page loads nothing, is not kept, and does not tell its address, which holds the code.
fn show(status: StatusCode, page: &Page) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONNECTION, "close"),
    ];
    (status, headers, Html(page.html())).into_response()
}

#[cfg(test)]
mod tests;
