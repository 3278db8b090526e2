use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::*;
use crate::connections::service::{GrantType, ScopeDelimiter};
use crate::connections::testing::{Provider, endpoints};

fn consenting() -> OAuth2Endpoints {
    OAuth2Endpoints {
        authorize_url: Some(Url::parse("https://login.example.com/auth?tenant=7").unwrap()),
        authorize_params: vec![
            ("access_type".to_owned(), "offline".to_owned()),
            ("scope".to_owned(), "mine".to_owned()),
        ],
        scope_delimiter: ScopeDelimiter::Space,
        pkce: true,
        ..endpoints(GrantType::AuthorizationCode)
    }
}

fn redirect() -> Url {
    Url::parse("http://127.0.0.1:4711/callback").unwrap()
}

fn query(url: &Url) -> HashMap<String, String> {
    url.query_pairs().into_owned().collect()
}

fn answer(query: &str) -> Url {
    let mut url = redirect();
    url.set_query(Some(query));
    url
}

#[test]
fn the_address_holds_what_the_provider_needs() {
    let scopes = ["a.read".to_owned(), "b".to_owned(), "a.read".to_owned()];
    let (url, request) = begin(&consenting(), &scopes, &redirect()).unwrap();
    let query = query(&url);
    assert_eq!(url.origin().ascii_serialization(), "https://login.example.com");
    for (name, value) in [
        ("tenant", "7"),
        ("response_type", "code"),
        ("client_id", "client-1"),
        ("redirect_uri", "http://127.0.0.1:4711/callback"),
        ("scope", "a.read b"),
        ("access_type", "offline"),
        ("state", request.state().expose()),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(query.get(name).map(String::as_str), Some(value), "{name}");
    }
    let verifier = request.verifier.as_ref().unwrap().expose();
    assert!((43..=128).contains(&verifier.len()));
    assert_eq!(
        query["code_challenge"],
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
    );
    assert!(!url.as_str().contains(verifier) && !url.as_str().contains("canary"));
    assert!(!format!("{request:?}").contains(verifier));

    let (_, other) = begin(&consenting(), &scopes, &redirect()).unwrap();
    assert!(other.state() != request.state() && other.verifier != request.verifier);

    let plain = OAuth2Endpoints {
        pkce: false,
        ..consenting()
    };
    let (url, request) = begin(&plain, &[], &redirect()).unwrap();
    assert!(request.verifier.is_none() && !url.as_str().contains("challenge"));
    assert!(
        url.as_str().contains("scope=mine"),
        "the service's own parameter stands where no scope is asked for"
    );
    assert!(begin(&endpoints(GrantType::AuthorizationCode), &[], &redirect()).is_err());
}

#[test]
fn an_answer_has_to_prove_whose_it_is() {
    let mut asked = consenting();
    let (_, request) = begin(&asked, &[], &redirect()).unwrap();
    let state = request.state().expose().to_owned();
    let code = |asked: &OAuth2Endpoints, query: &str| {
        let read = request.read(&answer(query), asked);
        read.map(|code| code.expose().to_owned()).map_err(|error| error.kind)
    };
    use ConsentErrorKind::{Denied, Mismatch, Provider, ProviderDown, Scope};
    assert_eq!(code(&asked, &format!("code=c%2B1&state={state}")), Ok("c+1".to_owned()));
    for (query, kind) in [
        ("code=c".to_owned(), Mismatch),
        ("code=c&state=".to_owned(), Mismatch),
        (format!("code=c&state={state}x"), Mismatch),
        ("error=access_denied".to_owned(), Mismatch),
        (format!("error=access_denied&state={state}"), Denied),
        (format!("error=server_error&state={state}"), ProviderDown),
        (
            format!("error=invalid_scope&error_description=no%0Asuch&state={state}"),
            Scope,
        ),
        (format!("error=unauthorized_client&state={state}"), Provider),
        (format!("state={state}"), Provider),
        (format!("code=&state={state}"), Provider),
        (format!("code=c&state={state}&iss=https%3A%2F%2Fevil.example"), Mismatch),
        (
            format!("error=access_denied&state={state}&iss=https%3A%2F%2Fevil.example"),
            Mismatch,
        ),
    ] {
        assert_eq!(code(&asked, &query), Err(kind), "{query}");
    }
    let named = format!("code=c&state={state}&iss=https%3A%2F%2Flogin.example.com");
    assert_eq!(code(&asked, &named), Ok("c".to_owned()));
    asked.issuer = Some("https://login.example.com/realm".to_owned());
    assert_eq!(
        code(&asked, &named),
        Err(Mismatch),
        "a service that names its issuer means it to the letter"
    );
    assert_eq!(code(&asked, &format!("{named}%2Frealm")), Ok("c".to_owned()));
}

#[test]
fn a_code_is_exchanged_with_its_proof() {
    let provider = Provider::default();
    provider.instead.lock().unwrap().push(Ok(crate::host::Response::new(
        200,
        "application/json",
        "{\"access_token\":\"canary-a\",\"refresh_token\":\"canary-r\",\"expires_in\":60}",
    )));
    let asked = consenting();
    let (_, request) = begin(&asked, &[], &redirect()).unwrap();
    let tokens = request
        .exchange(&provider, &asked, &Secret::new("c1"), &Cancel::new())
        .unwrap();
    assert_eq!((tokens.access.expose(), tokens.lifetime), ("canary-a", Some(60)));
    let form = provider.forms.lock().unwrap().remove(0);
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("code", "c1"),
        ("redirect_uri", "http://127.0.0.1:4711/callback"),
        ("code_verifier", request.verifier.as_ref().unwrap().expose()),
        ("client_id", "client-1"),
        ("client_secret", "canary-client-secret"),
    ] {
        assert_eq!(form[name], value, "{name}");
    }
}
