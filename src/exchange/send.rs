//! Sends a request: with credentials checked for every exchange, redirects followed here, one more try after a 401.

use std::borrow::Cow;
use std::time::Instant;

use url::Url;

use super::{Outgoing, redirect};
use crate::diagnostic::{Code, Diagnostic};
use crate::host::{
    AuthorityError, AuthorityErrorKind, Context, EvalError, Evaluated, Grant, HttpError, HttpErrorKind, LimitKind,
    Method, Request, RequestRecord, Response, Retry, scope_refusal,
};

/// The most redirects that are followed.
const MAX_REDIRECTS: u32 = 10;

/// Sends the request of a script and follows where the answer leads; gives the URL that answered, and its answer.
pub(super) fn send(outgoing: &Outgoing, request: Request, context: &mut Context<'_>) -> Evaluated<(Url, Response)> {
    context.meter.request()?;
    context.meter.check()?;
    let started = Instant::now();
    let method = request.method;
    let mut journey = Journey {
        outgoing,
        started,
        deadline: started + request.timeout,
        repeated: false,
        request,
        first: None,
    };
    let result = journey.follow(context);
    let outcome = match &result {
        Ok(response) => {
            context.meter.response(response.body.len());
            Ok(response.status)
        }
        Err(error) => Err(context.host.authority.redact(error.reason())),
    };
    context.requests.push(RequestRecord {
        method,
        url: context.host.authority.redact(&shown(journey.begun_at())),
        outcome,
        connection: outgoing.connection.clone(),
        took: started.elapsed(),
        bytes: result.as_ref().map_or(0, |response| response.body.len()),
        at: Some(context.at),
    });
    match result {
        Ok(response) => Ok((journey.request.url, response)),
        Err(lost) => Err(journey.error(lost, method, context)),
    }
}

/// Why there is no answer.
enum Lost {
    Http(HttpError),
    Authority(AuthorityError),
    Redirects(String),
}

impl Lost {
    fn reason(&self) -> &str {
        match self {
            Self::Http(error) => &error.reason,
            Self::Authority(error) => &error.message,
            Self::Redirects(reason) => reason,
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

fn http_help(kind: HttpErrorKind) -> Option<&'static str> {
    Some(match kind {
        HttpErrorKind::Connect => "check the host's name and whether it can be reached from here",
        HttpErrorKind::Timeout => "a request may take 40 seconds; `timeout : seconds` in the task changes that here",
        HttpErrorKind::TooLarge => "ask for less at once, for instance page by page",
        HttpErrorKind::Refused(Code::Offline) => "run without `--offline`",
        HttpErrorKind::Refused(_) => "whoever runs the script says which hosts it may reach (`--allow-host ORIGIN`)",
        _ => return None,
    })
}

/// The way of one request through redirects.
struct Journey<'o> {
    outgoing: &'o Outgoing,
    started: Instant,
    deadline: Instant,
    /// Whether the one repetition after a 401 is used up.
    repeated: bool,
    /// The request as it is sent next or was sent last, without credentials.
    request: Request,
    /// Where the way began, once a redirect has led on.
    first: Option<Url>,
}

impl Journey<'_> {
    fn begun_at(&self) -> &Url {
        self.first.as_ref().unwrap_or(&self.request.url)
    }

    fn follow(&mut self, context: &mut Context<'_>) -> Result<Response, Lost> {
        for redirects in 0.. {
            let response = self.exchange(context)?;
            let from = &self.request.url;
            let Some(target) = redirect::target(from, &response).map_err(Lost::Redirects)? else {
                return Ok(response);
            };
            if self.outgoing.connection.is_some() && from.scheme() == "https" && target.scheme() == "http" {
                let reason = "the host redirects from https to plain http, which a connection does not follow";
                return Err(Lost::Redirects(reason.to_owned()));
            }
            if redirects == MAX_REDIRECTS {
                break;
            }
            let from = redirect::onward(&mut self.request, target, response.status);
            self.first.get_or_insert(from);
        }
        Err(Lost::Redirects(format!(
            "the host redirects more than {MAX_REDIRECTS} times"
        )))
    }

