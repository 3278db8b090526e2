//! Places at which a test can end the process, to see what a power cut there would cost. A release has none.

/// Ends the process here, at once and without any clearing up, where `DG_CRASH_AT` names this place.
#[cfg(debug_assertions)]
pub(super) fn crash_point(place: &str) {
    if std::env::var_os("DG_CRASH_AT").is_some_and(|at| at == place) {
        std::process::abort();
    }
}

/// Does nothing.
#[cfg(not(debug_assertions))]
pub(super) const fn crash_point(_place: &str) {}
