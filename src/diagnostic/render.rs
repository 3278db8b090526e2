//! Renderings of diagnostics: plain lines for logs and screen readers, JSON for programs, graphical for terminals.

use std::sync::Arc;

use super::Diagnostic;
use crate::source::SourceFile;

/// The message as plain text.
pub fn plain(diagnostic: &Diagnostic, _sources: &[Arc<SourceFile>]) -> String {
    format!("{}: {}", diagnostic.code.number(), diagnostic.title)
}
