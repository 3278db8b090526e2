//! From answers to values, and to errors where there is none.

use super::*;

/// What a script gets of an answer: the kind and the text, or name, type and size of a file.
fn got(keys: &[(&str, Value)], response: Response) -> String {
    let mut all = vec![("url", text("https://api.example.com/files/a%20b.bin?x=1"))];
    all.extend(keys.iter().cloned());
    let done = perform_with(&all, vec![Ok(response)], None);
    match &done.result {
        Ok(Value::File(file)) => {
            let content = file.content();
            format!("FILE {} {} {}", content.name, content.media_type, content.bytes().len())
        }
        Ok(value) => format!("{} {}", value.kind().name(), done.text()),
        Err(_) => done.text(),
    }
}

/// Checks answers of a content type and a body.
#[track_caller]
fn each<const N: usize>(cases: [(u16, &str, &[u8], &str); N]) {
    for (status, media_type, body, expected) in cases {
        assert_eq!(
            got(&[], answer(status, media_type, &[], body)),
            expected,
            "{media_type}"
        );
    }
}

#[test]
fn json_becomes_maps_and_lists_and_keeps_its_digits() {
    let big = br#"{"id": 9223372036854775807, "d": 0.10, "l": [1]}"#;
    each([
        (
            200,
            "application/json",
            big,
            r#"KEY-VALUE {"id":9223372036854775807,"d":0.10,"l":[1]}"#,
        ),
        (200, "application/json;charset=UTF-8", b"[1,{}]", "LIST 1,{}"),
        (200, "application/vnd.api+json", b"{}", "KEY-VALUE {}"),
        (200, "application/json", b"\xef\xbb\xbf{}", "KEY-VALUE {}"),
        (200, "application/json", b"5", "TEXT 5"),
        (200, "application/json", b"{broken", "TEXT {broken"),
        (200, "text/plain", br#"{"a":1}"#, r#"KEY-VALUE {"a":1}"#),
        (
            400,
            "application/json",
            br#"{"code":"INVALID"}"#,
            r#"KEY-VALUE {"code":"INVALID"}"#,
        ),
        (200, "", b"[1]", "LIST 1"),
    ]);
}

#[test]
fn text_stays_text_and_what_is_neither_becomes_a_file() {
    each([
        (200, "text/html", b"<p>{}</p>", "TEXT <p>{}</p>"),
        (200, "text/xml", b"<a/>", "TEXT <a/>"),
        (200, "application/xml", b"<a/>", "TEXT <a/>"),
        (200, "text/csv", b"a,b", "TEXT a,b"),
        (500, "text/plain", b"oops", "TEXT oops"),
        (200, "", b"hello", "TEXT hello"),
        (200, "", b"\xff\xfe\x00", "FILE a b.bin  3"),
        (200, "image/png", b"\x89PNG", "FILE a b.bin image/png 4"),
        (
            200,
            "application/octet-stream",
            b"{}",
            "FILE a b.bin application/octet-stream 2",
        ),
        (204, "", b"", "TEXT "),
        (200, "application/json", b"", "TEXT "),
        (200, "image/png", b"", "TEXT "),
    ]);
}

#[test]
fn the_character_set_is_the_one_the_answer_names() {
    let latin = b"caf\xe9";
    each([
        (200, "text/plain; charset=ISO-8859-1", latin, "TEXT café"),
        (200, "text/plain; charset=\"latin1\"", latin, "TEXT café"),
        (200, "text/plain; charset=nonsense", b"a", "TEXT a"),
        (200, "text/plain", latin, "TEXT caf\u{fffd}"),
    ]);
}

#[test]
fn attachments_are_files_under_their_own_name_without_folders() {
    for (media_type, disposition, expected) in [
        (
            "text/csv",
            r#"attachment; filename="../x/report.csv""#,
            "FILE report.csv text/csv 1",
        ),
        (
            "application/pdf",
            "inline; filename=a.pdf; filename*=UTF-8''%C3%A4+b.pdf",
            "FILE ä+b.pdf application/pdf 1",
        ),
        ("text/plain", "attachment", "FILE a b.bin text/plain 1"),
    ] {
        let response = answer(200, media_type, &[("Content-Disposition", disposition)], b"a");
        assert_eq!(got(&[], response), expected);
    }
}

#[test]
fn the_script_may_say_what_it_wants() {
    let format = |word: &str| [("responseformat", text(word))];
    let json = || answer(200, "application/json", &[], br#"{"a":1}"#);
    assert_eq!(got(&format("FILE"), json()), "FILE a b.bin application/json 7");
    assert_eq!(got(&format("text"), json()), r#"TEXT {"a":1}"#);
    let binary = answer(200, "application/octet-stream", &[], b"[1]");
    assert_eq!(got(&format("JSON"), binary), "LIST 1");
    assert_eq!(got(&format("FILE"), answer(204, "", &[], b"")), "FILE a b.bin  0");
    let decoding = [("responsedecoding", text("iso-8859-1"))];
    assert_eq!(
        got(&decoding, answer(200, "text/plain; charset=utf-8", &[], b"\xe9")),
        "TEXT é"
    );
    assert_eq!(got(&decoding, answer(200, "", &[], b"\xe9")), "TEXT é");
}

#[test]
fn detailed_answers_are_text_headers_and_code() {
    let fields = [("X-Id", "7"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")];
    let response = answer(404, "application/json", &fields, br#"{"a":1}"#);
    let expected = r#"KEY-VALUE {"responseText":"{\"a\":1}","responseHeader":{"content-type":"application/json","x-id":"7","set-cookie":"a=1, b=2"},"responseCode":404}"#;
    assert_eq!(got(&[("detailed", Value::Boolean(true))], response), expected);
}

#[test]
fn lost_exchanges_say_what_was_asked_and_never_the_query() {
    for (kind, reason, expected) in [
        (
            HttpErrorKind::Connect,
            "no route",
            "DG0502: no route: GET https://api.example.com/v1",
        ),
        (
            HttpErrorKind::Timeout,
            "late",
            "DG0503: socket timeout error: GET https://api.example.com/v1 gave no answer in 0.0 s",
        ),
        (
            HttpErrorKind::TooLarge,
            "too much",
            "DG0504: too much: GET https://api.example.com/v1",
        ),
        (
            HttpErrorKind::Protocol,
            "cut",
            "DG0505: cut: GET https://api.example.com/v1",
        ),
        (
            HttpErrorKind::Refused(Code::Offline),
            "off",
            "DG0506: off: GET https://api.example.com/v1",
        ),
        (HttpErrorKind::Interrupted, "stop", "DG0457: the run was interrupted"),
    ] {
        let keys = [("url", text(URL))];
        let done = perform_with(&keys, vec![Err(HttpError::new(kind, reason))], None);
        assert_eq!(done.text(), expected);
    }
}

#[test]
fn passwords_in_urls_are_sent_and_not_shown() {
    let keys = [("url", text("https://ada:hunter2@api.example.com/"))];
    let done = perform_with(&keys, vec![Ok(Response::new(200, "", ""))], None);
    assert_eq!(done.sent().url.password(), Some("hunter2"));
    assert_eq!(done.shown, ["https://ada:***@api.example.com/"]);
}
