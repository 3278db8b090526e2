//! Nothing makes the parser panic, overflow the stack or take long.

use proptest::prelude::*;

use super::{SAMPLES, read};
use crate::diagnostic::{Code, Severity};

const PIECES: &[&str] = &[
    "a",
    "b",
    "if",
    "else",
    "for",
    "each",
    "in",
    "try",
    "catch",
    "return",
    "info",
    "throw",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    ".",
    "=",
    "==",
    "+",
    "-",
    "!",
    "&&",
    "\"t\"",
    "'q'",
    "1",
    "2.5",
    "\n",
    "invokeurl",
    "insert",
    "into",
    "sort",
    "by",
    "range",
    "from",
    "to",
    "not",
    "is",
    "null",
    "list",
    "string",
    "void",
    "hide",
    "cancel",
    "submit",
    "ui",
    "file",
    "while",
    "\"open",
    "/* ",
    "// c\n",
    "?",
    "->",
    "“",
    "é",
    "\\",
    "++",
];

proptest! {
    #[test]
    fn a_soup_of_tokens_never_panics(picks in prop::collection::vec((0..PIECES.len(), any::<bool>()), 0..60)) {
        let text: String = picks.iter().map(|(pick, gap)| format!("{}{}", PIECES[*pick], if *gap { " " } else { "" })).collect();
        let parsed = read(&text);
        prop_assert!(parsed.diagnostics.len() <= 200);
        let _ = super::dump(&text, &parsed.script);
        let _ = crate::syntax::highlight(&text);
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,80}") {
        let _ = read(&text);
    }

    #[test]
    fn valid_statements_in_any_order_are_valid(picks in prop::collection::vec(0..SAMPLES.len(), 0..12)) {
        let text: String = picks.iter().map(|pick| format!("{}\n", SAMPLES[*pick].0)).collect();
        let parsed = read(&text);
        prop_assert!(parsed.diagnostics.iter().all(|d| d.severity == Severity::Warning), "{text}\n{:#?}", parsed.diagnostics);
    }
}

#[test]
fn no_prefix_of_a_valid_script_is_wrong() {
    let mut wrong = Vec::new();
    for (text, _) in SAMPLES {
        for token in crate::syntax::lexer::lex(text, false).0 {
            let prefix = &text[..token.end as usize];
            let parsed = read(prefix);
            let errors = parsed.diagnostics.iter().any(|d| d.severity == Severity::Error);
            if errors && !parsed.incomplete {
                wrong.push((prefix, parsed.diagnostics));
            }
        }
    }
    assert!(wrong.is_empty(), "{} {:#?}", wrong.len(), wrong.first());
}

#[test]
fn no_cut_anywhere_panics() {
    for (text, _) in SAMPLES {
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let _ = read(&text[..at]);
            let _ = read(&text[at..]);
        }
    }
}

/// Deep nesting is one located error, or none where it is a chain.
#[test]
fn nesting_is_capped_and_long_chains_are_not() {
    let n = 20_000;
    let deep = |open: &str, middle: &str, close: &str| format!("x = {}{middle}{};", open.repeat(n), close.repeat(n));
    for text in [
        deep("(", "1", ")"),
        deep("{", "1", "}"),
        deep("[", "1", "]"),
        deep("f(", "1", ")"),
        deep("!", "1", ""),
        deep("- ", "1", ""),
        deep("not ", "a", ""),
        deep("a[", "1", "]"),
        deep("if(a,", "1", ",2)"),
        format!("x = a{};", ".f()".repeat(n)),
        "{".repeat(n),
        "if(a){".repeat(n),
        "(".repeat(n),
        "x = f(".repeat(n),
        format!("{}x;", "if(a) ".repeat(n)),
    ] {
        let parsed = read(&text);
        let deep = parsed
            .diagnostics
            .iter()
            .filter(|d| d.code == Code::TooDeep && d.at.is_some())
            .count();
        assert_eq!(deep, 1, "{} {:#?}", &text[..20], parsed.diagnostics.first());
    }
    for text in [
        format!("x = 1{};", " + 1".repeat(n)),
        format!("x = a{};", " && b || c == d".repeat(n)),
        format!("if(a) {{ }}{}", " else if(b) { }".repeat(n)),
        format!("x = {{1{}}};", ",2".repeat(n)),
        format!("x = f(1{});", ",2".repeat(n)),
    ] {
        assert!(read(&text).diagnostics.is_empty(), "{}", &text[..20]);
    }
}

/// Errors on every line, and one error that never ends, take time in proportion to the text.
#[test]
fn recovery_takes_linear_time() {
    let started = std::time::Instant::now();
    for text in [
        "x = 1 + ;\n".repeat(20_000),
        "x = f(a;\n".repeat(20_000),
        "} ) ] ".repeat(20_000),
        format!("{}{}", "if(a){".repeat(400), "b c ".repeat(5_000)),
        format!("x = {}", "a b ".repeat(50_000)),
        format!("{}{}", "if(a){".repeat(400), "+ (1 2) * ".repeat(5_000)),
        "for (".repeat(20_000),
        "void f(int a, ".repeat(20_000),
        "x = \"a\ny = b;\n".repeat(5_000),
    ] {
        let _ = read(&text);
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
