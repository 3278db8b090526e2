//! How a command ends: its exit status, and why it stopped before its time.

use std::process::ExitCode;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::runtime::RunErrorKind;
use crate::source::SourceFile;

/// The exit status of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done; there may have been warnings.
    Done,
    /// The command line was not understood, or a file could not be read or written.
    Usage,
    /// The script does not compile, or lacks an input.
    NotCompiled,
    /// The script failed while running, or reached a limit.
    Failed,
    /// A connection or the store failed.
    Connection,
    /// Somebody stopped it.
    Interrupted,
}

impl Exit {
    /// The number that the process ends with.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Usage => 1,
            Self::NotCompiled => 2,
            Self::Failed => 3,
            Self::Connection => 5,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<&RunErrorKind> for Exit {
    fn from(kind: &RunErrorKind) -> Self {
        match kind {
            RunErrorKind::NotStarted => Self::NotCompiled,
            RunErrorKind::Failed | RunErrorKind::Exhausted(_) => Self::Failed,
            RunErrorKind::Cancelled => Self::Interrupted,
            RunErrorKind::ConsentNeeded(_)
            | RunErrorKind::ReconnectNeeded { .. }
            | RunErrorKind::ScopeMissing(_)
            | RunErrorKind::ClientRefused(_)
            | RunErrorKind::ConnectionMissing(_)
            | RunErrorKind::ProviderDown(_)
            | RunErrorKind::ConnectionRefused(_)
            | RunErrorKind::Store => Self::Connection,
        }
    }
}

/// Why a command cannot go on.
#[derive(Debug)]
pub(super) struct Stop {
    /// What the process ends with.
    pub(super) exit: Exit,
    /// What there is to say.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The files that it points into.
    pub(super) sources: Vec<Arc<SourceFile>>,
}

impl Stop {
    /// A message without a place in a script.
    pub(super) fn new(exit: Exit, diagnostic: Diagnostic) -> Self {
        Self {
            exit,
            diagnostics: vec![diagnostic],
            sources: Vec::new(),
        }
    }

    /// A flag or argument that cannot be used.
    pub(super) fn usage(title: impl Into<String>, help: &str) -> Self {
        Self::new(Exit::Usage, Diagnostic::placeless(Code::Usage, title).help(help))
    }

    /// The same, with this help wherever there is none.
    pub(super) fn with_help(mut self, help: &str) -> Self {
        for diagnostic in &mut self.diagnostics {
            diagnostic.help.get_or_insert_with(|| help.to_owned());
        }
        self
    }

    /// A file that the system does not give.
    pub(super) fn unreadable(name: &str, reason: &std::io::Error) -> Self {
        let title = format!("cannot read `{name}`: {}", reason_of(reason));
        let diagnostic = Diagnostic::placeless(Code::FileUnreadable, title);
        Self::new(Exit::Usage, diagnostic.help("check the name and the permissions"))
    }
}

/// The system's reason without its number.
pub(super) fn reason_of(error: &std::io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text[..end].to_lowercase()
}
