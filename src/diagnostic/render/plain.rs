//! Plain text: reads well aloud, in a log and without colours.

use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::excerpt::{Excerpt, harmless};
use super::{file_of, word};
use crate::diagnostic::Diagnostic;
use crate::source::{Location, SourceFile};

/// The message as plain text, a line break at its end.
///
/// ```text
/// error[DG0201]: Variable 'total' is not defined
///   at order.dg:1:6
///   1 | info total;
///     |      ^^^^^ nothing assigns it before
///   help: assign it before it is read
/// ```
pub fn plain(diagnostic: &Diagnostic, sources: &[Arc<SourceFile>]) -> String {
    let mut text = format!("{}[{}]: ", word(diagnostic.severity), diagnostic.code.number());
    push_indented(&mut text, &diagnostic.title);
    if let Some(file) = diagnostic.at.and_then(|at| Some((at, file_of(at, sources)?))) {
        push_place(&mut text, file, &diagnostic.label, '^');
    }
    for label in &diagnostic.also {
        if let Some(file) = file_of(label.at, sources) {
            push_place(&mut text, (label.at, file), &label.text, '-');
        }
    }
    if let Some(help) = &diagnostic.help {
        text.push_str("  help: ");
        push_indented(&mut text, help);
    }
    text
}

/// The place, the line it lies in, and a row of `mark` under it with the label behind.
fn push_place(text: &mut String, (at, file): (Location, &SourceFile), label: &str, mark: char) {
    let place = file.line_column(at.span.start);
    let name = harmless(file.name());
    text.push_str(&format!("  at {name}:{}:{}\n", place.line, place.column));
    let excerpt = Excerpt::around(file, at.span);
    let shown = excerpt.shown(at.span);
    let number = excerpt.number.to_string();
    text.push_str(format!("  {number} | {}", excerpt.text).trim_end());
    text.push('\n');
    let before = excerpt.text[..shown.start].width();
    let under = excerpt.text[shown].width().max(1);
    let blank = " ".repeat(number.len());
    text.push_str(&format!("  {blank} | {}", " ".repeat(before)));
    text.extend(std::iter::repeat_n(mark, under));
    if label.is_empty() {
        text.push('\n');
    } else {
        text.push(' ');
        push_indented(text, label);
    }
}

/// A text whose further lines are indented under its first one.
fn push_indented(text: &mut String, message: &str) {
    for (index, line) in harmless(message).trim_end().split('\n').enumerate() {
        if index > 0 {
            text.push_str("\n    ");
        }
        text.push_str(line);
    }
    text.push('\n');
}
