use std::sync::Arc;

use super::*;
use crate::host::Response;
use crate::host::fake::FakeHttp;

struct Desk(Session);

impl Desk {
    fn new() -> Self {
        Self(Session::new(&Runtime::builder().build()))
    }

    /// What an entry shows; the first message where it is refused.
    fn say(&mut self, text: &str) -> String {
        match self.0.enter(text, &Cancel::new()) {
            Ok(reply) => reply.value.map(|value| self.0.show(&value, 60)).unwrap_or_default(),
            Err(refusal) => {
                let first = &refusal.diagnostics[0];
                let after = refusal
                    .aftermath()
                    .map(|after| format!(" ({after})"))
                    .unwrap_or_default();
                format!("{}: {}{after}", first.code.number(), first.title)
            }
        }
    }
}

#[track_caller]
fn says(desk: &mut Desk, pairs: &[(&str, &str)]) {
    for (entry, shown) in pairs {
        assert_eq!(desk.say(entry), *shown, "{entry}");
    }
}

#[test]
fn variables_and_functions_stay() {
    says(
        &mut Desk::new(),
        &[
            ("x = 20", ""),
            ("x + 1", "21"),
            ("_ * 2", "42"),
            ("x = x + _;", ""),
            ("x", "62"),
            ("int twice(int n) { return n * 2; }", ""),
            ("twice(x)", "124"),
            ("int twice(int n) { return n * 3; }", ""),
            ("twice(2); x = 1; twice(x)", "3"),
            ("void say(string s) { x = s; }", ""),
            ("say(\"a\")", ""),
            ("x", "1"),
            ("return 5;", "5"),
            ("null", "null"),
            ("_", "5"),
        ],
    );
}

#[test]
fn a_variable_wins_over_a_built_in_of_its_name() {
    says(
        &mut Desk::new(),
        &[
            ("today = \"mine\"", ""),
            ("today", "\"mine\""),
            ("input.today", "\"mine\""),
            ("zoho = Map(); zoho.put(\"k\", 1);", ""),
            ("zoho.get(\"k\")", "1"),
        ],
    );
}

#[test]
fn containers_are_shared_between_entries_and_outlive_them() {
    says(
        &mut Desk::new(),
        &[
            ("outer = Map(); inner = List(); outer.put(\"list\", inner)", ""),
            ("inner.add(1)", ""),
            ("outer", "{\"list\": {1}}"),
            ("inner.add(outer); outer.size()", "1"),
            ("outer.get(\"list\").size()", "2"),
        ],
    );
}

#[test]
fn an_entry_that_does_not_reach_an_assignment_leaves_the_value() {
    says(
        &mut Desk::new(),
        &[
            ("x = 1", ""),
            ("if(false) { x = 2; y = 3; }", ""),
            ("x", "1"),
            ("y", "null"),
        ],
    );
}

#[test]
fn a_failing_entry_assigns_nothing_and_says_what_it_did() {
    let divide = "DG0404: Error in performing the Operation / : Divide by zero error";
    let changed = format!("{divide} (nothing was assigned, but `m` had been changed already)");
    says(
        &mut Desk::new(),
        &[
            ("x = 1", ""),
            ("x = 2; y = x / 0", divide),
            ("x", "1"),
            ("y", "DG0201: Variable 'y' is not defined"),
            ("m = Map()", ""),
            ("m.put(\"a\", 1); x = 1 / 0", &changed),
            ("m", "{\"a\": 1}"),
            ("totl = 1", ""),
        ],
    );
}

#[test]
fn a_refused_name_is_compared_with_the_variables_of_the_session() {
    let mut desk = Desk::new();
    desk.say("total = 1");
    let refusal = desk.0.enter("totl + 1", &Cancel::new()).unwrap_err();
    assert_eq!(
        refusal.diagnostics[0].help.as_deref(),
        Some("there is a variable of a similar name: `total`")
    );
    assert_eq!(refusal.aftermath(), None);
}

#[test]
fn a_function_that_no_longer_fits_its_callers_is_refused() {
    let mut desk = Desk::new();
    desk.say("int one(int a) { return a; } int two(int a) { return one(a); }");
    let title = "DG0204: Number of Arguments mismatches for the function one: it takes 2, not 1";
    assert_eq!(desk.say("int one(int a, int b) { return a + b; }"), title);
    assert_eq!(desk.say("two(7)"), "7");
}

#[test]
fn a_file_is_loaded_and_the_session_is_saved() {
    let mut desk = Desk::new();
    let file = SourceFile::new("tools.dg", "int half(int n)\n{\n\treturn n / 2;\n}\nx = half(10);");
    let reply = desk.0.load(file, &Cancel::new()).unwrap();
    assert_eq!(reply.defined, ["int half(int n)"]);
    assert_eq!(desk.say("x"), "5");
    desk.say("y = x + 1");
    assert!(
        desk.0.transcript().ends_with("x = half(10);\ninfo x;\ny = x + 1;\n"),
        "{}",
        desk.0.transcript()
    );
    desk.0.reset();
    assert_eq!(desk.say("half(2)"), "DG0202: Not able to find 'half' function");
}

#[test]
fn a_cancelled_entry_leaves_the_session_as_it_was() {
    let mut desk = Desk::new();
    desk.say("x = 1");
    let cancel = Cancel::new();
    cancel.cancel();
    let refusal = desk.0.enter("while(true) { x = x + 1; }", &cancel).unwrap_err();
    assert_eq!(refusal.kind, RunErrorKind::Cancelled);
    assert_eq!(desk.say("x"), "1");
}

#[test]
fn an_empty_session_answers_to_everything() {
    for entry in ["", "// only a comment", ";", "{}", "\"\""] {
        let mut desk = Desk::new();
        assert!(!desk.say(entry).starts_with("DG"), "{entry}: {}", desk.say(entry));
    }
}

#[test]
fn requests_before_a_failure_are_told() {
    let http = FakeHttp::answering([Ok(Response::new(200, "text/plain", "ok"))]);
    let mut host = Host::fake();
    host.http = Arc::new(http);
    let mut desk = Desk(Session::new(&Runtime::builder().host(host).build()));
    let told = desk.say("r = invokeurl [ url: \"http://127.0.0.1/\" type: GET ]; x = 1 / 0");
    assert!(told.starts_with("DG0404"), "{told}");
}
