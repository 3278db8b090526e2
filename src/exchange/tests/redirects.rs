//! Redirects and repetitions, with a connection that signs for one origin alone.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Signs requests to one origin with a secret, in one place. Counts how often a 401 was told.
struct OneOrigin {
    origin: url::Origin,
    place: Place,
    refreshed: AtomicUsize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Header,
    Query,
    Form,
}

const SECRET: &str = "s3cr3t-of-the-connection";

impl OneOrigin {
    fn new(url: &str, place: Place) -> Arc<Self> {
        Arc::new(Self {
            origin: url::Url::parse(url).unwrap().origin(),
            place,
            refreshed: AtomicUsize::new(0),
        })
    }
}

impl Authority for OneOrigin {
    fn authorize(&self, asked: &Asked, request: &mut Request, _cancel: &Cancel) -> Result<Grant, AuthorityError> {
        let refuse = |kind| AuthorityError {
            kind,
            message: "refused".to_owned(),
            help: None,
            missing: None,
        };
        if request.url.origin() != self.origin {
            return Err(refuse(AuthorityErrorKind::OriginNotAllowed));
        }
        let mut overridden = Vec::new();
        match (self.place, &mut request.body) {
            (Place::Header, _) => {
                overridden.extend(request.headers.set("X-Api-Key", SECRET).map(|_| "X-Api-Key".to_owned()))
            }
            (Place::Query, _) => _ = request.url.query_pairs_mut().append_pair("apikey", SECRET),
            (Place::Form, Body::Form(pairs)) => pairs.push(("apikey".to_owned(), SECRET.to_owned())),
            (Place::Form, _) => return Err(refuse(AuthorityErrorKind::Placement)),
        }
        Ok(Grant {
            connection: asked.connection.clone(),
            user: asked.user.clone(),
            version: 1,
            refreshable: true,
            refreshed: false,
            overridden,
        })
    }

    fn rejected(&self, _grant: &Grant, _cancel: &Cancel) -> Result<Retry, AuthorityError> {
        self.refreshed.fetch_add(1, Ordering::SeqCst);
        Ok(Retry::Again)
    }

    fn known(&self) -> Vec<LinkName> {
        Vec::new()
    }

    fn redact(&self, text: &str) -> String {
        text.replace(SECRET, "•••")
    }
}

/// Whether the connection's secret is anywhere in a request.
fn is_signed(request: &Request) -> bool {
    let in_headers = request.headers.iter().any(|(_, value)| value.contains(SECRET));
    in_headers || request.url.as_str().contains(SECRET) || body(request).contains(SECRET)
}

fn redirecting(status: u16, location: &str) -> Result<Response, HttpError> {
    Ok(answer(status, "", &[("Location", location)], b""))
}

fn end() -> Result<Response, HttpError> {
    Ok(Response::new(200, "text/plain", "done"))
}

