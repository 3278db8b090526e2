//! The commands of a session: each stands here once, and help, completion and hints come from here.

use std::sync::Arc;
use std::time::Duration;

use rustyline::completion::Pair;

use super::{Next, Repl};
use crate::builtins::reference::wrapped;
use crate::cli::arguments::LimitsName;
use crate::cli::exit::Stop;
use crate::cli::home;
use crate::cli::print::width;
use crate::cli::run::{limits_of, usage_against};
use crate::diagnostic::nearest;
use crate::host::{Limits, NoNetwork, Usage, UserId};
use crate::session::{LAST, Session};
use crate::syntax::Profile;
use crate::value::{Kind, Value, json};

/// A command of the session.
struct Command {
    /// Its name.
    name: &'static str,
    /// What stands behind it, as help writes it; empty for nothing.
    argument: &'static str,
    /// What it does.
    help: &'static str,
    /// The words it takes, where those are known.
    choices: &'static [&'static str],
    run: fn(&mut Repl<'_>, &str) -> Result<Next, Stop>,
}

const COMMANDS: [Command; 14] = [
    Command {
        name: "help",
        argument: "[COMMAND]",
        help: "List the commands, or tell about one",
        choices: &[],
        run: help,
    },
    Command {
        name: "doc",
        argument: "NAME",
        help: "Show what a built-in does; `NAME?` does the same",
        choices: &[],
        run: show_doc,
    },
    Command {
        name: "type",
        argument: "EXPRESSION",
        help: "Tell the type of a value before it is computed",
        choices: &[],
        run: tell_type,
    },
    Command {
        name: "vars",
        argument: "",
        help: "List the variables and functions",
        choices: &[],
        run: list_variables,
    },
    Command {
        name: "load",
        argument: "FILE",
        help: "Run a script in this session and keep its functions",
        choices: &[],
        run: load,
    },
    Command {
        name: "save",
        argument: "FILE",
        help: "Write the entries that succeeded into a new file",
        choices: &[],
        run: save,
    },
    Command {
        name: "reset",
        argument: "",
        help: "Forget every variable and function",
        choices: &[],
        run: reset,
    },
    Command {
        name: "time",
        argument: "[ENTRY]",
        help: "Run an entry and tell its time; alone, tell it for every entry",
        choices: &[],
        run: time,
    },
    Command {
        name: "limits",
        argument: "[local|zoho]",
        help: "Tell what the last entry used, or stop where Zoho stops",
        choices: &["local", "zoho"],
        run: limits,
    },
    Command {
        name: "connections",
        argument: "",
        help: "List the connections: link name, service, state",
        choices: &[],
        run: connections,
    },
    Command {
        name: "profile",
        argument: "[standard|creator]",
        help: "Tell or set the dialect",
        choices: &["standard", "creator"],
        run: profile,
    },
    Command {
        name: "as",
        argument: "[USER]",
        help: "Tell or set the user on whose behalf entries run",
        choices: &[],
        run: act_as,
    },
    Command {
        name: "json",
        argument: "[EXPRESSION]",
        help: "Show a value as strict JSON; alone, the last one",
        choices: &[],
        run: as_json,
    },
    Command {
        name: "quit",
        argument: "",
        help: "Leave",
        choices: &[],
        run: |_, _| Ok(Next::Leave),
    },
];

/// What the list of commands ends with.
const CLOSING: &str = "A command may be shortened: `:h`. An entry goes on over several lines until it is whole; two \
empty lines end it. `_` is the last value. Ctrl-C drops the entry or stops the script, Ctrl-D leaves.";

/// The command of this name, or the only one that begins with it.
fn find(name: &str) -> Option<&'static Command> {
    let exact = COMMANDS.iter().find(|command| command.name == name);
    let mut begun = COMMANDS
        .iter()
        .filter(|command| !name.is_empty() && command.name.starts_with(name));
    exact.or_else(|| begun.next().filter(|_| begun.next().is_none()))
}

