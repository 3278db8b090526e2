//! What is reported before a run, and where.

use crate::diagnostic::{Code, Severity};
use crate::host::Host;
use crate::resolve::program::Program;
use crate::runtime::Runtime;
use crate::source::SourceFile;

fn check(script: &str) -> (Program, Vec<(Code, Severity, String, String)>) {
    let runtime = Runtime::builder().host(Host::fake()).build();
    let (program, diagnostics) = runtime.check(SourceFile::new("t.dg", script), Vec::new());
    let told = diagnostics.into_iter().map(|told| {
        let place = told.at.map_or("", |at| &script[at.span.range()]).to_owned();
        (told.code, told.severity, place, told.title)
    });
    (program, told.collect())
}

/// The codes and places of the messages about a script.
fn codes(script: &str) -> Vec<(Code, String)> {
    check(script)
        .1
        .into_iter()
        .map(|(code, _, place, _)| (code, place))
        .collect()
}

#[track_caller]
fn assert_told(script: &str, code: Code, place: &str) {
    let found = codes(script);
    assert!(
        found.iter().any(|(told, at)| *told == code && at == place),
        "{script}: {found:?}"
    );
}

#[test]
fn mistakes_are_told_where_they_are() {
    for (script, code, place) in [
        ("x = nosuch(1);", Code::UnknownFunction, "nosuch"),
        ("x = \"a,b\".split(\",\");", Code::UnknownMethod, "split"),
        (
            "int f(int n)\n{\n return n;\n}\nx = f(1,2);",
            Code::ArgumentCount,
            "f(1,2)",
        ),
        ("l = List(); l.add();", Code::ArgumentCount, "add"),
        ("string f()\n{\n a = 1;\n}", Code::MissingReturn, "}"),
        (
            "string f(int n)\n{\n if(n > 1)\n {\n return \"a\";\n }\n}",
            Code::MissingReturn,
            "}",
        ),
        ("void f()\n{\n info 1;\n}\nx = f();", Code::VoidAsValue, "f()"),
        ("break;", Code::MisplacedStatement, "break;"),
        ("1 = 2;", Code::InvalidTarget, "1"),
        ("x = 9223372036854775808;", Code::NumberTooLarge, "9223372036854775808"),
        (
            "x = invokeurl [ url: \"http://a/\" typ: GET ];",
            Code::UnknownKey,
            "typ",
        ),
        ("x = invokeurl [ type: GET ];", Code::MissingKey, "invokeurl"),
        (
            "sendmail [ from: \"a@b.c\" to: \"a@b.c\" subject: \"s\" ]",
            Code::MissingKey,
            "sendmail",
        ),
        (
            "void f()\n{\n info 1;\n}\nvoid f()\n{\n info 2;\n}\nf();",
            Code::DuplicateName,
            "void f()",
        ),
    ] {
        assert_told(script, code, place);
    }
}

#[test]
fn likely_mistakes_are_told_where_they_are() {
    for (script, code, place) in [
        (
            "d = zoho.currentdate; info 1; return; info 2;",
            Code::Unreachable,
            "info 2;",
        ),
        (
            "a = true; if(a || a && false) { info 1; }",
            Code::MixedLogic,
            "a && false",
        ),
        ("x = {1,2}; info x[0];", Code::NotPortable, "x[0]"),
        ("int f()\n{\n return 1;\n}\nf();", Code::NotPortable, "f()"),
        ("int f()\n{\n return {1,2};\n}\nx = f();", Code::ReturnKind, "{1,2}"),
        ("void f()\n{\n return 1;\n}\nf();", Code::ReturnKind, "1"),
        (
            "void f(int n)\n{\n info n;\n}\nf({\"a\":1});",
            Code::ArgumentKind,
            "f({\"a\":1})",
        ),
        ("try { x = 1; } catch (e) { }", Code::SwallowedError, "}"),
        (
            "m = Map(); r = invokeurl [ url: \"https://a.example\" type: POST parameters: m.toString() ];",
            Code::UntypedJson,
            "m.toString()",
        ),
        (
            "r = invokeurl [ url: \"https://a.example\" type: GET detailed: true ];",
            Code::UncheckedResponse,
            "true",
        ),
    ] {
        assert_told(script, code, place);
    }
}

