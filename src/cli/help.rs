//! How help is laid out: examples first, commands in groups, then every flag. And the same for shells and for `man`.

use std::fmt::Write;
use std::io;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;

use super::arguments::Arguments;
use super::exit::{Exit, Stop, reason_of};
use super::print::Out;

/// The commands in the order in which people need them.
const GROUPS: [(&str, &[&str]); 3] = [
    ("Scripts", &["run", "repl", "check", "doc", "explain"]),
    ("Access to APIs", &["demo", "services", "connections"]),
    ("Your shell", &["completions", "man"]),
];

/// Which shell completes `dg`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dg completions bash > ~/.local/share/bash-completion/completions/dg\n  \
    dg completions zsh > ~/.zfunc/_dg\n  dg completions fish > ~/.config/fish/completions/dg.fish"
)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: Shell,
}

/// Where manual pages go.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  dg man | man -l -\n  dg man ~/.local/share/man/man1")]
pub(super) struct ManArguments {
    /// A folder for the pages of all commands [default: the page of `dg` on standard output]
    #[arg(value_name = "FOLDER")]
    pub(super) folder: Option<PathBuf>,
}

/// The command line with its help laid out.
pub(super) fn command() -> Command {
    let command = Arguments::command();
    let template = overview(&command);
    laid_out(command).help_template(template)
}

/// Every command below one: what it is, how it is called, examples, and then the flags.
fn laid_out(command: Command) -> Command {
    command.mut_subcommands(|inner| {
        laid_out(inner).help_template("{about-with-newline}\n{usage-heading} {usage}{after-help}\n\n{all-args}")
    })
}

/// The template of `dg help`.
fn overview(command: &Command) -> String {
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}{after-help}\n");
    let width = command
        .get_subcommands()
        .map(|inner| inner.get_name().len())
        .max()
        .unwrap_or_default();
    for (title, names) in GROUPS {
        _ = writeln!(text, "\n{title}:");
        for inner in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
            _ = writeln!(text, "  {:<width$}  {about}", inner.get_name());
        }
    }
    text.push_str("\nOptions:\n{options}");
    text
}

/// Prints what a shell needs to complete `dg`.
pub(super) fn completions(arguments: &CompletionsArguments, out: &Out) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command(), "dg", &mut script);
    out.line(String::from_utf8_lossy(&script).trim_end());
    Exit::Done
}

/// Prints the manual page of `dg`, or writes those of all commands into a folder.
pub(super) fn man(arguments: &ManArguments, out: &Out) -> Result<Exit, Stop> {
    // Manual pages have a layout of their own.
    let mut command = Arguments::command();
    let Some(folder) = &arguments.folder else {
        let mut page = Vec::new();
        command.build();
        let rendered = clap_mangen::Man::new(command).render(&mut page);
        rendered.map_err(|error| unwritten("the manual page", &error))?;
        out.line(String::from_utf8_lossy(&page).trim_end());
        return Ok(Exit::Done);
    };
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
    written.map_err(|error| unwritten(&folder.to_string_lossy(), &error))?;
    out.talk(&format!("wrote the manual pages into {}", folder.display()));
    Ok(Exit::Done)
}

fn unwritten(what: &str, error: &io::Error) -> Stop {
    Stop::usage(
        format!("cannot write {what}: {}", reason_of(error)),
        "name a folder that you may write to",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_one_group() {
        let command = Arguments::command();
        let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for name in &known {
            assert_eq!(grouped.iter().filter(|other| *other == name).count(), 1, "`{name}`");
        }
        assert_eq!(known.len(), grouped.len(), "a group names what is no command");
    }

    #[test]
    fn the_help_fits_on_one_screen() {
        let help = command().render_help().to_string();
        assert!(help.lines().count() <= 40, "{help}");
        let examples = help.find("Examples:").unwrap_or(usize::MAX);
        assert!(examples < help.find("Scripts:").unwrap_or_default(), "{help}");
    }
}
