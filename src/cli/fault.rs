//! A fault in `dg` itself: told like any other message, and without the values that it stumbled over.

use std::io::{self, Write};
use std::panic::{self, Location};

use crate::diagnostic::{Code, Diagnostic, render};

/// From now on a panic is told as a message. What it says of itself is left out: it may quote a value, be it a secret.
pub(super) fn tell_from_now_on() {
    panic::set_hook(Box::new(|fault| {
        // Standard error may be closed; nobody is left to hear of it.
        _ = io::stderr().write_all(told(fault.location()).as_bytes());
    }));
}

fn told(place: Option<&Location<'_>>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let place = place.map_or_else(String::new, |place| format!(", at {}:{}", place.file(), place.line()));
    let title = format!("a fault in dg {version} itself{place}");
    let diagnostic = Diagnostic::placeless(Code::Internal, title);
    render::plain(&diagnostic.help("report it, with the script if you may show it"), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_its_code_and_place() {
        let told = told(Some(Location::caller()));
        assert!(told.starts_with("error[DG0901]: a fault in dg "), "{told}");
        assert!(told.contains("fault.rs:"), "{told}");
        assert!(told.contains("\n  help: report it"), "{told}");
    }
}
