use std::sync::Arc;

use serde_json::json;
use url::Url;

use super::*;
use crate::connections::{
    AuthKind, Connections, KeySource, MemoryStore, NewConnection, NoAudit, Outside, Placeholder, Secret, Wish,
};
use crate::host::fake::{FakeClock, NOW_MILLIS};
use crate::host::{Cancel, Http, HttpError, LinkName, Request, Response, UserId};

/// A provider of OAuth 1 that gives every client a request token.
struct Dancer;

impl Http for Dancer {
    fn send(&self, _request: &Request, _cancel: &Cancel) -> Result<Response, HttpError> {
        let form = "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true";
        Ok(Response::new(200, "application/x-www-form-urlencoded", form))
    }
}

fn desk() -> Connections {
    let clock = Arc::new(FakeClock(NOW_MILLIS));
    let outside = Outside {
        http: Arc::new(Dancer),
        clock: Arc::clone(&clock) as _,
        audit: Arc::new(NoAudit),
    };
    let key = KeySource::Given(Secret::new("a".repeat(64)));
    Connections::new(Arc::new(MemoryStore::new(clock)), key, outside)
}

fn is_oauth(entry: &Entry) -> bool {
    matches!(entry.service.auth, AuthKind::OAuth1(_) | AuthKind::OAuth2(_))
}

#[test]
fn every_line_is_a_service_and_they_stand_in_order() {
    assert_eq!((TEXT.lines().count(), all().count()), (123, 123));
    let names: Vec<&str> = link_names().collect();
    assert!(names.is_sorted() && names.windows(2).all(|pair| pair[0] != pair[1]));
    assert_eq!(all().filter(is_oauth).count(), 107);
    for (line, name) in TEXT.lines().zip(names) {
        let entry = find(name).unwrap();
        assert_eq!(entry.service.link_name.as_str(), name);
        // The labels of placeholders tell what to fill in; a bare name would not.
        let labelled = |one: &Placeholder| one.label != one.name && one.label.len() > 8;
        assert!(entry.service.placeholders.iter().all(labelled), "{line}");
    }
    assert_eq!(find("nosuch"), None);
    assert_eq!(search("GITHUB").count(), 2);
}

/// A value that fits each placeholder.
fn values(service: &Service) -> Vec<(String, String)> {
    let values = service
        .placeholders
        .iter()
        .map(|one| (one.name.clone(), "example.com".to_owned()));
    values.collect()
}

/// The address at which a user consents, as the desk makes it.
fn authorize_url(entry: &Entry) -> Url {
    let desk = desk();
    let mut description = entry.service.to_json();
    description["client_id"] = json!("client 1");
    description["client_secret"] = json!("canary");
    let object = description.as_object_mut().unwrap();
    object.remove("consumer_key");
    object.remove("consumer_secret");
    desk.create_service(&Service::from_json(&description).unwrap()).unwrap();
    let scopes = vec!["one.read".to_owned(), "two:write".to_owned()];
    let connection = desk.create_connection(&NewConnection {
        link_name: "it".to_owned(),
        name: None,
        service: entry.service.link_name.to_string(),
        scopes,
        owner: UserId::new("ada"),
        per_user: false,
        values: values(&entry.service),
    });
    let wish = Wish {
        connection: connection.unwrap().link_name,
        user: UserId::new("ada"),
    };
    let page = Url::parse("http://127.0.0.1:8400/callback").unwrap();
    desk.begin_consent(&wish, &page).unwrap().authorize_url
}

#[test]
fn every_oauth_service_sends_its_user_to_the_right_page() {
    for entry in all().filter(is_oauth) {
        let name = &entry.service.link_name;
        let filled = entry.service.clone().filled(&values(&entry.service)).unwrap();
        let url = authorize_url(&entry);
        let field = |field: &str| {
            let mut pairs = url.query_pairs();
            pairs.find(|(key, _)| key == field).map(|(_, value)| value.into_owned())
        };
        let page = |url: &Url| format!("{}{}", url.origin().ascii_serialization(), url.path());
        match &filled.auth {
            AuthKind::OAuth2(endpoints) => {
                assert_eq!(page(&url), page(endpoints.authorize_url.as_ref().unwrap()), "{name}");
                assert_eq!(field("response_type").as_deref(), Some("code"), "{name}");
                assert_eq!(field("client_id").as_deref(), Some("client 1"), "{name}");
                assert_eq!(
                    field("redirect_uri").as_deref(),
                    Some("http://127.0.0.1:8400/callback"),
                    "{name}"
                );
                assert!(field("state").is_some_and(|state| state.len() >= 20), "{name}");
                let mut scopes = endpoints.default_scopes.clone();
                scopes.extend(["one.read".to_owned(), "two:write".to_owned()]);
                assert_eq!(
                    field("scope"),
                    Some(scopes.join(endpoints.scope_delimiter.as_str())),
                    "{name}"
                );
                assert_eq!(field("code_challenge_method").is_some(), endpoints.pkce, "{name}");
                for (key, value) in &endpoints.authorize_params {
                    assert_eq!(field(key).as_ref(), Some(value), "{name}");
                }
            }
            AuthKind::OAuth1(endpoints) => {
                assert_eq!(page(&url), page(&endpoints.authorize_url), "{name}");
                assert_eq!(field("oauth_token").as_deref(), Some("t"), "{name}");
            }
            AuthKind::ApiKey { .. } | AuthKind::Basic => {}
        }
        assert!(
            !url.as_str().contains(['{', '}']) && !url.as_str().contains("canary"),
            "{name}: {url}"
        );
    }
}

#[test]
fn a_link_name_finds_its_hosts() {
    let trello = find("trello").unwrap();
    assert_eq!(trello.service.hosts[0].to_string(), "https://api.trello.com");
    let zendesk = find("zendesk").unwrap().service;
    assert_eq!(zendesk.placeholders[0].name, "subdomain");
    assert!(LinkName::new(zendesk.link_name.as_str()).is_some());
}
