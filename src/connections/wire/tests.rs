use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn service(auth: AuthKind, param_type: ParamType) -> Service {
    Service {
        link_name: LinkName::new("desk").unwrap(),
        name: "Desk „Ü“".to_owned(),
        auth,
        param_type,
        hosts: ["*.desk.example", "http://127.0.0.1:8080", "api.desk.example:8443"]
            .map(|host| AllowedHost::parse(host).unwrap())
            .into(),
        extra_headers: vec![("Notion-Version".to_owned(), "2022-06-28".to_owned())],
        test_url: Some(url("https://a.desk.example/me")),
        redirect_url: Some(url("http://127.0.0.1:8400/callback")),
        placeholders: vec![Placeholder {
            name: "subdomain".to_owned(),
            label: "Subdomain".to_owned(),
        }],
    }
}

fn comes_back<T: Stored + PartialEq + std::fmt::Debug>(value: &T) {
    let record = value.to_record().unwrap();
    assert_eq!(T::from_record(&record).as_ref(), Some(value));
}

#[test]
fn services_come_back_as_they_were() {
    let params = vec![ApiKeyParam {
        key: "authtoken".to_owned(),
        label: "Auth Token".to_owned(),
        prefix: "Bearer ".to_owned(),
    }];
    comes_back(&service(AuthKind::ApiKey { params }, ParamType::Form));
    comes_back(&service(AuthKind::Basic, ParamType::Header));
    comes_back(&service(
        AuthKind::OAuth1(Box::new(OAuth1Endpoints {
            consumer_key: "k".to_owned(),
            consumer_secret: Secret::new("s"),
            request_token_url: url("https://a.example/request"),
            authorize_url: url("https://a.example/authorize"),
            access_token_url: url("https://a.example/access"),
            signature_method: SignatureMethod::HmacSha256,
            authorize_params: vec![("expiration".to_owned(), "never".to_owned())],
            scope_delimiter: ScopeDelimiter::Plus,
        })),
        ParamType::Query,
    ));
    comes_back(&service(
        AuthKind::OAuth2(Box::new(OAuth2Endpoints {
            grant_type: GrantType::ClientCredentials,
            client_id: "id".to_owned(),
            client_secret: Secret::new("s\"\\\u{1F511}"),
            authorize_url: None,
            token_url: url("https://a.example/token"),
            refresh_url: Some(url("https://a.example/refresh")),
            device_url: Some(url("https://a.example/device")),
            revoke_url: Some(url("https://a.example/revoke")),
            issuer: Some("https://a.example".to_owned()),
            scope_delimiter: ScopeDelimiter::Plus,
            header_name: "X-Token".to_owned(),
            header_prefix: "Zoho-oauthtoken".to_owned(),
            client_auth: ClientAuth::BasicRaw,
            token_body: TokenBody::Json,
            assumed_lifetime: Some(3_600),
            authorize_params: vec![("prompt".to_owned(), "consent".to_owned())],
            token_params: vec![("audience".to_owned(), "api".to_owned())],
            default_scopes: vec!["offline_access".to_owned()],
            pkce: true,
        })),
        ParamType::Header,
    ));
}

#[test]
fn connections_and_grants_come_back_as_they_were() {
    comes_back(&Connection {
        link_name: LinkName::new("desk_1").unwrap(),
        name: "Desk".to_owned(),
        service: LinkName::new("desk").unwrap(),
        scopes: vec!["Desk.tickets.ALL".to_owned()],
        owner: UserId::new("ada@example.com"),
        per_user: true,
        values: vec![("subdomain".to_owned(), "acme".to_owned())],
    });
    let secret = || Secret::new("s");
    for credential in [
        Credential::ApiKey(vec![("a".to_owned(), secret()), ("b".to_owned(), Secret::new(""))]),
        Credential::Basic {
            user: "Ü:x".to_owned(),
            password: secret(),
        },
        Credential::OAuth1 {
            token: secret(),
            secret: secret(),
        },
        Credential::OAuth2 {
            access: None,
            refresh: Some(secret()),
        },
    ] {
        let mut grant = StoredGrant::new(credential, -5, Some(60));
        comes_back(&grant);
        grant.state = GrantState::NeedsReconnect {
            reason: "revoked".to_owned(),
        };
        grant.expires_at = None;
        grant.scopes = vec!["read".to_owned()];
        comes_back(&grant);
    }
}

#[test]
fn another_form_is_not_guessed_at() {
    let grant = StoredGrant::new(Credential::ApiKey(Vec::new()), 0, None);
    let record = String::from_utf8(grant.to_record().unwrap().to_vec()).unwrap();
    for changed in [
        record.replace("\"form\":1", "\"form\":2"),
        "{}".to_owned(),
        String::new(),
    ] {
        assert_eq!(StoredGrant::from_record(changed.as_bytes()), None, "{changed}");
    }
    assert_eq!(Service::from_record(record.as_bytes()), None);
}
