//! SMTP, with the user name and password of a connection of auth type Basic.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::transport::smtp::SmtpTransportBuilder;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};
use url::Url;

use super::letter::letter;
use super::outbox::instant;
use super::wait::{Waited, wait};
use crate::host::{
    Asked, Authority, Body, Cancel, Clock, Headers, LinkName, MailError, Message, Method, Request, UserId,
};
use crate::system::network::Network;

/// How long a server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(40);

/// Where TLS begins with the connection, and where it begins with the command STARTTLS (RFC 8314).
const SMTPS_PORT: u16 = 465;
const SUBMISSION_PORT: u16 = 587;

/// Tells the mail server of a connection.
pub type ServerOf = dyn Fn(&LinkName) -> Result<Url, MailError> + Send + Sync;

/// Sends mail to the SMTP server of a connection. The connection's service lists it as `smtps://HOST`, with TLS from the
/// start (port 465) or, with `:587`, from the command STARTTLS on; never without, but for `smtp://` on loopback.
pub struct Smtp {
    /// Which servers may be reached, as far as their names tell.
    pub network: Network,
    /// Signs in.
    pub authority: Arc<dyn Authority>,
    /// The server of a connection.
    pub server: Box<ServerOf>,
    /// The login user, whose grant is used.
    pub user: UserId,
    /// Dates the messages.
    pub clock: Arc<dyn Clock>,
}

impl Smtp {
    /// Sends a message through a connection. Stopped while the server takes its time, it gives up waiting; whether the
    /// message arrives is then the server's doing.
    ///
    /// # Errors
    /// An address is none, the server may not be reached, the connection cannot be used, the server's reason, or that the
    /// run was stopped.
    pub fn send_through(&self, connection: &LinkName, message: &Message, cancel: &Cancel) -> Result<(), MailError> {
        let letter = letter(message, instant(self.clock.now_millis()), false)?;
        let server = (self.server)(connection)?;
        let host = server.host_str().unwrap_or_default();
        let told = |reason: &str| MailError::new(self.authority.redact(&format!("{host}: {reason}")));
        self.network.check(&server).map_err(|error| told(&error.reason))?;
        let credentials = self.credentials(connection, &server, cancel)?;
        let transport = transport(&server)?
            .credentials(credentials)
            .timeout(Some(PATIENCE))
            .build();
        match wait(&deliver(transport, letter)?, cancel) {
            Waited::Answer(answer) => answer.map_err(|reason| told(&reason)),
            Waited::Stopped => Err(told("the run was stopped")),
            Waited::Lost => Err(told("the delivery was given up")),
        }
    }

    /// User name and password. They come the way every credential comes: put into a request, here one that nobody sends,
    /// to an origin that the service has to allow.
    fn credentials(&self, connection: &LinkName, server: &Url, cancel: &Cancel) -> Result<Credentials, MailError> {
        let asked = Asked {
            connection: connection.clone(),
            user: self.user.clone(),
            user_access: None,
        };
        let mut request = Request {
            method: Method::Post,
            url: server.clone(),
            headers: Headers::default(),
            body: Body::Empty,
            timeout: PATIENCE,
            response_limit: 0,
        };
        let signed = self.authority.authorize(&asked, &mut request, cancel);
        signed.map_err(|error| MailError::connection(error, asked))?;
        let header = request
            .headers
            .get("Authorization")
            .and_then(|value| value.strip_prefix("Basic "));
        let pair = header.and_then(|encoded| STANDARD.decode(encoded).ok());
        let pair = pair.and_then(|bytes| String::from_utf8(bytes).ok());
        match pair.as_deref().and_then(|pair| pair.split_once(':')) {
            Some((user, password)) => Ok(Credentials::new(user.to_owned(), password.to_owned())),
            None => Err(MailError::new(format!(
                "the connection `{connection}` has no user name and password: mail needs one of the auth type Basic"
            ))),
        }
    }
}

/// Delivers a message on a thread of its own, which ends with the server's answer or its own patience.
fn deliver(transport: SmtpTransport, letter: lettre::Message) -> Result<Receiver<Result<(), String>>, MailError> {
    let (sender, receiver) = sync_channel(1);
    let thread = std::thread::Builder::new().name("dg-mail".to_owned());
    let work = move || {
        let answer = transport.send(&letter).map(drop).map_err(|error| reason(&error));
        // Nobody waits any more where the run was stopped.
        _ = sender.send(answer);
    };
    let started = thread.spawn(work);
    started
        .map(|_| receiver)
        .map_err(|_| MailError::new("the system gives no thread for mail"))
}

/// The way to a server, TLS as its scheme and port ask.
fn transport(server: &Url) -> Result<SmtpTransportBuilder, MailError> {
    let host = server.host_str().unwrap_or_default();
    let is_plain = server.scheme() == "smtp";
    let port = server.port().unwrap_or(if is_plain { 25 } else { SMTPS_PORT });
    let tls = if is_plain {
        Tls::None
    } else {
        let parameters = TlsParameters::new(host.to_owned()).map_err(|error| MailError::new(error.to_string()))?;
        match port {
            SUBMISSION_PORT => Tls::Required(parameters),
            _ => Tls::Wrapper(parameters),
        }
    };
    Ok(SmtpTransport::builder_dangerous(host).port(port).tls(tls))
}

/// What the server or the way to it said.
fn reason(error: &lettre::transport::smtp::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    match error.status() {
        Some(status) => format!("{status} {innermost}"),
        None => innermost.to_string(),
    }
}
