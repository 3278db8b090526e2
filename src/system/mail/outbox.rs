//! The outbox: a folder in which every message is kept as a file that mail programs open.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::letter::letter;
use crate::host::{Cancel, Clock, Mail, MailError, Message};

/// Keeps messages instead of sending them, one `.eml` file each, for their owner alone.
pub struct Outbox<C> {
    folder: PathBuf,
    clock: C,
}

impl<C: Clock> Outbox<C> {
    /// An outbox in this folder. Nothing is made before the first message.
    pub fn at(folder: impl Into<PathBuf>, clock: C) -> Self {
        Self {
            folder: folder.into(),
            clock,
        }
    }

    /// Keeps a message; gives the file.
    ///
    /// # Errors
    /// An address is none, or the system's reason.
    pub fn keep(&self, message: &Message) -> Result<PathBuf, MailError> {
        let millis = self.clock.now_millis();
        let letter = letter(message, instant(millis), true)?;
        self.write(millis, &letter.formatted()).map_err(|error| {
            let folder = self.folder.display();
            MailError::new(format!("it cannot be kept in {folder}: {error}"))
        })
    }

    /// Messages of one millisecond are numbered, so that none replaces another, whichever process keeps it.
    fn write(&self, millis: i64, bytes: &[u8]) -> io::Result<PathBuf> {
        private_directory(&self.folder)?;
        let mut number = 1_u32;
        loop {
            let path = self.folder.join(format!("{millis}-{number}.eml"));
            match private_file().open(&path) {
                Ok(mut file) => {
                    file.write_all(bytes)?;
                    return Ok(path);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists && number < u32::MAX => number += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

impl<C: Clock> Mail for Outbox<C> {
    fn send(&self, message: &Message, _cancel: &Cancel) -> Result<(), MailError> {
        self.keep(message).map(drop)
    }
}

/// The instant of so many milliseconds since 1970.
pub(super) fn instant(millis: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

fn private_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}
