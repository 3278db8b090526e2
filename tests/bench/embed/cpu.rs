//! CPU time of threads, which other programs on the machine disturb less than the time on the clock.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// The time that a thread has run, from its folder in `/proc`.
fn of_thread(folder: &Path) -> Duration {
    let text = fs::read_to_string(folder.join("schedstat")).unwrap_or_default();
    let nanos = text.split(' ').next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// The time that this thread has run.
pub(crate) fn of_this_thread() -> Duration {
    of_thread(Path::new("/proc/thread-self"))
}

/// The time that every other living thread of this process has run.
pub(crate) fn of_others() -> Duration {
    let own = fs::canonicalize("/proc/thread-self").unwrap_or_default();
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let others = threads
        .map(|thread| thread.path())
        .filter(|path| path.file_name() != own.file_name());
    others.map(|path| of_thread(&path)).sum()
}
