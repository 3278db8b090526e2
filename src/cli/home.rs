//! The user's home: which directory, which key, which desk of connections, and who the user is.

use std::path::PathBuf;
use std::sync::Arc;

use directories::ProjectDirs;

use super::arguments::StoreArgument;
use super::exit::{Exit, Stop};
use crate::connections::{Connections, DeskError, FileAudit, Home, KeyCommand, KeySource, Outside, Secret, SledStore};
use crate::host::{Http, UserId};
use crate::system::SystemClock;

/// The home: `--store`, else `DG_HOME`, else the platform's data directory. Nothing is made.
pub(super) fn home(argument: &StoreArgument) -> Result<Home, Stop> {
    let named = argument.folder.clone().or_else(|| {
        let named = std::env::var_os("DG_HOME").filter(|name| !name.is_empty());
        named.map(PathBuf::from)
    });
    let folder = named.or_else(|| ProjectDirs::from("", "", "dg").map(|dirs| dirs.data_dir().to_path_buf()));
    let Some(folder) = folder else {
        return Err(Stop::usage(
            "there is no directory for services and connections: this account has no home",
            "name one with `--store DIR` or in `DG_HOME`",
        ));
    };
    if folder.is_file() {
        return Err(Stop::usage(
            format!(
                "`{}` is a file, and services and connections are kept in a directory",
                folder.display()
            ),
            "name a directory with `--store DIR` or in `DG_HOME`; it is made where there is none",
        ));
    }
    Ok(Home::at(folder))
}

/// The desk of a home, which asks providers over `http`. Nothing is opened before it is used.
pub(super) fn desk(home: &Home, http: Arc<dyn Http>) -> Connections {
    let clock = Arc::new(SystemClock);
    let store = Arc::new(SledStore::at(home.store(), Arc::clone(&clock) as _));
    let outside = Outside {
        http,
        clock,
        audit: Arc::new(FileAudit::at(home.audit())),
    };
    Connections::new(store, key(home), outside)
}

/// The key: `DG_KEY`, else what the command in `DG_KEY_COMMAND` prints, else the file in the home.
pub(super) fn key(home: &Home) -> KeySource {
    // What is not text is no key either, and the source says so.
    if let Some(text) = std::env::var_os("DG_KEY") {
        return KeySource::Given(Secret::new(text.to_string_lossy()));
    }
    match std::env::var("DG_KEY_COMMAND") {
        Ok(command) if !command.is_empty() => KeySource::Command(KeyCommand::new(command)),
        _ => KeySource::File(home.key()),
    }
}

/// The user: the one named, else the account that runs `dg`.
pub(super) fn user(named: Option<&str>) -> UserId {
    let account = || {
        let names = ["USER", "LOGNAME", "USERNAME"];
        names
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
    };
    let name = named.map(str::to_owned).or_else(account);
    UserId::new(name.as_deref().unwrap_or("owner"))
}

impl From<DeskError> for Stop {
    fn from(error: DeskError) -> Self {
        let exit = match error {
            DeskError::Connection(_)
            | DeskError::Store(_)
            | DeskError::ChangedMeanwhile(_)
            | DeskError::NotYours { .. }
            | DeskError::NoAnswer { .. } => Exit::Connection,
            _ => Exit::Usage,
        };
        Self {
            exit,
            diagnostics: error.into_diagnostics(),
            sources: Vec::new(),
        }
    }
}