/// A task with a connection, and headers of its own that are nobody else's business.
fn signed_keys(method: &str, place: Place) -> Vec<(&'static str, Value)> {
    let mut keys = vec![
        ("url", text("https://api.example.com:8443/start?q=1")),
        ("type", text(method)),
        ("connection", text("crm")),
        (
            "headers",
            read(
                r#"{"Accept": "text/*", "X-Own": "own-secret", "Authorization": "own-secret", "Cookie": "own-secret"}"#,
            ),
        ),
    ];
    if method != "GET" {
        let payload = if place == Place::Form {
            read(r#"{"a": "payload"}"#)
        } else {
            text("payload")
        };
        keys.push(("parameters", payload));
    }
    keys
}

/// Where a redirect may lead, and whether that is the origin of the connection.
const TARGETS: [(&str, bool); 10] = [
    ("/next", true),
    ("https://api.example.com:8443/next", true),
    ("//api.example.com:8443/next", true),
    ("https://other@api.example.com:8443/next", true),
    ("https://api.example.com/next", false),
    ("https://api.example.com:8444/next", false),
    ("https://evil.example/next", false),
    ("https://api.example.com:8443@evil.example/next", false),
    ("https://sub.api.example.com:8443/next", false),
    ("https://api.example.com.evil.example:8443/next", false),
];

/// One redirect.
#[derive(Clone, Copy, Debug)]
struct Case {
    place: Place,
    status: u16,
    method: &'static str,
    target: (&'static str, bool),
}

fn cases() -> impl Iterator<Item = Case> {
    let places = [Place::Header, Place::Query, Place::Form].into_iter();
    let with_status = places.flat_map(|place| [301, 302, 303, 307, 308].map(|status| (place, status)));
    let with_method =
        with_status.flat_map(|(place, status)| ["GET", "POST", "PUT", "DELETE"].map(|method| (place, status, method)));
    with_method.flat_map(|(place, status, method)| {
        TARGETS.map(|target| Case {
            place,
            status,
            method,
            target,
        })
    })
}

impl Case {
    fn run(self) -> Done {
        let authority = OneOrigin::new("https://api.example.com:8443", self.place);
        let answers = vec![redirecting(self.status, self.target.0), end()];
        perform_with(&signed_keys(self.method, self.place), answers, Some(authority))
    }

    fn becomes_get(self) -> bool {
        self.status == 303 || (matches!(self.status, 301 | 302) && self.method == "POST")
    }

    /// A form cannot be signed where there is none.
    fn cannot_be_signed(self) -> bool {
        self.place == Place::Form && (self.method == "GET" || self.target.1 && self.becomes_get())
    }
}

/// Every redirect to every kind of place, from every method: the credential goes to its own origin, and no one else
/// sees it, or the secrets that the script itself set.
#[test]
fn redirects_carry_no_credential_to_another_origin() {
    let (mut signed_at_home, mut leaked) = (0, 0);
    for request in cases().flat_map(|case| case.run().requests) {
        let is_at_home = request.url.origin().ascii_serialization() == "https://api.example.com:8443";
        let holds_own = request.headers.iter().any(|(_, value)| value == "own-secret");
        signed_at_home += usize::from(is_at_home && is_signed(&request));
        leaked += usize::from(!is_at_home && (is_signed(&request) || holds_own));
        assert!(request.url.username().is_empty() && !request.headers.contains("Referer"));
    }
    assert_eq!(leaked, 0);
    assert!(signed_at_home > 600, "{signed_at_home}");
}

#[test]
fn redirects_keep_method_and_body_as_their_status_says() {
    for case in cases() {
        let done = case.run();
        if case.cannot_be_signed() {
            assert_eq!(done.text(), "DG0604: refused", "{case:?}");
            continue;
        }
        assert_eq!((done.requests.len(), done.text().as_str()), (2, "done"), "{case:?}");
        let last = done.sent();
        let method = if case.becomes_get() { "GET" } else { case.method };
        assert_eq!(last.method.as_str(), method, "{case:?}");
        assert_eq!(body(last).contains("payload"), method != "GET", "{case:?}");
        assert_eq!(is_signed(last), case.target.1, "{case:?}");
        assert_eq!(last.headers.get("Accept"), Some("text/*"), "{case:?}");
        assert_eq!(last.headers.contains("X-Own"), case.target.1, "{case:?}");
    }
}

#[test]
fn a_redirect_that_repeats_the_credential_is_not_followed() {
    let authority = OneOrigin::new("https://api.example.com:8443", Place::Query);
    let location = format!("https://evil.example/?apikey={SECRET}");
    let done = perform_with(
        &signed_keys("GET", Place::Query),
        vec![redirecting(302, &location), end()],
        Some(authority),
    );
    assert_eq!(done.requests.len(), 1);
    let expected = "DG0505: the host redirects the credential of the connection `crm` to another host: GET https://evil.example/, connection `crm`";
    assert_eq!(done.text(), expected);
}

#[test]
fn a_connection_is_not_led_from_https_to_http() {
    let authority = || OneOrigin::new("https://api.example.com:8443", Place::Header);
    for location in ["http://api.example.com:8443/next", "http://evil.example/"] {
        let answers = vec![redirecting(307, location), end()];
        let done = perform_with(&signed_keys("POST", Place::Header), answers, Some(authority()));
        assert_eq!(done.requests.len(), 1);
        assert!(
            done.text()
                .starts_with("DG0505: the host redirects from https to plain http")
        );
    }
}

#[test]
fn a_way_back_home_is_signed_again() {
    let authority = OneOrigin::new("https://api.example.com:8443", Place::Header);
    let answers = vec![
        redirecting(307, "https://evil.example/"),
        redirecting(307, "https://api.example.com:8443/back"),
        end(),
    ];
    let done = perform_with(&signed_keys("POST", Place::Header), answers, Some(authority));
    let signed: Vec<bool> = done.requests.iter().map(is_signed).collect();
    assert_eq!(signed, [true, false, true]);
}

#[test]
fn ten_redirects_are_followed_and_no_more() {
    let keys = [("url", text("https://api.example.com/"))];
    let many = |count| {
        (0..count)
            .map(|index| redirecting(302, &format!("/{index}")))
            .chain([end()])
            .collect()
    };
    let done = perform_with(&keys, many(10), None);
    assert_eq!((done.text().as_str(), done.requests.len()), ("done", 11));
    let done = perform_with(&keys, many(11), None);
    assert_eq!(
        done.text(),
        "DG0505: the host redirects more than 10 times: GET https://api.example.com/9"
    );
    assert_eq!(done.requests.len(), 11);
}

#[test]
fn what_is_no_redirect_is_an_answer() {
    let keys = [("url", text("https://api.example.com/"))];
    for response in [
        answer(304, "text/plain", &[("Location", "/x")], b"as is"),
        answer(300, "text/plain", &[("Location", "/x")], b"as is"),
        answer(302, "text/plain", &[], b"as is"),
    ] {
        assert_eq!(perform_with(&keys, vec![Ok(response), end()], None).text(), "as is");
    }
    for location in ["ftp://a.example/", "javascript:alert(1)", "https://"] {
        let done = perform_with(&keys, vec![redirecting(302, location), end()], None);
        assert!(
            done.text().contains("redirects to what is no http address"),
            "{location}: {}",
            done.text()
        );
    }
}

#[test]
fn a_401_is_answered_by_one_refresh_and_one_repetition() {
    let unauthorised = || Ok(Response::new(401, "text/plain", "no"));
    let authority = OneOrigin::new("https://api.example.com:8443", Place::Header);
    let keys = signed_keys("POST", Place::Header);
    let done = perform_with(
        &keys,
        vec![unauthorised(), end()],
        Some(Arc::<OneOrigin>::clone(&authority)),
    );
    assert_eq!((done.text().as_str(), done.requests.len()), ("done", 2));
    assert!(
        done.requests
            .iter()
            .all(|request| body(request) == "text/plain payload")
    );
    let done = perform_with(
        &keys,
        vec![unauthorised(), unauthorised(), end()],
        Some(Arc::<OneOrigin>::clone(&authority)),
    );
    assert_eq!((done.text().as_str(), done.requests.len()), ("no", 2));
    assert_eq!(authority.refreshed.load(Ordering::SeqCst), 2);
    assert_eq!(done.shown.len(), 1, "a repetition is part of the one request");
}

#[test]
fn the_connection_wins_over_the_script_with_a_warning() {
    let authority = OneOrigin::new("https://api.example.com:8443", Place::Header);
    let mut keys = signed_keys("GET", Place::Header);
    keys[3].1 = read(r#"{"x-api-key": "own"}"#);
    let done = perform_with(&keys, vec![end()], Some(authority));
    assert_eq!(done.sent().headers.get("X-Api-Key"), Some(SECRET));
    assert_eq!(done.warnings, [Code::CredentialOverridden]);
}
