//! What a person typed: whole, unfinished or wrong. The real parser decides.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceFile, SourceId};
use crate::syntax::ast::{Script, StatementKind};
use crate::syntax::{self, Parsed, Profile};

/// Words that begin a block: behind one of them, more has to come.
const TASK_WORDS: [&str; 3] = ["invokeurl", "invokeapi", "sendmail"];

/// What an entry reads as.
pub(super) enum Reading {
    /// More lines may mend it.
    Unfinished,
    /// A script.
    Whole(Box<Whole>),
    /// No script, whatever follows.
    Wrong(Vec<Diagnostic>, Arc<SourceFile>),
}

/// An entry that parses.
pub(super) struct Whole {
    pub(super) script: Script,
    pub(super) file: Arc<SourceFile>,
    pub(super) warnings: Vec<Diagnostic>,
}

/// Reads an entry. The last statement may lack its semicolon, and the whole may be a list or map literal, which at the
/// beginning of a script would be a block.
pub(super) fn read(name: &str, text: &str, profile: Profile) -> Reading {
    let first = attempt(name, text.to_owned(), profile);
    if first.is_whole() {
        return if ends_open(&first.parsed.script, text) {
            Reading::Unfinished
        } else {
            first.finish()
        };
    }
    let literal = text.trim_start().starts_with('{');
    if first.parsed.incomplete {
        // Behind a comment the semicolon needs a line of its own.
        let closed = [";", "\n;"].map(|end| attempt(name, format!("{text}{end}"), profile));
        if let Some(closed) = closed.into_iter().find(Attempt::is_whole)
            && !ends_with_task(text)
        {
            return closed.finish();
        }
        if !literal {
            return Reading::Unfinished;
        }
    }
    if literal {
        let value = attempt(name, format!("({text});"), profile);
        if value.is_whole() {
            return value.finish();
        }
        let open = attempt(name, format!("({text}"), profile);
        if first.parsed.incomplete || open.parsed.incomplete {
            return Reading::Unfinished;
        }
    }
    Reading::Wrong(first.parsed.diagnostics, first.file)
}

struct Attempt {
    parsed: Parsed,
    file: Arc<SourceFile>,
}

fn attempt(name: &str, text: String, profile: Profile) -> Attempt {
    let file = Arc::new(SourceFile::new(name, text));
    Attempt {
        parsed: syntax::parse(file.text(), SourceId(0), profile),
        file,
    }
}

impl Attempt {
    fn is_whole(&self) -> bool {
        let is_error = |found: &Diagnostic| found.severity == Severity::Error;
        !self.parsed.diagnostics.iter().any(is_error)
    }

    fn finish(self) -> Reading {
        Reading::Whole(Box::new(Whole {
            script: self.parsed.script,
            file: self.file,
            warnings: self.parsed.diagnostics,
        }))
    }
}

/// Whether the entry ends with the name of a task, whose block stands on the next line.
fn ends_with_task(text: &str) -> bool {
    let rest = text.trim_end();
    let word = rest
        .rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .next();
    word.is_some_and(|word| TASK_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// Whether the entry ends with a `try` whose `catch` has still to come.
fn ends_open(script: &Script, text: &str) -> bool {
    let last = script.list(script.body).last().map(|id| script.statement(*id));
    last.is_some_and(|last| {
        matches!(last.kind, StatementKind::Try(attempt) if script.part(attempt).catch.is_none())
            && text[(last.at.end as usize).min(text.len())..].trim().is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> &'static str {
        match read("t", text, Profile::Standard) {
            Reading::Unfinished => "unfinished",
            Reading::Whole(_) => "whole",
            Reading::Wrong(..) => "wrong",
        }
    }

    #[test]
    fn an_entry_is_whole_without_its_last_semicolon() {
        for text in [
            "1 + 2",
            "x = 1",
            "x = 1;",
            "m.get(\"a\")",
            "a = 1; b = 2",
            "info 1 // why",
            "{1, 2}",
            "{\"a\": 1}",
            "",
            "// note",
        ] {
            assert_eq!(kind(text), "whole", "{text}");
        }
    }

    #[test]
    fn an_entry_that_more_lines_may_mend_is_unfinished() {
        for text in [
            "x = 1 +",
            "f(",
            "{1,",
            "{\"a\":",
            "if(true)",
            "if(true) {",
            "int f(int a)",
            "int f(int a)\n{",
            "x = invokeurl",
            "x = invokeurl\n[",
            "x = invokeurl [ url :",
            "\"text",
            "/* note",
            "for each x in {1}",
            "try { x = 1; }",
            "{",
            "m.put(\"a\",",
        ] {
            assert_eq!(kind(text), "unfinished", "{text}");
        }
    }

    #[test]
    fn an_entry_that_nothing_mends_is_wrong() {
        for text in ["x = );", "a b c;", "1 +* 2", "if(true) { x = ; }", "x = ?"] {
            assert_eq!(kind(text), "wrong", "{text}");
        }
    }
}
