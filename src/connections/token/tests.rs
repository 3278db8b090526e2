use super::*;
use crate::connections::service::GrantType;
use crate::connections::testing::{Provider, endpoints};

fn answer(status: u16, body: &str) -> Result<Tokens, TokenError> {
    let response = Response::new(status, "", body);
    read(&response, &endpoints(GrantType::AuthorizationCode))
}

fn life(body: &str) -> Option<u64> {
    answer(200, &format!("{{\"access_token\":\"a\"{body}}}"))
        .unwrap()
        .lifetime
}

#[test]
fn a_life_is_read_however_it_is_written() {
    for (written, seconds) in [
        (",\"expires_in\":3600", Some(3_600)),
        (",\"expires_in\":\"3600\"", Some(3_600)),
        (",\"expires_in\":\" 60 \"", Some(60)),
        (",\"expires_in\":3599.9", Some(3_599)),
        (",\"expires_in\":1e300", Some(u64::MAX)),
        (",\"expires_in\":0", None),
        (",\"expires_in\":-1", None),
        (",\"expires_in\":\"NaN\"", None),
        (",\"expires_in\":\"soon\"", None),
        (",\"expires_in\":null", None),
        (",\"expires_in\":[1]", None),
        ("", None),
    ] {
        assert_eq!(life(written), seconds, "{written}");
    }
    let mut assumed = endpoints(GrantType::AuthorizationCode);
    assumed.assumed_lifetime = Some(900);
    let response = Response::new(200, "", "{\"access_token\":\"a\"}");
    assert_eq!(read(&response, &assumed).unwrap().lifetime, Some(900));
}

