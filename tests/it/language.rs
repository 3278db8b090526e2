//! What must simply work, or end in one clear message, however large or odd a script is.

use std::fmt::Write;
use std::path::PathBuf;

use dgscript::Runtime;
use dgscript::diagnostic::{Code, Diagnostic, Severity};
use dgscript::source::{SourceFile, SourceId};
use dgscript::syntax::{Profile, parse, print};

use crate::support::{Script, root};

/// Every script of this package that people are shown.
fn shown_scripts() -> Vec<PathBuf> {
    let mut waiting = vec![root().join("scripts")];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "dg") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn check(text: &str) -> Vec<Diagnostic> {
    Runtime::builder()
        .build()
        .check(SourceFile::new("t.dg", text), Vec::new())
        .1
}

fn errors(text: &str) -> Vec<Code> {
    let told = check(text).into_iter().filter(|told| told.severity == Severity::Error);
    told.map(|told| told.code).collect()
}

#[test]
fn a_ladder_of_a_hundred_arms_and_a_long_file() {
    let mut text = String::from("id = \"b112\";\nresponse = Map();\n");
    for arm in 0..113 {
        let word = if arm == 0 { "if" } else { "else if" };
        let padding = "x".repeat(1_800);
        _ = write!(
            text,
            "{word}(id == \"b{arm}\")\n{{\n\tresponse.put(\"n\",{arm});\n\tresponse.put(\"pad\",\"{padding}\".length());\n}}\n"
        );
    }
    text.push_str("info response;\n");
    assert!(text.len() > 200_000);
    Script::new(&text).prints("{\"n\":112,\"pad\":1800}");
}

#[test]
fn a_list_of_ten_thousand_elements_on_one_line() {
    let elements: Vec<String> = (0..10_000).map(|n| n.to_string()).collect();
    let text = format!("l = {{{}}};info l.size() + l.get(9999);", elements.join(","));
    assert!(text.lines().all(|line| line.len() > 13_000));
    Script::new(&text).prints("19999");
}

#[test]
fn marks_and_line_ends_of_other_editors() {
    Script::new("\u{FEFF}a = 1;\r\nif(a == 1)\r\n{\r\n\tinfo \"crlf\";\r\n}\r\n").prints("crlf");
    Script::new("a\u{200B} =\u{200B} 1;\u{A0}info\u{200B} a;").prints("1");
    Script::new("").prints("");
    Script::new("\u{FEFF}// nothing\r\n").prints("");
}

#[test]
fn a_script_of_ten_megabytes() {
    let line = format!("total = total + \"{}\".length();\n", "a long text ".repeat(84));
    let text = format!("total = 0;\n{}info total;", line.repeat(10_000));
    assert!(text.len() > 9_900_000);
    Script::new(&text).prints("10080000");
}

#[test]
fn ids_of_nineteen_digits_survive_json() {
    Script::new(
        "t = \"{\\\"id\\\":1234567890123456789,\\\"list\\\":[9223372036854775807]}\"; m = t.toMap();\n\
         info m.get(\"id\") + 1; info m.toString() == t; info m.get(\"list\").get(0).toString();",
    )
    .prints("1234567890123456790\ntrue\n9223372036854775807");
}

/// The pattern either takes linear time or is given up.
#[test]
fn hostile_patterns_end_in_bounded_time() {
    for (pattern, outcome) in [("(a+)+$", None), ("(a+)+\\\\1$", Some(Code::BadPattern.number()))] {
        let text = format!("t = \"a\".repeat(1000000) + \"!\"; info t.replaceAll(\"{pattern}\",\"x\").length();");
        let error = Script::new(&text).run().error.map(|(code, _)| code);
        assert_eq!(error.as_deref(), outcome, "{pattern}");
    }
}

#[test]
fn recursion_ends_at_its_limit() {
    let ran = Script::new("int f(int n)\n{\n return f(n + 1);\n}\ninfo f(1);").run();
    assert_eq!(ran.error.expect("an error").0, Code::DepthLimit.number());
    Script::new("int f(int n)\n{\n if(n == 0)\n {\n  return 0;\n }\n return 1 + f(n - 1);\n}\ninfo f(990);")
        .prints("990");
}

