//! Authorization code (RFC 6749 section 4.1) with a proof key (RFC 7636): the address to send the user to, what his
//! browser brings back, and the exchange of the code.

use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl};
use url::Url;

use super::error::{ConsentError, ConsentErrorKind, SCOPE_REFUSED};
use crate::connections::credential::Secret;
use crate::connections::service::OAuth2Endpoints;
use crate::connections::token::{TokenError, TokenRequest, Tokens, ask, clean};
use crate::host::{Cancel, Http};

/// A request for consent that is under way. Its secrets prove that an answer belongs to it.
#[derive(Debug)]
pub(super) struct CodeRequest {
    redirect: Url,
    state: Secret,
    verifier: Option<Secret>,
}

/// The address to send the user to.
pub(super) fn begin(
    endpoints: &OAuth2Endpoints,
    scopes: &[String],
    redirect: &Url,
) -> Result<(Url, CodeRequest), ConsentError> {
    let Some(authorize_url) = &endpoints.authorize_url else {
        return Err(
            ConsentError::unsuitable("its service has no `authorize_url`, where a user could consent")
                .help("add the URL to the service: `dg services edit SERVICE --from FILE`"),
        );
    };
    // A few providers have a name of their own for it, which the service then gives as a parameter.
    let names_client = |(name, _): &(String, String)| name.starts_with("client");
    if endpoints.client_id.is_empty() && !endpoints.authorize_params.iter().any(names_client) {
        return Err(
            ConsentError::unsuitable("its service has no client id, by which the provider would know who asks").help(
                "register a client at the provider, and give its id to the service: `dg services edit SERVICE --client-id ID`",
            ),
        );
    }
    let client = BasicClient::new(ClientId::new(endpoints.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(authorize_url.clone()))
        .set_redirect_uri(RedirectUrl::from_url(redirect.clone()));
    let mut request = client.authorize_url(CsrfToken::new_random);
    let scope = endpoints.joined_scopes(scopes);
    for (name, value) in &endpoints.authorize_params {
        if scope.is_empty() || name != "scope" {
            request = request.add_extra_param(name, value);
        }
    }
    if !scope.is_empty() {
        request = request.add_extra_param("scope", scope);
    }
    let mut verifier = None;
    if endpoints.pkce {
        let (challenge, secret) = PkceCodeChallenge::new_random_sha256();
        verifier = Some(Secret::new(secret.into_secret()));
        request = request.set_pkce_challenge(challenge);
    }
    let (url, state) = request.url();
    let request = CodeRequest {
        redirect: redirect.clone(),
        state: Secret::new(state.into_secret()),
        verifier,
    };
    Ok((url, request))
}

impl CodeRequest {
    /// What the provider has to send back unchanged.
    pub(super) fn state(&self) -> &Secret {
        &self.state
    }

    /// The code in an answer, if the answer belongs to this request and to this provider.
    pub(super) fn read(&self, answer: &Url, endpoints: &OAuth2Endpoints) -> Result<Secret, ConsentError> {
        let field = |name: &str| {
            let mut pairs = answer.query_pairs();
            let value = pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
            value.filter(|value| !value.is_empty())
        };
        match field("state") {
            Some(state) if Secret::new(state.as_str()) == self.state => {}
            given => return Err(foreign(given.is_some())),
        }
        if let Some(issuer) = field("iss") {
            check_issuer(&issuer, endpoints)?;
        }
        if let Some(error) = field("error") {
            return Err(refused(&error, field("error_description").as_deref()));
        }
        field("code").map(Secret::new).ok_or_else(|| {
            ConsentError::new(
                ConsentErrorKind::Provider,
                "the provider sent the browser back without a code",
            )
            .help("check that the service's `authorize_url` is the one for the authorization code flow")
        })
    }

    /// Tokens for the code (RFC 6749 section 4.1.3).
    pub(super) fn exchange(
        &self,
        http: &dyn Http,
        endpoints: &OAuth2Endpoints,
        code: &Secret,
        cancel: &Cancel,
    ) -> Result<Tokens, TokenError> {
        let mut params = vec![
            ("grant_type".to_owned(), "authorization_code".to_owned()),
            ("code".to_owned(), code.expose().to_owned()),
            ("redirect_uri".to_owned(), self.redirect.to_string()),
        ];
        if let Some(verifier) = &self.verifier {
            params.push(("code_verifier".to_owned(), verifier.expose().to_owned()));
        }
        let request = TokenRequest {
            endpoints,
            url: &endpoints.token_url,
            params,
        };
        ask(http, request, cancel)
    }
}

/// The `state` is another one, or none.
fn foreign(has_state: bool) -> ConsentError {
    let why = if has_state {
        "its `state` is another one"
    } else {
        "it has no `state`"
    };
    let message = format!("the answer does not belong to this request: {why}");
    ConsentError::new(ConsentErrorKind::Mismatch, message)
        .help("close other pages of the provider and run the command again; allow access on the page that it opens")
}

/// The issuer that an answer names has to be the one that was asked (RFC 9207): the service's `issuer`, else the origin
/// of its consent page.
fn check_issuer(named: &str, endpoints: &OAuth2Endpoints) -> Result<(), ConsentError> {
    let is_expected = match &endpoints.issuer {
        Some(issuer) => named == issuer,
        None => Url::parse(named)
            .ok()
            .zip(endpoints.authorize_url.as_ref())
            .is_some_and(|(named, asked)| named.origin() == asked.origin()),
    };
    if is_expected {
        return Ok(());
    }
    let named = clean(named);
    let message = format!("the answer comes from another provider than the one that was asked: it names `{named}`");
    Err(ConsentError::new(ConsentErrorKind::Mismatch, message).help(format!(
        "if that is the provider, write `\"issuer\": \"{named}\"` into the service"
    )))
}

/// RFC 6749 section 4.1.2.1.
fn refused(error: &str, description: Option<&str>) -> ConsentError {
    let words = match description {
        Some(description) => format!("{}: {}", clean(error), clean(description)),
        None => clean(error),
    };
    match error {
        "access_denied" => ConsentError::denied(&words),
        "server_error" | "temporarily_unavailable" => ConsentError::new(
            ConsentErrorKind::ProviderDown,
            format!("the provider's consent page failed: {words}"),
        )
        .help("try again later"),
        SCOPE_REFUSED => ConsentError::scope(&words),
        _ => ConsentError::new(
            ConsentErrorKind::Provider,
            format!("the provider refused the request for consent: {words}"),
        )
        .help("check client id, callback URL and scopes of the service"),
    }
}

#[cfg(test)]
mod tests;
