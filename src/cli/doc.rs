//! `dg doc`: what a built-in does, out of the one table.

use serde_json::Value as Json;

use super::arguments::DocArguments;
use super::exit::{Exit, Stop};
use super::print::Out;
use crate::builtins::reference::{markdown, page, search, to_json, wrapped};
use crate::builtins::{self, Builtin};
use crate::diagnostic::nearest;
use crate::host::{Functions, Signature};
use crate::system::SystemClock;
use crate::tasks::cliq::Cliq;

/// How wide lines are.
const WIDTH: usize = 96;

/// Shows one built-in or task, those that have a word, the whole reference, or the names of all by family.
pub(super) fn run(arguments: &DocArguments, out: &Out) -> Result<Exit, Stop> {
    if let Some(words) = &arguments.search {
        found(words, arguments, out)?;
    } else if let Some(wanted) = &arguments.name {
        named(wanted, arguments, out)?;
    } else if arguments.json {
        out.line(&list_of(builtins::all()));
    } else if arguments.markdown {
        out.line(markdown().trim_end());
    } else {
        list(out);
    }
    Ok(Exit::Done)
}

/// Everything of one name.
fn named(wanted: &str, arguments: &DocArguments, out: &Out) -> Result<(), Stop> {
    if arguments.json {
        out.line(&list_of(of_name(wanted)?));
    } else {
        out.line(&pages(wanted, &tasks())?);
    }
    Ok(())
}

/// Every built-in of a name, one page below the other: a method may stand for several kinds, each with its own page. Or
/// the function of the host that has the name.
pub(super) fn pages(wanted: &str, functions: &dyn Functions) -> Result<String, Stop> {
    let bare = wanted.trim_end_matches("()");
    if let (true, Some(signature)) = (builtins::find(bare).is_empty(), functions.signature(bare)) {
        return Ok(signature_page(signature));
    }
    let found = of_name(wanted)?;
    let pages: Vec<String> = found.into_iter().map(|builtin| page(builtin, WIDTH)).collect();
    Ok(pages.join("\n\n"))
}

/// The functions that `--tasks` adds, as `dg doc` knows them.
fn tasks() -> impl Functions {
    Cliq::in_memory(SystemClock).functions()
}

/// A function of the host as lines: how it is called, what it does, where Zoho describes it.
fn signature_page(signature: &Signature) -> String {
    let mut text = signature.call_form();
    if let Some(kind) = signature.returns {
        text.push_str(&format!(" -> {}", kind.name()));
    }
    for line in wrapped(&signature.doc, WIDTH - 2) {
        text.push_str(&format!("\n  {line}"));
    }
    if !signature.source.is_empty() {
        text.push_str(&format!("\n\n  See https://www.zoho.com/{}", signature.source));
    }
    text
}

fn of_name(wanted: &str) -> Result<Vec<&'static Builtin>, Stop> {
    let wanted = wanted.trim_end_matches("()");
    let found = builtins::find(wanted);
    if found.is_empty() {
        Err(unknown(wanted))
    } else {
        Ok(found)
    }
}

/// One line for each built-in that has the words in its name or description.
fn found(words: &str, arguments: &DocArguments, out: &Out) -> Result<(), Stop> {
    let found = search(words);
    let tasks = tasks();
    let told = |signature: &&Signature| {
        let text = format!("{} {}", signature.call_form(), signature.doc).to_lowercase();
        words.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
    };
    let found_tasks: Vec<&Signature> = tasks.signatures().into_iter().filter(told).collect();
    if found.is_empty() && (found_tasks.is_empty() || arguments.json) {
        return Err(Stop::usage(
            format!("no built-in has `{words}` in its name or description"),
            "try a single word, or run `dg doc` for the list of all built-ins",
        ));
    }
    if arguments.json {
        out.line(&list_of(found));
        return Ok(());
    }
    for builtin in found {
        out.line(&builtin.signature());
        for line in wrapped(builtin.doc, WIDTH - 2) {
            out.line(&format!("  {line}"));
        }
    }
    found_tasks
        .into_iter()
        .for_each(|task| _ = out.line(&signature_page(task)));
    Ok(())
}

fn list_of(builtins: impl IntoIterator<Item = &'static Builtin>) -> String {
    Json::Array(builtins.into_iter().map(to_json).collect()).to_string()
}

/// The name of every built-in, by family.
fn list(out: &Out) {
    for family in builtins::families() {
        let mut names: Vec<&str> = family.members().map(|builtin| builtin.name).collect();
        names.sort_unstable_by_key(|name| name.to_ascii_lowercase());
        names.dedup();
        out.line(family.title);
        for line in wrapped(&names.join(", "), WIDTH - 2) {
            out.line(&format!("  {line}"));
        }
    }
    let tasks = tasks();
    let names: Vec<&str> = tasks.signatures().iter().map(|task| task.name.as_str()).collect();
    out.line("Tasks, with `--tasks cliq`");
    for line in wrapped(&names.join(", "), WIDTH - 2) {
        out.line(&format!("  {line}"));
    }
}

fn unknown(wanted: &str) -> Stop {
    let bare = wanted.rsplit('.').next().unwrap_or(wanted);
    let full = nearest(wanted, builtins::all().map(|builtin| builtin.name));
    let similar = full.or_else(|| nearest(bare, builtins::all().map(|builtin| builtin.name)));
    let help = match builtins::foreign(bare) {
        Some(meant) => meant,
        None => elsewhere(bare, similar),
    };
    Stop::usage(format!("no built-in is named `{wanted}`"), &help)
}

/// Where else to look for a name.
fn elsewhere(bare: &str, similar: Option<&str>) -> String {
    match similar {
        Some(similar) => format!("there is a built-in of a similar name: `dg doc {similar}`"),
        None => format!("`dg doc --search {bare}` looks into the descriptions; `dg doc` lists all built-ins"),
    }
}
