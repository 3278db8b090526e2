//! Requests and answers as the interpreter sees them, and the trait that exchanges one for the other.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use url::Url;

use crate::diagnostic::Code;

/// The methods of `invokeurl`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET
    #[default]
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The method of this name, whatever the case of its letters.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(name))
    }

    /// The name as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Header fields in order. Names compare without regard to case.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

/// Values are left out: a header may hold a credential.
impl fmt::Debug for Headers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Headers {
    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Whether the field is there.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets a field, replacing every former value; gives the first of those.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) -> Option<String> {
        let name = name.into();
        let former = self.remove(&name);
        self.0.push((name, value.into()));
        former
    }

    /// Adds a value, keeping former ones.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Removes every value of a field; gives the first.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let former = self.get(name).map(str::to_owned);
        self.0.retain(|(field, _)| !field.eq_ignore_ascii_case(name));
        former
    }

    /// The fields in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// One part of a multipart body.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// The part's name.
    pub name: String,
    /// The file name, for a file.
    pub file_name: Option<String>,
    /// The media type; `None` for plain fields.
    pub media_type: Option<String>,
    /// The content.
    pub bytes: Vec<u8>,
}

/// What a request carries. Forms stay apart until they are sent, because a connection may add to them.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// Bytes; their media type is the request's `Content-Type` header.
    Bytes(Vec<u8>),
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(String, String)>),
    /// `multipart/form-data`.
    Multipart(Vec<Part>),
}

/// Contents are left out: a form may hold a credential.
impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("Empty"),
            Self::Bytes(bytes) => write!(formatter, "Bytes({})", bytes.len()),
            Self::Form(pairs) => write!(formatter, "Form({})", pairs.len()),
            Self::Multipart(parts) => write!(formatter, "Multipart({})", parts.len()),
        }
    }
}

/// One request, ready to be signed and sent.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole URL, query included.
    pub url: Url,
    /// The header fields. `Content-Type` is set here by whoever builds the body, but for forms and multipart.
    pub headers: Headers,
    /// The content.
    pub body: Body,
    /// Time for the whole exchange.
    pub timeout: Duration,
    /// The most decoded bytes the answer may have.
    pub response_limit: usize,
}

/// The query is left out: it may hold a credential.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.url.origin().ascii_serialization();
        write!(
            formatter,
            "Request({} {origin}{}, {:?})",
            self.method.as_str(),
            self.url.path(),
            self.body
        )
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header fields.
    pub headers: Headers,
    /// The content, decompressed.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer with a media type.
    pub fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut headers = Headers::default();
        if !media_type.is_empty() {
            headers.set("content-type", media_type);
        }
        Self {
            status,
            headers,
            body: body.into(),
        }
    }
}

/// Which way an exchange failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpErrorKind {
    /// Name resolution, TCP or TLS.
    Connect,
    /// Too slow.
    Timeout,
    /// The decoded answer is larger than allowed.
    TooLarge,
    /// The server broke the protocol or the connection.
    Protocol,
    /// The request cannot be sent as it is.
    Request,
    /// The run has no network, or may not reach this origin.
    Refused(Code),
    /// Stopped from outside.
    Interrupted,
}

impl HttpErrorKind {
    /// The code of its message.
    pub const fn code(self) -> Code {
        match self {
            Self::Connect => Code::ConnectFailed,
            Self::Timeout => Code::Timeout,
            Self::TooLarge => Code::ResponseTooLarge,
            Self::Protocol => Code::BadResponse,
            Self::Request => Code::BadRequest,
            Self::Refused(code) => code,
            Self::Interrupted => Code::Interrupted,
        }
    }
}

/// Why there is no answer. Holds no URL and no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpError {
    /// Which way.
    pub kind: HttpErrorKind,
    /// The reason in a few words, for instance `connection refused`.
    pub reason: String,
}

impl HttpError {
    /// An error of this kind.
    pub fn new(kind: HttpErrorKind, reason: impl Into<String>) -> Self {
        Self {
            kind,
            reason: reason.into(),
        }
    }
}

/// Stops a run from outside: an interrupt, and the run's deadline for what waits.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    flag: Arc<Flag>,
    deadline: Option<Instant>,
}

/// The wish to stop, of one handle and of those it was made under.
#[derive(Debug, Default)]
struct Flag {
    set: Arc<AtomicBool>,
    outer: Option<Arc<Flag>>,
}

impl Flag {
    fn is_set(&self) -> bool {
        self.set.load(Ordering::Relaxed) || self.outer.as_ref().is_some_and(|outer| outer.is_set())
    }
}

impl Cancel {
    /// A handle that nobody has used yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same handle for a run that ends at `deadline`.
    #[must_use]
    pub fn until(&self, deadline: Option<Instant>) -> Self {
        Self {
            flag: Arc::clone(&self.flag),
            deadline,
        }
    }

    /// A handle of its own that is cancelled with this one, but not the other way round.
    #[must_use]
    pub fn child(&self) -> Self {
        let outer = Some(Arc::clone(&self.flag));
        Self {
            flag: Arc::new(Flag {
                set: Arc::default(),
                outer,
            }),
            deadline: self.deadline,
        }
    }

    /// Asks the run to stop.
    pub fn cancel(&self) {
        self.flag.set.store(true, Ordering::Relaxed);
    }

    /// The flag that [`Cancel::cancel`] sets, for what can only set one: the handler of a signal.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag.set)
    }

    /// Takes the wish to stop back, so that the handle serves the next run.
    pub fn reset(&self) {
        self.flag.set.store(false, Ordering::Relaxed);
    }

    /// Whether somebody asked the run to stop.
    #[inline]
    pub fn is_cancelled(&self) -> bool {
        self.flag.is_set()
    }

    /// When waiting has to end.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Whether waiting has to end now: somebody asked for it, or the deadline has come.
    pub fn is_stopped(&self) -> bool {
        self.is_cancelled() || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// How long to wait before the next look at [`Cancel::is_stopped`]: at most so long, and not past the deadline.
    pub fn patience(&self, most: Duration) -> Duration {
        let left = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(Instant::now()));
        left.map_or(most, |left| left.min(most))
    }
}

/// Exchanges one request for one answer. Never follows a redirect: whoever calls decides about credentials first.
pub trait Http: Send + Sync {
    /// Sends and waits. The body of the answer is decompressed and limited in size.
    ///
    /// # Errors
    /// There is no answer, or none that may be used.
    fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, HttpError>;
}

/// No network.
pub struct NoNetwork;

impl Http for NoNetwork {
    fn send(&self, _request: &Request, _cancel: &Cancel) -> Result<Response, HttpError> {
        Err(HttpError::new(
            HttpErrorKind::Refused(Code::Offline),
            "the run has no network",
        ))
    }
}
