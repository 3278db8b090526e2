use super::*;

fn refusal(text: &str) -> String {
    service(text).unwrap_err()
}

#[test]
fn an_api_key_service_is_read_with_its_defaults() {
    let read = service(
        r#"{"link_name":"stock","hosts":["https://stock.example.com"],"auth":{"type":"api_key","params":[{"key":"X-Key"}]}}"#,
    )
    .unwrap();
    assert_eq!((read.name.as_str(), read.param_type), ("stock", ParamType::Header));
    assert!(read.hosts[0].allows(&Url::parse("https://stock.example.com/v1").unwrap()));
    let AuthKind::ApiKey { params } = read.auth else {
        panic!("{:?}", read.auth)
    };
    assert_eq!((params[0].key.as_str(), params[0].label.as_str()), ("X-Key", "X-Key"));
}

#[test]
fn an_oauth2_service_is_read_with_every_field() {
    let read = service(
        r#"{"link_name":"books","name":"Books","hosts":["books.example.com"],"param_type":"query","test_url":"https://books.example.com/me",
        "extra_headers":{"X-Version":"2"},"auth":{"type":"oauth2","grant_type":"client_credentials","client_id":"id","client_secret":"s",
        "token_url":"https://books.example.com/token","scope_delimiter":"space","client_auth":"basic","token_body":"json",
        "header_prefix":"Zoho-oauthtoken","assumed_lifetime":60,"token_params":{"audience":"a"},"default_scopes":["x"],"pkce":false}}"#,
    )
    .unwrap();
    let AuthKind::OAuth2(endpoints) = read.auth else {
        panic!("{:?}", read.auth)
    };
    assert_eq!(endpoints.grant_type, GrantType::ClientCredentials);
    assert_eq!(endpoints.header_prefix, "Zoho-oauthtoken");
    assert_eq!(endpoints.joined_scopes(&["y".to_owned()]), "x y");
    assert_eq!(endpoints.assumed_lifetime, Some(60));
    assert_eq!(read.extra_headers, [("X-Version".to_owned(), "2".to_owned())]);
}

#[test]
fn what_is_wrong_is_named_and_no_secret_is_repeated() {
    let with_auth = |auth: &str| refusal(&format!(r#"{{"link_name":"a","auth":{auth}}}"#));
    assert!(refusal("[1]").contains("not a JSON object"));
    assert!(refusal("{").contains("not JSON"));
    assert!(refusal("{}").contains("lacks `link_name`"));
    assert!(refusal(r#"{"link_nam":"a"}"#).contains("it has `link_nam`"));
    assert!(refusal(r#"{"link_name":"My CRM","auth":{}}"#).contains("not a link name"));
    assert!(with_auth(r#"{"type":"magic"}"#).contains("`magic` is unknown"));
    assert!(with_auth(r#"{"type":"api_key","params":[]}"#).contains("names no parameter"));
    assert!(with_auth(r#"{"type":"basic","user":"u"}"#).contains("no field `user`"));
    let misspelt = r#"{"type":"oauth2","client_id":"i","client_secrt":"canary","token_url":"https://a.example/t"}"#;
    let message = with_auth(misspelt);
    assert!(message.contains("there is a similar one, `client_secret`") && !message.contains("canary"));
    let url = with_auth(r#"{"type":"oauth2","client_id":"i","token_url":"canary"}"#);
    assert!(
        url.contains("`token_url` is not a URL") && !url.contains("canary"),
        "{url}"
    );
    let delimiter = r#"{"type":"oauth2","client_id":"i","token_url":"https://a.example/t","scope_delimiter":";"}"#;
    assert!(with_auth(delimiter).contains("it can be `comma`, `space`, `plus`"));
}

#[test]
fn a_misspelt_field_of_the_service_is_an_error() {
    let message = refusal(r#"{"link_name":"a","host":["a.example"],"auth":{"type":"basic"}}"#);
    assert!(
        message.contains("no field `host`; there is a similar one, `hosts`"),
        "{message}"
    );
}
