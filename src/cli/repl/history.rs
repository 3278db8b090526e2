//! The entries of former sessions: in the home, for its owner alone, without secrets.

use std::sync::Arc;

use rustyline::Editor;
use rustyline::history::FileHistory;

use super::assistant::Assistant;
use crate::cli::arguments::StoreArgument;
use crate::cli::home;
use crate::connections::{Connections, Home};
use crate::host::{Authority, NoNetwork, UserId};

/// How many entries are kept.
pub(super) const MOST: usize = 2_000;

type Prompt = Editor<Assistant, FileHistory>;

/// Reads the entries of former sessions. A history that cannot be read is no reason not to begin.
pub(super) fn load(editor: &mut Prompt, store: &StoreArgument) {
    if let Ok(home) = home::home(store) {
        _ = editor.load_history(&home.history());
    }
}

/// Knows the secrets of the store, so that none of them gets into the history.
pub(super) struct Watch {
    desk: Option<Connections>,
}

impl Watch {
    /// Reads what the store has. Where there is no store yet, there is nothing to read.
    pub(super) fn over(store: &StoreArgument, user: &UserId) -> Self {
        let home = home::home(store).ok().filter(|home| home.store().is_dir());
        let desk = home.map(|home| home::desk(&home, Arc::new(NoNetwork)));
        if let Some(desk) = &desk {
            // Reading is enough: the desk remembers every secret that it has seen.
            _ = desk.services();
            _ = desk.summaries(user);
        }
        Self { desk }
    }

    /// Whether an entry holds a secret: one of the store, or one that a request of this session used.
    fn finds(&self, entry: &str, authority: &dyn Authority) -> bool {
        let stored = self.desk.as_ref().is_some_and(|desk| desk.redact(entry) != entry);
        stored || authority.redact(entry) != entry
    }
}

/// Keeps an entry, unless it begins with a blank or holds a secret.
pub(super) fn keep(editor: &mut Prompt, entry: &str, watch: &Watch, authority: &dyn Authority) {
    let hidden = entry.starts_with(char::is_whitespace) || watch.finds(entry, authority);
    if !hidden {
        _ = editor.add_history_entry(entry);
    }
}

/// Writes the history. The file is its owner's alone before anything is in it.
pub(super) fn save(editor: &mut Prompt, store: &StoreArgument) {
    if let Ok(home) = home::home(store) {
        _ = write(editor, &home);
    }
}

fn write(editor: &mut Prompt, home: &Home) -> rustyline::Result<()> {
    home.ensure()?;
    editor.append_history(&home.history())
}
