//! The command line `dg`. It alone reads files, the environment and standard input; the core below gets texts and a
//! host.

mod arguments;
mod check;
mod connections;
mod demo;
mod doc;
mod exit;
mod explain;
mod fault;
mod handler;
mod help;
mod home;
mod host;
mod inputs;
mod interrupt;
mod links;
mod post;
mod print;
mod prompt;
mod repl;
mod run;
mod services;
mod sources;
mod table;
mod watch;

use std::ffi::OsString;
use std::sync::Arc;

use arguments::{Command, ErrorFormat};
pub use exit::Exit;
use exit::Stop;
use print::{Channel, Out};

/// Runs one command, as `dg` does. The process is `dg`'s from then on: panics are told in its way.
pub fn run(argv: impl IntoIterator<Item = OsString>) -> Exit {
    fault::tell_from_now_on();
    let argv: Vec<OsString> = argv.into_iter().collect();
    let arguments = match arguments::parse(argv.iter().cloned()) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error, &argv),
    };
    let out = Arc::new(Out::new(format_of(&arguments.command)));
    let exit = match dispatch(&arguments.command, &out) {
        Ok(exit) => exit,
        Err(stop) => tell(&stop, &out),
    };
    match out.finish() {
        Ok(()) => exit,
        Err(error) => {
            out.talk(&format!("error: cannot write to standard output: {error}"));
            Exit::Usage
        }
    }
}

fn dispatch(command: &Command, out: &Arc<Out>) -> Result<Exit, Stop> {
    match command {
        Command::Run(arguments) => Ok(run::run(arguments, out)),
        Command::Repl(arguments) => repl::run(&arguments.run, out),
        Command::Check(arguments) => check::run(arguments, out),
        Command::Demo => demo::run(out),
        Command::Services(arguments) => services::run(arguments, out),
        Command::Connections(arguments) => connections::run(arguments, out),
        Command::Doc(arguments) => doc::run(arguments, out),
        Command::Explain(arguments) => explain::run(arguments, out),
        Command::Completions(arguments) => Ok(help::completions(arguments, out)),
        Command::Man(arguments) => help::man(arguments, out),
    }
}

fn format_of(command: &Command) -> Option<ErrorFormat> {
    match command {
        Command::Run(arguments) => arguments.messages.error_format,
        Command::Repl(arguments) => arguments.run.messages.error_format,
        Command::Check(arguments) => arguments.messages.error_format,
        _ => None,
    }
}

/// Tells why a command stopped.
fn tell(stop: &Stop, out: &Out) -> Exit {
    for diagnostic in &stop.diagnostics {
        out.message(diagnostic, &stop.sources, Channel::Talk);
    }
    stop.exit
}

/// Tells what clap has to say: help and version are results, everything else is a fault of the command line.
fn refuse(error: &clap::Error, argv: &[OsString]) -> Exit {
    let out = Out::new(None);
    if !error.use_stderr() {
        out.line(error.to_string().trim_end());
        return if out.finish().is_ok() { Exit::Done } else { Exit::Usage };
    }
    let wants_object = argv.get(1).is_some_and(|command| command == "run") && argv.iter().any(|flag| flag == "--json");
    if wants_object {
        run::print_refusal(&out, &arguments::title(error));
        _ = out.finish();
    }
    out.talk(&error.to_string());
    Exit::Usage
}