    /// One exchange, and another after a refreshed 401. The request is signed as a copy, so that credentials never
    /// travel on to where a redirect leads.
    fn exchange(&mut self, context: &mut Context<'_>) -> Result<Response, Lost> {
        if self.outgoing.connection.is_none() {
            return exchange_once(&mut self.request, self.deadline, context);
        }
        loop {
            let mut signed = self.request.clone();
            let grant = self.authorize(&mut signed, context)?;
            let response = exchange_once(&mut signed, self.deadline, context)?;
            let Some(grant) = grant else {
                return Ok(response);
            };
            if response.status != 401 || !grant.refreshable || self.repeated {
                warn_of_scope(&grant, &response, context);
                return Ok(response);
            }
            self.repeated = true;
            match context.host.authority.rejected(&grant, &context.meter.cancel()) {
                Ok(Retry::Again) => {}
                Ok(Retry::No) => return Ok(response),
                Err(error) => return Err(Lost::Authority(error)),
            }
        }
    }

    /// Puts the connection's credentials into the request. Where a redirect led to a host that the connection may not
    /// send to, the request goes on without them, unless the address that it was sent to carries one: a host that
    /// repeats the query it was given in its redirect would give the credential away.
    fn authorize(&self, request: &mut Request, context: &mut Context<'_>) -> Result<Option<Grant>, Lost> {
        let Some(asked) = self.outgoing.asked(context) else {
            return Ok(None);
        };
        let authority = &context.host.authority;
        match authority.authorize(&asked, request, &context.meter.cancel()) {
            Ok(grant) => {
                self.warn_overridden(&grant, context);
                Ok(Some(grant))
            }
            Err(error)
                if error.kind == AuthorityErrorKind::OriginNotAllowed
                    && redirect::is_foreign(request, self.begun_at()) =>
            {
                if authority.redact(request.url.as_str()) == request.url.as_str() {
                    return Ok(None);
                }
                let reason = format!(
                    "the host redirects the credential of the connection `{}` to another host",
                    asked.connection
                );
                Err(Lost::Redirects(reason))
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
            let warning = Diagnostic::warning(Code::CredentialOverridden, context.at.source, context.at.span, title)
                .help("leave it out of the script: the connection sets it");
            context.warn(warning);
        }
    }

    /// The error that the script may catch: what happened, at which request, and after which time where that matters.
    fn error(&self, lost: Lost, method: Method, context: &Context<'_>) -> Box<EvalError> {
        let with = self.outgoing.connection.as_ref();
        let with = with.map_or(String::new(), |link| format!(", connection `{link}`"));
        let url = &self.request.url;
        let place = format!("{}{}", url.origin().ascii_serialization(), url.path());
        let asked = format!("{} {}{with}", method.as_str(), context.host.authority.redact(&place));
        match lost {
            Lost::Http(error) if error.kind == HttpErrorKind::Interrupted => interrupted(context),
            Lost::Http(error) => {
                let reason = context.host.authority.redact(&error.reason);
                let message = match error.kind {
                    HttpErrorKind::Timeout => {
                        let seconds = self.started.elapsed().as_secs_f64();
                        format!("socket timeout error: {asked} gave no answer in {seconds:.1} s")
                    }
                    _ => format!("{reason}: {asked}"),
                };
                EvalError::failed(error.kind.code(), message).help_if(http_help(error.kind).map(str::to_owned))
            }
            Lost::Authority(error) if error.kind == AuthorityErrorKind::Interrupted => interrupted(context),
            Lost::Authority(error) => EvalError::connection(error, self.outgoing.asked(context)),
            Lost::Redirects(reason) => EvalError::failed(Code::BadResponse, format!("{reason}: {asked}")),
        }
    }
}

/// Sends a request, in the time that is left of the whole way.
fn exchange_once(request: &mut Request, deadline: Instant, context: &Context<'_>) -> Result<Response, Lost> {
    request.timeout = deadline.saturating_duration_since(Instant::now());
    let answer = context.host.http.send(request, &context.meter.cancel());
    answer.map_err(Lost::Http)
}

/// The answer is the script's (DECISIONS: 25). That a scope is missing, the script cannot mend, so its author is told.
fn warn_of_scope(grant: &Grant, response: &Response, context: &mut Context<'_>) {
    let Some(refusal) = scope_refusal(response) else {
        return;
    };
    let (link, status, word) = (&grant.connection, response.status, refusal.word);
    let title =
        format!("the connection `{link}` lacks a scope for this request: the service answered {status}, {word}");
    let warning = Diagnostic::warning(Code::ScopeMissing, context.at.source, context.at.span, title)
        .help(context.host.authority.redact(&refusal.mending(link)));
    context.warn(warning);
}

/// A URL as it may be shown: without the password that may stand in it.
fn shown(url: &Url) -> Cow<'_, str> {
    if url.password().is_none() {
        return Cow::Borrowed(url.as_str());
    }
    let mut url = url.clone();
    _ = url.set_password(Some("***"));
    Cow::Owned(url.into())
}
