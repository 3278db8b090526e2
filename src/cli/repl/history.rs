//! The entries of former sessions: in the home, for its owner alone, without secrets.

use rustyline::Editor;
use rustyline::history::FileHistory;

use super::helper::Assistant;
use crate::cli::arguments::StoreArgument;
use crate::cli::home;
use crate::connections::Home;
use crate::host::Authority;

/// How many entries are kept.
pub(super) const MOST: usize = 2_000;

type Prompt = Editor<Assistant, FileHistory>;

/// Reads the entries of former sessions. A history that cannot be read is no reason not to begin.
pub(super) fn load(editor: &mut Prompt, store: &StoreArgument) {
    if let Ok(home) = home::home(store) {
        _ = editor.load_history(&home.history());
    }
}

/// Keeps an entry, unless it begins with a blank or holds a secret.
pub(super) fn keep(editor: &mut Prompt, entry: &str, authority: &dyn Authority) {
    let hidden = entry.starts_with(char::is_whitespace) || authority.redact(entry) != entry;
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
