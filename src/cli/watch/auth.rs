//! `--explain-auth`: which connection signed, with whose grant, and where the credential went. Never the credential.

use std::sync::Arc;

use crate::cli::print::Out;
use crate::host::{Asked, Authority, AuthorityError, Body, Cancel, Grant, LinkName, Request, Retry};

/// Signs, and tells how.
pub(super) struct Explained {
    pub(super) inner: Arc<dyn Authority>,
    pub(super) out: Arc<Out>,
}

impl Authority for Explained {
    fn authorize(&self, asked: &Asked, request: &mut Request, cancel: &Cancel) -> Result<Grant, AuthorityError> {
        let before = request.clone();
        let signed = self.inner.authorize(asked, request, cancel);
        let host = request.url.origin().ascii_serialization();
        let told = match &signed {
            Ok(grant) => {
                let whose = if grant.user == asked.user {
                    format!("`{}`'s own grant", grant.user)
                } else {
                    format!("the grant of its owner `{}`, for `{}`", grant.user, asked.user)
                };
                let fresh = if grant.refreshed { ", refreshed just now" } else { "" };
                let places = places(&before, request).join(" and ");
                format!(
                    "connection `{}` signs for {host} with {whose}{fresh}: {places}",
                    grant.connection
                )
            }
            Err(error) => format!(
                "connection `{}` does not sign for {host}: {}",
                asked.connection, error.message
            ),
        };
        self.out.talk(&format!("auth: {}", self.inner.redact(&told)));
        signed
    }

    fn rejected(&self, grant: &Grant, cancel: &Cancel) -> Result<Retry, AuthorityError> {
        let answer = self.inner.rejected(grant, cancel);
        let told = match &answer {
            Ok(Retry::Again) => "the grant was refreshed after a 401, and the request is sent once more",
            Ok(Retry::No) => "the service answered 401, and there is nothing to refresh",
            Err(_) => "the service answered 401, and the grant could not be refreshed",
        };
        self.out
            .talk(&format!("auth: connection `{}`: {told}", grant.connection));
        answer
    }

    fn known(&self) -> Vec<LinkName> {
        self.inner.known()
    }

    fn redact(&self, text: &str) -> String {
        self.inner.redact(text)
    }
}

/// The headers and parameters in which a signed request differs from what it was.
fn places(before: &Request, after: &Request) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    let mut note = |place: String| {
        if !places.contains(&place) {
            places.push(place);
        }
    };
    for (name, value) in after.headers.iter() {
        if before.headers.get(name) != Some(value) {
            note(format!("header `{name}`"));
        }
    }
    let former: Vec<_> = before.url.query_pairs().collect();
    for pair in after.url.query_pairs().filter(|pair| !former.contains(pair)) {
        note(format!("query parameter `{}`", pair.0));
    }
    let form = |body: &Body| match body {
        Body::Form(pairs) => pairs.clone(),
        _ => Vec::new(),
    };
    let former = form(&before.body);
    for pair in form(&after.body).iter().filter(|pair| !former.contains(pair)) {
        note(format!("form field `{}`", pair.0));
    }
    if places.is_empty() {
        places.push("nothing had to be added".to_owned());
    }
    places
}