#[test]
fn valid_scripts_get_no_error() {
    for script in [
        "",
        "// nothing\n",
        "string f(int n)\n{\n if(n > 1)\n {\n return \"a\";\n }\n else\n {\n return \"b\";\n }\n}",
        "string f(int n)\n{\n try\n {\n return \"a\";\n }\n catch (e)\n {\n return \"b\";\n }\n}",
        "string f(int n)\n{\n throw \"no\";\n}",
        "response = Map(); response.put(\"text\",user.get(\"first_name\")); return response;",
        "r = zoho.crm.getRecordById(\"Leads\",1); info r;",
        "r = zoho.crm.searchRecords(\"Leads\",\"(a:equals:b)\",1,2,Map(),\"link\"); info r;",
        "count = 1; url = \"a\"; text = \"b\"; message = 2; list = {1}; map = 3; info = 4; type = 5; info count;",
        "x = Employees[ID == input.X]; y = Employees[Name == \"a\"].count();",
        "a = {}; a.put(\"k\",1); b = {}; b.add(1); info a; info b;",
        "automation.notify(1);\nvoid automation.notify(int n)\n{\n info n;\n}",
        "message = message.trim(); info message;",
        "x = 200; if(x == \"200\") { info 1; }",
        // What comes from outside may be an object of a service, and a dotted name a function of another file.
        "x = session.get(\"a\",\"b\"); y = session.frobnicate(); z = input.Row; z.refresh(1);",
        "r = Orders[ID == 1]; r.reassign(\"a\"); for each line in r.Lines { line.recount(); }",
        "x = Tools.add(1,2,3); y = Tools.size(1,2); thisapp.Tools.go(1);",
        "void f(Order_Form o)\n{\n o.approve(1);\n}",
        // One function's name in two namespaces.
        "string standalone.load(string id)\n{\n return automation.load(id,\"x\");\n}",
        "string standalone.trim(string a, string b)\n{\n return trim(a);\n}",
    ] {
        let errors: Vec<_> = check(script)
            .1
            .into_iter()
            .filter(|told| told.1 == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{script}: {errors:?}");
    }
}

#[test]
fn good_habits_get_no_warning() {
    for script in [
        "try { x = 1; } catch (e) { info e; }",
        "m = Map(); r = invokeurl [ url: \"https://www.zohoapis.com/crm\" type: POST parameters: m.toString() ]; info r;",
        "m = Map(); r = invokeurl [ url: \"https://a.example\" type: POST parameters: m.toString() headers: {\"Content-Type\":\"application/json\"} ]; info r;",
        "r = invokeurl [ url: \"https://a.example\" type: GET detailed: true ]; info r.get(\"responseCode\");",
        "string f(map m)\n{\n return m;\n}\nx = f({}); list g()\n{\n return {};\n}\ny = g();",
    ] {
        assert!(codes(script).is_empty(), "{script}: {:?}", codes(script));
    }
}

#[test]
fn names_that_are_read_first_are_inputs() {
    let (program, _) = check("total = 1; info totl; message = message.trim(); if(false) { late = 1; } info late;");
    let names: Vec<_> = program
        .inputs
        .iter()
        .map(|input| (input.name.as_str(), input.similar.as_deref()))
        .collect();
    assert_eq!(names, [("totl", Some("total")), ("message", None)]);
}

#[test]
fn link_names_are_collected() {
    let (program, _) = check("a = invokeurl [ url: \"https://a.example/\" connection: \"crm\" ];");
    assert_eq!(program.connections.len(), 1);
    assert_eq!(program.connections[0].0, "crm");
}

#[test]
fn dates_and_numbers_do_not_add() {
    assert_eq!(
        codes("d = zoho.currentdate; n = 2; info d + n;"),
        [(Code::BadOperands, "d + n".to_owned())]
    );
    assert!(
        codes("d = zoho.currentdate; n = 2; n = m.get(\"x\"); info d + n;")
            .iter()
            .all(|(code, _)| *code != Code::BadOperands)
    );
    assert_eq!(
        codes("a = true; if(a == 5) { info 1; }"),
        [(Code::NeverEqual, "a == 5".to_owned())]
    );
}

#[test]
fn long_sums_and_deep_nesting_are_no_trouble() {
    let long = format!("x = {};", vec!["\"a\""; 20_000].join(" + "));
    assert!(codes(&long).is_empty());
    let logic = format!("x = {};", vec!["true"; 5_000].join(" || "));
    assert!(codes(&logic).is_empty());
    let deep = format!("x = 1{};", ".abs()".repeat(900));
    assert!(
        codes(&deep)
            .iter()
            .all(|(code, _)| matches!(code, Code::TooDeep | Code::UnknownMethod))
    );
}
