//! The command line: every command, flag and example.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};

use super::watch::WatchArguments;
use crate::diagnostic::{Code, nearest};
use crate::syntax::Profile;

const EXAMPLES: &str = "\
Examples:
  dg run hello.dg --arg name=Ada      run a script with an input
  dg repl                             try statements and expressions
  dg check scripts                    find mistakes without running anything
  dg connections create trello --service trello
                                      give scripts access to an API: connection: \"trello\"

`dg help COMMAND` has more. Connections live in the folder of `--store`, else $DG_HOME, else your data directory.";

const RUN_EXAMPLES: &str = "\
Examples:
  dg run hello.dg
  dg run bot.dg --handler message --payload message.json --tasks cliq
  dg run report.dg --arg month=3 --arg template=@letter.html
  dg run tools.dg --call tools.total --arg prices='[1,2]' --json
  echo 'info 1 + 1;' | dg run -";

const REPL_EXAMPLES: &str = "\
Examples:
  dg repl
  dg repl tools.dg                begin with the functions and variables of a script
  dg repl --lib scripts --as amy";

const CHECK_EXAMPLES: &str = "\
Examples:
  dg check scripts
  dg check bot.dg --handler message
  dg check report.dg --inputs month,year
  dg check . --deny-warnings --error-format json";

const DOC_EXAMPLES: &str = "\
Examples:
  dg doc                 every built-in by family
  dg doc leftPad
  dg doc map.get
  dg doc --search weekend
  dg doc --markdown > reference.md";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  dg explain             every code
  dg explain DG0401
  dg explain 401 --json";

/// Runs Deluge scripts on your own machine, with authenticated connections to any API.
#[derive(Debug, Parser)]
#[command(name = "dg", version, after_help = EXAMPLES, arg_required_else_help = true, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a script
    Run(Box<RunArguments>),
    /// Try statements and expressions, one after the other
    Repl(Box<ReplArguments>),
    /// Find mistakes in scripts without running them
    Check(CheckArguments),
    /// Show authenticated calls to a service on this machine
    Demo,
    /// Keep how APIs want to be authorised
    Services(super::services::ServicesArguments),
    /// Give scripts access to APIs under link names
    Connections(super::connections::ConnectionsArguments),
    /// Show what a built-in does
    Doc(DocArguments),
    /// Tell the longer story of a message
    Explain(ExplainArguments),
    /// Print what a shell needs to complete `dg`
    Completions(super::help::CompletionsArguments),
    /// Print or write manual pages
    Man(super::help::ManArguments),
}

#[derive(Debug, Args)]
#[command(after_help = RUN_EXAMPLES)]
pub(super) struct RunArguments {
    /// The script; `-` reads it from standard input
    #[arg(value_name = "FILE")]
    pub(super) file: String,

    /// Supply an input or parameter: JSON, else text; `@FILE` is the text of a file
    #[arg(long = "arg", value_name = "NAME=VALUE")]
    pub(super) arguments: Vec<String>,

    /// Supply the top-level keys of a JSON file as inputs; `--arg` wins over it
    #[arg(long, value_name = "FILE.json")]
    pub(super) input: Option<String>,

    /// Call this function instead of the statements outside functions
    #[arg(long, value_name = "NAME")]
    pub(super) call: Option<String>,

    /// Run on behalf of this user [default: your account]
    #[arg(long = "as", value_name = "USER")]
    pub(super) user: Option<String>,

