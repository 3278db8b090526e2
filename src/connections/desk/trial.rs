//! Trying a connection: each step from the link name to the answer, told without secrets.

use std::time::{Duration, Instant};

use url::Url;

use crate::connections::allowed_host::AllowedHost;
use crate::connections::refusal;
use crate::connections::service::Service;
use crate::connections::shared::Registered;
use crate::host::{
    Asked, Authority, Body, Cancel, Grant, Headers, LinkName, Method, Request, Response, Retry, UserId, scope_refusal,
};

use super::{Connections, DeskError};

/// How long a trial waits for its answer.
const TIMEOUT: Duration = Duration::from_secs(40);

/// The most bytes of an answer; a trial looks at the status alone.
const ANSWER_LIMIT: usize = 1 << 20;

/// One step of a trial, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the step is about: `service`, `origin`, `answer`.
    pub name: &'static str,
    /// What was found.
    pub finding: String,
}

/// What a trial came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The steps, in their order.
    pub steps: Vec<Step>,
    /// The status of the answer; `None` where nothing was sent.
    pub status: Option<u16>,
    /// What stopped it.
    pub failure: Option<DeskError>,
}

impl Trial {
    /// Whether the credential was taken, or is ready where nothing was sent.
    pub fn is_good(&self) -> bool {
        self.failure.is_none() && !matches!(self.status, Some(401 | 403))
    }

    fn step(&mut self, name: &'static str, finding: impl Into<String>) {
        self.steps.push(Step {
            name,
            finding: finding.into(),
        });
    }
}

impl Connections {
    /// Tries a connection: one GET request to `url`, else to the service's own test URL; without either everything but
    /// the sending.
    pub fn test(&self, link: &str, user: &UserId, url: Option<&Url>, cancel: &Cancel) -> Trial {
        let mut trial = Trial {
            steps: Vec::new(),
            status: None,
            failure: None,
        };
        if let Err(error) = self.walk(&mut trial, (link, user), url, cancel) {
            trial.failure = Some(error);
        }
        trial
    }

    fn walk(
        &self,
        trial: &mut Trial,
        (link, user): (&str, &UserId),
        url: Option<&Url>,
        cancel: &Cancel,
    ) -> Result<(), DeskError> {
        let link = self.link(link)?;
        let Registered { connection, service } = self.registered(link.as_str(), user)?;
        trial.step(
            "connection",
            format!("{} (`{link}`), owned by `{}`", connection.name, connection.owner),
        );
        let placed = service.param_type.label();
        trial.step(
            "service",
            format!("{}: {}, placed in {placed}", service.name, service.auth.label()),
        );
        let target = url.or(service.test_url.as_ref());
        let mut request = match target {
            Some(url) => request_to(url.clone()),
            None => match service.hosts.first().and_then(AllowedHost::sample) {
                Some(url) => request_to(url),
                None => return Err(no_host(&service)),
            },
        };
        let authority = self.authority();
        let asked = asked(&link, user);
        let unsigned = request.clone();
        let grant = authority.authorize(&asked, &mut request, cancel)?;
        let origin = request.url.origin().ascii_serialization();
        trial.step("host", format!("{origin} is among the allowed ones"));
        trial.step("credential", whose(&grant));
        if target.is_none() {
            trial.step(
                "answer",
                "nothing was sent: the service has no `test_url`, and no URL was given",
            );
            return Ok(());
        }
        let mut response = self.send(trial, &request, cancel)?;
        if response.status == 401 && authority.rejected(&grant, cancel)? == Retry::Again {
            let mut again = unsigned;
            let renewed = authority.authorize(&asked, &mut again, cancel)?;
            trial.step(
                "refresh",
                format!("a new access token was had (version {})", renewed.version),
            );
            response = self.send(trial, &again, cancel)?;
        }
        trial.status = Some(response.status);
        match scope_refusal(&response) {
            Some(refusal) => Err(refusal::scope_missing(&connection, &refusal, response.status).into()),
            None => Ok(()),
        }
    }

    fn send(&self, trial: &mut Trial, request: &Request, cancel: &Cancel) -> Result<Response, DeskError> {
        let begun = Instant::now();
        let response = self.shared.http.send(request, cancel).map_err(|error| {
            let host = request.url.host_str().unwrap_or_default().to_owned();
            DeskError::NoAnswer { host, error }
        })?;
        let millis = begun.elapsed().as_millis();
        let verdict = match response.status {
            401 => "the credential was refused",
            403 => "the credential is known, and may not do this",
            300..=399 => "it points elsewhere; a script's request would follow",
            ..300 => "the credential was taken",
            _ => "the credential was not refused",
        };
        trial.step("answer", format!("{} after {millis} ms: {verdict}", response.status));
        Ok(response)
    }
}

fn whose(grant: &Grant) -> String {
    let renewal = if grant.refreshable {
        ", refreshed when its time is over"
    } else {
        ""
    };
    format!("of `{}`{renewal}", grant.user)
}

fn asked(link: &LinkName, user: &UserId) -> Asked {
    Asked {
        connection: link.clone(),
        user: user.clone(),
        user_access: None,
    }
}

fn request_to(url: Url) -> Request {
    Request {
        method: Method::Get,
        url,
        headers: Headers::default(),
        body: Body::Empty,
        timeout: TIMEOUT,
        response_limit: ANSWER_LIMIT,
    }
}

fn no_host(service: &Service) -> DeskError {
    DeskError::invalid(format!(
        "the service `{}` allows no host by its whole name, so the URL to try has to be given",
        service.link_name
    ))
}
