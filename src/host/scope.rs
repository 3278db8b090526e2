//! Answers that say that a credential is good and its scopes are not enough: RFC 6750 section 3.1, the codes of Zoho's
//! APIs, and those of others that do not follow the RFC.

use serde_json::Value;

use super::authority::LinkName;
use super::http::Response;

/// The words that stand in such answers: RFC 6750; Zoho CRM; Mail, WorkDrive, Analytics, Creator and Projects; Cliq; Google;
/// Slack.
const WORDS: [&str; 6] = [
    "insufficient_scope",
    "OAUTH_SCOPE_MISMATCH",
    "INVALID_OAUTHSCOPE",
    "oauthtoken_scope_invalid",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    "missing_scope",
];

/// The most bytes of a body that is looked through; refusals are short.
const BODY: usize = 64 << 10;

/// How deep the word may stand.
const DEPTH: usize = 6;

/// The most characters of a scope that is told.
const SCOPE: usize = 100;

/// A server's refusal for want of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScopeRefusal {
    /// The server's word for it.
    pub(crate) word: &'static str,
    /// The scopes that it names as missing, where it names any.
    pub(crate) wanted: Vec<String>,
}

impl ScopeRefusal {
    /// The command that adds the scope to the connection.
    pub(crate) fn mending(&self, link: &LinkName) -> String {
        let wanted = match self.wanted.as_slice() {
            [] => " --add-scope SCOPE".to_owned(),
            scopes => scopes.iter().map(|scope| format!(" --add-scope {scope}")).collect(),
        };
        format!("run `dg connections edit {link}{wanted}`, then `dg connections reconnect {link}`")
    }
}

/// Whether a server refuses for want of a scope.
pub(crate) fn scope_refusal(response: &Response) -> Option<ScopeRefusal> {
    let is_refusal = matches!(response.status, 400 | 401 | 403);
    let challenge = response.headers.get("www-authenticate").filter(|_| is_refusal);
    if let Some(challenge) = challenge
        && parameter(challenge, "error").is_some_and(|error| error.eq_ignore_ascii_case(WORDS[0]))
    {
        return Some(ScopeRefusal {
            word: WORDS[0],
            wanted: scopes(parameter(challenge, "scope").unwrap_or_default()),
        });
    }
    // Slack refuses with status 200.
    if response.body.len() > BODY || !(is_refusal || response.body.starts_with(b"{\"ok\":false")) {
        return None;
    }
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    let word = word_in(&body, DEPTH)?;
    let wanted = body["needed"].as_str().or_else(|| body["scope"].as_str());
    Some(ScopeRefusal {
        word,
        wanted: scopes(wanted.unwrap_or_default()),
    })
}

fn word_in(value: &Value, depth: usize) -> Option<&'static str> {
    match value {
        Value::String(text) => WORDS.into_iter().find(|word| word.eq_ignore_ascii_case(text)),
        _ if depth == 0 => None,
        Value::Array(items) => items.iter().find_map(|item| word_in(item, depth - 1)),
        Value::Object(fields) => fields.values().find_map(|field| word_in(field, depth - 1)),
        _ => None,
    }
}

/// A parameter of a challenge, quoted or not (RFC 9110 section 11.2).
fn parameter<'c>(challenge: &'c str, name: &str) -> Option<&'c str> {
    let mut rest = challenge;
    while let Some((before, behind)) = rest.split_once('=') {
        let found = before
            .trim_end()
            .rsplit([' ', ','])
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(name));
        let behind = behind.trim_start();
        let (value, after) = match behind.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => behind.split_once([',', ' ']).unwrap_or((behind, "")),
        };
        if found {
            return Some(value);
        }
        rest = after;
    }
    None
}

/// The scopes in a list of them, as far as they are made of the signs that a scope may have (RFC 6749 section 3.3).
fn scopes(list: &str) -> Vec<String> {
    let is_sign = |c: char| c.is_ascii_graphic() && !"\"\\'`".contains(c);
    let is_scope = |scope: &&str| !scope.is_empty() && scope.len() <= SCOPE && scope.chars().all(is_sign);
    list.split([' ', ',']).filter(is_scope).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(status: u16, body: &str) -> Option<&'static str> {
        scope_refusal(&Response::new(status, "application/json", body)).map(|refusal| refusal.word)
    }

    #[test]
    fn refusals_for_want_of_a_scope_are_told_from_others() {
        for (status, body, word) in [
            (
                401,
                r#"{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"Unauthorized","status":"error"}"#,
                "OAUTH_SCOPE_MISMATCH",
            ),
            (
                401,
                r#"{"error":{"status_code":"401","title":"INVALID_OAUTHSCOPE"}}"#,
                "INVALID_OAUTHSCOPE",
            ),
            (
                401,
                r#"{"status":"failure","summary":"INVALID_OAUTHSCOPE","data":{"errorCode":8540}}"#,
                "INVALID_OAUTHSCOPE",
            ),
            (
                401,
                r#"{"code":"oauthtoken_scope_invalid"}"#,
                "oauthtoken_scope_invalid",
            ),
            (
                403,
                r#"{"error":{"details":[{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}"#,
                "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            ),
            (
                200,
                r#"{"ok":false,"error":"missing_scope","needed":"chat:write"}"#,
                "missing_scope",
            ),
        ] {
            assert_eq!(found(status, body), Some(word), "{body}");
        }
        for (status, body) in [
            (401, r#"{"code":"INVALID_TOKEN"}"#),
            (403, "no scope"),
            (200, r#"{"code":"OAUTH_SCOPE_MISMATCH"}"#),
            (403, r#"{"message":"insufficient_scope is what it is not"}"#),
        ] {
            assert_eq!(found(status, body), None, "{body}");
        }
    }

    #[test]
    fn a_challenge_names_the_scopes() {
        for challenge in [
            r#"Bearer realm="a, b=c", error="insufficient_scope", scope="leads.read leads.write""#,
            r#"Bearer scope="leads.read,leads.write" error=insufficient_scope"#,
        ] {
            let mut response = Response::new(403, "", "");
            response.headers.set("WWW-Authenticate", challenge);
            let refusal = scope_refusal(&response).unwrap();
            assert_eq!(refusal.wanted, ["leads.read", "leads.write"], "{challenge}");
        }
        let mut response = Response::new(401, "", "");
        response
            .headers
            .set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        assert_eq!(scope_refusal(&response), None);
    }

    #[test]
    fn what_is_no_scope_is_not_repeated() {
        assert_eq!(scopes("a `rm`  \u{1b}[31m b\u{e9} c"), ["a", "c"]);
    }
}