    /// Load every script of a folder as a library
    #[arg(long = "lib", value_name = "DIR")]
    pub(super) libraries: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) store: StoreArgument,

    #[command(flatten)]
    pub(super) language: LanguageArguments,

    /// Where a run has to stop; `zoho` also tells how close it came
    #[arg(long, value_enum, default_value_t = LimitsName::Local)]
    pub(super) limits: LimitsName,

    /// Let the clock stand at this instant, e.g. 2024-02-29T12:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub(super) now: Option<String>,

    /// The zone of dates, e.g. Asia/Kolkata [default: the system's]
    #[arg(long, value_name = "ZONE")]
    pub(super) timezone: Option<String>,

    /// How dates are printed, e.g. yyyy-MM-dd [default: dd-MMM-yyyy]
    #[arg(long, value_name = "PATTERN")]
    pub(super) date_format: Option<String>,

    /// Send no requests
    #[arg(long)]
    pub(super) offline: bool,

    /// Where `invokeapi` finds Zoho's services: com, eu, in, com.au, jp, com.cn, ca, sa, uk, ae [default: com]
    #[arg(long, value_name = "DOMAIN")]
    pub(super) zoho_domain: Option<String>,

    /// Send mail through this connection, whose service lists `smtps://HOST` [default: keep it in the outbox of the store]
    #[arg(long, value_name = "LINK")]
    pub(super) mail: Option<String>,

    /// Send requests to this origin alone, e.g. https://api.example.com; may be given again
    #[arg(long = "allow-host", value_name = "ORIGIN", conflicts_with = "offline")]
    pub(super) allowed_hosts: Vec<String>,

    /// Print one JSON object with info, result, usage, requests and error instead of the lines
    #[arg(long)]
    pub(super) json: bool,

    #[command(flatten)]
    pub(super) handler: super::handler::HandlerArguments,

    #[command(flatten)]
    pub(super) watch: WatchArguments,

    #[command(flatten)]
    pub(super) messages: MessageArguments,
}

#[derive(Debug, Args)]
#[command(mut_arg("file", optional_file), after_help = REPL_EXAMPLES)]
pub(super) struct ReplArguments {
    #[command(flatten)]
    pub(super) run: RunArguments,
}

#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(super) struct CheckArguments {
    /// Scripts, or folders that are searched for .dg, .ds and .deluge; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<String>,

    /// Stop after parsing
    #[arg(long)]
    pub(super) syntax_only: bool,

    /// Names that the caller of the scripts supplies
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(super) inputs: Vec<String>,

    /// Name the handler of a bot that the scripts are, whose arguments are supplied: message, command/suggestion
    #[arg(long, value_name = "NAME")]
    pub(super) handler: Option<String>,

    /// Fail on warnings too
    #[arg(long)]
    pub(super) deny_warnings: bool,

    /// Load every script of a folder as a library
    #[arg(long = "lib", value_name = "DIR")]
    pub(super) libraries: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) store: StoreArgument,

    #[command(flatten)]
    pub(super) language: LanguageArguments,

    #[command(flatten)]
    pub(super) messages: MessageArguments,
}

#[derive(Debug, Args)]
#[command(after_help = DOC_EXAMPLES)]
pub(super) struct DocArguments {
    /// A built-in: leftPad, text.trim, zoho.encryption.md5
    #[arg(conflicts_with_all = ["search", "markdown"])]
    pub(super) name: Option<String>,

    /// List the built-ins that have a word in their name or description
    #[arg(long, value_name = "WORD", conflicts_with = "markdown")]
    pub(super) search: Option<String>,

    /// Print the whole reference as Markdown
    #[arg(long)]
    pub(super) markdown: bool,

    /// Print what is found, or everything, as a JSON array
    #[arg(long, conflicts_with = "markdown")]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(super) struct ExplainArguments {
    /// The code of a message: DG0201
    pub(super) code: Option<String>,

