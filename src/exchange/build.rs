//! From the keys of a task to a request (INVOKEURL: 3; deluge/help/deluge-invoke-url.html).

use std::time::Duration;

use url::Url;

use super::Outgoing;
use super::outgoing::{json, pairs, text};
use crate::diagnostic::Code;
use crate::host::{Body, Context, EvalError, Evaluated, Headers, Method, Part, Request};
use crate::value::{File, Value};

/// How long a request may take where the script does not say.
const TIMEOUT: Duration = Duration::from_secs(40);

/// The request that the keys describe.
pub(super) fn request(outgoing: &Outgoing, context: &Context<'_>) -> Evaluated<Request> {
    let url = url(&outgoing.url)?;
    if outgoing.parameters.is_some() && outgoing.body.is_some() {
        return Err(
            EvalError::failed(Code::BadRequest, "a request takes `parameters` or `body`, not both")
                .help("put what belongs into the URL there, and the rest into `body`"),
        );
    }
    let mut headers = Headers::default();
    for (name, value) in &outgoing.headers {
        check_header(name, value)?;
        headers.set(name.clone(), value.clone());
    }
    if let Some(media_type) = &outgoing.content_type {
        check_header("Content-Type", media_type)?;
        headers.set("Content-Type", media_type.clone());
    }
    let time = outgoing.timeout.unwrap_or(TIMEOUT);
    let response_limit = response_limit(&url, context);
    let timeout = context.meter.time_left().map_or(time, |left| time.min(left));
    let mut request = Request {
        method: outgoing.method,
        url,
        headers,
        body: Body::Empty,
        timeout,
        response_limit,
    };
    fill(outgoing, &mut request, context)?;
    Ok(request)
}

/// An absolute http or https URL.
fn url(text: &str) -> Evaluated<Url> {
    let bad = |why: &str| EvalError::failed(Code::BadRequest, format!("the URL cannot be used: {why}"));
    if text.is_empty() {
        return Err(bad("it is empty"));
    }
    let url = Url::parse(text).map_err(|error| bad(&error.to_string()).help("write it whole: `https://host/path`"))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        scheme => Err(bad(&format!("`{scheme}` is not http or https"))),
    }
}

fn check_header(name: &str, value: &str) -> Evaluated<()> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(token) {
        let shown: String = name.chars().filter(|character| !character.is_control()).collect();
        return Err(EvalError::failed(
            Code::BadRequest,
            format!("`{shown}` is not a header name"),
        ));
    }
    if value
        .chars()
        .any(|character| character.is_control() && character != '\t')
    {
        let message = format!("the value of the header `{name}` holds a line break or another control character");
        return Err(EvalError::failed(Code::BadRequest, message));
    }
    Ok(())
}

