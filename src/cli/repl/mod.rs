//! `dg repl`: a session at the terminal. In a pipe it is `dg run -`.

mod assistant;
mod colour;
mod commands;
mod history;

use std::cell::RefCell;
use std::io::{self, IsTerminal};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor};

use assistant::Assistant;
use history::Keeper;

use super::arguments::{LimitsName, RunArguments};
use super::exit::{Exit, Stop};
use super::print::{Channel, InfoLines, Out, has_colours, width};
use super::run::{limits_of, run as run_script};
use super::{doc, host, inputs, interrupt, sources, watch};
use crate::host::{Cancel, RequestRecord, Usage};
use crate::runtime::{RunErrorKind, Runtime};
use crate::session::{Refusal, Reply, Session};
use crate::source::SourceFile;

/// What the prompt says.
const PROMPT: &str = "dg> ";

/// Reads entries and answers them until there are no more.
pub(super) fn run(arguments: &RunArguments, out: &Arc<Out>) -> Result<Exit, Stop> {
    if !io::stdin().is_terminal() {
        return Ok(run_script(arguments, out));
    }
    let mut repl = Repl::start(arguments, out)?;
    if arguments.file != "-" {
        repl.load(&arguments.file)?;
    }
    repl.greet();
    repl.listen()
}

/// One session at the terminal.
struct Repl<'a> {
    arguments: &'a RunArguments,
    out: &'a Arc<Out>,
    session: Rc<RefCell<Session>>,
    cancel: Cancel,
    limits: LimitsName,
    /// Whether the time and the usage of every entry are told.
    timed: bool,
    /// What the last entry used.
    used: Usage,
}

/// Whether the session goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Entry,
    Leave,
}

impl<'a> Repl<'a> {
    fn start(arguments: &'a RunArguments, out: &'a Arc<Out>) -> Result<Self, Stop> {
        let cancel = Cancel::new();
        let mut host = host::host(arguments, out)?;
        host.log = Arc::new(InfoLines {
            out: Arc::clone(out),
            cancel: cancel.clone(),
            channel: Channel::Results,
        });
        let mut host = watch::around(host, &arguments.watch, out);
        if !arguments.watch.trace {
            // `:trace` may ask for statements later.
            host = watch::traced(host, out);
        }
        let runtime = Runtime::builder()
            .host(host)
            .settings(host::settings(arguments)?)
            .limits(limits_of(arguments.limits))
            .build();
        let mut session = Session::new(&runtime);
        for library in sources::read_libraries(&arguments.libraries)? {
            session.load(library, &cancel).map_err(|refusal| stop_of(*refusal))?;
        }
        let event = arguments.handler.event(&*runtime.host().http)?;
        let bound = event.map(|event| event.inputs).unwrap_or_default();
        for (name, value) in bound.into_iter().chain(inputs::gather(arguments)?) {
            session.set(&name, value);
        }
        interrupt::cancels(&cancel);
        Ok(Self {
            arguments,
            out,
            session: Rc::new(RefCell::new(session)),
            cancel,
            limits: arguments.limits,
            timed: false,
            used: Usage::default(),
        })
    }

    fn greet(&self) {
        let version = env!("CARGO_PKG_VERSION");
        self.out.line(&format!(
            "dg {version}. An expression shows its value; :help lists commands, Ctrl-D leaves."
        ));
    }

    fn listen(&mut self) -> Result<Exit, Stop> {
        let mut editor = self.editor()?;
        let mut keeper = Keeper::of(&self.arguments.store);
        keeper.load(&mut editor);
        loop {
            self.out.flush();
            match editor.readline(PROMPT) {
                Ok(entry) => {
                    keeper.keep(&mut editor, &entry, &*self.session.borrow().host().authority);
                    if self.answer(&entry) == Next::Leave {
                        break;
                    }
                }
                // Ctrl-C drops the line, not the session.
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => break,
                Err(error) => {
                    return Err(Stop::usage(
                        format!("cannot read from the terminal: {error}"),
                        "run `dg run -` instead",
                    ));
                }
            }
            if self.out.is_broken() {
                break;
            }
        }
        Ok(Exit::Done)
    }

