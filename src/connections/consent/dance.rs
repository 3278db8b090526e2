//! OAuth 1.0a in three legs (RFC 5849 section 2): temporary credentials, the user's consent, token credentials.

use std::time::Duration;

use url::{Url, form_urlencoded};

use super::error::{ConsentError, ConsentErrorKind};
use crate::connections::credential::{Credential, Secret};
use crate::connections::service::{OAuth1Endpoints, ParamType, Service};
use crate::connections::sign::oauth1::{Moment, Signer};
use crate::connections::sign::sign_dance;
use crate::connections::token::{clean, redirects, wait};
use crate::host::{Body, Cancel, Clock, Headers, Http, HttpErrorKind, Method, Request, Response};

/// How long a provider may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most bytes an answer may have.
const ANSWER_LIMIT: usize = 1 << 16;

/// A callback for users without a browser that could be sent back: the provider shows the verifier instead
/// (RFC 5849 section 2.1).
pub(super) const OUT_OF_BAND: &str = "oob";

/// A dance whose second leg is under way.
#[derive(Debug)]
pub(super) struct DanceRequest {
    token: Secret,
    secret: Secret,
}

/// What a dance needs of its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Floor<'f> {
    pub(super) http: &'f dyn Http,
    pub(super) clock: &'f dyn Clock,
    pub(super) service: &'f Service,
    pub(super) endpoints: &'f OAuth1Endpoints,
}

impl Floor<'_> {
    /// The first leg: temporary credentials, and the address to send the user to.
    pub(super) fn begin(
        &self,
        scopes: &[String],
        callback: &str,
        cancel: &Cancel,
    ) -> Result<(Url, DanceRequest), ConsentError> {
        let further = [("oauth_callback", callback)];
        let (token, secret) = self.ask(&self.endpoints.request_token_url, None, &further, cancel)?;
        let mut url = self.endpoints.authorize_url.clone();
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("oauth_token", token.expose());
            query.extend_pairs(&self.endpoints.authorize_params);
            let scope = self.endpoints.scope_delimiter.join(scopes);
            if !scope.is_empty() {
                query.append_pair("scope", &scope);
            }
        }
        Ok((url, DanceRequest { token, secret }))
    }

    /// The third leg: token credentials for the verifier.
    pub(super) fn finish(
        &self,
        dance: &DanceRequest,
        verifier: &Secret,
        cancel: &Cancel,
    ) -> Result<Credential, ConsentError> {
        let further = [("oauth_verifier", verifier.expose())];
        let temporary = Some((&dance.token, &dance.secret));
        let (token, secret) = self.ask(&self.endpoints.access_token_url, temporary, &further, cancel)?;
        Ok(Credential::OAuth1 { token, secret })
    }

    fn ask(
        &self,
        url: &Url,
        token: Option<(&Secret, &Secret)>,
        further: &[(&'static str, &str)],
        cancel: &Cancel,
    ) -> Result<(Secret, Secret), ConsentError> {
        let host = url.host_str().unwrap_or_default();
        let mut request = Request {
            method: Method::Post,
            url: url.clone(),
            headers: Headers::default(),
            body: match self.service.param_type {
                ParamType::Form => Body::Form(Vec::new()),
                ParamType::Header | ParamType::Query => Body::Empty,
            },
            timeout: TIMEOUT,
            response_limit: ANSWER_LIMIT,
        };
        let unsigned =
            |why: String| ConsentError::unsuitable(format!("the request to `{host}` cannot be signed: {why}"));
        let signer = Signer {
            endpoints: self.endpoints,
            token,
            further,
            moment: Moment::now(self.clock.now_millis()).map_err(|what| unsigned(what.why))?,
        };
        sign_dance(&signer, self.service.param_type, &mut request).map_err(|what| unsigned(what.why))?;
        match self.http.send(&request, cancel) {
            Ok(response) => read(&response, host),
            Err(error) if error.kind == HttpErrorKind::Interrupted => Err(ConsentError::interrupted()),
            Err(error) => Err(down(host, &error.reason)),
        }
    }
}

impl DanceRequest {
    /// The temporary token, by which an answer is known.
    pub(super) fn token(&self) -> &Secret {
        &self.token
    }

    /// The secret that goes with it.
    pub(super) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The verifier in an answer, if the answer belongs to this dance.
    pub(super) fn read(&self, answer: &Url) -> Result<Secret, ConsentError> {
        let field = |name: &str| {
            let mut pairs = answer.query_pairs();
            let value = pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
            value.filter(|value| !value.is_empty())
        };
        let belongs = |token: String| Secret::new(token) == self.token;
        if field("denied").is_some_and(belongs) {
            return Err(ConsentError::denied(""));
        }
        if let Some(problem) = field("oauth_problem").or_else(|| field("error")) {
            return Err(ConsentError::denied(&clean(&problem)));
        }
        if !field("oauth_token").is_some_and(belongs) {
            let message = "the answer does not belong to this request: its `oauth_token` is another one, or missing";
            return Err(ConsentError::new(ConsentErrorKind::Mismatch, message)
                .help("close other pages of the provider and run the command again"));
        }
        field("oauth_verifier").map(Secret::new).ok_or_else(|| {
            let message = "the provider sent the browser back without `oauth_verifier`, which OAuth 1.0a demands";
            ConsentError::new(ConsentErrorKind::Provider, message)
        })
    }
}

fn down(host: &str, why: &str) -> ConsentError {
    let message = format!("the provider at `{host}` gave no token: {why}");
    ConsentError::new(ConsentErrorKind::ProviderDown, message).help("try again later")
}

/// Token and token secret of an answer (RFC 5849 sections 2.1 and 2.3).
fn read(response: &Response, host: &str) -> Result<(Secret, Secret), ConsentError> {
    let field = |name: &str| {
        let mut pairs = form_urlencoded::parse(&response.body);
        let value = pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        value.filter(|value| !value.is_empty())
    };
    match (response.status, field("oauth_token"), field("oauth_token_secret")) {
        (200..=299, Some(token), Some(secret)) => Ok((Secret::new(token), Secret::new(secret))),
        (status @ 300..=399, ..) => Err(ConsentError::moved(host, &redirects(status))),
        (status @ (429 | 500..), ..) => Err(down(host, &format!("it answered {status}{}", wait(response)))),
        (status, ..) => {
            let problem = field("oauth_problem").or_else(|| field("error"));
            let why = problem.map_or_else(|| format!("it answered {status}"), |problem| clean(&problem));
            let message = format!("the provider at `{host}` refused to give a token: {why}");
            Err(ConsentError::new(ConsentErrorKind::Provider, message)
                .help("check consumer key, consumer secret, signature method and callback URL of the service"))
        }
    }
}
