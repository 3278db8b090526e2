//! Proof that whoever has a lease is still there: a file that he keeps locked. The system lets go of the lock when a
//! process ends, however it ends, so that nobody has to wait for the lease of a process that was killed.

use std::collections::HashMap;
use std::fs::{self, DirEntry, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::home::private_file;
use super::store::LONGEST_LEASE;

/// What the names of the files begin with.
const PREFIX: &str = "lease.";

/// The owners of leases that live in this process.
#[derive(Default)]
pub(super) struct Lives(Mutex<HashMap<String, Life>>);

struct Life {
    file: PathBuf,
    _locked: File,
}

impl Lives {
    /// Lets everybody know that this owner lives. Where that fails, his lease lasts its time, whatever becomes of him.
    pub(super) fn begin(&self, directory: &Path, owner: &str) {
        let mut lives = self.lives();
        if lives.contains_key(owner) {
            return;
        }
        let file = path(directory, owner);
        let opened = private_file().write(true).create(true).truncate(false).open(&file);
        if let Ok(locked) = opened
            && locked.try_lock().is_ok()
        {
            let life = Life { file, _locked: locked };
            lives.insert(owner.to_owned(), life);
        }
    }

    /// The owner has given his lease back; where he could not, his file stays, so that everybody sees him gone.
    pub(super) fn end(&self, owner: &str, given_back: bool) {
        if let Some(life) = self.lives().remove(owner)
            && given_back
        {
            let _ = fs::remove_file(&life.file);
        }
    }

    fn lives(&self) -> MutexGuard<'_, HashMap<String, Life>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lives {
    fn drop(&mut self) {
        for life in self.lives().values() {
            let _ = fs::remove_file(&life.file);
        }
    }
}

/// Whether an owner is known to be gone: his file is there, and nobody holds it.
pub(super) fn is_over(directory: &Path, owner: &str) -> bool {
    let file = private_file().write(true).open(path(directory, owner));
    file.is_ok_and(|file| file.try_lock().is_ok())
}

/// Clears away a file if it is that of an owner who was killed so long ago that his lease is over.
pub(super) fn clear_trace(file: &DirEntry) {
    if !file.file_name().to_string_lossy().starts_with(PREFIX) {
        return;
    }
    // An owner who ends in order takes his file away at this very moment, maybe.
    let made = file.metadata().and_then(|metadata| metadata.modified());
    let is_old = made.is_ok_and(|made| made.elapsed().is_ok_and(|age| age > LONGEST_LEASE));
    if is_old && File::open(file.path()).is_ok_and(|file| file.try_lock().is_ok()) {
        let _ = fs::remove_file(file.path());
    }
}

fn path(directory: &Path, owner: &str) -> PathBuf {
    let digest = Sha256::digest(owner.as_bytes());
    let name: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    directory.join(format!("{PREFIX}{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::home::scratch::Scratch;

    #[test]
    fn an_owner_lives_until_his_lock_is_gone() {
        let scratch = Scratch::new();
        let here = scratch.path();
        assert!(!is_over(here, "ada"), "of whom nothing is known nothing is said");
        let lives = Lives::default();
        lives.begin(here, "ada");
        lives.begin(here, "ada");
        lives.begin(here, "ben");
        assert!(!is_over(here, "ada") && !is_over(here, "ben"));
        lives.end("ada", true);
        assert!(!is_over(here, "ada"), "he gave his lease back in order");
        // A process that is killed leaves its file, and the system takes its lock.
        lives.end("ben", false);
        assert!(is_over(here, "ben"));
        lives.begin(here, "eve");
        drop(lives);
        assert_eq!(fs::read_dir(here).unwrap().count(), 1, "ben's");
    }
}
