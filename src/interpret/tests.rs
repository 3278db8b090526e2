//! Statements, expressions, calls and errors, run through the embedding API on a fake host.

use crate::diagnostic::Code;
use crate::host::{Cancel, LimitKind, Limits};
use crate::runtime::{RunError, Runtime};

fn lines(script: &str) -> Vec<String> {
    match attempt(script) {
        Ok(lines) => lines,
        Err(error) => panic!("{error}\n{script}"),
    }
}

fn attempt(script: &str) -> Result<Vec<String>, Box<RunError>> {
    let compiled = Runtime::builder()
        .build()
        .compile("test.dg", script)
        .unwrap_or_else(|error| panic!("{error}\n{script}"));
    let outcome = compiled.call().run()?;
    Ok(outcome.lines().into_iter().map(str::to_owned).collect())
}

fn failure(script: &str) -> Box<RunError> {
    match attempt(script) {
        Ok(lines) => panic!("printed {lines:?}\n{script}"),
        Err(error) => error,
    }
}

/// The text under the place of an error.
fn place<'e>(error: &'e RunError, script: &'e str) -> &'e str {
    &script[error.diagnostic.at.unwrap().span.range()]
}

#[test]
fn statements_print_what_they_should() {
    for (script, expected) in [
        ("a = 5; a += 10; info a; a -= 2; a *= 4; a %= 7; info a;", "15 3"),
        (
            "x = 1; if(x == 2) { info \"two\"; } else if(x == 1) { info \"one\"; } else { info \"other\"; }",
            "one",
        ),
        ("for each x in {1,2,3} { if(x == 2) { continue; } info x; }", "1 3"),
        ("for each x in {1,2,3} { if(x == 2) { break; } info x; } info x;", "1 2"),
        ("for each index i in {\"a\",\"b\"} { info i; }", "0 1"),
        ("n = 0; while(n < 3) { n = n + 1; } info n;", "3"),
        ("if(true) { z = 1; } info z;", "1"),
        ("info if(1 < 2, \"yes\", \"no\");", "yes"),
        ("info 1 + 2 + \"a\" + 1 + 2;", "3a12"),
        ("s = \"\"; for each i in {1,2} { s = s + i + \",\"; } info s;", "1,2,"),
        ("s = 1; s = s + 2 + 3; info s;", "6"),
        ("s = 1; s = s + 2 + \"x\"; info s;", "3x"),
        ("s = \"a\"; s = s + s; s += s; info s;", "aaaa"),
        ("a = null; if(a == null) { info \"null\"; }", "null"),
        (
            "a = true; b = false; info a && !b; info b || b; info !(a && b);",
            "true false true",
        ),
        ("info \"before\"; return; info \"after\";", "before"),
        ("info -9223372036854775808;", "-9223372036854775808"),
        ("{ info 1; }", "1"),
    ] {
        assert_eq!(lines(script).join(" "), expected, "{script}");
    }
}

#[test]
fn a_branch_that_nothing_follows_leads_where_a_block_would() {
    for (script, expected) in [
        (
            "for each x in {1,2,3} { if(x == 2) { y = x; continue; } info x; if(x > 0) { info \"more\"; } }",
            "1 more 3 more",
        ),
        (
            "n = 0; while(n < 9) { n = n + 1; if(n > 1) { if(n > 2) { break; } } } info n;",
            "3",
        ),
        (
            "int f(int n) { if(n > 1) { if(n > 2) { return 3; } n = n + 10; } return n; } info f(1) + f(2) + f(3);",
            "16",
        ),
        (
            "try { if(true) { x = 1 / 0; } info \"no\"; } catch(e) { if(true) { info \"caught\"; } }",
            "caught",
        ),
    ] {
        assert_eq!(lines(script).join(" "), expected, "{script}");
    }
}