/// Brackets, blocks, operators and calls, nested as deep as people never do.
#[test]
fn absurd_nesting_is_one_located_error() {
    let n = 50_000;
    for text in [
        format!("x = {}1{};", "(".repeat(n), ")".repeat(n)),
        format!("x = {}1{};", "{".repeat(n), "}".repeat(n)),
        format!("x = {}1{};", "f(".repeat(n), ")".repeat(n)),
        format!("{}info 1;{}", "if(true){".repeat(n), "}".repeat(n)),
        format!("x = {}true;", "!".repeat(n)),
        format!("x = a{};", ".trim()".repeat(n)),
        format!("x = {}1{};", "if(true,".repeat(n), ",2)".repeat(n)),
    ] {
        assert_eq!(errors(&text), [Code::TooDeep], "{}", &text[..30]);
    }
    // What is deep and still allowed runs, prints and is dropped.
    for depth in [50, 100, 150] {
        let text = format!("x = {}1{};\ninfo 1;", "{".repeat(depth), "}".repeat(depth));
        Script::new(&text).prints("1");
        let blocks = format!("{}info 2;{}", "if(true){".repeat(depth), "}".repeat(depth));
        Script::new(&blocks).prints("2");
        let parsed = parse(&blocks, SourceId(0), Profile::Standard);
        assert!(print(&parsed.script, &blocks).contains("info 2;"));
    }
    Script::new(
        "l = {}; m = l; l.add(1); n = 0;\nwhile(n < 100000)\n{\n n = n + 1;\n o = List(); o.add(m); m = o;\n}\ninfo n;",
    )
    .prints("100000");
}

#[test]
fn containers_may_hold_themselves() {
    let ran = Script::new("l = {1}; l.add(l); info l.size(); info l;").run();
    assert_eq!(
        (ran.printed.as_str(), ran.error.expect("an error").0.as_str()),
        ("2", Code::ContainsItself.number())
    );
    let ran = Script::new("m = Map(); m.put(\"m\",m); info m.get(\"m\").size(); info m.toString();").run();
    assert_eq!(
        (ran.printed.as_str(), ran.error.expect("an error").0.as_str()),
        ("1", Code::ContainsItself.number())
    );
}

#[test]
fn the_scripts_shown_have_no_error_and_survive_printing() {
    for path in shown_scripts() {
        let text = std::fs::read_to_string(&path).expect("a script");
        assert_eq!(errors(&text), [], "{}", path.display());
        let parsed = parse(&text, SourceId(0), Profile::Standard);
        let printed = print(&parsed.script, &text);
        assert_eq!(errors(&printed), [], "{}\n{printed}", path.display());
        let again = parse(&printed, SourceId(0), Profile::Standard);
        assert_eq!(print(&again.script, &printed), printed, "{}", path.display());
    }
}

/// A prefix is an error or valid, never a panic; what is said points into the text.
#[test]
fn every_prefix_of_every_script_shown_is_survived() {
    for path in shown_scripts() {
        let text = std::fs::read_to_string(&path).expect("a script");
        for (count, (end, _)) in text.char_indices().enumerate() {
            let prefix = &text[..end];
            // Resolving takes longer than parsing; what it could stumble over stays the same for a few characters.
            let told = if count % 5 == 0 {
                check(prefix)
            } else {
                parse(prefix, SourceId(0), Profile::Standard).diagnostics
            };
            for told in told {
                let at = told.at.expect("a place").span;
                assert!(prefix.get(at.range()).is_some(), "{}: {end}", path.display());
            }
        }
    }
}

#[test]
fn an_input_is_a_variable_and_a_long_name_and_a_parameter() {
    Script::new("info who + \" \" + input.who;")
        .input("who", "amy")
        .prints("amy amy");
    Script::new("void f(string who, int n)\n{\n info who + (input.n + 1);\n}")
        .input("who", "amy")
        .input("n", "41")
        .prints("amy42");
}
