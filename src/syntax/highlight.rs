//! Colours for a script: the stretches of its text and what each is.

use super::lexer;
use super::tagger;
use super::token::{Class, Token};
use crate::source::{SourceId, Span};

/// The coloured stretches of a text, in order and without overlap; blanks belong to none. Total, like the parser.
///
/// The tagger decides what a word is, so `count` is a name and `info` a keyword only where it acts as one.
pub fn highlight(text: &str) -> Vec<(Span, Class)> {
    let (tokens, found) = lexer::lex(text, false);
    let tagged = tagger::tag(text, SourceId::default(), tokens.clone());
    let mut classes: Vec<(Span, Class)> = found.comments.iter().map(|span| (*span, Class::Comment)).collect();
    let real = tagged.tokens.iter().filter(|token| token.end > token.start);
    classes.extend(real.map(|token| (Span::new(token.start, token.end), token.token.class())));
    // Where a bracket follows a name, it is called. Calls are told here because the grammar has no need to.
    for pair in tagged.tokens.windows(2) {
        if pair[0].token == Token::Name && pair[1].token == Token::OpenParen {
            classes.push((Span::new(pair[0].start, pair[0].end), Class::Call));
        }
    }
    // What the tagger left out behind an error keeps the colour of its kind.
    classes.extend(
        tokens
            .iter()
            .map(|raw| (Span::new(raw.start, raw.end), raw.token.class())),
    );
    // The sort is stable, so of several at one place the more telling one, pushed first or a call, stays.
    classes.sort_by_key(|(span, class)| (span.start, *class != Class::Call));
    let mut end = 0;
    classes.retain(|(span, _)| {
        let free = span.start >= end;
        end = end.max(span.end);
        free
    });
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_statement_keeps_its_colours() {
        let text = "a b \"t\" 1; reply";
        let seen: Vec<_> = highlight(text).into_iter().map(|(_, class)| class).collect();
        assert_eq!(
            seen,
            [
                Class::Name,
                Class::Name,
                Class::Text,
                Class::Number,
                Class::Sign,
                Class::Name
            ]
        );
    }

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
