//! Any text is parsed in both dialects; a script without errors prints as one that prints as itself; any is resolved.
#![no_main]

use dgscript::Runtime;
use dgscript::diagnostic::Severity;
use dgscript::source::{SourceFile, SourceId};
use dgscript::syntax::{Profile, parse, print};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let is_valid = |text: &str, profile| {
        let parsed = parse(text, SourceId(0), profile);
        for told in &parsed.diagnostics {
            assert!(told.at.is_some_and(|at| text.get(at.span.range()).is_some()));
        }
        !parsed.diagnostics.iter().any(|told| told.severity == Severity::Error)
    };
    let valid = is_valid(text, Profile::Standard);
    assert_eq!(valid, is_valid(text, Profile::Creator));
    if valid {
        let printed = print(&parse(text, SourceId(0), Profile::Standard).script, text);
        assert!(is_valid(&printed, Profile::Standard), "{printed}");
        let again = print(&parse(&printed, SourceId(0), Profile::Standard).script, &printed);
        assert_eq!(printed, again);
    }
    let _ = Runtime::builder().build().check(SourceFile::new("t.dg", text), Vec::new());
});
