//! From the keys of a task to a request (INVOKEURL: 3; deluge/help/deluge-invoke-url.html).

use std::time::Duration;

use url::Url;

use super::outgoing::{Outgoing, json, pairs, plain, text};
use super::zoho::{address, is_zoho};
use crate::diagnostic::{Code, Diagnostic};
use crate::host::{Body, Context, EvalError, Evaluated, Headers, Method, Part, Request};
use crate::value::{File, Value, media_type_of};

/// How long a request may take where the script does not say.
const TIMEOUT: Duration = Duration::from_secs(40);

/// The request that the keys describe.
pub(super) fn request(outgoing: &Outgoing, context: &mut Context<'_>) -> Evaluated<Request> {
    let mut url = match &outgoing.service {
        Some(service) => url(&address(service, &outgoing.path, &context.settings.zoho_domain)?)?,
        None => url(&outgoing.url)?,
    };
    // The parameters of `invokeapi` are those of the URL, whatever the method (deluge/help/webhook/invokeapitask.html).
    let in_body = match (&outgoing.service, &outgoing.parameters) {
        (Some(_), Some(parameters)) => {
            extend_query(&mut url, parameters, context)?;
            None
        }
        (_, parameters) => parameters.as_ref(),
    };
    let payload = match (in_body, &outgoing.body) {
        (Some(_), Some(_)) => {
            let title = "a request takes `parameters` or `body`, not both";
            let help = "put what belongs into the URL there, and the rest into `body`";
            return Err(EvalError::failed(Code::BadRequest, title).help(help));
        }
        (Some(parameters), None) => Payload::Parameters(parameters),
        (None, Some(body)) => Payload::Body(body),
        (None, None) => Payload::None,
    };
    let mut request = Request {
        method: outgoing.method,
        response_limit: response_limit(&url, context),
        url,
        headers: headers(outgoing)?,
        body: Body::Empty,
        timeout: outgoing.timeout.unwrap_or(TIMEOUT),
    };
    if request.method == Method::Get {
        fill_query(payload, outgoing, &mut request, context)?;
    } else {
        fill(payload, &outgoing.files, &mut request, context)?;
    }
    Ok(request)
}