/// Runs the command that a line behind the colon names.
pub(super) fn run(repl: &mut Repl<'_>, line: &str) -> Result<Next, Stop> {
    let (name, argument) = split(line);
    match find(name) {
        Some(command) => (command.run)(repl, argument),
        None => Err(unknown(name)),
    }
}

fn split(line: &str) -> (&str, &str) {
    let line = line.trim();
    line.split_once(char::is_whitespace)
        .map_or((line, ""), |(name, argument)| (name, argument.trim()))
}

fn unknown(name: &str) -> Stop {
    let help = match nearest(name, COMMANDS.iter().map(|command| command.name)) {
        Some(similar) => format!("there is a command of a similar name: `:{similar}`"),
        None => "`:help` lists the commands".to_owned(),
    };
    Stop::usage(format!("no command is named `:{name}`"), &help)
}

/// Whether the argument of a command is a file.
pub(super) fn takes_a_file(line: &str) -> bool {
    let (name, _) = split(line);
    line.contains(char::is_whitespace) && find(name).is_some_and(|command| command.argument == "FILE")
}

/// What a line that begins with a colon could go on with; `None` where an expression stands there.
pub(super) fn complete(session: &Session, line: &str) -> Option<(usize, Vec<Pair>)> {
    let rest = line.strip_prefix(':')?;
    let pair = |shown: &str, text: String| Pair {
        display: shown.to_owned(),
        replacement: text,
    };
    let Some((name, argument)) = rest.split_once(char::is_whitespace) else {
        let begun = COMMANDS.iter().filter(|command| command.name.starts_with(rest));
        let pairs = begun.map(|command| {
            let blank = if command.argument.is_empty() { "" } else { " " };
            pair(command.name, format!("{}{blank}", command.name))
        });
        return Some((1, pairs.collect()));
    };
    let start = line.len() - argument.len();
    let chosen = |names: &mut dyn Iterator<Item = &str>| {
        let pairs = names
            .filter(|name| starts(name, argument))
            .map(|name| pair(name, name.to_owned()));
        Some((start, pairs.collect()))
    };
    match find(name)? {
        command if !command.choices.is_empty() => chosen(&mut command.choices.iter().copied()),
        command if command.name == "help" => chosen(&mut COMMANDS.iter().map(|command| command.name)),
        command if command.name == "doc" => {
            let mut names: Vec<&str> = crate::builtins::all().map(|builtin| builtin.name).collect();
            names.sort_unstable();
            names.dedup();
            chosen(&mut names.into_iter())
        }
        command if command.argument.is_empty() || session.variables().next().is_none() => Some((start, Vec::new())),
        _ => None,
    }
}

fn starts(name: &str, begin: &str) -> bool {
    name.get(..begin.len())
        .is_some_and(|first| first.eq_ignore_ascii_case(begin))
}

/// What a command takes, behind a line that names one.
pub(super) fn hint(line: &str) -> Option<String> {
    let name = line.strip_prefix(':')?.strip_suffix(' ')?;
    let command = COMMANDS.iter().find(|command| command.name == name)?;
    (!command.argument.is_empty()).then(|| command.argument.to_owned())
}

fn help(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    if !argument.is_empty() {
        let name = argument.trim_start_matches(':');
        let command = find(name).ok_or_else(|| unknown(name))?;
        repl.out.line(&format!(":{} {}", command.name, command.argument));
        repl.out.line(&format!("    {}", command.help));
        return Ok(Next::Entry);
    }
    for command in &COMMANDS {
        let call = format!(":{} {}", command.name, command.argument);
        repl.out.line(&format!("{call:<28}{}", command.help));
    }
    repl.out.line("");
    for line in wrapped(CLOSING, width()) {
        repl.out.line(&line);
    }
    Ok(Next::Entry)
}

fn show_doc(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    if argument.is_empty() {
        return Err(Stop::usage(
            "`:doc` needs the name of a built-in",
            "for instance `:doc leftPad`",
        ));
    }
    repl.out.line(&crate::cli::doc::pages(
        argument,
        &*repl.session.borrow().host().functions,
    )?);
    Ok(Next::Entry)
}

