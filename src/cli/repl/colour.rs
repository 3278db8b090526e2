//! Colours of a script at the prompt, out of the language's own lexer.

use std::fmt::Write;

use crate::syntax::{Class, highlight};

/// What ends a colour.
const PLAIN: &str = "\x1b[0m";

/// The sequence that begins a colour; `None` for what stays as it is.
const fn sequence(class: Class) -> Option<&'static str> {
    match class {
        Class::Keyword => Some("\x1b[1;34m"),
        Class::Constant | Class::Number => Some("\x1b[35m"),
        Class::Task => Some("\x1b[36m"),
        Class::Call => Some("\x1b[33m"),
        Class::Type => Some("\x1b[34m"),
        Class::Text => Some("\x1b[32m"),
        Class::Comment => Some("\x1b[90m"),
        Class::Bad => Some("\x1b[31m"),
        Class::Name | Class::Sign => None,
    }
}

/// A script in colours.
pub(super) fn paint(text: &str) -> String {
    paint_with_brackets(text, None)
}

/// A script in colours, with the bracket at the cursor and its partner underlined.
pub(super) fn paint_with_brackets(text: &str, cursor: Option<usize>) -> String {
    let classes = highlight(text);
    let pair = cursor.and_then(|cursor| brackets(text, &classes, cursor));
    let mut painted = String::with_capacity(text.len() * 2);
    let mut done = 0;
    for (span, class) in classes {
        painted.push_str(&text[done..span.start as usize]);
        let part = &text[span.range()];
        let matched = pair.is_some_and(|(a, b)| span.start as usize == a || span.start as usize == b);
        match sequence(class) {
            _ if matched => _ = write!(painted, "\x1b[1;4m{part}{PLAIN}"),
            Some(start) => _ = write!(painted, "{start}{part}{PLAIN}"),
            None => painted.push_str(part),
        }
        done = span.end as usize;
    }
    painted.push_str(&text[done..]);
    painted
}

/// A hint, in grey.
pub(super) fn faint(text: &str) -> String {
    format!("\x1b[90m{text}{PLAIN}")
}

/// Where the bracket at the cursor, or right before it, and its partner stand.
fn brackets(text: &str, classes: &[(crate::source::Span, Class)], cursor: usize) -> Option<(usize, usize)> {
    let signs = classes.iter().filter(|(_, class)| *class == Class::Sign);
    let signs = signs.map(|(span, _)| (span.start as usize, text[span.range()].chars().next().unwrap_or(' ')));
    let mut open = Vec::new();
    for (at, sign) in signs {
        match sign {
            '(' | '[' | '{' => open.push((at, sign)),
            ')' | ']' | '}' => {
                let (opener, first) = open.pop()?;
                let fits = matches!((first, sign), ('(', ')') | ('[', ']') | ('{', '}'));
                let touched = |place: usize| place == cursor || place + 1 == cursor;
                if fits && (touched(opener) || touched(at)) {
                    return Some((opener, at));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(painted: &str) -> String {
        let mut text = String::new();
        let mut inside = false;
        for letter in painted.chars() {
            match letter {
                '\x1b' => inside = true,
                'm' if inside => inside = false,
                _ if inside => {}
                _ => text.push(letter),
            }
        }
        text
    }

    #[test]
    fn colours_change_nothing_but_the_colour() {
        for text in [
            "info \"é\" + 1; // x",
            "x = {1, \"a\n",
            "if(a) { 日本 }",
            "",
            "\"",
            "a.b(?",
        ] {
            for cursor in 0..=text.len() {
                assert_eq!(plain(&paint_with_brackets(text, Some(cursor))), text);
            }
        }
    }

    #[test]
    fn the_bracket_at_the_cursor_shows_its_partner() {
        let shown = paint_with_brackets("f(a(1)) ", Some(7));
        assert_eq!(shown.matches("\x1b[1;4m").count(), 2, "{shown:?}");
        assert!(paint_with_brackets("f(\"(\")", Some(6)).starts_with("\x1b[33mf\x1b[0m\x1b[1;4m(\x1b[0m"));
    }
}
