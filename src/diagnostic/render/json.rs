//! JSON for programs: one object a message.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{file_of, word};
use crate::diagnostic::Diagnostic;
use crate::source::{Location, SourceFile};

/// The message as one JSON object. Lines and columns count from 1, columns in characters; `end_line` and `end_column`
/// point behind the last character. What a message does not have is null.
///
/// Keys: `code severity title file line column end_line end_column label help also`, the last one a list of further
/// places, each `file line column end_line end_column label`.
pub fn json(diagnostic: &Diagnostic, sources: &[Arc<SourceFile>]) -> Value {
    let mut object = json!({
        "code": diagnostic.code.number(),
        "severity": word(diagnostic.severity),
        "title": diagnostic.title,
    });
    put_place(&mut object, diagnostic.at, sources);
    object["label"] = text_or_null(&diagnostic.label);
    object["help"] = json!(diagnostic.help);
    let also = diagnostic.also.iter().map(|label| {
        let mut place = json!({});
        put_place(&mut place, Some(label.at), sources);
        place["label"] = text_or_null(&label.text);
        place
    });
    object["also"] = also.collect();
    object
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

fn put_place(object: &mut Value, at: Option<Location>, sources: &[Arc<SourceFile>]) {
    let found = at.and_then(|at| Some((at.span, file_of(at, sources)?)));
    let start = found.map(|(span, file)| file.line_column(span.start));
    let end = found.map(|(span, file)| file.line_column(span.end));
    object["file"] = json!(found.map(|(_, file)| file.name()));
    object["line"] = json!(start.map(|place| place.line));
    object["column"] = json!(start.map(|place| place.column));
    object["end_line"] = json!(end.map(|place| place.line));
    object["end_column"] = json!(end.map(|place| place.column));
}
