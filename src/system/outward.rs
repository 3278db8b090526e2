//! A request as the client sends it.

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::multipart;
use reqwest::{Client, RequestBuilder};
use url::form_urlencoded;

use crate::host::{Body, HttpError, HttpErrorKind, Method, Part, Request};

/// Header fields that describe the connection and not the message. The client sets what is needed of them.
const OF_THE_CONNECTION: [&str; 7] = [
    "connection",
    "content-length",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The request, ready for the client. Its body is copied: a redirect or a 401 may send it again.
pub(super) fn request(client: &Client, request: &Request) -> Result<RequestBuilder, HttpError> {
    let mut builder = client.request(method(request.method), request.url.clone());
    for (name, value) in request.headers.iter() {
        if OF_THE_CONNECTION.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            continue;
        }
        let unfit = |_| {
            let reason = format!("the header `{}` holds what no header may hold", name.escape_debug());
            HttpError::new(HttpErrorKind::Request, reason)
        };
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unfit(()))?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit(()))?;
        builder = builder.header(name, value);
    }
    Ok(match &request.body {
        // Some servers insist on a length where a method usually has a body (RFC 9110, section 8.6).
        Body::Empty if matches!(request.method, Method::Post | Method::Put | Method::Patch) => {
            builder.header(reqwest::header::CONTENT_LENGTH, 0)
        }
        Body::Empty => builder,
        Body::Bytes(bytes) => builder.body(bytes.clone()),
        Body::Form(pairs) if request.headers.contains("Content-Type") => builder.body(form(pairs)),
        Body::Form(pairs) => {
            let media_type = "application/x-www-form-urlencoded";
            builder
                .header(reqwest::header::CONTENT_TYPE, media_type)
                .body(form(pairs))
        }
        Body::Multipart(parts) => builder.multipart(form_data(parts)?),
    })
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

fn form(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// Names travel as UTF-8 with quotes and line breaks escaped, as browsers send them.
fn form_data(parts: &[Part]) -> Result<multipart::Form, HttpError> {
    let mut form = multipart::Form::new().percent_encode_noop();
    for part in parts {
        let mut content = multipart::Part::bytes(part.bytes.clone());
        if let Some(media_type) = &part.media_type {
            content = content.mime_str(media_type).map_err(|_| {
                let reason = format!("`{}` is not a media type", media_type.escape_debug());
                HttpError::new(HttpErrorKind::Request, reason)
            })?;
        }
        if let Some(name) = &part.file_name {
            content = content.file_name(one_line(name));
        }
        form = form.part(one_line(&part.name), content);
    }
    Ok(form)
}

/// A name without what would begin another line.
fn one_line(name: &str) -> String {
    name.replace(['\r', '\n', '\0'], " ")
}
