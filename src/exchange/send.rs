//! Sends a request: with credentials checked for every exchange, redirects followed here, one more try after a 401.

use std::time::{Duration, Instant};

use url::Url;

use super::Outgoing;
use crate::diagnostic::{Code, Diagnostic};
use crate::host::{
    Asked, AuthorityError, AuthorityErrorKind, Body, Context, EvalError, Evaluated, Grant, HttpError, HttpErrorKind,
    LimitKind, Method, Raise, Request, RequestRecord, Response, Retry,
};
use crate::source::Location;

/// The most redirects that are followed.
const MAX_REDIRECTS: u32 = 10;

/// Sends the request of a script and follows where the answer leads.
pub(super) fn send(
    outgoing: &Outgoing,
    request: Request,
    at: Location,
    context: &mut Context<'_>,
) -> Evaluated<Response> {
    context.meter.request()?;
    context.meter.check()?;
    let started = Instant::now();
    let shown = context.host.authority.redact(request.url.as_str());
    let method = request.method;
    let host = host_of(&request.url);
    let mut journey = Journey {
        outgoing,
        deadline: started + request.timeout,
        at,
        repeated: false,
    };
    let result = journey.follow(request, context);
    let outcome = match &result {
        Ok(response) => {
            context.meter.response(response.body.len());
            Ok(response.status)
        }
        Err(error) => Err(error.reason()),
    };
    context.requests.push(RequestRecord {
        method,
        url: context.host.authority.redact(&shown),
        outcome,
        connection: outgoing.connection.clone(),
        took: started.elapsed(),
        bytes: result.as_ref().map_or(0, |response| response.body.len()),
        at: Some(at),
    });
    result.map_err(|error| error.into_eval((method, &host, started.elapsed()), outgoing, context))
}

/// Why there is no answer.
enum Lost {
    Http(HttpError),
    Authority(AuthorityError),
    Redirects(String),
}

impl Lost {
    fn reason(&self) -> String {
        match self {
            Self::Http(error) => error.reason.clone(),
            Self::Authority(error) => error.message.clone(),
            Self::Redirects(reason) => reason.clone(),
        }
    }

    fn into_eval(
        self,
        (method, host, took): (Method, &str, Duration),
        outgoing: &Outgoing,
        context: &Context<'_>,
    ) -> Box<EvalError> {
        let with = outgoing
            .connection
            .as_ref()
            .map_or(String::new(), |link| format!(", connection `{link}`"));
        let asked = format!("{} {host} after {:.1} s{with}", method.as_str(), took.as_secs_f64());
        match self {
            Self::Http(error) if error.kind == HttpErrorKind::Interrupted => interrupted(context),
            Self::Http(error) => {
                let reason = context.host.authority.redact(&error.reason);
                let message = match error.kind {
                    HttpErrorKind::Timeout => format!("socket timeout error: {asked}"),
                    _ => format!("{reason}: {asked}"),
                };
                EvalError::failed(error.kind.code(), message).help_if(http_help(error.kind))
            }
            Self::Authority(error) if error.kind == AuthorityErrorKind::Interrupted => interrupted(context),
            Self::Authority(error) => connection_error(error, outgoing.asked(context)),
            Self::Redirects(reason) => EvalError::failed(Code::BadResponse, format!("{reason}: {asked}")),
        }
    }
}

/// A run that is stopped while it waits: by its deadline, or from outside.
fn interrupted(context: &Context<'_>) -> Box<EvalError> {
    let out_of_time = context.meter.time_left().is_some_and(|left| left.is_zero());
    EvalError::exhausted(if out_of_time {
        LimitKind::Time
    } else {
        LimitKind::Interrupted
    })
}

fn http_help(kind: HttpErrorKind) -> Option<String> {
    let help = match kind {
        HttpErrorKind::Connect => "check the host's name and whether it can be reached from here",
        HttpErrorKind::Timeout => "a request may take 40 seconds; `timeout : seconds` in the task changes that here",
        HttpErrorKind::TooLarge => "ask for less at once, for instance page by page",
        HttpErrorKind::Refused(Code::Offline) => "run without `--offline`",
        HttpErrorKind::Refused(_) => "add the origin with `--allow-host ORIGIN`",
        _ => return None,
    };
    Some(help.to_owned())
}

/// An error of the connection, marked as such: it ends a run with a status of its own.
fn connection_error(error: AuthorityError, asked: Option<Asked>) -> Box<EvalError> {
    let mut eval = EvalError::failed(error.kind.code(), error.message.clone()).help_if(error.help.clone());
    if let Raise::Failed(failure) = &mut eval.raise {
        failure.connection = Some(Box::new(error));
        failure.asked = asked.map(Box::new);
    }
    eval
}

