use super::*;

fn problems(description: Value) -> Vec<String> {
    let problems = Service::from_json(&description).unwrap_err();
    problems.into_iter().map(|problem| problem.title).collect()
}

fn oauth2() -> Value {
    json!({
        "link_name": "books", "name": "Books", "hosts": ["books.example.com"], "auth": "oauth2",
        "client_id": "dg", "client_secret": "canary-secret", "authorize_url": "https://login.example.com/auth",
        "access_token_url": "https://login.example.com/token", "authorize_params": {"access_type": "offline"},
        "scope_delimiter": "space", "header_prefix": "Zoho-oauthtoken", "token_auth_method": "basic",
        "assumed_lifetime": 3600, "pkce": false, "extra_headers": {"X-Version": "2"},
    })
}

#[test]
fn the_link_name_serves_as_the_name_where_there_is_none() {
    let service = json!({"link_name": "books", "hosts": ["books.example.com"], "auth": "basic"});
    let service = Service::from_json(&service).unwrap();
    assert_eq!((service.link_name.as_str(), service.name.as_str()), ("books", "books"));
}

#[test]
fn fields_are_known_by_any_spelling_that_zoho_uses() {
    let service = Service::from_json(&json!({
        "Service Name": "Zoho Desk", "Authentication Type": "OAuth 2", "allowedHosts": "desk.zoho.com",
        "Access Token URL": "https://accounts.zoho.com/t", "Param Type": "Query String", "Scope Delimiter": "comma",
        "Client ID": "1", "Client Secret": "2",
    }))
    .unwrap();
    assert_eq!(service.link_name.as_str(), "zoho_desk");
    assert_eq!(service.param_type, ParamType::Query);
    assert_eq!(service.hosts[0].to_string(), "https://desk.zoho.com");
}

#[test]
fn a_field_that_says_nothing_may_stand_anywhere() {
    let service = Service::from_json(&json!({
        "slug": "mailer", "display_name": "Mailer", "auth": "api_key", "authorize_url": null, "default_scopes": [],
        "authorize_params": {}, "token_auth_method": null, "pkce": "n/a", "hosts": ["api.example.com"],
        "token_placement": {"type": "header", "name": "authorization", "format": "Bearer {api_key}"},
        "extra_headers": {"x-version": "{version} || 2"},
    }))
    .unwrap();
    let AuthKind::ApiKey { params } = &service.auth else {
        panic!()
    };
    assert_eq!(
        (params[0].key.as_str(), params[0].prefix.as_str()),
        ("authorization", "Bearer ")
    );
    assert_eq!(service.extra_headers, [("x-version".to_owned(), "2".to_owned())]);
}

#[test]
fn every_problem_is_told_at_once() {
    let found = problems(json!({"name": "x".repeat(51), "auth": "oauth2", "hots": ["a.example.com"]}));
    for part in [
        "longer than 50",
        "`hosts` is missing",
        "`access_token_url` is missing",
        "`hots` is not a field",
    ] {
        assert!(found.iter().any(|title| title.contains(part)), "{part}: {found:?}");
    }
    assert_eq!(problems(json!([])), ["the service has to be a JSON object"]);
    for (field, value, part) in [
        ("hosts", json!(["http://api.example.com"]), "https alone"),
        ("access_token_url", json!("http://login.example.com/token"), "https URL"),
        ("link_name", json!("My Link"), "not a link name"),
        ("param_type", json!("cookie"), "none of"),
        ("extra_headers", json!({"Host": "x"}), "cannot be set"),
        ("test_url", json!("https://elsewhere.example.com/"), "not among `hosts`"),
        ("client_secret", json!(DOTS), "dots that stand for a secret"),
        ("assumed_lifetime", json!(0), "number of seconds"),
    ] {
        let mut description = oauth2();
        description[field] = value;
        let found = problems(description);
        assert!(found.iter().any(|title| title.contains(part)), "{field}: {found:?}");
    }
}

#[test]
fn what_is_shown_reads_back_without_its_secret() {
    let service = Service::from_json(&oauth2()).unwrap();
    let shown = service.to_json();
    assert!(!shown.to_string().contains("canary"));
    assert_eq!(shown["client_secret"], json!(DOTS));
    let mut readable = shown.clone();
    readable["client_secret"] = json!("canary-secret");
    assert_eq!(Service::from_json(&readable).unwrap(), service);
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    let service = Service::from_json(&oauth2()).unwrap();
    let changed = edited(
        &service,
        &json!({"Authorize URL": "https://new.example.com/auth", "test_url": ""}),
    )
    .unwrap();
    let AuthKind::OAuth2(endpoints) = &changed.auth else {
        panic!()
    };
    assert_eq!(
        endpoints.authorize_url.as_ref().unwrap().host_str(),
        Some("new.example.com")
    );
    assert_eq!(endpoints.header_prefix, "Zoho-oauthtoken");
    assert!(
        endpoints.client_secret.is_empty(),
        "the secret is given or carried over by whoever edits"
    );
    assert_eq!(service.redirected_by(&changed), ["authorize_url"]);
    let renamed = edited(&service, &json!({"link_name": "other"})).unwrap_err();
    assert!(renamed[0].title.contains("never changes"));
    let title = |value: Value| edited(&service, &value).unwrap_err()[0].title.clone();
    assert!(title(json!({"hots": []})).contains("not a field"));
}