#[test]
fn answers_come_in_several_shapes() {
    let tokens = answer(200, "access_token=a%2Bb&refresh_token=r&scope=repo%2Cgist&expires_in=9").unwrap();
    assert_eq!(tokens.access.expose(), "a+b");
    assert_eq!(tokens.refresh.unwrap().expose(), "r");
    assert_eq!(
        (tokens.lifetime, tokens.scopes),
        (Some(9), vec!["repo".to_owned(), "gist".to_owned()])
    );

    let slack = "{\"ok\":true,\"authed_user\":{\"access_token\":\"xoxp\",\"scope\":\"chat:write\"}}";
    let tokens = answer(200, slack).unwrap();
    assert_eq!(
        (tokens.access.expose(), tokens.scopes.as_slice()),
        ("xoxp", &["chat:write".to_owned()][..])
    );
    assert!(tokens.refresh.is_none());
    assert!(
        answer(201, "{\"access_token\":\"a\",\"refresh_token\":\"\"}")
            .unwrap()
            .refresh
            .is_none()
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of answers")]
fn errors_are_told_apart() {
    use TokenError::{GrantRefused, Refused, Unavailable};
    let refused = |code: &str, words: &str| Refused {
        code: code.to_owned(),
        words: words.to_owned(),
    };
    for (status, body, wanted) in [
        (
            400,
            "{\"error\":\"invalid_grant\"}",
            GrantRefused("invalid_grant".to_owned()),
        ),
        (
            200,
            "{\"error\":\"invalid_code\"}",
            GrantRefused("invalid_code".to_owned()),
        ),
        (
            200,
            "{\"ok\":false,\"error\":\"invalid_refresh_token\"}",
            GrantRefused("invalid_refresh_token".to_owned()),
        ),
        (
            200,
            "error=bad_refresh_token&error_description=gone",
            GrantRefused("bad_refresh_token: gone".to_owned()),
        ),
        (
            401,
            "{\"error\":\"invalid_client\"}",
            refused("invalid_client", "invalid_client"),
        ),
        (
            400,
            "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"message\":\"no\\u001b[31m\\nway\"}}",
            refused("INVALID_ARGUMENT", "INVALID_ARGUMENT: no [31m way"),
        ),
        (
            503,
            "{\"error\":\"server_error\"}",
            Unavailable("it answered 503, server_error".to_owned()),
        ),
        (
            429,
            "{\"error\":\"rate\"}",
            Unavailable("it answered 429, rate".to_owned()),
        ),
        (
            500,
            "<html>",
            Unavailable("it answered 500 with no token in it".to_owned()),
        ),
        (200, "", Unavailable("it answered 200 with no token in it".to_owned())),
        (200, "[]", Unavailable("it answered 200 with no token in it".to_owned())),
        (
            200,
            "{\"access_token\":\"\"}",
            Unavailable("it answered 200 with no token in it".to_owned()),
        ),
        (
            200,
            "{\"access_token\":7}",
            Unavailable("it answered 200 with no token in it".to_owned()),
        ),
        (
            500,
            "{\"access_token\":\"a\"}",
            Unavailable("it answered 500 with no token in it".to_owned()),
        ),
    ] {
        assert_eq!(answer(status, body).unwrap_err(), wanted, "{body}");
    }
    let Err(TokenError::Moved(why)) = answer(302, "{\"access_token\":\"a\"}") else {
        panic!("a redirect is not followed");
    };
    assert!(why.contains("redirects"));
    let Err(Refused { words: long, .. }) = answer(
        400,
        &format!("{{\"error\":\"x\",\"error_description\":\"{}\"}}", "ü".repeat(5_000)),
    ) else {
        panic!("an error stays one");
    };
    assert!(long.chars().count() < 300 && long.ends_with('…'));
}

#[test]
fn the_client_proves_itself_as_the_service_says() {
    let send = |change: fn(&mut OAuth2Endpoints)| {
        let provider = Provider::default();
        let mut endpoints = endpoints(GrantType::ClientCredentials);
        endpoints.client_id = "a b".to_owned();
        endpoints.client_secret = Secret::new("s:+");
        change(&mut endpoints);
        let params = vec![("grant_type".to_owned(), "client_credentials".to_owned())];
        let request = TokenRequest {
            endpoints: &endpoints,
            url: &endpoints.token_url,
            params,
        };
        ask(&provider, request, &Cancel::new()).unwrap();
        let request = provider.requests.lock().unwrap().remove(0);
        let form = provider.forms.lock().unwrap().remove(0);
        (request, form)
    };
    let (request, form) = send(|_| {});
    assert_eq!(
        (form["client_id"].as_str(), form["client_secret"].as_str()),
        ("a b", "s:+")
    );
    assert_eq!(request.headers.get("authorization"), None);
    assert_eq!(request.timeout, Duration::from_secs(10));

    let (request, form) = send(|endpoints| endpoints.client_auth = ClientAuth::Basic);
    assert_eq!(
        request.headers.get("authorization"),
        Some("Basic YStiOnMlM0ElMkI="),
        "a+b:s%3A%2B"
    );
    assert!(!form.contains_key("client_secret"));
    let (request, _) = send(|endpoints| endpoints.client_auth = ClientAuth::BasicRaw);
    assert_eq!(
        request.headers.get("authorization"),
        Some("Basic YSBiOnM6Kw=="),
        "a b:s:+"
    );

    let (_, form) = send(|endpoints| endpoints.client_secret = Secret::new(""));
    assert!(!form.contains_key("client_secret"), "a public client sends no secret");
    let (request, form) = send(|endpoints| {
        endpoints.token_body = TokenBody::Json;
        endpoints.token_params = vec![("audience".to_owned(), "api".to_owned())];
    });
    assert_eq!(request.headers.get("content-type"), Some("application/json"));
    assert_eq!(
        (form["audience"].as_str(), form["grant_type"].as_str()),
        ("api", "client_credentials")
    );
}

#[test]
fn a_provider_tells_how_long_it_wants_to_be_left_alone() {
    for (header, body, wanted) in [
        (
            "30",
            "{\"error\":\"rate\"}",
            "it answered 429, rate; it asks to wait 30 seconds",
        ),
        (
            "1",
            "",
            "it answered 429 with no token in it; it asks to wait one second",
        ),
        (
            "Fri, 31 Dec 1999 23:59:59 GMT",
            "",
            "it answered 429 with no token in it; it asks to wait until Fri, 31 Dec 1999 23:59:59 GMT",
        ),
        ("soon", "", "it answered 429 with no token in it"),
    ] {
        let mut response = Response::new(429, "", body);
        response.headers.set("retry-after", header);
        let error = read(&response, &endpoints(GrantType::AuthorizationCode)).unwrap_err();
        assert_eq!(error, TokenError::Unavailable(wanted.to_owned()));
    }
}
