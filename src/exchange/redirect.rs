//! Where a redirect leads, and what goes on with it (RFC 9110, section 15.4).

use url::Url;

use crate::host::{Body, Headers, Method, Request, Response};

/// Header fields of the script that go on to another origin: they describe what is asked for and in which form. Any
/// other field might hold a key, whatever its name; `Referer` and cookies with them.
const HARMLESS: [&str; 12] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "content-encoding",
    "content-language",
    "content-type",
    "if-modified-since",
    "if-none-match",
    "range",
    "user-agent",
];

/// Where an answer sends the request on to, if it does. A user name and a password in it are left out: nobody on this
/// side gave them.
pub(super) fn target(from: &Url, response: &Response) -> Result<Option<Url>, String> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers.get("location") else {
        return Ok(None);
    };
    let target = from.join(location).ok();
    let Some(mut target) = target.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) else {
        return Err("the host redirects to what is no http address".to_owned());
    };
    _ = target.set_username("");
    _ = target.set_password(None);
    Ok(Some(target))
}

/// Sends the request on to the target; gives where it was. 303 turns it into a GET, 301 and 302 do so to a POST, as
/// browsers made it; 307 and 308 keep method and body. To another origin it goes without the header fields that could
/// hold a secret.
pub(super) fn onward(request: &mut Request, target: Url, status: u16) -> Url {
    let becomes_get = match status {
        303 => request.method != Method::Get,
        301 | 302 => request.method == Method::Post,
        _ => false,
    };
    if becomes_get {
        request.method = Method::Get;
        request.body = Body::Empty;
        for name in ["Content-Type", "Content-Encoding", "Content-Language"] {
            request.headers.remove(name);
        }
    }
    if is_foreign(request, &target) {
        let mut kept = Headers::default();
        for (name, value) in request.headers.iter() {
            if HARMLESS.iter().any(|harmless| name.eq_ignore_ascii_case(harmless)) {
                kept.add(name, value);
            }
        }
        request.headers = kept;
    }
    // What names the host, or the page that the request came from, does not hold any more.
    request.headers.remove("Host");
    request.headers.remove("Referer");
    std::mem::replace(&mut request.url, target)
}

/// Whether a request goes to another origin than a URL has.
pub(super) fn is_foreign(request: &Request, url: &Url) -> bool {
    request.url.origin() != url.origin()
}