fn tell_type(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    let session = repl.session.borrow();
    let kind = session.kind_of(if argument.is_empty() { LAST } else { argument });
    repl.out.line(kind.map_or("not known before it runs", Kind::name));
    Ok(Next::Entry)
}

fn list_variables(repl: &mut Repl<'_>, _argument: &str) -> Result<Next, Stop> {
    let session = repl.session.borrow();
    for (name, value) in session.variables() {
        repl.out.line(&kind_and_value(&session, name, value));
    }
    for header in session.functions() {
        repl.out.line(&header.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    Ok(Next::Entry)
}

/// A variable on one line: its name, kind and value.
pub(super) fn kind_and_value(session: &Session, name: &str, value: &Value) -> String {
    let shown = value.notation(&session.settings().dates, 60);
    format!("{name:<12} {:<10} {shown}", value.kind().name())
}

fn load(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    if argument.is_empty() {
        return Err(Stop::usage("`:load` needs a file", "for instance `:load tools.dg`"));
    }
    repl.load(argument)?;
    Ok(Next::Entry)
}

fn save(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    if argument.is_empty() {
        return Err(Stop::usage("`:save` needs a file", "for instance `:save session.dg`"));
    }
    let script = repl.session.borrow().transcript();
    let written = std::fs::OpenOptions::new().write(true).create_new(true).open(argument);
    let written = written.and_then(|mut file| std::io::Write::write_all(&mut file, script.as_bytes()));
    match written {
        Ok(()) => repl
            .out
            .talk(&format!("saved {} lines in {argument}", script.lines().count())),
        Err(error) => {
            let title = format!("cannot write `{argument}`: {}", crate::cli::exit::reason_of(&error));
            return Err(Stop::usage(title, "name a file that is not there yet"));
        }
    }
    Ok(Next::Entry)
}

fn reset(repl: &mut Repl<'_>, _argument: &str) -> Result<Next, Stop> {
    repl.session.borrow_mut().reset();
    Ok(Next::Entry)
}

fn time(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    if argument.is_empty() {
        repl.timed = !repl.timed;
        repl.out.talk(if repl.timed {
            "every entry tells its time"
        } else {
            "entries no longer tell their time"
        });
        return Ok(Next::Entry);
    }
    let before = std::mem::replace(&mut repl.timed, true);
    repl.enter(argument);
    repl.timed = before;
    Ok(Next::Entry)
}

fn limits(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    repl.limits = match argument {
        "" => {
            repl.out.line(&format!("the last entry used {}", usage(&repl.used)));
            if repl.limits == LimitsName::Zoho {
                repl.out.line(&usage_against(&repl.used, &Limits::zoho()));
            }
            return Ok(Next::Entry);
        }
        "local" => LimitsName::Local,
        "zoho" => LimitsName::Zoho,
        other => {
            return Err(Stop::usage(
                format!("no limits are named `{other}`"),
                "there are `local` and `zoho`",
            ));
        }
    };
    repl.session.borrow_mut().set_limits(limits_of(repl.limits));
    Ok(Next::Entry)
}

fn connections(repl: &mut Repl<'_>, _argument: &str) -> Result<Next, Stop> {
    let home = home::home(&repl.arguments.store)?;
    let user = repl.session.borrow().host().user.clone();
    let summaries = match home.store().is_dir() {
        true => home::desk(&home, Arc::new(NoNetwork)).summaries(&user)?,
        false => Vec::new(),
    };
    for summary in &summaries {
        let connection = &summary.connection;
        let whose = if connection.per_user {
            "each user's own credentials"
        } else {
            "owner's credentials"
        };
        let (link, standing) = (connection.link_name.as_str(), summary.standing.label());
        repl.out.line(&format!(
            "{link:<20} {:<20} {standing}, {whose}",
            connection.service.as_str()
        ));
    }
    if summaries.is_empty() {
        repl.out.talk("no connections yet; `dg connections create` makes one");
    }
    Ok(Next::Entry)
}

fn profile(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    let mut session = repl.session.borrow_mut();
    let name = |profile| {
        if profile == Profile::Creator {
            "creator"
        } else {
            "standard"
        }
    };
    session.settings_mut().profile = match argument {
        "" => {
            repl.out.line(name(session.settings().profile));
            return Ok(Next::Entry);
        }
        "standard" => Profile::Standard,
        "creator" => Profile::Creator,
        other => {
            return Err(Stop::usage(
                format!("no profile is named `{other}`"),
                "there are `standard` and `creator`",
            ));
        }
    };
    Ok(Next::Entry)
}

fn act_as(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    if argument.is_empty() {
        repl.out.line(repl.session.borrow().host().user.as_str());
    } else {
        repl.session.borrow_mut().set_user(UserId::new(argument));
    }
    Ok(Next::Entry)
}

fn as_json(repl: &mut Repl<'_>, argument: &str) -> Result<Next, Stop> {
    let name = if argument.is_empty() { LAST } else { argument };
    let known = repl.session.borrow().variable(name).cloned();
    let value = match known {
        Some(value) => value,
        None if argument.is_empty() => return Err(Stop::usage("there is no last value", "enter an expression first")),
        None => {
            repl.cancel.reset();
            let answer = repl.session.borrow_mut().enter(argument, &repl.cancel);
            match answer {
                Ok(reply) => reply.value.unwrap_or_default(),
                refused => {
                    repl.conclude(refused, Duration::ZERO);
                    return Ok(Next::Entry);
                }
            }
        }
    };
    let session = repl.session.borrow();
    match json::to_text(&value, &session.settings().dates) {
        Ok(text) => _ = repl.out.line(&text),
        Err(_) => {
            return Err(Stop::usage(
                "the value contains itself, so it has no JSON",
                "show a part of it",
            ));
        }
    }
    Ok(Next::Entry)
}

/// What an entry used, in words.
pub(super) fn usage(used: &Usage) -> String {
    let count = |number: u64, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let mut parts = vec![count(used.statements, "statement")];
    if used.requests > 0 {
        parts.push(count(u64::from(used.requests), "request"));
    }
    parts.join(", ")
}

/// A duration as people say it.
pub(super) fn duration(took: Duration) -> String {
    match took.as_micros() {
        0..1_000 => format!("{} µs", took.as_micros()),
        1_000..1_000_000 => format!("{:.1} ms", took.as_secs_f64() * 1_000.0),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Runtime;

    #[test]
    fn commands_are_found_by_name_or_by_its_only_beginning() {
        assert_eq!(find("help").map(|command| command.name), Some("help"));
        assert_eq!(find("q").map(|command| command.name), Some("quit"));
        assert!(find("l").is_none(), "`load` and `limits` both begin so");
        assert!(find("").is_none());
        let stop = unknown("vasr");
        assert_eq!(
            stop.diagnostics[0].help.as_deref(),
            Some("there is a command of a similar name: `:vars`")
        );
    }

    #[test]
    fn commands_and_their_arguments_are_completed() {
        let session = Session::new(&Runtime::builder().build());
        let shown = |line: &str| {
            let (start, pairs) = complete(&session, line).unwrap_or_default();
            (
                start,
                pairs.into_iter().map(|pair| pair.replacement).collect::<Vec<_>>(),
            )
        };
        assert_eq!(shown(":l"), (1, vec!["load ".to_owned(), "limits ".to_owned()]));
        assert_eq!(shown(":limits z"), (8, vec!["zoho".to_owned()]));
        assert_eq!(shown(":doc leftP").1.len(), 1);
        assert!(takes_a_file("load to") && !takes_a_file("load") && !takes_a_file("doc x"));
        assert_eq!(hint(":load ").as_deref(), Some("FILE"));
    }
}
