//! From an answer to the value that the script sees (INVOKEURL: 4, 5).

use encoding_rs::{Encoding, UTF_8};

use super::Outgoing;
use crate::diagnostic::Code;
use crate::host::{Context, EvalError, Evaluated, Response};
use crate::value::{File, Map, Value, json};

/// The answer as the task gives it.
pub(super) fn value(outgoing: &Outgoing, response: Response, context: &mut Context<'_>) -> Evaluated {
    context.meter.reserve(response.body.len().saturating_mul(2).max(1))?;
    if outgoing.detailed {
        return detailed(outgoing, &response);
    }
    if outgoing.as_text {
        return Ok(Value::from_string(decode(outgoing, &response)?));
    }
    if outgoing.as_file {
        return Ok(file(outgoing, response));
    }
    if response.body.is_empty() {
        return Ok(Value::text(""));
    }
    let media_type = media_type(&response);
    let attached = response
        .headers
        .get("content-disposition")
        .is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("attachment"));
    if is_json(&media_type) || media_type.is_empty() && !attached && std::str::from_utf8(&response.body).is_ok() {
        let text = decode(outgoing, &response)?;
        return Ok(structured(&text).unwrap_or_else(|| Value::from_string(text)));
    }
    if attached || !is_textual(&media_type) {
        return Ok(file(outgoing, response));
    }
    let text = decode(outgoing, &response)?;
    // Some APIs send JSON under a text type; an object or array is what the script expects then.
    let sniffed = if media_type == "text/plain" || media_type == "text/html" {
        structured(&text)
    } else {
        None
    };
    Ok(sniffed.unwrap_or_else(|| Value::from_string(text)))
}

/// An object or array; bare scalars stay text.
fn structured(text: &str) -> Option<Value> {
    let begins = text.trim_start().starts_with(['{', '[']);
    if begins { json::parse(text).ok() } else { None }
}

/// `detailed : true`: text, code and headers, names in lower case.
fn detailed(outgoing: &Outgoing, response: &Response) -> Evaluated {
    let headers = Map::default();
    for (name, value) in response.headers.iter() {
        headers.put(Value::from_string(name.to_ascii_lowercase()), Value::text(value));
    }
    let map = Map::default();
    map.put(
        Value::text("responseText"),
        Value::from_string(decode(outgoing, response)?),
    );
    map.put(Value::text("responseHeader"), Value::Map(headers));
    map.put(Value::text("responseCode"), Value::Number(i64::from(response.status)));
    Ok(Value::Map(map))
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
            "application/xml" | "application/x-www-form-urlencoded" | "application/xhtml+xml"
        )
}

/// The body as text: in the encoding the script names, else the one the answer names, else UTF-8.
fn decode(outgoing: &Outgoing, response: &Response) -> Evaluated<String> {
    let named = match &outgoing.decoding {
        Some(name) => Some(Encoding::for_label(name.as_bytes()).ok_or_else(|| {
            EvalError::failed(Code::BadRequest, format!("`{name}` is not a character encoding"))
                .help("write for instance `\"UTF-8\"` or `\"ISO-8859-1\"`")
        })?),
        None => None,
    };
    let charset = response.headers.get("content-type").and_then(charset);
    let encoding = named
        .or_else(|| charset.and_then(|label| Encoding::for_label(label.as_bytes())))
        .unwrap_or(UTF_8);
    Ok(encoding.decode(&response.body).0.into_owned())
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
fn file(outgoing: &Outgoing, response: Response) -> Value {
    let disposition = response.headers.get("content-disposition").and_then(file_name);
    let name = disposition
        .or_else(|| last_segment(&outgoing.url))
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

fn last_segment(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    url.path_segments()?
        .next_back()
        .filter(|segment| !segment.is_empty())
        .map(str::to_owned)
}
