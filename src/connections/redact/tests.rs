use proptest::prelude::*;

use super::*;

fn redactor(secrets: &[&str]) -> Redactor {
    let redactor = Redactor::default();
    for secret in secrets {
        redactor.watch(&Secret::new(*secret));
    }
    redactor
}

#[test]
fn every_form_is_found() {
    let secret = "c4n@ry/+ü\"x";
    let redactor = redactor(&[secret]);
    for form in [
        secret.to_owned(),
        "c4n%40ry%2F%2B%C3%BC%22x".to_owned(),
        "c4n%40ry%2f%2b%c3%bc%22x".to_owned(),
        "c4n@ry/+%C3%BC%22x".to_owned(),
        form_urlencoded::Serializer::new(String::new())
            .append_pair("k", secret)
            .finish()
            .split_off(2),
        serde_json::json!({ "k": secret }).to_string(),
        serde_json::json!({ "k": serde_json::json!([secret]).to_string() }).to_string(),
        "c4n@ry\\/+\\u00fc\\\"x".to_owned(),
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        STANDARD.encode(format!("user:{secret}")),
        STANDARD.encode(format!("u:{secret}")),
        URL_SAFE_NO_PAD.encode(format!("us:{secret}!")),
        hex(secret, false),
        hex(secret, true),
    ] {
        let shown = redactor.redact(&format!("before {form} after"));
        assert!(shown.contains(DOTS), "{form}: {shown}");
        assert!(!shown.contains(&form), "{form}: {shown}");
        assert!(shown.starts_with("before ") && shown.ends_with(" after"), "{shown}");
    }
    assert_eq!(redactor.redact("nothing to hide"), "nothing to hide");
    assert_eq!(redactor.redact(""), "");
}

#[test]
fn the_basic_pair_goes_as_a_whole() {
    let redactor = Redactor::default();
    redactor.watch_credential(&Credential::Basic {
        user: "sk_live".to_owned(),
        password: Secret::new(""),
    });
    let header = format!("Authorization: Basic {}", STANDARD.encode("sk_live:"));
    assert_eq!(redactor.redact(&header), format!("Authorization: Basic {DOTS}"));
}

#[test]
fn the_longest_goes_first_and_overlaps_leave_no_tail() {
    let redactor = redactor(&["abcd", "abcdefgh", "efghijkl"]);
    assert_eq!(redactor.redact("x abcdefgh y"), format!("x {DOTS} y"));
    assert_eq!(redactor.redact("x abcdefghijkl y"), format!("x {DOTS} y"));
    assert_eq!(redactor.redact("x abcdabcd y"), format!("x {DOTS} y"));
}

#[test]
fn short_secrets_are_hidden_where_they_stand_as_values() {
    let redactor = redactor(&["a", "é1"]);
    assert_eq!(
        redactor.redact("a banana has an a: a, key=a&b=banana \"a\" at é1 'é1'"),
        format!("{DOTS} banana has an a: {DOTS}, key={DOTS}&b=banana \"{DOTS}\" at é1 '{DOTS}'")
    );
}

#[test]
fn empty_secrets_hide_nothing() {
    let redactor = redactor(&["", ""]);
    assert_eq!(redactor.redact("text"), "text");
}

#[test]
fn megabytes_take_no_time() {
    let redactor = Redactor::default();
    for number in 0..500 {
        redactor.watch(&Secret::new(format!("secret-number-{number:04}")));
    }
    let text = "secret-number-0000 secret-number-9 ".repeat(30_000);
    let start = std::time::Instant::now();
    let shown = redactor.redact(&text);
    assert!(!shown.contains("secret-number-0000"));
    assert!(
        start.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn the_oldest_are_forgotten_at_last() {
    let redactor = Redactor::default();
    for number in 0..=MOST {
        redactor.watch(&Secret::new(format!("secret{number:05}")));
    }
    assert_eq!(redactor.held().secrets.len(), MOST);
    assert_eq!(redactor.redact("secret00001"), DOTS);
}

proptest! {
    #[test]
    fn no_secret_survives(
        secrets in prop::collection::vec("\\PC{4,12}", 1..4), before in "\\PC{0,12}", after in "\\PC{0,12}",
    ) {
        prop_assume!(secrets.iter().all(|secret| !secret.contains('•')));
        let redactor = redactor(&secrets.iter().map(String::as_str).collect::<Vec<_>>());
        for secret in &secrets {
            let forms = [
                secret.clone(),
                form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
                percent(secret, "-._~", true),
                serde_json::Value::from(secret.as_str()).to_string(),
                STANDARD.encode(secret),
            ];
            for form in forms {
                let shown = redactor.redact(&format!("{before}{form}{after}"));
                prop_assert!(shown.contains(DOTS));
                for secret in &secrets {
                    prop_assert!(!shown.contains(secret.as_str()), "{:?} in {:?}", secret, shown);
                }
            }
            let whole = format!("{before}{secret}{after}");
            let shown = redactor.redact(&STANDARD.encode(&whole));
            let core = base64_core(secret.as_bytes(), before.len() % 3)[0].clone();
            prop_assert!(core.len() < TELLING || !shown.contains(&core));
        }
    }

    #[test]
    fn what_holds_no_secret_stays(text in "[a-m ]{0,60}") {
        prop_assert_eq!(redactor(&["nopqrstu"]).redact(&text), text);
    }
}
