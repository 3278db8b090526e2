//! An error that nobody caught, as a message for people.

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::host::{EvalError, Raise};
use crate::source::Location;

/// The most calls that a message lists.
const LISTED_CALLS: usize = 8;

/// The message of an uncaught error: what, where, and the calls that led there.
pub fn diagnostic(error: &EvalError) -> Diagnostic {
    let (label, help) = match &error.raise {
        Raise::Failed(failure) => (
            failure.label.clone().into_owned(),
            failure.help.clone().map(String::from),
        ),
        Raise::Thrown(_) => (
            "thrown here".to_owned(),
            Some("handle it with `try { ... } catch (e) { ... }`".to_owned()),
        ),
        Raise::Exhausted(_) => (String::new(), None),
    };
    let mut diagnostic = Diagnostic {
        code: error.code(),
        severity: Severity::Error,
        title: error.message().into_owned(),
        at: error.at,
        label,
        also: calls(error),
        help,
    };
    if diagnostic.title.is_empty() {
        diagnostic.title = error.code().title().to_owned();
    }
    diagnostic
}

/// The calls that led to an error, innermost first. A deep recursion shows its innermost calls and the outermost one.
fn calls(error: &EvalError) -> Vec<Label> {
    let label = |function: &str, at: Location| Label {
        at,
        text: format!("in `{function}`, called here"),
    };
    let all = error.trace.iter().map(|site| label(&site.function, site.at));
    if error.trace.len() <= LISTED_CALLS {
        return all.collect();
    }
    let hidden = error.trace.len() - LISTED_CALLS;
    let mut shown: Vec<Label> = all.take(LISTED_CALLS - 1).collect();
    if let Some(outermost) = error.trace.last() {
        let mut last = label(&outermost.function, outermost.at);
        last.text = format!("{}, {hidden} calls further out", last.text);
        shown.push(last);
    }
    shown
}