#[test]
fn maps_of_one_literal_share_their_keys_and_nothing_else() {
    for (change, expected) in [
        ("", r#"{"b":1,"a":{}} {"b":2,"a":{}} {"b":3,"a":{}}"#),
        (
            "if(i == 2) { m.put(\"b\",\"two\"); m.get(\"a\").put(\"x\",i); }",
            r#"{"b":1,"a":{}} {"b":"two","a":{"x":2}} {"b":3,"a":{}}"#,
        ),
        (
            "if(i > 1) { m.put(\"c\",i); m.remove(\"b\"); }",
            r#"{"b":1,"a":{}} {"a":{},"c":2} {"a":{},"c":3}"#,
        ),
    ] {
        let script = format!(
            "all = List(); for each i in {{1,2,3}} {{ m = {{\"b\":i,\"a\":Map()}}; all.add(m); {change} }} \
             for each m in all {{ info m; }}"
        );
        assert_eq!(lines(&script).join(" "), expected, "{script}");
    }
    for (literal, expected) in [
        (r#"{"a":i,"b":2,"a":3}"#, r#"{"a":3,"b":2}"#),
        (r#"{"a/b":i,"a\/b":2}"#, r#"{"a/b":2}"#),
        (r#"{"it's":i,"it\'s":2}"#, r#"{"it's":2}"#),
        ("{\"a\tb\":i,\"a\\tb\":2}", r#"{"a\tb":2}"#),
    ] {
        let script = format!("for each i in {{1,2}} {{ info {literal}; }}");
        assert_eq!(lines(&script), [expected, expected], "{script}");
    }
}

#[test]
fn a_container_may_be_its_own_key() {
    for script in [
        "m = {\"a\":1}; m.put(m,6); info m.size();",
        "m = {\"a\":1}; m[m] = 6; info m.size();",
        "x = {}; x.put(x,1); info x.size();",
        "m = {\"a\":1}; m.remove(m); info m.size();",
        "m = {\"a\":1}; k = {m}; m.put(k,1); m.remove(k); info m.size();",
        "c = Collection(\"a\":1); c.update(c,1); info c.size();",
        "c = Collection(\"a\":1); c.deleteKey(c); info c.size();",
    ] {
        let printed = lines(script).join(" ");
        assert!(printed == "1" || printed == "2", "{script} prints {printed}");
    }
}

#[test]
fn operators_give_the_same_in_registers_as_on_values() {
    let operands = [
        "0",
        "1",
        "-3",
        "7",
        "100",
        "9223372036854775807",
        "-9223372036854775808",
        "0.0",
        "1.50",
        "-0.25",
        "2.0",
        "922337203685477580.7",
        "0.0000000000000000000000001",
        "12345678901234567890.125",
        "9.sqrt()",
        "0.sqrt()",
        "true",
        "\"7\"",
        "\"text\"",
        "null",
        "{1}",
    ];
    let operators = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">="];
    for a in operands {
        for b in operands {
            let mut script =
                format!("a = {a}; b = {b}; l = {{a,b}}; m = {{\"a\":a,\"b\":b}}; r = {{l}}; i = 0; j = 1;\n");
            for operator in operators {
                for pair in [
                    ("a", "b"),
                    ("l.get(i)", "l.get(j)"),
                    ("m.get(\"a\")", "b"),
                    ("a", "r.get(i).get(i + 1)"),
                ] {
                    let registers = format!("{} {operator} {}", pair.0, pair.1);
                    let values = format!("ifnull({},null) {operator} ifnull({},null)", pair.0, pair.1);
                    script += &format!(
                        "x = \"\"; y = \"\"; try {{ x = {registers}; }} catch(e) {{ x = e.message; }} \
                         try {{ y = {values}; }} catch(e) {{ y = e.message; }} \
                         if(x.toString() != y.toString()) {{ info \"{} gives \" + x + \", as values \" + y; }}\n",
                        registers.replace('"', "'")
                    );
                }
            }
            assert_eq!(lines(&script), Vec::<String>::new(), "a = {a}; b = {b};");
        }
    }
}

#[test]
fn texts_do_not_change_behind_other_variables() {
    assert_eq!(
        lines("a = \"a long text that is shared\"; b = a; a = a + \"!\"; info b; info a;"),
        ["a long text that is shared", "a long text that is shared!"]
    );
}

#[test]
fn a_failed_sum_changes_nothing() {
    let script = "s = \"keep\"; z = 0; try { s = s + \"a\" + (1 / z); } catch(e) { info s; } \
                  try { s = s + (1 / z); } catch(e) { info s; }";
    assert_eq!(lines(script), ["keep", "keep"]);
}

#[test]
fn lists_are_references() {
    assert_eq!(lines("a = {1,2}; b = a; b[0] = 9; info a[0];"), ["9"]);
    assert_eq!(lines("m = {}; n = m; n[\"k\"] = 1; info m[\"k\"];"), ["1"]);
}

#[test]
fn functions_call_each_other_and_themselves() {
    let script = "int twice(int n)\n{\n return n * 2;\n}\nint fact(int n)\n{\n if(n <= 1)\n {\n return 1;\n }\n return n * fact(n - 1);\n}\n\
                  void say(string s)\n{\n info s;\n}\nsay(\"hi\"); info twice(fact(5));";
    assert_eq!(lines(script), ["hi", "240"]);
    let script = "string standalone.hello(String n)\n{\n return \"hi \" + n;\n}\nint demo.calc.add(int a, int b)\n{\n return a + b;\n}\n\
                  info standalone.hello(\"a\"); info thisapp.demo.calc.add(1,2);";
    assert_eq!(lines(script), ["hi a", "3"]);
    assert_eq!(
        lines("any f(int n)\n{\n if(n > 0)\n {\n return n;\n }\n return;\n}\ninfo f(3); info f(0);"),
        ["3", "null"]
    );
    assert_eq!(
        lines("int f(int n)\n{\n input.n = input.n + 1; return n;\n}\ninfo f(1);"),
        ["2"]
    );
}

#[test]
fn errors_are_caught_with_their_message_and_line() {
    let script = "try\n{\n throw \"boom\";\n}\ncatch (e)\n{\n info e.message; info e.lineNo;\n}";
    assert_eq!(lines(script), ["boom", "3"]);
    assert_eq!(
        lines("try { try { throw \"a\"; } catch(e) { throw e; } } catch(f) { info f.message; }"),
        ["a"]
    );
    assert_eq!(
        lines("z = 0; try { info 1 / z; } catch(e) { info \"caught\"; } info \"on\";"),
        ["caught", "on"]
    );
}

#[test]
fn errors_point_at_the_part_that_failed() {
    for (script, code, at) in [
        ("a = 1; info a / (2 - 2);", Code::DivideByZero, "(2 - 2)"),
        ("x = null; info 1 + x;", Code::NullOperand, "x"),
        (
            "info 9223372036854775807 + 1;",
            Code::Overflow,
            "9223372036854775807 + 1",
        ),
        ("info true * 2;", Code::BadOperands, "true * 2"),
        ("l = {1}; info l[3];", Code::IndexOutOfRange, "3"),
        ("throw \"x\" + 1;", Code::Thrown, "\"x\" + 1"),
        ("if(5) { info 1; }", Code::WrongKind, "5"),
        (
            "zoho.crm.getRecordById(\"Leads\", 1);",
            Code::NotAvailable,
            "zoho.crm.getRecordById(\"Leads\", 1)",
        ),
    ] {
        let error = failure(script);
        assert_eq!((error.diagnostic.code, place(&error, script)), (code, at), "{script}");
    }
}

#[test]
fn errors_carry_the_calls_that_led_to_them() {
    let script = "int inner(int n)\n{\n return 1 / n;\n}\nint outer(int n)\n{\n return inner(n);\n}\ninfo outer(0);";
    let error = failure(script);
    assert_eq!(place(&error, script), "n");
    let calls: Vec<&str> = error
        .diagnostic
        .also
        .iter()
        .map(|label| &script[label.at.span.range()])
        .collect();
    assert_eq!(calls, ["inner(n)", "outer(0)"]);
}

#[test]
fn limits_hold_and_cannot_be_caught() {
    let runtime = Runtime::builder()
        .limits(Limits {
            statements: 1000,
            depth: 50,
            memory: 1 << 20,
            ..Limits::local()
        })
        .build();
    for (script, kind) in [
        ("while(true) { a = 1; }", LimitKind::Statements),
        (
            "try { while(true) { a = 1; } } catch(e) { info \"no\"; }",
            LimitKind::Statements,
        ),
        ("int f(int n)\n{\n return f(n + 1);\n}\ninfo f(1);", LimitKind::Depth),
        (
            "s = \"0123456789abcdef\"; while(true) { s = s + s; }",
            LimitKind::Memory,
        ),
        ("s = \"0123456789abcdef\"; while(true) { s += s; }", LimitKind::Memory),
    ] {
        let error = runtime.compile("t.dg", script).unwrap().call().run().unwrap_err();
        assert_eq!(error.diagnostic.code, kind.code(), "{script}");
    }
}

#[test]
fn deep_recursion_needs_no_deep_stack() {
    let script = "int f(int n)\n{\n if(n == 0)\n {\n return 0;\n }\n return 1 + f(n - 1);\n}\ninfo f(990);";
    let run = std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(move || lines(script))
        .unwrap();
    assert_eq!(run.join().unwrap(), ["990"]);
}

#[test]
fn a_cancelled_run_stops() {
    let compiled = Runtime::builder()
        .build()
        .compile("t.dg", "while(true) { a = 1; }")
        .unwrap();
    let cancel = Cancel::new();
    cancel.cancel();
    let error = compiled.call().cancel(cancel).run().unwrap_err();
    assert_eq!(error.diagnostic.code, Code::Interrupted);
}

#[test]
fn inputs_are_bound_or_missed() {
    let runtime = Runtime::builder().build();
    let compiled = runtime
        .compile("t.dg", "info name; name = \"b\"; info name; info input.other;")
        .unwrap();
    assert_eq!(compiled.inputs(), ["name", "other"]);
    let outcome = compiled.call().input("name", "a").input("other", "c").run().unwrap();
    assert_eq!(outcome.lines(), ["a", "b", "c"]);
    let error = compiled.call().input("name", "a").run().unwrap_err();
    assert!(error.diagnostic.title.starts_with("Variable 'other' is not defined"));
    let only = runtime.compile("t.dg", "int f(int n)\n{\n return n + 1;\n}").unwrap();
    assert_eq!(only.inputs(), ["n"]);
}
