//! Any text is lexed; the classes that a highlighter gets cover disjoint spans of it in order.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut behind = 0;
    for (at, _) in dgscript::syntax::highlight(text) {
        assert!(at.start >= behind && at.end >= at.start);
        assert!(text.get(at.range()).is_some());
        behind = at.end;
    }
});