/// The most decoded bytes an answer may have: Zoho allows its own hosts more (DECISIONS: 21).
fn response_limit(url: &Url, context: &Context<'_>) -> usize {
    let limits = context.meter.limits();
    let host = url.host_str().unwrap_or_default();
    let zoho = [
        "zoho.com",
        "zoho.eu",
        "zoho.in",
        "zoho.com.au",
        "zoho.jp",
        "zoho.com.cn",
        "zohoapis.com",
        "zohoapis.eu",
        "zohoapis.in",
        "zohocloud.ca",
    ]
    .iter()
    .any(|known| host == *known || host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.')));
    if zoho {
        limits.zoho_response_bytes
    } else {
        limits.response_bytes
    }
}

/// Puts files, parameters or body into the request.
fn fill(outgoing: &Outgoing, request: &mut Request, context: &Context<'_>) -> Evaluated<()> {
    if !outgoing.files.is_empty() {
        let fields = match (&outgoing.parameters, &outgoing.body) {
            (Some(value), _) | (None, Some(value)) => fields(value, context)?,
            (None, None) => Vec::new(),
        };
        request.body = Body::Multipart(multipart(fields, &outgoing.files));
        request.headers.remove("Content-Type");
        return Ok(());
    }
    if let Some(parameters) = &outgoing.parameters {
        return fill_parameters(parameters, request, context);
    }
    if let Some(body) = &outgoing.body {
        return fill_body(body, request, context);
    }
    Ok(())
}

/// `parameters`: the query of a GET, else the body; a map travels as a form, text as it is.
fn fill_parameters(value: &Value, request: &mut Request, context: &Context<'_>) -> Evaluated<()> {
    match value {
        Value::Map(_) | Value::Empty(_) if request.method == Method::Get => {
            let pairs = pairs("parameters", value, context)?;
            if !pairs.is_empty() {
                request.url.query_pairs_mut().extend_pairs(pairs);
            }
        }
        Value::Map(_) | Value::Empty(_) | Value::List(_) if is_json(request) => {
            raw(json(value, context)?, "application/json", request)
        }
        Value::Map(_) | Value::Empty(_) if is_multipart(request) => {
            request.body = Body::Multipart(multipart(fields(value, context)?, &[]));
            request.headers.remove("Content-Type");
        }
        Value::Map(_) | Value::Empty(_) => form(pairs("parameters", value, context)?, request),
        Value::File(file) => file_body(file, request),
        Value::List(_) | Value::Collection(_) => raw(json(value, context)?, "text/plain", request),
        other => raw(text(other, context)?, "text/plain", request),
    }
    Ok(())
}

/// `body`: a map travels as multipart unless a header says form or JSON.
fn fill_body(value: &Value, request: &mut Request, context: &Context<'_>) -> Evaluated<()> {
    match value {
        Value::Map(_) | Value::Empty(_) | Value::List(_) if is_json(request) => {
            raw(json(value, context)?, "application/json", request)
        }
        Value::Map(_) | Value::Empty(_) if is_form(request) => form(pairs("body", value, context)?, request),
        Value::Map(_) | Value::Empty(_) if request.headers.contains("Content-Type") && !is_multipart(request) => {
            raw(json(value, context)?, "application/json", request);
        }
        Value::Map(_) | Value::Empty(_) => {
            request.body = Body::Multipart(multipart(fields(value, context)?, &[]));
            request.headers.remove("Content-Type");
        }
        Value::File(file) => file_body(file, request),
        Value::List(_) | Value::Collection(_) => raw(json(value, context)?, "application/json", request),
        other => raw(text(other, context)?, "text/plain", request),
    }
    Ok(())
}

fn media_type(request: &Request) -> String {
    let given = request.headers.get("Content-Type").unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(request: &Request) -> bool {
    let media_type = media_type(request);
    media_type == "application/json" || media_type.ends_with("+json")
}

fn is_form(request: &Request) -> bool {
    media_type(request) == "application/x-www-form-urlencoded"
}

fn is_multipart(request: &Request) -> bool {
    media_type(request).starts_with("multipart/")
}

fn form(pairs: Vec<(String, String)>, request: &mut Request) {
    request.body = Body::Form(pairs);
    if !request.headers.contains("Content-Type") {
        request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    }
}

/// A raw body; the script's own content type wins.
fn raw(content: String, media_type: &str, request: &mut Request) {
    request.body = Body::Bytes(content.into_bytes());
    if !request.headers.contains("Content-Type") {
        request.headers.set("Content-Type", media_type);
    }
}

fn file_body(file: &File, request: &mut Request) {
    let content = file.content();
    request.body = Body::Bytes(content.bytes().to_vec());
    if !request.headers.contains("Content-Type") {
        request.headers.set("Content-Type", file_type(&content.media_type));
    }
}

fn file_type(media_type: &str) -> &str {
    if media_type.is_empty() {
        "application/octet-stream"
    } else {
        media_type
    }
}

/// A part of a multipart body before files join: plain fields, and files that stand in the map.
fn fields(value: &Value, context: &Context<'_>) -> Evaluated<Vec<Part>> {
    let Value::Map(map) = value else {
        let bytes = text(value, context)?.into_bytes();
        return Ok(if bytes.is_empty() {
            Vec::new()
        } else {
            vec![Part {
                name: "body".to_owned(),
                file_name: None,
                media_type: None,
                bytes,
            }]
        });
    };
    let mut parts = Vec::new();
    for (key, value) in map.entries().iter() {
        let name = text(key.value(), context)?;
        match value.settled() {
            Value::File(file) => parts.push(file_part(file, &name)),
            Value::Null => parts.push(Part {
                name,
                file_name: None,
                media_type: None,
                bytes: Vec::new(),
            }),
            nested @ (Value::List(_) | Value::Collection(_)) => {
                let bytes = json(nested, context)?.into_bytes();
                parts.push(Part {
                    name,
                    file_name: None,
                    media_type: None,
                    bytes,
                });
            }
            other => parts.push(Part {
                name,
                file_name: None,
                media_type: None,
                bytes: text(other, context)?.into_bytes(),
            }),
        }
    }
    Ok(parts)
}

fn multipart(mut parts: Vec<Part>, files: &[File]) -> Vec<Part> {
    parts.extend(files.iter().map(|file| file_part(file, "file")));
    parts
}

/// A file as part; its own parameter name wins (`setParamName`).
fn file_part(file: &File, name: &str) -> Part {
    let content = file.content();
    let name = if content.param_name.is_empty() {
        name
    } else {
        &content.param_name
    };
    Part {
        name: name.to_owned(),
        file_name: Some(content.name.clone()),
        media_type: Some(file_type(&content.media_type).to_owned()),
        bytes: content.bytes().to_vec(),
    }
}
