//! Every example of a code provokes that code.

use dgscript::diagnostic::Code;

use crate::support::{Dg, Script};

#[test]
fn every_example_provokes_its_code() {
    let fails = |code: &&Code| {
        let codes = Script::new(code.example()).codes();
        !code.example().is_empty() && !codes.contains(&code.number()) && !is_told_by_check(**code)
    };
    let failures: Vec<String> = Code::ALL
        .iter()
        .filter(fails)
        .map(|code| format!("{} gives {:?}", code.number(), Script::new(code.example()).codes()))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Whether `dg check` tells it: some warnings would be noise when a script is run.
fn is_told_by_check(code: Code) -> bool {
    let done = Dg::new("check")
        .args(["-", "--error-format", "json"])
        .stdin(code.example())
        .run();
    done.stdout.contains(&format!("\"code\":\"{}\"", code.number()))
}

#[test]
fn the_story_is_told_whatever_the_spelling_of_the_code() {
    for spelling in ["DG0404", "dg0404", "404"] {
        Dg::new("explain")
            .arg(spelling)
            .exits(0)
            .shows("DG0404: division by zero")
            .shows("info 1 / a;");
    }
    Dg::new("explain")
        .exits(0)
        .shows("DG0101  the text is not a Deluge statement");
    Dg::new("explain")
        .arg("DG9999")
        .exits(1)
        .says("no message has the code `DG9999`");
}
