//! From an answer to the value that the script sees (INVOKEURL: 4, 5).

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use url::Url;

use super::outgoing::{Format, Outgoing};
use crate::host::{Context, Evaluated, Response};
use crate::value::{File, Map, Value, json};

/// What was asked: by the keys of the task, and at which URL in the end.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) outgoing: &'a Outgoing,
    pub(super) url: &'a Url,
}

/// The answer as the task gives it.
pub(super) fn value(asked: Asked<'_>, response: Response, context: &mut Context<'_>) -> Evaluated {
    context.meter.reserve(response.body.len().saturating_mul(2).max(1))?;
    Ok(if asked.outgoing.detailed {
        detailed(asked, response)
    } else {
        content(asked, response)
    })
}

/// The content: what the script asks for, else what the content type tells, else what the content looks like.
fn content(asked: Asked<'_>, response: Response) -> Value {
    match asked.outgoing.format {
        Format::File => return file(asked, response),
        Format::Text => return Value::from_cow(decode(asked, &response)),
        Format::Json => return structured_or_text(decode(asked, &response)),
        Format::Any if response.body.is_empty() => return Value::text(""),
        Format::Any => {}
    }
    let media_type = media_type(&response);
    let is_attached = is_attached(&response);
    if is_json(&media_type) {
        return structured_or_text(decode(asked, &response));
    }
    if media_type.is_empty() && !is_attached {
        let is_text = asked.outgoing.decoding.is_some() || std::str::from_utf8(&response.body).is_ok();
        return if is_text {
            structured_or_text(decode(asked, &response))
        } else {
            file(asked, response)
        };
    }
    if is_attached || !is_textual(&media_type) {
        return file(asked, response);
    }
    let text = decode(asked, &response);
    // Some APIs send JSON under a text type; an object or array is what the script expects then.
    if matches!(media_type.as_str(), "text/plain" | "text/html") {
        structured_or_text(text)
    } else {
        Value::from_cow(text)
    }
}

fn structured_or_text(text: Cow<'_, str>) -> Value {
    structured(&text).unwrap_or_else(|| Value::from_cow(text))
}

fn is_attached(response: &Response) -> bool {
    let disposition = response.headers.get("content-disposition").unwrap_or_default();
    disposition.trim_start().to_ascii_lowercase().starts_with("attachment")
}

/// An object or array; bare scalars stay text.
fn structured(text: &str) -> Option<Value> {
    let begins = text.trim_start().starts_with(['{', '[']);
    if begins { json::parse(text).ok() } else { None }
}

/// `detailed : true`: text, code and headers, names in lower case. Values of a repeated header are joined by commas
/// (RFC 9110, section 5.3).
fn detailed(asked: Asked<'_>, response: Response) -> Value {
    let headers = Map::default();
    for (name, value) in response.headers.iter() {
        let name = Value::from_string(name.to_ascii_lowercase());
        let former = headers.get(&name);
        let joined = match former.as_ref().and_then(Value::as_text) {
            Some(former) => Value::from_string(format!("{former}, {value}")),
            None => Value::text(value),
        };
        headers.put(name, joined);
    }
    let code = i64::from(response.status);
    let content = match asked.outgoing.format {
        Format::File => file(asked, response),
        _ => Value::from_cow(decode(asked, &response)),
    };
    let map = Map::default();
    map.put(Value::text("responseText"), content);
    map.put(Value::text("responseHeader"), Value::Map(headers));
    map.put(Value::text("responseCode"), Value::Number(code));
    Value::Map(map)
}

fn media_type(response: &Response) -> String {
    let given = response.headers.get("content-type").unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/json" | "text/json" | "text/javascript" | "application/javascript"
    ) || media_type.ends_with("+json")
}

fn is_textual(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || media_type.ends_with("+xml")
        || matches!(
            media_type,
            "application/xml"
                | "application/x-www-form-urlencoded"
                | "application/x-ndjson"
                | "application/yaml"
                | "application/x-yaml"
        )
}

/// The body as text: in the encoding the script names, else the one the answer names, else UTF-8.
fn decode<'r>(asked: Asked<'_>, response: &'r Response) -> Cow<'r, str> {
    let charset = response.headers.get("content-type").and_then(charset);
    let announced = || charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    let encoding = asked.outgoing.decoding.or_else(announced).unwrap_or(UTF_8);
    encoding.decode(&response.body).0
}

/// The `charset` of a content type.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    })
}

/// The answer as FILE, named by the answer or the URL.
fn file(asked: Asked<'_>, response: Response) -> Value {
    let disposition = response.headers.get("content-disposition").and_then(file_name);
    let name = disposition
        .or_else(|| last_segment(asked.url))
        .unwrap_or_else(|| "file".to_owned());
    let media_type = media_type(&response);
    Value::File(File::new(name, media_type, response.body))
}

/// The file name of a content disposition (RFC 6266); the extended form wins. Folders are cut off.
fn file_name(disposition: &str) -> Option<String> {
    let mut plain = None;
    for parameter in disposition.split(';').skip(1) {
        let Some((name, value)) = parameter.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches('"');
        if name.trim().eq_ignore_ascii_case("filename*") {
            let encoded = value.splitn(3, '\'').nth(2).unwrap_or(value);
            let pair = format!("n={}", encoded.replace('+', "%2B"));
            let decoded = url::form_urlencoded::parse(pair.as_bytes())
                .next()
                .map(|(_, value)| value.into_owned());
            return decoded.map(|name| base_name(&name)).filter(|name| !name.is_empty());
        }
        if name.trim().eq_ignore_ascii_case("filename") {
            plain = Some(base_name(value)).filter(|name| !name.is_empty());
        }
    }
    plain
}

fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

fn last_segment(url: &Url) -> Option<String> {
    let last = url.path_segments()?.next_back().filter(|segment| !segment.is_empty())?;
    let pair = format!("n={}", last.replace('+', "%2B"));
    let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
    decoded
        .map(|(_, name)| base_name(&name))
        .filter(|name| !name.is_empty())
}
