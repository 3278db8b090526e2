//! Why there was no answer, in words. No URL gets into them: a query may hold a credential.

use std::error::Error;
use std::fmt;
use std::io;

use super::network;
use crate::host::{HttpError, HttpErrorKind};

/// The resolver found no public address.
#[derive(Debug)]
pub(super) struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no public address")
    }
}

impl Error for NotPublic {}

/// The failure to set up what exchanges need.
pub(super) fn unavailable(reason: &str) -> HttpError {
    HttpError::new(HttpErrorKind::Connect, reason)
}

/// The failure of an exchange that took too long.
pub(super) fn late() -> HttpError {
    HttpError::new(HttpErrorKind::Timeout, "the answer did not come in time")
}

/// The failure of an exchange.
pub(super) fn explain(error: reqwest::Error) -> HttpError {
    let error = error.without_url();
    if causes(&error).any(|cause| cause.is::<NotPublic>()) {
        return network::not_public();
    }
    if error.is_builder() {
        let reason = format!("the request cannot be sent: {}", innermost(&error));
        return HttpError::new(HttpErrorKind::Request, reason);
    }
    if error.is_connect() {
        return HttpError::new(HttpErrorKind::Connect, unconnected(&error));
    }
    if error.is_timeout() {
        return late();
    }
    HttpError::new(HttpErrorKind::Protocol, broken(&error))
}

/// Why no connection came about.
fn unconnected(error: &reqwest::Error) -> String {
    if error.is_dns() {
        return "the name of the host is not known".to_owned();
    }
    if error.is_timeout() {
        return "the host does not take the connection".to_owned();
    }
    match io_kind(error) {
        Some(io::ErrorKind::ConnectionRefused) => "the host refuses the connection".to_owned(),
        Some(io::ErrorKind::TimedOut) => "the host does not take the connection".to_owned(),
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => {
            "there is no way to the host".to_owned()
        }
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof) => {
            "the host ends the connection at once".to_owned()
        }
        _ => format!("no connection to the host: {}", innermost(error)),
    }
}

/// Why the answer cannot be used.
fn broken(error: &reqwest::Error) -> String {
    let cut = [
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::UnexpectedEof,
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::ConnectionAborted,
    ];
    let innermost = innermost(error);
    let is_cut = io_kind(error).is_some_and(|kind| cut.contains(&kind));
    if is_cut || innermost.contains("before message completed") || innermost.contains("end of file") {
        "the host ended the connection before the answer was complete".to_owned()
    } else if error.is_decode() {
        format!("the answer is not compressed as its header says: {innermost}")
    } else {
        format!("the host does not answer as HTTP asks for: {innermost}")
    }
}

type Cause<'e> = &'e (dyn Error + 'static);

fn causes<'e>(error: Cause<'e>) -> impl Iterator<Item = Cause<'e>> {
    std::iter::successors(Some(error), |error: &Cause<'e>| (*error).source())
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    let kinds = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    kinds.map(io::Error::kind).last()
}
