//! `dg explain`: the longer story of a message.

use serde_json::json;

use super::arguments::ExplainArguments;
use super::exit::{Exit, Stop};
use super::print::Out;
use crate::builtins::reference::wrapped;
use crate::diagnostic::{Code, nearest};

/// Tells about one code, or lists all.
pub(super) fn run(arguments: &ExplainArguments, out: &Out) -> Result<Exit, Stop> {
    let Some(wanted) = &arguments.code else {
        for code in Code::ALL {
            let line = format!("{}  {}", code.number(), code.title());
            out.line(&if arguments.json { object(*code) } else { line });
        }
        return Ok(Exit::Done);
    };
    let code = find(wanted).ok_or_else(|| unknown(wanted))?;
    if arguments.json {
        out.line(&object(code));
        return Ok(Exit::Done);
    }
    out.line(&format!("{}: {}\n", code.number(), code.title()));
    for line in wrapped(code.story(), 96) {
        out.line(&line);
    }
    if !code.example().is_empty() {
        out.line("\nExample:");
        for line in code.example().lines() {
            out.line(&format!("    {line}"));
        }
    }
    Ok(Exit::Done)
}

/// A code for programs.
fn object(code: Code) -> String {
    let example = Some(code.example()).filter(|example| !example.is_empty());
    let object = json!({
        "code": code.number(),
        "title": code.title(),
        "story": code.story(),
        "example": example,
    });
    object.to_string()
}

/// `DG0201`, `dg0201`, `0201` and `201` name the same code.
fn find(wanted: &str) -> Option<Code> {
    let digits = wanted.trim();
    Code::find(digits).or_else(|| Code::find(&format!("DG{digits:0>4}")))
}

fn unknown(wanted: &str) -> Stop {
    let similar = nearest(&wanted.to_ascii_uppercase(), Code::ALL.iter().map(|code| code.number()));
    let help = match similar {
        Some(similar) => format!("there is a similar code: {similar}; `dg explain` lists all"),
        None => "run `dg explain` for the list of all codes".to_owned(),
    };
    Stop::usage(format!("no message has the code `{wanted}`"), &help)
}
