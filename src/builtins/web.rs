//! The older functions that send requests: `getUrl`, `postUrl`, `invokeUrl`. Zoho deprecates them in favour of the task
//! `invokeurl`; scripts have them still.

use super::{Builtin, Call, Effect, Param, any, example, required};
use crate::diagnostic::Code;
use crate::exchange::{self, Format, Outgoing};
use crate::host::Evaluated;
use crate::value::{Kind, Value};

/// The table of this family. In the examples `https://api.example.com` answers `Hello` to everything.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::function("getUrl", get_url)
        .params(&[required("url", Kind::Text), HEADERS, SIMPLE])
        .doc(
            "Fetches a URL with GET and gives the content as TEXT; with `simple` false a KEY-VALUE with `responseText`, \
             `responseHeader` and `responseCode`. Deprecated: `invokeurl` does the same and more.",
        )
        .examples(&[
            example("getUrl(\"https://api.example.com/greeting\")", "Hello"),
            example("getUrl(\"https://api.example.com/greeting\",false).get(\"responseCode\")", "200"),
        ])
        .source("deluge/help/web-data/geturl.html")
        .effect(Effect::Network),
    Builtin::function("postUrl", post_url)
        .params(&[required("url", Kind::Text), any("body"), HEADERS, SIMPLE])
        .doc(
            "Sends a body to a URL with POST, KEY-VALUE as a form and TEXT as it is, and gives the content as TEXT; with \
             `simple` false a KEY-VALUE with `responseText`, `responseHeader` and `responseCode`. Deprecated: `invokeurl` \
             does the same and more.",
        )
        .examples(&[
            example("postUrl(\"https://api.example.com/names\",{\"name\":\"Ada\"})", "Hello"),
            example(
                "postUrl(\"https://api.example.com/names\",\"Ada\",{\"Content-Type\":\"text/plain\"},false).get(\"responseText\")",
                "Hello",
            ),
        ])
        .source("deluge/help/web-data/posturl.html")
        .effect(Effect::Network),
    Builtin::function("invokeUrl", invoke_url)
        .params(&[required("url", Kind::Text), required("type", Kind::Text), BODY, HEADERS, SIMPLE])
        .doc(
            "Sends a request with GET, POST, PUT, PATCH or DELETE. A KEY-VALUE body travels as a form, in a GET as query; \
             TEXT travels as it is. Gives what `getUrl` gives. Deprecated: the task `invokeurl` does the same and more.",
        )
        .examples(&[
            example("invokeUrl(\"https://api.example.com/names\",\"GET\",{\"page\":2})", "Hello"),
            example("invokeUrl(\"https://api.example.com/names/7\",\"DELETE\",false).get(\"responseCode\")", "200"),
        ])
        .source("deluge/help/web-data/invokeurl-function.html")
        .effect(Effect::Network),
];

const BODY: Param = Param {
    name: "body",
    kind: None,
    optional: true,
    repeats: false,
};

const HEADERS: Param = Param {
    name: "headers",
    kind: Some(Kind::Map),
    optional: true,
    repeats: false,
};

const SIMPLE: Param = Param {
    name: "simple",
    kind: Some(Kind::Boolean),
    optional: true,
    repeats: false,
};

fn get_url(call: &mut Call<'_, '_>) -> Evaluated {
    perform(call, &[("url", 0)], 1)
}

fn post_url(call: &mut Call<'_, '_>) -> Evaluated {
    let keys = [("url", 0), ("parameters", 1)];
    perform_as("POST", call, &keys, 2)
}

fn invoke_url(call: &mut Call<'_, '_>) -> Evaluated {
    let keys = [("url", 0), ("type", 1), ("parameters", 2)];
    // A boolean in the place of the body is the last argument.
    let given = if is_boolean(call.argument(2)) { 2 } else { 3 };
    perform(call, &keys[..given.min(call.arguments.len())], given)
}

fn perform_as(method: &str, call: &mut Call<'_, '_>, keys: &[(&str, usize)], rest: usize) -> Evaluated {
    let mut outgoing = Outgoing::default();
    outgoing.set("type", &Value::text(method), call.context)?;
    fill(&mut outgoing, call, keys, rest)?;
    exchange::perform(&outgoing, call.context)
}

fn perform(call: &mut Call<'_, '_>, keys: &[(&str, usize)], rest: usize) -> Evaluated {
    perform_as("GET", call, keys, rest)
}

