use std::sync::Arc;

use super::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};

const FILE: SourceId = SourceId(0);

fn files(text: &str) -> Vec<Arc<SourceFile>> {
    vec![Arc::new(SourceFile::new("order.dg", text))]
}

fn span_of(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap() as u32;
    Span::new(start, start + part.len() as u32)
}

fn error_at(text: &str, part: &str) -> Diagnostic {
    Diagnostic::error(Code::UndefinedVariable, FILE, span_of(text, part), "it is not defined")
}

#[test]
fn a_plain_message_names_place_line_label_and_help() {
    let text = "a = 1;\ninfo total;\n";
    let diagnostic = error_at(text, "total").label("nothing assigns it").help("assign it");
    let expected = "error[DG0201]: it is not defined\n  at order.dg:2:6\n  2 | info total;\n    |      ^^^^^ nothing assigns it\n  help: assign it\n";
    assert_eq!(plain(&diagnostic, &files(text)), expected);
}

#[test]
fn carets_stand_under_the_place_behind_tabs_wide_letters_and_emoji() {
    let text = "\tx = \"日本😀\" + total;";
    let shown = plain(&error_at(text, "total"), &files(text));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[2], "  1 |     x = \"日本😀\" + total;");
    assert_eq!(lines[3], format!("    | {}^^^^^", " ".repeat(4 + 4 + 1 + 6 + 1 + 3)));
}

#[test]
fn a_message_without_a_place_is_its_title_and_help() {
    let diagnostic = Diagnostic::placeless(Code::StoreBusy, "the store is in use").help("wait");
    assert_eq!(
        plain(&diagnostic, &[]),
        "error[DG0701]: the store is in use\n  help: wait\n"
    );
    let drawn = pretty(
        &diagnostic,
        &[],
        Drawing {
            colours: false,
            width: 80,
        },
    );
    assert!(
        drawn.contains("the store is in use") && drawn.contains("help: wait"),
        "{drawn}"
    );
    let object = json(&diagnostic, &[]);
    assert_eq!(
        (object["code"].as_str(), object["line"].as_u64()),
        (Some("DG0701"), None)
    );
}

#[test]
fn a_place_at_the_end_of_an_empty_file_is_shown() {
    let diagnostic = Diagnostic::error(Code::Syntax, FILE, Span::new(0, 0), "nothing here");
    assert_eq!(
        plain(&diagnostic, &files("")),
        "error[DG0101]: nothing here\n  at order.dg:1:1\n  1 |\n    | ^\n"
    );
    let drawing = Drawing {
        colours: false,
        width: 80,
    };
    assert!(pretty(&diagnostic, &files(""), drawing).contains("order.dg:1:1"));
}

#[test]
fn endless_lines_are_cut_around_the_place() {
    let text = format!("x = \"{}\" + total + \"{}\";", "é".repeat(13_000), "b".repeat(13_000));
    let diagnostic = error_at(&text, "total").label("here");
    for shown in [
        plain(&diagnostic, &files(&text)),
        pretty(
            &diagnostic,
            &files(&text),
            Drawing {
                colours: false,
                width: 80,
            },
        ),
    ] {
        assert!(shown.contains("order.dg:1:13010"), "{shown}");
        assert!(shown.contains("+ total +") && shown.contains('…'), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() < 140), "{shown}");
    }
}

#[test]
fn nothing_in_a_script_steers_the_terminal() {
    let text = "x = \"\u{1b}[2J\u{202e}\u{9b}\" + total;\r\n";
    let mut diagnostic = error_at(text, "total");
    diagnostic.title = "thrown \u{1b}]0;owned\u{7}".to_owned();
    let drawing = Drawing {
        colours: false,
        width: 80,
    };
    for shown in [
        plain(&diagnostic, &files(text)),
        pretty(&diagnostic, &files(text), drawing),
    ] {
        assert!(
            !shown.contains(['\u{1b}', '\u{202e}', '\u{9b}', '\u{7}', '\r']),
            "{shown:?}"
        );
        assert!(shown.contains('␛'), "{shown}");
    }
}

#[test]
fn json_has_lines_columns_and_further_places() {
    let text = "if (é\n  x = \"😀\" + y;";
    let diagnostic = error_at(text, "y").also(FILE, span_of(text, "("), "opened here");
    let object = json(&diagnostic, &files(text));
    assert_eq!(
        object.to_string(),
        r#"{"code":"DG0201","severity":"error","title":"it is not defined","file":"order.dg","line":2,"column":13,"end_line":2,"end_column":14,"label":null,"help":null,"also":[{"file":"order.dg","line":1,"column":4,"end_line":1,"end_column":5,"label":"opened here"}]}"#
    );
}

#[test]
fn a_drawing_shows_places_far_apart_and_in_other_files() {
    let text = format!("if (a\n{}x = total;\n", "y = 1;\n".repeat(50));
    let mut sources = files(&text);
    sources.push(Arc::new(SourceFile::new("library.dg", "void f()\n{\n x = 1;\n}\n")));
    let diagnostic = error_at(&text, "total")
        .label("met here")
        .also(FILE, span_of(&text, "("), "opened here")
        .also(SourceId(1), Span::new(12, 13), "in `f`, called here");
    let drawn = pretty(
        &diagnostic,
        &sources,
        Drawing {
            colours: false,
            width: 100,
        },
    );
    for part in [
        "order.dg:52:5",
        "met here",
        "order.dg:1:4",
        "opened here",
        "library.dg:3:2",
        "in `f`, called here",
    ] {
        assert!(drawn.contains(part), "{part} is missing:\n{drawn}");
    }
    assert!(
        !drawn.contains('\u{1b}') && !drawn.contains("Failed to read"),
        "{drawn}"
    );
}

#[test]
fn a_drawing_marks_the_right_columns_on_neighbouring_lines() {
    let text = "a = 1;\nb = total;\nc = 3;\n";
    let diagnostic = error_at(text, "total").also(FILE, span_of(text, "c"), "and here");
    let drawn = pretty(
        &diagnostic,
        &files(text),
        Drawing {
            colours: false,
            width: 80,
        },
    );
    let expected = "   ╭─[order.dg:2:5]
 1 │ a = 1;
 2 │ b = total;
   ·     ─────
 3 │ c = 3;
   · ┬
   · ╰── and here
";
    assert!(drawn.contains(expected), "{drawn}");
}