/// The way of one request through redirects.
struct Journey<'o> {
    outgoing: &'o Outgoing,
    deadline: Instant,
    at: Location,
    /// Whether the one repetition after a 401 is used up.
    repeated: bool,
}

impl Journey<'_> {
    fn follow(&mut self, mut request: Request, context: &mut Context<'_>) -> Result<Response, Lost> {
        let first = request.url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.exchange(&request, &first, context)?;
            let Some(target) = redirect(&request.url, &response)? else {
                return Ok(response);
            };
            if self.outgoing.connection.is_some() && request.url.scheme() == "https" && target.scheme() == "http" {
                return Err(Lost::Redirects(
                    "the host redirects from https to plain http, which a connection does not follow".to_owned(),
                ));
            }
            request = redirected(request, target, response.status);
        }
        Err(Lost::Redirects(format!(
            "the host redirects more than {MAX_REDIRECTS} times"
        )))
    }

    /// One exchange, and another after a refreshed 401. The request is signed as a copy, so that credentials never
    /// travel on to where a redirect leads.
    fn exchange(&mut self, request: &Request, first: &Url, context: &mut Context<'_>) -> Result<Response, Lost> {
        loop {
            let mut signed = request.clone();
            signed.timeout = self.deadline.saturating_duration_since(Instant::now());
            let deadline = context.meter.time_left().map(|left| Instant::now() + left);
            let cancel = context.meter.cancel().until(deadline);
            let grant = self.authorize(&mut signed, first, context, &cancel)?;
            let response = context.host.http.send(&signed, &cancel).map_err(Lost::Http)?;
            let Some(grant) = grant.filter(|grant| response.status == 401 && grant.refreshable && !self.repeated)
            else {
                return Ok(response);
            };
            self.repeated = true;
            match context.host.authority.rejected(&grant, &cancel) {
                Ok(Retry::Again) => {}
                Ok(Retry::No) => return Ok(response),
                Err(error) => return Err(Lost::Authority(error)),
            }
        }
    }

    /// Puts the connection's credentials into the request. Where a redirect led to a host that the connection may not
    /// send to, the request goes on without them.
    fn authorize(
        &self,
        request: &mut Request,
        first: &Url,
        context: &mut Context<'_>,
        cancel: &crate::host::Cancel,
    ) -> Result<Option<Grant>, Lost> {
        let Some(asked) = self.outgoing.asked(context) else {
            return Ok(None);
        };
        match context.host.authority.authorize(&asked, request, cancel) {
            Ok(grant) => {
                self.warn_overridden(&grant, context);
                Ok(Some(grant))
            }
            Err(error)
                if error.kind == AuthorityErrorKind::OriginNotAllowed && request.url.origin() != first.origin() =>
            {
                Ok(None)
            }
            Err(error) => Err(Lost::Authority(error)),
        }
    }

    fn warn_overridden(&self, grant: &Grant, context: &mut Context<'_>) {
        for name in &grant.overridden {
            let title = format!(
                "`{name}` of the script was replaced by the credential of the connection `{}`",
                grant.connection
            );
            let warning = Diagnostic::warning(Code::CredentialOverridden, self.at.source, self.at.span, title)
                .help("leave it out of the script: the connection sets it");
            if !context.warnings.contains(&warning) {
                context.warnings.push(warning);
            }
        }
    }
}

/// Where an answer sends the request on to.
fn redirect(from: &Url, response: &Response) -> Result<Option<Url>, Lost> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers.get("location") else {
        return Ok(None);
    };
    match from.join(location) {
        Ok(target) if matches!(target.scheme(), "http" | "https") => Ok(Some(target)),
        _ => Err(Lost::Redirects(
            "the host redirects to what is no http address".to_owned(),
        )),
    }
}

/// The request as it goes on: RFC 9110 section 15.4. 307 and 308 keep method and body; the others turn everything but
/// GET into GET. What the script itself set as credentials stays with the origin it was meant for.
fn redirected(mut request: Request, target: Url, status: u16) -> Request {
    if !matches!(status, 307 | 308) && request.method != Method::Get {
        request.method = Method::Get;
        request.body = Body::Empty;
        request.headers.remove("Content-Type");
    }
    if request.url.origin() != target.origin() {
        for name in ["Authorization", "Cookie", "Proxy-Authorization"] {
            request.headers.remove(name);
        }
    }
    request.url = target;
    request
}

/// Host and path of a URL, for messages: never its query.
fn host_of(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}
