//! `dg doc`: what a built-in does, out of the one table.

use std::fmt::Write;

use super::arguments::DocArguments;
use super::exit::{Exit, Stop};
use super::explain::wrapped;
use super::print::Out;
use crate::builtins::{self, Builtin, Form};
use crate::diagnostic::nearest;
use crate::value::Kind;

/// Shows one built-in, or lists all by family.
pub(super) fn run(arguments: &DocArguments, out: &Out) -> Result<Exit, Stop> {
    let Some(wanted) = &arguments.name else {
        list(out);
        return Ok(Exit::Done);
    };
    out.line(&pages(wanted)?);
    Ok(Exit::Done)
}

/// Every built-in of a name, one page below the other.
pub(super) fn pages(wanted: &str) -> Result<String, Stop> {
    let wanted = wanted.trim_end_matches("()");
    let found = builtins::find(wanted);
    if found.is_empty() {
        return Err(unknown(wanted));
    }
    let pages: Vec<String> = found
        .iter()
        .map(|builtin| page(builtin).trim_end().to_owned())
        .collect();
    Ok(pages.join("\n\n"))
}

/// One built-in: how it is called, what it does, examples, where Zoho describes it.
fn page(builtin: &Builtin) -> String {
    let mut text = builtin.signature();
    if let builtins::Returns::Kind(kind) = builtin.returns {
        _ = write!(text, " -> {}", kind.name());
    }
    text.push('\n');
    if builtin.receivers.len() > 1 {
        let kinds: Vec<&str> = builtin.receivers.iter().map(|kind| kind.name()).collect();
        _ = writeln!(text, "on {}", kinds.join(", "));
    }
    if !builtin.aliases.is_empty() {
        _ = writeln!(text, "also written {}", builtin.aliases.join(", "));
    }
    for line in wrapped(builtin.doc, 96) {
        _ = writeln!(text, "  {line}");
    }
    for example in builtin.examples {
        push_example(&mut text, example);
    }
    if !builtin.source.is_empty() {
        _ = writeln!(text, "\n  See https://www.zoho.com/{}", builtin.source);
    }
    text
}

fn push_example(text: &mut String, example: &builtins::Example) {
    text.push('\n');
    for line in example.script().lines() {
        _ = writeln!(text, "  {line}");
    }
    for line in example.prints.lines() {
        _ = writeln!(text, "  // {line}");
    }
}

/// The name of every built-in, under the kind it belongs to.
fn list(out: &Out) {
    for kind in Kind::ALL {
        let on_kind = |builtin: &&Builtin| builtin.form == Form::Method && builtin.receivers.first() == Some(&kind);
        section(out, &format!("methods of {}", kind.name()), on_kind);
    }
    section(out, "functions", |builtin| builtin.form == Form::Function);
    section(out, "variables", |builtin| builtin.form == Form::Variable);
}

fn section(out: &Out, title: &str, belongs: impl Fn(&&Builtin) -> bool) {
    let mut names: Vec<&str> = builtins::all().filter(belongs).map(|builtin| builtin.name).collect();
    if names.is_empty() {
        return;
    }
    names.sort_unstable_by_key(|name| name.to_ascii_lowercase());
    names.dedup();
    out.line(title);
    for line in wrapped(&names.join(", "), 94) {
        out.line(&format!("  {line}"));
    }
}

fn unknown(wanted: &str) -> Stop {
    let bare = wanted.rsplit('.').next().unwrap_or(wanted);
    let full = nearest(wanted, builtins::all().map(|builtin| builtin.name));
    let similar = full.or_else(|| nearest(bare, builtins::all().map(|builtin| builtin.name)));
    let help = match similar {
        Some(similar) => format!("there is a built-in of a similar name: `dg doc {similar}`"),
        None => "run `dg doc` for the list of all built-ins".to_owned(),
    };
    Stop::usage(format!("no built-in is named `{wanted}`"), &help)
}
