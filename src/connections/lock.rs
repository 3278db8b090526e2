//! The store's own lock: a file locked for the milliseconds of one operation, which says who locked it last.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::diagnostic::Code;

use super::flights::jitter;
use super::home::private_file;
use super::store::StoreError;

/// How long to wait for another process.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// About how long to wait between two attempts.
const PAUSE_MILLIS: u64 = 25;

/// A lock that is held. Dropping it lets go.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock until `deadline`.
    pub(super) fn acquire(path: &Path, deadline: Instant) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| {
            let message = format!(
                "the lock of the store, `{}`, could not be used: {error}",
                path.display()
            );
            StoreError::new(Code::StoreFailed, message)
        };
        let mut options = private_file();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed)?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(pause()),
                Err(TryLockError::WouldBlock) => return Err(busy(path, &mut file)),
            }
        }
        // Who has the lock is only told; that it could not be written is no reason to fail.
        let _ = file
            .rewind()
            .and_then(|()| file.set_len(0))
            .and_then(|()| file.write_all(std::process::id().to_string().as_bytes()));
        Ok(Self { _file: file })
    }
}

/// A pause of 25 ms, give or take half of it, so that two processes do not step in time.
pub(super) fn pause() -> Duration {
    Duration::from_millis(PAUSE_MILLIS / 2 + u64::from(jitter()) * PAUSE_MILLIS / 256)
}

/// The message for a store that stays locked; the lock's file names the process that had it last.
pub(super) fn busy(path: &Path, file: &mut File) -> StoreError {
    let mut holder = String::new();
    let _ = file.rewind().and_then(|()| file.take(32).read_to_string(&mut holder));
    let seconds = PATIENCE.as_secs();
    let who = match holder.trim().parse::<u32>() {
        Ok(process) => format!("process {process} may hold it"),
        Err(_) => "another process holds it".to_owned(),
    };
    let message = format!(
        "the store at `{}` is in use for more than {seconds} s: {who}",
        path.display()
    );
    StoreError::new(Code::StoreBusy, message).help("let the other process finish, then try again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::home::scratch::Scratch;

    #[test]
    fn a_held_lock_makes_others_wait_and_says_who_has_it() {
        let scratch = Scratch::new();
        let path = scratch.path().join("store.lock");
        let held = Lock::acquire(&path, Instant::now()).unwrap();
        let error = Lock::acquire(&path, Instant::now()).err().unwrap();
        assert_eq!(error.code, Code::StoreBusy);
        let who = format!("process {} may hold it", std::process::id());
        assert!(error.message.contains(&who), "{}", error.message);
        drop(held);
        Lock::acquire(&path, Instant::now()).unwrap();
    }
}
