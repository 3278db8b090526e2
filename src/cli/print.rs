//! Where a command writes: results to standard output, talk to standard error. Colour and width are decided once.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Stdout, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::arguments::ErrorFormat;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::{self, Drawing};
use crate::host::{Authority, Cancel, InfoLine, Log};
use crate::source::SourceFile;

/// How long a line may wait in the buffer while further ones come, where no person is looking.
const PATIENCE: Duration = Duration::from_millis(50);

/// The columns of what is no terminal.
const WIDTH: usize = 100;

/// Where messages about scripts go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// Standard output: the messages are the result (`dg check`).
    Results,
    /// Standard error: the messages accompany a result.
    Talk,
}

/// The two channels of a command.
pub(super) struct Out {
    results: Mutex<Results>,
    format: Option<ErrorFormat>,
}

struct Results {
    writer: BufWriter<Stdout>,
    /// Whether a person is looking, who sees each line at once.
    watched: bool,
    flushed: Option<Instant>,
    failure: Option<io::Error>,
}

impl Out {
    /// Channels that write messages in this format; `None` decides by what the channel is.
    pub(super) fn new(format: Option<ErrorFormat>) -> Self {
        let results = Results {
            writer: BufWriter::with_capacity(1 << 16, io::stdout()),
            watched: is_terminal(Channel::Results),
            flushed: None,
            failure: None,
        };
        Self {
            results: Mutex::new(results),
            format,
        }
    }

    /// Writes a line of the result. `false` where nobody can read it any more.
    pub(super) fn line(&self, text: &str) -> bool {
        let mut results = self.lock();
        if results.failure.is_some() {
            return false;
        }
        let written = results
            .writer
            .write_all(text.as_bytes())
            .and_then(|()| results.writer.write_all(b"\n"));
        let waited = results.watched || results.flushed.is_none_or(|last| last.elapsed() > PATIENCE);
        let written = written.and_then(|()| if waited { results.writer.flush() } else { Ok(()) });
        if waited {
            results.flushed = Some(Instant::now());
        }
        results.failure = written.err();
        results.failure.is_none()
    }

    /// Writes what is still in the buffer. The error, unless it is that the reader went away: a reader that has seen
    /// enough is no fault.
    pub(super) fn finish(&self) -> Result<(), io::Error> {
        let mut results = self.lock();
        let outcome = match results.failure.take() {
            Some(failure) => Err(failure),
            None => results.writer.flush(),
        };
        match outcome {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                // What is left in the buffer would fail again when it is dropped.
                results.failure = Some(error);
                Ok(())
            }
            other => other,
        }
    }

    /// Whether the reader of the results went away.
    pub(super) fn is_broken(&self) -> bool {
        self.lock()
            .failure
            .as_ref()
            .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
    }

    /// Writes lines of talk. A closed standard error is no reason to stop.
    pub(super) fn talk(&self, text: &str) {
        self.flush_before_talk();
        _ = io::stderr()
            .lock()
            .write_all(format!("{}\n", text.trim_end()).as_bytes());
    }

    /// Writes a message about a script.
    pub(super) fn message(&self, diagnostic: &Diagnostic, sources: &[Arc<SourceFile>], channel: Channel) {
        let text = match self.format_for(channel) {
            ErrorFormat::Plain => render::plain(diagnostic, sources),
            ErrorFormat::Json => render::json(diagnostic, sources).to_string(),
            ErrorFormat::Pretty => render::pretty(diagnostic, sources, drawing(channel)),
        };
        match channel {
            Channel::Results => _ = self.line(text.trim_end()),
            Channel::Talk => self.talk(&text),
        }
    }

    /// Writes messages about a script as talk, without the secrets that the run used.
    pub(super) fn warn(&self, diagnostics: &[Diagnostic], sources: &[Arc<SourceFile>], authority: &dyn Authority) {
        for diagnostic in diagnostics {
            self.message(&redacted(diagnostic, authority), sources, Channel::Talk);
        }
    }

    /// Writes what waits in the buffer.
    pub(super) fn flush(&self) {
        self.flush_before_talk();
    }

    /// The format of messages on a channel.
    pub(super) fn format_for(&self, channel: Channel) -> ErrorFormat {
        self.format.unwrap_or_else(|| {
            if is_terminal(channel) {
                ErrorFormat::Pretty
            } else {
                ErrorFormat::Plain
            }
        })
    }

    /// Lines before talk keep their order where both go to one terminal.
    fn flush_before_talk(&self) {
        let mut results = self.lock();
        if results.failure.is_none() {
            results.failure = results.writer.flush().err();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Results> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_terminal(channel: Channel) -> bool {
    match channel {
        Channel::Results => io::stdout().is_terminal(),
        Channel::Talk => io::stderr().is_terminal(),
    }
}

fn drawing(channel: Channel) -> Drawing {
    Drawing {
        colours: has_colours(channel),
        width: width(),
    }
}

/// Whether a channel is shown in colours.
pub(super) fn has_colours(channel: Channel) -> bool {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    is_terminal(channel) && !unwanted && !dumb
}

/// The columns of the terminal, within what reads well.
pub(super) fn width() -> usize {
    let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0));
    width.clamp(40, 160)
}

/// A message without the secrets that a run used.
pub(super) fn redacted(diagnostic: &Diagnostic, authority: &dyn Authority) -> Diagnostic {
    let mut clean = diagnostic.clone();
    clean.title = authority.redact(&clean.title);
    clean.label = authority.redact(&clean.label);
    clean.help = clean.help.map(|help| authority.redact(&help));
    for label in &mut clean.also {
        label.text = authority.redact(&label.text);
    }
    clean
}

/// Writes the lines of `info` as they come, and stops the run when nobody reads them any more.
pub(super) struct InfoLines {
    /// Where they go.
    pub(super) out: Arc<Out>,
    /// What stops the run.
    pub(super) cancel: Cancel,
    /// Where they go: to standard error where something else is the result.
    pub(super) channel: Channel,
}

impl Log for InfoLines {
    fn info(&self, line: &InfoLine) {
        match self.channel {
            Channel::Talk => self.out.talk(&line.text),
            Channel::Results if self.out.line(&line.text) => {}
            Channel::Results => self.cancel.cancel(),
        }
    }
}
