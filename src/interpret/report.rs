//! An error that nobody caught, as a message for people.

use crate::diagnostic::{Code, Diagnostic, Label, Severity, nearest};
use crate::host::{EvalError, LimitKind, Lookup, Origin, Raise};
use crate::source::Location;

/// The most calls that a message lists.
const LISTED_CALLS: usize = 8;

/// The message of an uncaught error: what, where, and the calls that led there.
pub fn diagnostic(error: &EvalError) -> Diagnostic {
    let (label, help) = match &error.raise {
        Raise::Failed(failure) => (
            failure.label.clone().into_owned(),
            failure
                .help
                .clone()
                .map(String::from)
                .or_else(|| advice(failure.code).map(str::to_owned)),
        ),
        Raise::Thrown(_) => (
            "thrown here".to_owned(),
            Some("handle it with `try { ... } catch (e) { ... }`".to_owned()),
        ),
        Raise::Exhausted(kind) => (String::new(), Some(way_out(*kind).to_owned())),
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
    if let (Some(origin), Some(at)) = (&error.origin, error.at) {
        tell_origin(origin, at, &mut diagnostic);
    }
    if diagnostic.title.is_empty() {
        diagnostic.title = error.code().title().to_owned();
    }
    diagnostic
}

/// What to do about an error whose place knows nothing better.
const fn advice(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::NullOperand => "check it first with `isNull(...)`, or give a default with `ifnull(...)`",
        Code::WrongKind | Code::BadOperands => {
            "convert one side first: `toNumber()`, `toDecimal()`, `toString()` or `toDate()`"
        }
        Code::CannotConvert => "look at the text with `info`, or catch the error with `try { ... } catch (e) { ... }`",
        Code::DivideByZero => "check the divisor first: `if(divisor != 0) { ... }`",
        Code::IndexOutOfRange => "compare with `size()` first, or give a default with `ifnull(...)`",
        Code::BadJson => "look at the text with `info`: an answer may be no JSON at all",
        Code::BadDate => "write it like 29-Feb-2024, or name its pattern as second argument",
        Code::BadXml => "look at the text with `info`: it has to be well-formed, and the path XPath 1.0",
        Code::BadArchive => "look at the file: it has to be a whole zip file without a password",
        Code::HostFailed => "handle it with `try { ... } catch (e) { ... }`, where the script can go on without it",
        Code::ContainsItself => "print a part of it, or leave it out of itself",
        Code::Overflow => "a NUMBER is a 64-bit integer; use decimals for larger results",
        Code::BadArgument | Code::ArgumentCount => "see with `dg doc NAME` what it takes",
        Code::BadRequest => "look at the request with `--show-requests`",
        Code::BadResponse => "try again; if it stays, the service does not speak HTTP as it should",
        Code::NotAvailable => "do this part in Zoho, or call the service's API with `invokeurl`",
        _ => return None,
    })
}

/// What to do about a limit.
const fn way_out(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Statements => "do less in loops, or run with `--limits local`, which has no such limit",
        LimitKind::Depth => "look for a function that calls itself without an end",
        LimitKind::Requests => "fetch more at once, page by page instead of one by one",
        LimitKind::Memory => "keep less at once: work through the data page by page",
        LimitKind::Output => "print less, or return the result instead",
        LimitKind::Time => "do less at once, or give the run more time",
        LimitKind::Interrupted => "run it again for its result; what it did until then stays done",
    }
}

/// The most keys of a map that a message lists.
const LISTED_KEYS: usize = 8;

/// The most keys that are compared with a missing one.
const COMPARED_KEYS: usize = 1_000;

/// Tells where a null came from: the place where its variable was assigned, and the key that its map does not have.
fn tell_origin(origin: &Origin, at: Location, diagnostic: &mut Diagnostic) {
    if let Some((name, place)) = &origin.assigned {
        let label = Label {
            at: Location {
                source: at.source,
                span: *place,
            },
            text: format!("`{name}` got its value here"),
        };
        diagnostic.also.insert(0, label);
    }
    let Some(Lookup { of, map, key }) = &origin.lookup else {
        return;
    };
    let entries = map.entries();
    let keys: Vec<String> = entries
        .keys()
        .take(COMPARED_KEYS)
        .map(|key| key.value().key_text())
        .collect();
    let key = key.key_text();
    let missing = format!("`{of}` has no key `{key}`");
    let listed = keys
        .iter()
        .take(LISTED_KEYS)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    let more = entries.len().saturating_sub(LISTED_KEYS);
    diagnostic.help = Some(match nearest(&key, keys.iter().map(String::as_str)) {
        Some(near) => format!("{missing}; there is `{near}`"),
        None if keys.is_empty() => format!("{missing}: it is empty"),
        None if more > 0 => format!("{missing}; its keys are {listed} and {more} more"),
        None => format!("{missing}; its keys are {listed}"),
    });
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
