//! Text to syntax tree. [`parse`] is the only door.
//!
//! ```text
//! text ─ lexer ─ tokens ─ tagger ─ named tokens ─ parser (grammar/deluge.lalrpop) ─ tree
//!                            └─ notes ─┐              └─ errors ─┐
//!                                      └──── error ──────────────┴─ diagnostics
//! ```

pub mod ast;
#[cfg(test)]
mod dump;
mod error;
mod highlight;
mod lexer;
pub mod literal;
mod names;
mod parser;
mod print;
mod tagger;
#[cfg(test)]
mod tests;
mod token;

pub use highlight::highlight;
pub use print::print;
pub use token::Class;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceId, Span};
use error::Judged;
use lexer::Scanner;
use token::Token;

/// Which of Zoho's dialects a script is read and run in (`--profile`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Cliq, CRM, Books, Desk and the rest.
    #[default]
    Standard,
    /// Zoho Creator: `||` binds tighter than `&&`, and a few built-ins differ.
    Creator,
}

/// What a script parses to. There is always a tree; it is whole if no diagnostic is an error.
#[derive(Debug)]
pub struct Parsed {
    /// The tree. What could not be parsed is in it as [`ast::StatementKind::Bad`].
    pub script: ast::Script,
    /// Errors and warnings in the order of the file; at most a hundred of each.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the script is wrong only because it ends too early, so that more lines may mend it.
    pub incomplete: bool,
}

/// Parses a script.
///
/// ```
/// use dgscript::source::SourceId;
/// use dgscript::syntax::{Profile, parse};
///
/// let parsed = parse("info 1 + 2;", SourceId(0), Profile::Standard);
/// assert!(parsed.diagnostics.is_empty());
/// assert_eq!(parsed.script.body.len(), 1);
/// assert!(parse("if(true) {", SourceId(0), Profile::Standard).incomplete);
/// ```
pub fn parse(text: &str, source: SourceId, profile: Profile) -> Parsed {
    let reading = Reading { text, source, profile };
    if let Some(at) = application(text) {
        return reading.export(at);
    }
    let first = reading.read(false);
    if !first.several_lines || first.errors() == 0 {
        return first.finish();
    }
    // A text that spans lines in a script with errors has often lost its closing quote. The reading in which texts end with
    // their line may say so in one message instead of many.
    let mut second = reading.read(true);
    let better = second.errors() < first.errors() || second.errors() == first.errors() && first.errors() == 1;
    if !better {
        return first.finish();
    }
    second.incomplete = first.incomplete;
    second.finish()
}

/// One way to read a script.
#[derive(Clone, Copy)]
struct Reading<'t> {
    text: &'t str,
    source: SourceId,
    profile: Profile,
}

/// What a reading gives: a [`Parsed`] whose messages are not yet in order.
struct Read {
    script: ast::Script,
    messages: Vec<Judged>,
    incomplete: bool,
    /// Whether a text goes over several lines.
    several_lines: bool,
}

impl Reading<'_> {
    fn read(self, end_at_line: bool) -> Read {
        let Self { text, source, profile } = self;
        let mut stream = tagger::Stream::new(text, source, Scanner::new(text, end_at_line));
        let built = parser::build(text, source, profile, &mut stream);
        let whole = built.and_then(|built| stream.finish().map(|(tagged, found)| (built, tagged, found)));
        let (built, mut tagged, found) = whole.unwrap_or_else(|| {
            // Messages about errors look at the tokens around them, so all are needed.
            let (tokens, found) = lexer::lex(text, end_at_line);
            let tagged = tagger::tag(text, source, tokens);
            (parser::mend(text, source, profile, &tagged.tokens), tagged, found)
        });
        let mut messages: Vec<Judged> = Vec::new();
        let closed =
            |span: &&Span| text.as_bytes().get(span.start as usize) == text.as_bytes().get(span.end as usize - 1);
        for span in found.several_lines.iter().filter(closed).take(error::MOST) {
            messages.push(Judged {
                diagnostic: error::line_break_in_text(source, *span),
                at_end: false,
            });
        }
        let mut script = ast::Script {
            source,
            ..ast::Script::default()
        };
        if !tagged.too_deep {
            script = built.script;
            messages.extend(error::describe(built.errors, text, source, &mut tagged));
            let cut_off = |diagnostic: &Diagnostic| {
                tagged.open_at_end && diagnostic.at.is_some_and(|at| at.span.end as usize >= text.len())
            };
            messages.extend(built.diagnostics.into_iter().map(|diagnostic| Judged {
                at_end: cut_off(&diagnostic),
                diagnostic,
            }));
        }
        let notes = std::mem::take(&mut tagged.notes);
        messages.extend(notes.into_iter().map(|note| Judged {
            diagnostic: note.diagnostic,
            at_end: note.at_end,
        }));
        script.comments = found.comments;
        let mut errors = messages
            .iter()
            .filter(|message| message.diagnostic.severity == Severity::Error)
            .peekable();
        let incomplete = errors.peek().is_some() && errors.all(|message| message.at_end);
        Read {
            script,
            messages,
            incomplete,
            several_lines: !found.several_lines.is_empty(),
        }
    }

    fn export(self, at: Span) -> Parsed {
        let script = ast::Script {
            source: self.source,
            comments: lexer::lex(self.text, false).1.comments,
            ..ast::Script::default()
        };
        Parsed {
            script,
            diagnostics: vec![error::application_export(self.source, at)],
            incomplete: false,
        }
    }
}

impl Read {
    fn errors(&self) -> usize {
        self.messages
            .iter()
            .filter(|message| message.diagnostic.severity == Severity::Error)
            .count()
    }

    /// Puts the messages into the order of the file and cuts them off after a hundred.
    fn finish(self) -> Parsed {
        const SHOWN: usize = error::MOST - 1;
        let source = self.script.source;
        let mut diagnostics: Vec<Diagnostic> = self.messages.into_iter().map(|message| message.diagnostic).collect();
        diagnostics.sort_by_key(|diagnostic| diagnostic.at.map_or(0, |at| at.span.start));
        let mut counts = [0_usize; 2];
        let mut cut = None;
        diagnostics.retain(|diagnostic| {
            let warning = diagnostic.severity == Severity::Warning;
            let count = &mut counts[usize::from(warning)];
            *count += 1;
            if *count == SHOWN && !warning {
                cut = diagnostic.at.map(|at| at.span);
            }
            *count < SHOWN
        });
        if let Some(cut) = cut {
            diagnostics.push(error::too_many(source, cut));
        }
        Parsed {
            script: self.script,
            diagnostics,
            incomplete: self.incomplete,
        }
    }
}

/// Where `application "..."` stands near the top of a file, on a line of its own: the file is a Creator export.
fn application(text: &str) -> Option<Span> {
    const NEAR: usize = 20;
    let mut tokens = Vec::new();
    Scanner::new(text, false).fill(&mut tokens, NEAR + 1);
    tokens.windows(2).find_map(|pair| {
        let (word, name) = (pair[0], pair[1]);
        let at = Span::new(word.start, name.end);
        let line_start = text.get(..word.start as usize)?.rsplit('\n').next()?;
        let found = word.token == Token::Word
            && name.token == Token::Text
            && text
                .get(word.start as usize..word.end as usize)?
                .eq_ignore_ascii_case("application")
            && line_start
                .chars()
                .all(|character| character.is_whitespace() || character == '\u{FEFF}');
        found.then_some(at)
    })
}
