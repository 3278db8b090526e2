//! The entries of former sessions: in the home, for its owner alone, without secrets.
//!
//! An entry is written as soon as it was typed, so that a window that is closed loses nothing and several sessions share
//! one history.

use std::sync::Arc;
use std::time::SystemTime;

use rustyline::Editor;
use rustyline::history::FileHistory;

use super::assistant::Assistant;
use crate::cli::arguments::StoreArgument;
use crate::cli::home;
use crate::connections::{Home, Imprints};
use crate::host::{Authority, NoNetwork};

/// How many entries are kept.
pub(super) const MOST: usize = 2_000;

/// The longest entry that is kept, in bytes: what is longer was pasted and has its place in a file.
const LONGEST: usize = 1 << 14;

type Prompt = Editor<Assistant, FileHistory>;

/// What is kept, and where.
pub(super) struct Keeper {
    home: Option<Home>,
    stored: Stored,
}

/// What is known of the secrets of the store.
enum Stored {
    /// Nothing was looked up yet.
    Unknown,
    /// The imprints of the secrets, as of the store's last change.
    Known(Imprints, SystemTime),
    /// There is no store, so there are no secrets.
    None,
    /// The store cannot be read: any entry may hold one of its secrets.
    Sealed,
}

impl Keeper {
    /// The history of this home.
    pub(super) fn of(store: &StoreArgument) -> Self {
        Self {
            home: home::home(store).ok(),
            stored: Stored::Unknown,
        }
    }

    /// Reads the entries of former sessions. A history that cannot be read is no reason not to begin. Entries with a secret
    /// that came into the store after they were typed are taken out.
    pub(super) fn load(&mut self, editor: &mut Prompt) {
        let Some(path) = self.home.as_ref().map(Home::history) else {
            return;
        };
        if editor.load_history(&path).is_err() {
            return;
        }
        let former: Vec<String> = editor.history().iter().cloned().collect();
        let clean: Vec<&String> = former.iter().filter(|entry| !self.finds(entry)).collect();
        if clean.len() < former.len() && !matches!(self.stored, Stored::Sealed) {
            _ = editor.clear_history();
            for entry in clean {
                _ = editor.add_history_entry(entry);
            }
            // Saving leaves a file without new entries as it is, and it has to lose the old ones.
            _ = std::fs::remove_file(&path);
            _ = editor.save_history(&path);
        }
    }

    /// Keeps an entry, unless it begins with a blank, is very long or holds a secret: one of the store, or one that a
    /// request of this session used.
    pub(super) fn keep(&mut self, editor: &mut Prompt, entry: &str, authority: &dyn Authority) {
        let is_hidden = entry.starts_with(char::is_whitespace) || entry.len() > LONGEST;
        if is_hidden || authority.redact(entry) != entry || self.finds(entry) {
            return;
        }
        if editor.add_history_entry(entry).is_ok_and(|added| added)
            && let Some(home) = &self.home
        {
            // The file is its owner's alone before anything is in it. A home that cannot be written keeps no history.
            _ = home.ensure();
            _ = editor.append_history(&home.history());
        }
    }

    /// Whether an entry may hold a secret of the store, as the store is now.
    fn finds(&mut self, entry: &str) -> bool {
        let changed = self.home.as_ref().and_then(Home::store_changed);
        let is_known = matches!((&self.stored, changed), (Stored::Known(_, then), Some(now)) if *then == now);
        if !is_known {
            self.stored = self.look_up(changed);
        }
        match &self.stored {
            Stored::Known(imprints, _) => imprints.are_in(entry),
            Stored::Unknown | Stored::None => false,
            Stored::Sealed => true,
        }
    }

    fn look_up(&self, changed: Option<SystemTime>) -> Stored {
        let (Some(home), Some(changed)) = (&self.home, changed) else {
            return Stored::None;
        };
        match home::desk(home, Arc::new(NoNetwork)).imprints() {
            Ok(imprints) => Stored::Known(imprints, home.store_changed().unwrap_or(changed)),
            Err(_) => Stored::Sealed,
        }
    }
}
