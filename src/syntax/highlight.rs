//! Colours for a script: the stretches of its text and what each is.

use super::lexer;
use super::tagger;
use super::token::{Class, Token};
use crate::source::{SourceId, Span};

/// The coloured stretches of a text, in order and without overlap; blanks belong to none. Total, like the parser.
///
/// The tagger decides what a word is, so `count` is a name and `info` a keyword only where it acts as one.
pub fn highlight(text: &str) -> Vec<(Span, Class)> {
    let lexed = lexer::lex(text, false);
    let tagged = tagger::tag(text, SourceId::default(), &lexed.tokens);
    let mut classes: Vec<(Span, Class)> = lexed.comments.iter().map(|span| (*span, Class::Comment)).collect();
    let real = tagged.tokens.iter().filter(|token| token.end > token.start);
    classes.extend(real.map(|token| (Span::new(token.start, token.end), token.token.class())));
    // Where a bracket follows a name, it is called. Calls are told here because the grammar has no need to.
    for pair in tagged.tokens.windows(2) {
        if pair[0].token == Token::Name && pair[1].token == Token::OpenParen {
            classes.push((Span::new(pair[0].start, pair[0].end), Class::Call));
        }
    }
    classes.sort_by_key(|(span, class)| (span.start, *class != Class::Call));
    classes.dedup_by_key(|(span, _)| span.start);
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_coloured_for_what_they_are_where_they_stand() {
        let text = "info info.get(count); // end";
        let seen: Vec<_> = highlight(text)
            .into_iter()
            .map(|(span, class)| (&text[span.range()], class))
            .collect();
        assert_eq!(
            seen,
            [
                ("info", Class::Keyword),
                ("info", Class::Name),
                (".", Class::Sign),
                ("get", Class::Call),
                ("(", Class::Sign),
                ("count", Class::Name),
                (")", Class::Sign),
                (";", Class::Sign),
                ("// end", Class::Comment),
            ]
        );
    }
}
