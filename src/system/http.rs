//! Requests over the network.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, redirect};
use url::{Host, Url};

use super::address::is_public;
use super::drive::drive;
use super::exchange::exchange;
use super::failure::{NotPublic, unavailable};
use super::network::Network;
use super::outward;
use crate::host::{Cancel, Http, HttpError, Request, Response};

/// Time for name resolution, TCP and TLS (deluge/help/webhook/invokeapi-task.html).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests over the network, as far as its [`Network`] allows. All of a process share one pool of connections.
/// Never follows a redirect. Takes the proxy variables of the environment, but never for this machine itself.
#[derive(Clone, Debug)]
pub struct SystemHttp {
    network: Network,
}

impl SystemHttp {
    /// What may be reached. Nothing is set up before the first request.
    pub fn new(network: Network) -> Self {
        Self { network }
    }

    fn client(&self, url: &Url) -> Result<&'static Client, HttpError> {
        static PROXIED: OnceLock<Option<Client>> = OnceLock::new();
        static DIRECT: OnceLock<Option<Client>> = OnceLock::new();
        static PUBLIC: OnceLock<Option<Client>> = OnceLock::new();
        let client = if self.network.is_public_only() {
            PUBLIC.get_or_init(|| build(|client| client.no_proxy().dns_resolver(PublicResolver)))
        } else if is_loopback(url) {
            DIRECT.get_or_init(|| build(ClientBuilder::no_proxy))
        } else {
            PROXIED.get_or_init(|| build(|client| client))
        };
        client.as_ref().ok_or_else(|| unavailable("TLS cannot be set up"))
    }
}

impl Http for SystemHttp {
    fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, HttpError> {
        self.network.check(&request.url)?;
        let outgoing = outward::request(self.client(&request.url)?, request)?;
        drive(exchange(outgoing, request.response_limit), request.timeout, cancel)
    }
}

/// A client. Where the system has no certificates that TLS could trust, plain http still works.
fn build(set: fn(ClientBuilder) -> ClientBuilder) -> Option<Client> {
    let builder = || {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("dgscript/", env!("CARGO_PKG_VERSION")));
        set(client)
    };
    builder().build().or_else(|_| builder().tls_certs_only([]).build()).ok()
}

/// Whether a URL names this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

/// Resolves names to public addresses alone.
struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<_> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(Box::from(NotPublic));
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;
    use std::sync::mpsc::channel;

    use super::*;
    use crate::host::{Body, Headers, Method};

    // No other test of this process sends requests: while another thread drives, what a server has closed may be seen a
    // moment later.
    #[test]
    fn a_connection_that_the_server_has_closed_takes_no_further_request() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (close, told) = channel();
        let (closed, seen) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (mut reader, mut writer) = (BufReader::new(&stream), &stream);
                let lines = reader.by_ref().lines().map_while(Result::ok);
                assert!(lines.take_while(|line| !line.is_empty()).count() > 0);
                reader.read_exact(&mut [0; 4]).unwrap();
                let answer = b"HTTP/1.1 200 X\r\ncontent-length: 2\r\n\r\nok";
                writer.write_all(answer).unwrap();
                told.recv().unwrap();
                drop(stream);
                closed.send(()).unwrap();
            }
        });
        let request = Request {
            method: Method::Post,
            url: Url::parse(&format!("http://{address}/")).unwrap(),
            headers: Headers::default(),
            body: Body::Bytes(b"once".to_vec()),
            timeout: Duration::from_secs(20),
            response_limit: 100,
        };
        for _ in 0..50 {
            let answer = SystemHttp::new(Network::open()).send(&request, &Cancel::new());
            assert_eq!(answer.unwrap().body, b"ok");
            close.send(()).unwrap();
            seen.recv().unwrap();
        }
    }
}
