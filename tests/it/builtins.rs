//! Every built-in has a doc, an example and a source, and every example prints what it says.

use dgscript::builtins::{self, Builtin, Effect};

use crate::support::Script;

fn failures_of(builtin: &Builtin) -> Vec<String> {
    let check = |example: &builtins::Example| {
        let script = Script::new(&example.script());
        let ran = match builtin.effect {
            Effect::Network => script.answered("Hello").run(),
            _ => script.run(),
        };
        let held = ran.error.is_none() && ran.printed == example.prints;
        let got = match ran.error {
            Some((code, title)) => format!("{}{code} {title}", ran.printed),
            None => ran.printed,
        };
        let wrong = format!(
            "{}: `{}`\n  said    {:?}\n  printed {got:?}",
            builtin.name, example.code, example.prints
        );
        (!held).then_some(wrong)
    };
    builtin.examples.iter().filter_map(check).collect()
}

#[test]
fn every_example_prints_what_it_says() {
    let failures: Vec<String> = builtins::all().flat_map(failures_of).collect();
    assert!(
        failures.is_empty(),
        "{} examples fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_built_in_is_documented() {
    let bare = |builtin: &&Builtin| builtin.doc.is_empty() || builtin.examples.is_empty() || builtin.source.is_empty();
    let missing: Vec<&str> = builtins::all().filter(bare).map(|builtin| builtin.name).collect();
    assert!(
        missing.is_empty(),
        "without doc, example or source: {}",
        missing.join(", ")
    );
}