    fn editor(&self) -> Result<Editor<Assistant, FileHistory>, Stop> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .history_ignore_space(true)
            .auto_add_history(false)
            .max_history_size(history::MOST)
            .map(|builder| builder.build());
        let unusable =
            |error: ReadlineError| Stop::usage(format!("cannot use the terminal: {error}"), "run `dg run -` instead");
        let mut editor = Editor::with_config(config.map_err(unusable)?).map_err(unusable)?;
        editor.set_color_mode(if has_colours(Channel::Results) {
            ColorMode::Enabled
        } else {
            ColorMode::Disabled
        });
        editor.set_helper(Some(Assistant::new(Rc::clone(&self.session))));
        Ok(editor)
    }

    /// Answers one entry: a command, a question, or something to run.
    fn answer(&mut self, entry: &str) -> Next {
        let line = entry.trim();
        if let Some(command) = line.strip_prefix(':') {
            return self.command(command);
        }
        if let Some(question) = question(line) {
            self.explain(question);
        } else if !line.is_empty() {
            self.enter(entry);
        }
        Next::Entry
    }

    fn command(&mut self, line: &str) -> Next {
        match commands::run(self, line) {
            Ok(next) => next,
            Err(stop) => {
                super::tell(&stop, self.out);
                Next::Entry
            }
        }
    }

    /// Runs an entry and shows what it gives.
    fn enter(&mut self, entry: &str) -> bool {
        let started = Instant::now();
        self.cancel.reset();
        let answer = self.session.borrow_mut().enter(entry, &self.cancel);
        self.conclude(answer, started.elapsed())
    }

    /// Tells what came of an entry; `false` where it was refused.
    fn conclude(&mut self, answer: Result<Reply, Box<Refusal>>, took: Duration) -> bool {
        let done = match &answer {
            Ok(reply) => {
                self.used = reply.usage;
                self.show(reply);
                true
            }
            Err(refusal) => {
                self.used = refusal.usage;
                self.refuse(refusal);
                false
            }
        };
        if self.timed {
            self.out.talk(&format!(
                "{} in {}",
                commands::usage(&self.used),
                commands::duration(took)
            ));
        }
        done
    }

    fn show(&self, reply: &Reply) {
        self.out.warn(
            &reply.warnings,
            &reply.sources,
            &*self.session.borrow().host().authority,
        );
        for header in &reply.defined {
            self.out.line(&format!(
                "defined {}",
                header.split_whitespace().collect::<Vec<_>>().join(" ")
            ));
        }
        self.warn_unsuccessful(&reply.requests, &reply.sources);
        if let Some(value) = &reply.value {
            let shown = self.session.borrow().show(value, width());
            self.out.line(&if has_colours(Channel::Results) {
                colour::paint(&shown)
            } else {
                shown
            });
        }
    }

    fn refuse(&self, refusal: &Refusal) {
        let session = self.session.borrow();
        let authority = &*session.host().authority;
        self.out.warn(&refusal.warnings, &refusal.sources, authority);
        if refusal.kind == RunErrorKind::Cancelled {
            self.out.talk("interrupted");
        } else {
            self.out.warn(&refusal.diagnostics, &refusal.sources, authority);
        }
        if let Some(aftermath) = refusal.aftermath() {
            self.out.talk(&format!("note: {aftermath}"));
        }
    }

    fn warn_unsuccessful(&self, requests: &[RequestRecord], sources: &[Arc<SourceFile>]) {
        let warnings = watch::unsuccessful(requests);
        self.out
            .warn(&warnings, sources, &*self.session.borrow().host().authority);
    }

    /// Runs a file in the session.
    fn load(&mut self, file: &str) -> Result<(), Stop> {
        let script = sources::read_script(file)?;
        let started = Instant::now();
        self.cancel.reset();
        let answer = self.session.borrow_mut().load(script, &self.cancel);
        self.conclude(answer, started.elapsed());
        Ok(())
    }

    /// Tells about a name: the built-ins that have it, or the variable.
    fn explain(&self, question: &str) {
        let session = self.session.borrow();
        if let Some(value) = session.variable(question) {
            self.out.line(&commands::kind_and_value(&session, question, value));
            return;
        }
        match doc::pages(question, &*session.host().functions) {
            Ok(pages) => _ = self.out.line(&pages),
            Err(stop) => _ = super::tell(&stop, self.out),
        }
    }
}

/// The name that is asked about: `leftPad?`, `"".leftPad?`, `zoho.encryption.md5?`.
fn question(line: &str) -> Option<&str> {
    let asked = line.strip_suffix('?')?.trim_end();
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.';
    if !asked.is_empty() && asked.chars().all(is_name) && !asked.contains("..") {
        let member = asked.rsplit('.').next().unwrap_or(asked);
        return Some(
            if crate::builtins::find(asked).is_empty() && !crate::builtins::find(member).is_empty() {
                member
            } else {
                asked
            },
        );
    }
    let (_, name) = asked.rsplit_once('.')?;
    (!name.is_empty() && name.chars().all(|letter| is_name(letter) && letter != '.')).then_some(name)
}

fn stop_of(refusal: Refusal) -> Stop {
    Stop {
        exit: Exit::NotCompiled,
        diagnostics: refusal.diagnostics,
        sources: refusal.sources,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_mark_asks_about_the_last_name() {
        assert_eq!(question("leftPad?"), Some("leftPad"));
        assert_eq!(question("\"\".leftPad?"), Some("leftPad"));
        assert_eq!(question("zoho.encryption.md5 ?"), Some("zoho.encryption.md5"));
        assert_eq!(question("m.get(\"a\").size?"), Some("size"));
        assert_eq!(question("m?"), Some("m"));
        assert_eq!(question("a ? b : c"), None);
        assert_eq!(question("x = a ?"), None);
        assert_eq!(question("?"), None);
    }
}
