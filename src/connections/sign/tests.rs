use super::*;
use crate::connections::Secret;
use crate::connections::service::{ApiKeyParam, GrantType};
use crate::connections::testing::{endpoints, request, service};
use crate::host::Method;

fn param(key: &str, prefix: &str) -> ApiKeyParam {
    ApiKeyParam {
        key: key.to_owned(),
        label: key.to_owned(),
        prefix: prefix.to_owned(),
    }
}

fn api_key(keys: &[(&str, &str)], param_type: ParamType) -> (Service, Credential) {
    let params = keys.iter().map(|(key, _)| param(key, "")).collect();
    let values = keys.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(*value)));
    let credential = Credential::ApiKey(values.collect());
    (service("s", AuthKind::ApiKey { params }, param_type), credential)
}

fn oauth2(param_type: ParamType) -> (Service, Credential) {
    let auth = AuthKind::OAuth2(Box::new(endpoints(GrantType::AuthorizationCode)));
    let credential = Credential::OAuth2 {
        access: Some(Secret::new("t0k+n")),
        refresh: None,
    };
    (service("s", auth, param_type), credential)
}

fn form(pairs: &[(&str, &str)]) -> Body {
    Body::Form(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}

const URL: &str = "https://api.example.com/v1";

#[test]
fn an_api_key_goes_where_its_service_wants_it() {
    let mut get = request(Method::Get, &format!("{URL}?a=%20b&key=x&%6Bey=y&c"), Body::Empty);
    let (to_query, values) = api_key(&[("key", "s&cr=t +é"), ("id", "7")], ParamType::Query);
    assert_eq!(sign(&to_query, &values, &mut get, 0).unwrap(), ["key"]);
    assert_eq!(
        get.url.query(),
        Some("a=%20b&c&key=s%26cr%3Dt+%2B%C3%A9&id=7"),
        "what the script wrote stays as it is"
    );

    let mut get = request(Method::Get, URL, Body::Empty);
    get.headers.add("X-API-KEY", "mine");
    get.headers.add("x-api-key", "mine too");
    let (to_header, values) = api_key(&[("x-api-key", "secret")], ParamType::Header);
    assert_eq!(sign(&to_header, &values, &mut get, 0).unwrap(), ["x-api-key"]);
    assert_eq!(get.headers.iter().collect::<Vec<_>>(), [("x-api-key", "secret")]);

    let (to_form, values) = api_key(&[("key", "secret")], ParamType::Form);
    let mut post = request(Method::Post, URL, form(&[("key", "mine"), ("a", "b")]));
    assert_eq!(sign(&to_form, &values, &mut post, 0).unwrap(), ["key"]);
    assert!(post.body == form(&[("a", "b"), ("key", "secret")]));
    let mut upload = request(Method::Post, URL, Body::Multipart(Vec::new()));
    assert!(sign(&to_form, &values, &mut upload, 0).unwrap().is_empty());
    let Body::Multipart(parts) = &upload.body else {
        panic!("an upload stays one");
    };
    assert_eq!(
        (parts[0].name.as_str(), parts[0].bytes.as_slice()),
        ("key", &b"secret"[..])
    );
}

#[test]
fn a_prefix_stands_before_the_value() {
    let auth = AuthKind::ApiKey {
        params: vec![param("Authorization", "Klaviyo-API-Key ")],
    };
    let values = Credential::ApiKey(vec![("Authorization".to_owned(), Secret::new("pk"))]);
    let mut get = request(Method::Get, URL, Body::Empty);
    sign(&service("s", auth, ParamType::Header), &values, &mut get, 0).unwrap();
    assert_eq!(get.headers.get("authorization"), Some("Klaviyo-API-Key pk"));
}

#[test]
fn form_data_needs_a_form() {
    for (service, credential) in [api_key(&[("key", "secret")], ParamType::Form), oauth2(ParamType::Form)] {
        for body in [Body::Empty, Body::Bytes(b"{}".to_vec())] {
            let mut post = request(Method::Post, URL, body.clone());
            let error = sign(&service, &credential, &mut post, 0).unwrap_err();
            assert!(error.why.contains("form data") && error.help.is_some());
            assert!(post.body == body, "a refused request is not changed");
        }
    }
}

#[test]
fn basic_follows_the_rfc() {
    for (user, password, header) in [
        ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123\u{A3}", "Basic dGVzdDoxMjPCow=="),
        ("key", "", "Basic a2V5Og=="),
    ] {
        let credential = Credential::Basic {
            user: user.to_owned(),
            password: Secret::new(password),
        };
        let mut get = request(Method::Get, URL, Body::Empty);
        get.headers.set("authorization", "mine");
        let basic = service("s", AuthKind::Basic, ParamType::Header);
        assert_eq!(sign(&basic, &credential, &mut get, 0).unwrap(), ["Authorization"]);
        assert_eq!(get.headers.get("Authorization"), Some(header));
    }
}

#[test]
fn an_access_token_goes_to_all_three_places() {
    let (mut service, credential) = oauth2(ParamType::Header);
    for (prefix, header) in [
        ("Bearer", "Bearer t0k+n"),
        ("Zoho-oauthtoken", "Zoho-oauthtoken t0k+n"),
        ("", "t0k+n"),
    ] {
        let mut oauth = endpoints(GrantType::AuthorizationCode);
        oauth.header_prefix = prefix.to_owned();
        service.auth = AuthKind::OAuth2(Box::new(oauth));
        let mut get = request(Method::Get, URL, Body::Empty);
        sign(&service, &credential, &mut get, 0).unwrap();
        assert_eq!(get.headers.get("Authorization"), Some(header));
    }
    let (service, credential) = oauth2(ParamType::Query);
    let mut get = request(Method::Get, URL, Body::Empty);
    sign(&service, &credential, &mut get, 0).unwrap();
    assert_eq!(get.url.as_str(), "https://api.example.com/v1?access_token=t0k%2Bn");
    let (service, credential) = oauth2(ParamType::Form);
    let mut post = request(Method::Post, URL, form(&[]));
    sign(&service, &credential, &mut post, 0).unwrap();
    assert!(post.body == form(&[("access_token", "t0k+n")]));
}

#[test]
fn scripts_do_not_steer_a_request_that_carries_a_credential() {
    let (service, credential) = oauth2(ParamType::Header);
    for name in [
        "Host",
        "content-length",
        "Transfer-Encoding",
        "CONNECTION",
        "Proxy-Authorization",
        "proxy-x",
    ] {
        let mut get = request(Method::Get, URL, Body::Empty);
        get.headers.set(name, "evil.example");
        let error = sign(&service, &credential, &mut get, 0).unwrap_err();
        assert!(error.why.contains(name), "{error:?}");
        assert!(!get.headers.contains("Authorization"));
    }
    for (name, value) in [
        ("X-A", "a\r\nHost: evil"),
        ("X-A", "a\nb"),
        ("X A", "b"),
        ("X\r\nHost", "b"),
        ("", "b"),
    ] {
        let mut get = request(Method::Get, URL, Body::Empty);
        get.headers.set(name, value);
        assert!(sign(&service, &credential, &mut get, 0).is_err(), "{name:?}: {value:?}");
    }
    let mut get = request(Method::Get, "https://me:pw@api.example.com/", Body::Empty);
    assert!(sign(&service, &credential, &mut get, 0).is_err());
}

#[test]
fn a_credential_never_begins_another_header() {
    for value in ["canary\r\nX-Evil: 1", "canary\n", "canary\0", "canaryé"] {
        let (service, credential) = api_key(&[("X-Key", value)], ParamType::Header);
        let mut get = request(Method::Get, URL, Body::Empty);
        let error = sign(&service, &credential, &mut get, 0).unwrap_err();
        assert!(!format!("{error:?}").contains("canary"));
        assert!(!get.headers.contains("X-Key"));
    }
}

#[test]
fn a_service_s_own_headers_yield_to_the_script_s() {
    let (mut service, credential) = oauth2(ParamType::Header);
    service.extra_headers = vec![
        ("Notion-Version".to_owned(), "2022".to_owned()),
        ("A".to_owned(), "b".to_owned()),
    ];
    let mut get = request(Method::Get, URL, Body::Empty);
    get.headers.set("notion-version", "2025");
    sign(&service, &credential, &mut get, 0).unwrap();
    assert_eq!(get.headers.get("Notion-Version"), Some("2025"));
    assert_eq!(get.headers.get("A"), Some("b"));
}

#[test]
fn a_credential_of_another_auth_type_is_refused() {
    let (service, _) = oauth2(ParamType::Header);
    let (_, key) = api_key(&[("k", "canary")], ParamType::Header);
    let mut get = request(Method::Get, URL, Body::Empty);
    let error = sign(&service, &key, &mut get, 0).unwrap_err();
    assert!(error.why.contains("OAuth 2") && !format!("{error:?}").contains("canary"));
}
