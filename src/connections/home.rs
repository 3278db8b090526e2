//! The one directory where everything of a user is kept, and the care with which files are made in it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The home directory: where the store, its key, the audit and the history are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// The home at this path. Nothing is made before it is needed.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The store's directory. Its lock is the file `store.lock` beside it.
    pub fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    /// The file that holds the store's key.
    pub fn key(&self) -> PathBuf {
        self.root.join("key")
    }

    /// The record of uses.
    pub fn audit(&self) -> PathBuf {
        self.root.join("audit.jsonl")
    }

    /// The folder that keeps the mail of scripts.
    pub fn outbox(&self) -> PathBuf {
        self.root.join("outbox")
    }

    /// The lines typed at the prompt.
    pub fn history(&self) -> PathBuf {
        self.root.join("history")
    }

    /// Makes the directory, for its owner alone.
    ///
    /// # Errors
    /// The system's reason.
    pub fn ensure(&self) -> io::Result<()> {
        private_directory(&self.root)
    }
}

/// Makes a directory with mode 0700, parents included. One that is there already is closed to others where it is empty;
/// a directory that holds things may be open to others for a reason, and what is made in it is closed by itself.
pub(super) fn private_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    let is_new = !path.exists();
    builder.create(path)?;
    if is_new || fs::read_dir(path)?.next().is_none() {
        close_to_others(path, 0o700)?;
    }
    Ok(())
}

/// Options that make a file with mode 0600.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Sets the mode of a file or directory that others made.
#[cfg_attr(not(unix), expect(unused_variables, reason = "modes are a Unix matter"))]
pub(super) fn close_to_others(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(path)?.permissions().mode() & 0o777 != mode {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

/// Puts a directory's entries on the disk, so that a file just made in it survives a power cut.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}

/// A directory of its own for each test, gone at the end of it.
#[cfg(test)]
pub(super) mod scratch {
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicUsize, Ordering};

    pub(crate) struct Scratch(PathBuf);

    impl Scratch {
        pub(crate) fn new() -> Self {
            static NEXT: AtomicUsize = AtomicUsize::new(0);
            let number = NEXT.fetch_add(1, Ordering::SeqCst);
            let path = std::env::temp_dir().join(format!("dg-test-{}-{number}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        pub(crate) fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_home_is_its_owners_alone() {
        let scratch = scratch::Scratch::new();
        let home = Home::at(scratch.path().join("deep/home"));
        home.ensure().unwrap();
        assert_eq!(mode(home.root()), 0o700);
        private_file().create_new(true).write(true).open(home.key()).unwrap();
        assert_eq!(mode(&home.key()), 0o600);
        fs::set_permissions(home.root(), fs::Permissions::from_mode(0o755)).unwrap();
        home.ensure().unwrap();
        assert_eq!(
            mode(home.root()),
            0o755,
            "a directory in use keeps the mode its owner gave it"
        );
    }
}