/// What a request carries beside files.
#[derive(Clone, Copy)]
enum Payload<'o> {
    None,
    Parameters(&'o Value),
    Body(&'o Value),
}

/// The header fields that the script sets.
fn headers(outgoing: &Outgoing) -> Evaluated<Headers> {
    let mut headers = Headers::default();
    for (name, value) in &outgoing.headers {
        check_header(name, value)?;
        headers.set(name.clone(), value.clone());
    }
    if let Some(media_type) = &outgoing.content_type {
        check_header("Content-Type", media_type)?;
        headers.set("Content-Type", media_type.clone());
    }
    Ok(headers)
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
    if url.host_str().is_some_and(is_zoho) {
        limits.zoho_response_bytes
    } else {
        limits.response_bytes
    }
}

/// Adds parameters to the query of a URL: a map as encoded pairs, a text as it is.
fn extend_query(url: &mut Url, parameters: &Value, context: &Context<'_>) -> Evaluated<()> {
    if parameters.as_text().is_some() {
        let more = text(parameters, context)?;
        let query = match url.query().filter(|query| !query.is_empty()) {
            Some(query) => format!("{query}&{more}"),
            None => more,
        };
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        return Ok(());
    }
    let pairs = pairs("parameters", parameters, context)?;
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(())
}

/// A GET carries its parameters in the URL. It has no body: what would be one is left out, with a warning.
fn fill_query(
    payload: Payload<'_>,
    outgoing: &Outgoing,
    request: &mut Request,
    context: &mut Context<'_>,
) -> Evaluated<()> {
    let ignored = match payload {
        Payload::Parameters(map @ (Value::Map(_) | Value::Empty(_))) => {
            extend_query(&mut request.url, map, context)?;
            None
        }
        Payload::Parameters(_) => Some("`parameters` that are no KEY-VALUE are"),
        Payload::Body(_) => Some("`body` is"),
        Payload::None => None,
    };
    let ignored = ignored.or((!outgoing.files.is_empty()).then_some("`files` are"));
    if let Some(what) = ignored {
        let title = format!("{what} not sent: a GET request has no body");
        let help = "put it into `parameters` as KEY-VALUE, or use another `type`";
        let warning = Diagnostic::warning(Code::PayloadIgnored, context.at.source, context.at.span, title).help(help);
        context.warn(warning);
    }
    Ok(())
}

/// Puts files, parameters or body into the request.
fn fill(payload: Payload<'_>, files: &[File], request: &mut Request, context: &Context<'_>) -> Evaluated<()> {
    if !files.is_empty() {
        let fields = match payload {
            Payload::Parameters(value) | Payload::Body(value) => fields(value, context)?,
            Payload::None => Vec::new(),
        };
        return multipart(fields, files, request);
    }
    match payload {
        Payload::Parameters(value) => fill_parameters(value, request, context),
        Payload::Body(value) => fill_body(value, request, context),
        Payload::None => Ok(()),
    }
}

/// `parameters` as body: a map travels as a form, text as it is. A form has no room for files, so a map with one travels
/// as multipart.
fn fill_parameters(value: &Value, request: &mut Request, context: &Context<'_>) -> Evaluated<()> {
    match value {
        Value::Map(_) | Value::Empty(_) | Value::List(_) if is_json(request) => {
            raw(json(value, context)?, "application/json", request)
        }
        Value::Map(_) | Value::Empty(_) if is_multipart(request) || holds_file(value) => {
            return multipart(fields(value, context)?, &[], request);
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
        Value::Map(_) | Value::Empty(_) => return multipart(fields(value, context)?, &[], request),
        Value::File(file) => file_body(file, request),
        Value::List(_) | Value::Collection(_) => raw(json(value, context)?, "application/json", request),
        other => raw(text(other, context)?, "text/plain", request),
    }
    Ok(())
}

fn holds_file(value: &Value) -> bool {
    let is_file = |map: &crate::value::Map| map.entries().iter().any(|(_, value)| matches!(value, Value::File(_)));
    matches!(value, Value::Map(map) if is_file(map))
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
    request.body = Body::Bytes(file.content().bytes().to_vec());
    if !request.headers.contains("Content-Type") {
        request.headers.set("Content-Type", file_type(file));
    }
}

/// The content type of a file: its own, else what its name tells; with its character set where it has one.
fn file_type(file: &File) -> String {
    let content = file.content();
    let media_type = match content.media_type.as_str() {
        "" => media_type_of(&content.name),
        own => own,
    };
    match content.charset.as_str() {
        "" => media_type.to_owned(),
        charset => format!("{media_type}; charset={charset}"),
    }
}

fn field(name: String, bytes: Vec<u8>) -> Part {
    Part {
        name,
        file_name: None,
        media_type: None,
        bytes,
    }
}

/// The parts of a multipart body that stand in a map: plain fields, and files under the names of their keys. Anything
/// else than a map is one field.
fn fields(value: &Value, context: &Context<'_>) -> Evaluated<Vec<Part>> {
    let Value::Map(map) = value else {
        let bytes = text(value, context)?.into_bytes();
        let is_empty = bytes.is_empty() || matches!(value, Value::Empty(_));
        return Ok(if is_empty {
            Vec::new()
        } else {
            vec![field("body".to_owned(), bytes)]
        });
    };
    let mut parts = Vec::new();
    for (key, value) in map.entries().iter() {
        let name = text(key.value(), context)?;
        parts.push(match value.settled() {
            Value::File(file) => file_part(file, &name),
            other => field(name, plain(other, context)?.into_bytes()),
        });
    }
    Ok(parts)
}

/// Makes the body multipart. Its boundary is chosen when it is sent, so the script's own content type is left out.
fn multipart(mut parts: Vec<Part>, files: &[File], request: &mut Request) -> Evaluated<()> {
    parts.extend(files.iter().map(|file| file_part(file, "file")));
    request.body = Body::Multipart(parts);
    request.headers.remove("Content-Type");
    Ok(())
}

/// A file as part; its own parameter name wins (`setParamName`).
fn file_part(file: &File, name: &str) -> Part {
    let content = file.content();
    let name = match content.param_name.as_str() {
        "" => name,
        own => own,
    };
    Part {
        name: name.to_owned(),
        file_name: Some(content.name.clone()),
        media_type: Some(file_type(file)),
        bytes: content.bytes().to_vec(),
    }
}
