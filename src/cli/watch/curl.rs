//! A request as the curl command that would send it, without its secrets.

use crate::host::{Body, Method, Part, Request};

/// What stands for a secret.
const DOTS: &str = "•••";

/// The most characters of a body that are shown.
const LONGEST: usize = 2_000;

/// Headers that hold credentials, whoever set them.
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "x-api-key"];

/// Parts of names behind which people keep secrets.
const SECRET_WORDS: [&str; 7] = [
    "token",
    "secret",
    "password",
    "apikey",
    "api_key",
    "api-key",
    "signature",
];

/// The command. `redact` takes the secrets out that the run knows of; what is secret by its name goes as well.
pub(super) fn command(request: &Request, redact: &dyn Fn(&str) -> String) -> String {
    let mut words = vec!["curl".to_owned()];
    let implied = match request.body {
        Body::Empty => Method::Get,
        _ => Method::Post,
    };
    if request.method != implied {
        words.push(format!("-X {}", request.method.as_str()));
    }
    words.push(quoted(&redact(&address(request))));
    for (name, value) in request.headers.iter() {
        let shown = if SECRET_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name)) || is_secret(name) {
            hidden(value)
        } else {
            redact(value)
        };
        words.push(format!("-H {}", quoted(&format!("{name}: {shown}"))));
    }
    words.extend(body(&request.body, redact));
    words.join(" ")
}

/// The URL, with dots for the values of parameters whose names speak of secrets.
fn address(request: &Request) -> String {
    let mut url = request.url.clone();
    let _ = url.set_password(None);
    if !url.query_pairs().any(|(name, _)| is_secret(&name)) {
        return url.to_string();
    }
    let pairs: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => format!("{name}={DOTS}"),
            _ => pair.to_owned(),
        })
        .collect();
    url.set_query(None);
    url.set_fragment(None);
    format!("{url}?{}", pairs.join("&"))
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// A credential without what it is: `Bearer •••`.
fn hidden(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, _))
            if scheme
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-') =>
        {
            format!("{scheme} {DOTS}")
        }
        _ => DOTS.to_owned(),
    }
}

fn body(body: &Body, redact: &dyn Fn(&str) -> String) -> Vec<String> {
    match body {
        Body::Empty => Vec::new(),
        Body::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => vec![format!("--data-raw {}", quoted(&shortened(&redact(text))))],
            Err(_) => vec![format!("--data-binary @- # {} bytes", bytes.len())],
        },
        Body::Form(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| {
                let value = if is_secret(name) {
                    DOTS.to_owned()
                } else {
                    shortened(&redact(value))
                };
                format!("--data-urlencode {}", quoted(&format!("{name}={value}")))
            });
            pairs.collect()
        }
        Body::Multipart(parts) => parts.iter().map(|part| field(part, redact)).collect(),
    }
}

fn field(part: &Part, redact: &dyn Fn(&str) -> String) -> String {
    let content = match &part.file_name {
        Some(file) => format!("@{file}"),
        None if is_secret(&part.name) => DOTS.to_owned(),
        None => shortened(&redact(&String::from_utf8_lossy(&part.bytes))),
    };
    let media = part
        .media_type
        .as_ref()
        .map_or(String::new(), |media| format!(";type={media}"));
    format!("-F {}", quoted(&format!("{}={content}{media}", part.name)))
}

fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text.to_owned();
    }
    let begin: String = text.chars().take(LONGEST).collect();
    format!("{begin}… ({length} characters)")
}

/// A word of a shell's command line. Control characters are written as escapes, so that they steer nothing.
fn quoted(text: &str) -> String {
    let steers = |letter: char| letter.is_control();
    if !text.chars().any(steers) {
        return format!("'{}'", text.replace('\'', "'\\''"));
    }
    let mut word = String::from("$'");
    for letter in text.chars() {
        match letter {
            '\n' => word.push_str("\\n"),
            '\t' => word.push_str("\\t"),
            '\r' => word.push_str("\\r"),
            '\'' | '\\' => word.extend(['\\', letter]),
            _ if steers(letter) => word.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => word.push(letter),
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::host::Headers;

    fn request(method: Method, url: &str, body: Body) -> Request {
        Request {
            method,
            url: url.parse().unwrap(),
            headers: Headers::default(),
            body,
            timeout: Duration::from_secs(1),
            response_limit: 1,
        }
    }

    fn shown(request: &Request) -> String {
        command(request, &|text| text.replace("s3cret", DOTS))
    }

    #[test]
    fn a_request_is_written_as_curl_takes_it() {
        let mut post = request(
            Method::Post,
            "https://api.example.com/1/cards?x=1",
            Body::Bytes(b"{\"a\":\"it's\"}".to_vec()),
        );
        post.headers.set("Content-Type", "application/json");
        assert_eq!(
            shown(&post),
            r#"curl 'https://api.example.com/1/cards?x=1' -H 'Content-Type: application/json' --data-raw '{"a":"it'\''s"}'"#
        );
        let delete = request(Method::Delete, "https://api.example.com/", Body::Empty);
        assert_eq!(shown(&delete), "curl -X DELETE 'https://api.example.com/'");
        let form = Body::Form(vec![("name".to_owned(), "a b\nc".to_owned())]);
        assert_eq!(
            shown(&request(Method::Post, "https://api.example.com/", form)),
            r"curl 'https://api.example.com/' --data-urlencode $'name=a b\nc'"
        );
    }

    #[test]
    fn secrets_are_dots_wherever_they_stand() {
        let form = Body::Form(vec![
            ("access_token".to_owned(), "abc".to_owned()),
            ("q".to_owned(), "s3cret".to_owned()),
        ]);
        let mut all = request(
            Method::Post,
            "https://user:abc@api.example.com/?api_key=abc&q=s3cret",
            form,
        );
        all.headers.set("Authorization", "Bearer abc");
        all.headers.set("X-Api-Key", "abc");
        all.headers.set("Cookie", "abc");
        let shown = shown(&all);
        assert!(!shown.contains("abc") && !shown.contains("s3cret"), "{shown}");
        assert!(shown.contains("-H 'Authorization: Bearer •••'"), "{shown}");
        assert!(shown.contains("?api_key=•••&q="), "{shown}");
    }
}