/// Takes the arguments that stand for keys of the task, then headers and `simple`, either of which may be left out.
fn fill(outgoing: &mut Outgoing, call: &Call<'_, '_>, keys: &[(&str, usize)], rest: usize) -> Evaluated<()> {
    for (key, index) in keys {
        outgoing.set(key, call.argument(*index), call.context)?;
    }
    outgoing.format = Format::Text;
    let mut index = rest;
    if call.has(index) && !is_boolean(call.argument(index)) {
        outgoing.set("headers", call.argument(index), call.context)?;
        index += 1;
    }
    if call.has(index) {
        outgoing.detailed = !call.boolean_arg(index)?;
        index += 1;
    }
    if call.has(index) {
        let message = format!("`{}` takes nothing after `simple`", call.builtin.name);
        return Err(call.fail(Code::BadArgument, message));
    }
    Ok(())
}

fn is_boolean(value: &Value) -> bool {
    match value {
        Value::Boolean(_) => true,
        other => other
            .as_text()
            .is_some_and(|text| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::requests_of;
    use super::*;

    fn map() -> Value {
        crate::value::json::parse(r#"{"a": 1}"#).unwrap()
    }

    const URL: &str = "https://api.example.com/";

    /// Checks what is sent, and the kind of what comes back.
    fn sends(name: &str, arguments: Vec<Value>, sent: &str, given: &str) {
        let (result, requests) = requests_of(name, &arguments);
        assert_eq!(result.as_deref(), Ok(given), "{name}");
        assert_eq!(requests, [sent], "{name}");
    }

    #[test]
    fn headers_and_simple_may_follow_each_or_both() {
        let url = || Value::text(URL);
        let (yes, no) = (Value::Boolean(true), Value::Boolean(false));
        for (rest, sent, given) in [
            (vec![], "GET https://api.example.com/ -", "TEXT"),
            (vec![yes], "GET https://api.example.com/ -", "TEXT"),
            (vec![no.clone()], "GET https://api.example.com/ -", "KEY-VALUE"),
            (vec![map()], "GET https://api.example.com/ a=1 -", "TEXT"),
            (vec![map(), no], "GET https://api.example.com/ a=1 -", "KEY-VALUE"),
            (
                vec![map(), Value::text("false")],
                "GET https://api.example.com/ a=1 -",
                "KEY-VALUE",
            ),
        ] {
            sends("geturl", [vec![url()], rest].concat(), sent, given);
        }
    }

    #[test]
    fn bodies_travel_as_their_kind_says() {
        let url = || Value::text(URL);
        let text = Value::text;
        let no = || Value::Boolean(false);
        for (name, arguments, sent, given) in [
            (
                "postUrl",
                vec![url(), map()],
                "POST https://api.example.com/ Form(1)",
                "TEXT",
            ),
            (
                "postUrl",
                vec![url(), text("x"), map()],
                "POST https://api.example.com/ a=1 Bytes(1)",
                "TEXT",
            ),
            (
                "postUrl",
                vec![url(), Value::Null, no()],
                "POST https://api.example.com/ -",
                "KEY-VALUE",
            ),
            (
                "invokeUrl",
                vec![url(), text("get"), map()],
                "GET https://api.example.com/?a=1 -",
                "TEXT",
            ),
            (
                "invokeUrl",
                vec![url(), text("PUT"), no()],
                "PUT https://api.example.com/ -",
                "KEY-VALUE",
            ),
            (
                "invokeUrl",
                vec![url(), text("PATCH"), text("x"), map(), no()],
                "PATCH https://api.example.com/ a=1 Bytes(1)",
                "KEY-VALUE",
            ),
        ] {
            sends(name, arguments, sent, given);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_before_anything_is_sent() {
        for (name, arguments) in [
            ("getUrl", vec![Value::text("nowhere")]),
            ("getUrl", vec![Value::text("https://a.example/"), Value::Number(1)]),
            (
                "invokeUrl",
                vec![Value::text("https://a.example/"), Value::text("FETCH")],
            ),
            (
                "getUrl",
                vec![Value::text("https://a.example/"), Value::Boolean(true), map()],
            ),
        ] {
            let (result, requests) = requests_of(name, &arguments);
            assert!(result.is_err() && requests.is_empty(), "{name}: {result:?}");
        }
    }
}
