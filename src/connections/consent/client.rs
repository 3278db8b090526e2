//! Client credentials (RFC 6749 section 4.4): nobody is asked, the client acts for itself. Each token is a new one;
//! there is nothing to refresh.

use crate::connections::service::OAuth2Endpoints;
use crate::connections::token::{TokenError, TokenRequest, Tokens, ask};
use crate::host::{Cancel, Http};

pub(in crate::connections) fn obtain(
    http: &dyn Http,
    endpoints: &OAuth2Endpoints,
    scopes: &[String],
    cancel: &Cancel,
) -> Result<Tokens, TokenError> {
    let mut params = vec![("grant_type".to_owned(), "client_credentials".to_owned())];
    let scope = endpoints.joined_scopes(scopes);
    if !scope.is_empty() {
        params.push(("scope".to_owned(), scope));
    }
    let request = TokenRequest {
        endpoints,
        url: &endpoints.token_url,
        params,
    };
    ask(http, request, cancel)
}
