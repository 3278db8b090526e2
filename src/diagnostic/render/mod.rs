//! Renderings of diagnostics: plain lines for logs and screen readers, JSON for programs, graphical for terminals.
//!
//! A rendering looks at the lines around its places only, so that a message about a file of many megabytes, or about a
//! line of many thousand characters, costs no more than any other. What a script or a server put into a text cannot
//! steer the terminal: control characters are shown, never sent.

mod excerpt;
#[cfg(feature = "cli")]
mod graphical;
mod json;
mod plain;
#[cfg(feature = "cli")]
#[cfg(test)]
mod tests;

use std::sync::Arc;

#[cfg(feature = "cli")]
pub use graphical::{Drawing, pretty};
pub use json::json;
pub use plain::plain;

use super::Severity;
use crate::source::{Location, SourceFile};

/// The word for a severity, as every rendering writes it.
const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The file that a place lies in, where the program has such a file.
fn file_of(at: Location, sources: &[Arc<SourceFile>]) -> Option<&SourceFile> {
    sources.get(at.source.0 as usize).map(AsRef::as_ref)
}