    /// Print one JSON object a code: code, title, story, example
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct StoreArgument {
    /// The folder with services and connections [default: $DG_HOME, else your data directory]
    #[arg(long = "store", value_name = "DIR", global = true, display_order = 900)]
    pub(super) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct LanguageArguments {
    /// Which of Zoho's dialects the scripts are written in
    #[arg(long, value_enum, default_value_t = ProfileName::Standard)]
    pub(super) profile: ProfileName,
}

#[derive(Clone, Debug, Args)]
pub(super) struct MessageArguments {
    /// How messages are written [default: pretty on a terminal, else plain]
    #[arg(long, value_enum)]
    pub(super) error_format: Option<ErrorFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileName {
    /// Cliq, CRM, Books, Desk and the rest
    Standard,
    /// Zoho Creator
    Creator,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Standard => Self::Standard,
            ProfileName::Creator => Self::Creator,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LimitsName {
    /// What this machine can bear
    Local,
    /// Where Zoho stops
    Zoho,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ErrorFormat {
    /// Drawn, for a terminal
    Pretty,
    /// Lines of text
    Plain,
    /// One object a line
    Json,
}

/// The script that a session begins with may be left out.
fn optional_file(file: clap::Arg) -> clap::Arg {
    file.required(false)
        .default_value("-")
        .hide_default_value(true)
        .help("A script to begin with")
}

/// What adds the flags of a command to it.
type AddFlags = fn(clap::Command) -> clap::Command;

/// The commands that have flags. Describing all of them takes longer than running a small script.
const FLAGS: [(&str, AddFlags); 9] = [
    ("run", RunArguments::augment_args),
    ("repl", ReplArguments::augment_args),
    ("check", CheckArguments::augment_args),
    ("services", super::services::ServicesArguments::augment_args),
    ("connections", super::connections::ConnectionsArguments::augment_args),
    ("doc", DocArguments::augment_args),
    ("explain", ExplainArguments::augment_args),
    ("completions", super::help::CompletionsArguments::augment_args),
    ("man", super::help::ManArguments::augment_args),
];

/// What the command line asks for; or the text to print instead, and whether it is an error.
pub(super) fn parse(argv: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let argv: Vec<OsString> = argv.into_iter().collect();
    if let Some(arguments) = parse_alone(&argv) {
        return Ok(arguments);
    }
    let command = super::help::command();
    let matches = command.clone().try_get_matches_from(&argv);
    let matches = matches.map_err(|error| with_suggestion(error, &command, &argv))?;
    Arguments::from_arg_matches(&matches)
}

/// What the command line asks for, found by describing to clap only the command that it names first. `None` where that does
/// not do: help and messages speak of the other commands too.
fn parse_alone(argv: &[OsString]) -> Option<Arguments> {
    let (name, add_flags) = FLAGS
        .iter()
        .find(|(name, _)| argv.get(1).is_some_and(|word| word == name))?;
    let command = clap::Command::new("dg").subcommand(add_flags(clap::Command::new(*name)));
    let mut matches = command.try_get_matches_from(argv).ok()?;
    Arguments::from_arg_matches_mut(&mut matches).ok()
}

/// Adds the command of a similar name, where clap finds none: swapped letters are far apart for it.
fn with_suggestion(mut error: clap::Error, command: &clap::Command, argv: &[OsString]) -> clap::Error {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand).cloned() else {
        return error;
    };
    let mut group = command;
    for word in argv.iter().skip(1) {
        match group.find_subcommand(word) {
            Some(inner) => group = inner,
            None => break,
        }
    }
    if error.get(ContextKind::SuggestedSubcommand).is_none()
        && let Some(similar) = nearest(&word, group.get_subcommands().map(clap::Command::get_name))
    {
        let similar = ContextValue::Strings(vec![similar.to_owned()]);
        error.insert(ContextKind::SuggestedSubcommand, similar);
    }
    error
}

/// The title of clap's message, for `--json`.
pub(super) fn title(error: &clap::Error) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let title = first.strip_prefix("error: ").unwrap_or(first);
    if title.is_empty() {
        Code::Usage.title().to_owned()
    } else {
        title.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_command_described_alone_has_the_flags_it_has_among_all() {
        for command in Arguments::command().get_subcommands() {
            let Some((name, add_flags)) = FLAGS.iter().find(|(name, _)| *name == command.get_name()) else {
                assert!(
                    !command.has_subcommands() && command.get_arguments().next().is_none(),
                    "{command}"
                );
                continue;
            };
            let alone = add_flags(clap::Command::new(*name));
            let described = |command: &clap::Command| {
                let flags: Vec<_> = command.get_arguments().collect();
                let inner: Vec<_> = command.get_subcommands().collect();
                format!("{flags:?} {inner:?}")
            };
            assert_eq!(described(&alone), described(command), "`{name}`");
        }
    }
}
