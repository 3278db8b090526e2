//! Sessions as they are recorded under `tests/corpus/sessions`, and `dg repl` where there is no terminal.
//!
//! A recording has the entries behind `dg> `, further lines of an entry behind `...> `, and below each what the session
//! says. `DG_BLESS=1` rewrites what it says.

use std::fmt::Write;
use std::path::PathBuf;

use dgscript::Runtime;
use dgscript::diagnostic::render;
use dgscript::host::Cancel;
use dgscript::session::{Refusal, Session};

use crate::support::{Dg, root};

const PROMPT: &str = "dg> ";
const MORE: &str = "...> ";

fn recordings() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("tests/corpus/sessions")).expect("a folder");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

/// The entries of a recording, in order.
fn entries(recording: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in recording.lines() {
        if let Some(entry) = line.strip_prefix(PROMPT) {
            entries.push(entry.to_owned());
        } else if let (Some(more), Some(entry)) = (line.strip_prefix(MORE), entries.last_mut()) {
            _ = write!(entry, "\n{more}");
        }
    }
    entries
}

/// What the session says to these entries.
fn replay(entries: &[String]) -> String {
    let mut session = Session::new(&Runtime::builder().build());
    let mut recorded = String::new();
    for entry in entries {
        let mut typed = String::new();
        for (index, line) in entry.split('\n').enumerate() {
            if index > 0 {
                assert!(session.is_unfinished(&typed), "a line too many: {entry}");
                typed.push('\n');
            }
            typed.push_str(line);
            _ = writeln!(recorded, "{}{line}", if index == 0 { PROMPT } else { MORE });
        }
        assert!(!session.is_unfinished(&typed), "a line is missing: {entry}");
        let reply = session.enter(&typed, &Cancel::new());
        recorded.push_str(&said(&session, reply));
    }
    recorded
}

fn said(session: &Session, reply: Result<dgscript::session::Reply, Box<Refusal>>) -> String {
    let mut text = String::new();
    match reply {
        Ok(reply) => {
            reply
                .warnings
                .iter()
                .for_each(|found| text += &render::plain(found, &reply.sources));
            reply
                .defined
                .iter()
                .for_each(|header| _ = writeln!(text, "defined {header}"));
            if let Some(value) = reply.value {
                _ = writeln!(text, "{}", session.show(&value, 80));
            }
        }
        Err(refusal) => {
            refusal
                .diagnostics
                .iter()
                .for_each(|found| text += &render::plain(found, &refusal.sources));
            if let Some(after) = refusal.aftermath() {
                _ = writeln!(text, "note: {after}");
            }
        }
    }
    text
}

#[test]
fn every_session_goes_as_recorded() {
    let mut failures = Vec::new();
    for path in recordings() {
        let recorded = std::fs::read_to_string(&path).expect("a recording");
        let replayed = replay(&entries(&recorded));
        if replayed != recorded && std::env::var_os("DG_BLESS").is_some() {
            std::fs::write(&path, &replayed).expect("the recording is written");
        } else if replayed != recorded {
            failures.push(format!("{}\n{replayed}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn in_a_pipe_a_session_is_a_run() {
    let done = Dg::new("repl").stdin("x = 20;\ninfo x * 2 + 2;").exits(0);
    done.stdout("42\n").says("");
    Dg::new("repl")
        .stdin("info 1;\nx = 1 / 0;")
        .exits(3)
        .stdout("1\n")
        .says("error[DG0404]");
    Dg::new("help")
        .arg("repl")
        .exits(0)
        .shows("Usage: dg repl [OPTIONS] [FILE]");
}

#[test]
fn the_session_of_the_readme_goes_as_it_says() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the readme");
    let recorded = std::fs::read_to_string(root().join("tests/corpus/sessions/readme.txt")).expect("a recording");
    assert!(
        readme.contains(&recorded),
        "README.md does not show tests/corpus/sessions/readme.txt as it is"
    );
}
