//! The tokens of XPath, told apart as section 3.7 of the recommendation rules: a name or `*` behind an operand is an
//! operator.

use super::{Operator, Problem};

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    OpenPredicate,
    ClosePredicate,
    Dot,
    DotDot,
    At,
    Comma,
    Colons,
    Slash,
    DoubleSlash,
    /// `*` as a name test.
    Star,
    Operator(Operator),
    /// A name with its prefix; `prefix:*` too.
    Name(String),
    Literal(String),
    Number(f64),
    End,
}

/// The tokens of a text, each with the character at which it begins, from 1; [`Token::End`] is the last.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Problem> {
    let mut lexer = Lexer {
        characters: text.chars().collect(),
        at: 0,
        tokens: Vec::new(),
    };
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        let token = lexer.token()?;
        let ends = token == Token::End;
        lexer.tokens.push((token, start + 1));
        if ends {
            return Ok(lexer.tokens);
        }
    }
}

struct Lexer {
    characters: Vec<char>,
    at: usize,
    tokens: Vec<(Token, usize)>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Whether an operand ends right here, so that an operator has to follow.
    fn behind_operand(&self) -> bool {
        !matches!(
            self.tokens.last(),
            None | Some((
                Token::At
                    | Token::Colons
                    | Token::Open
                    | Token::OpenPredicate
                    | Token::Comma
                    | Token::Slash
                    | Token::DoubleSlash
                    | Token::Operator(_),
                _
            ))
        )
    }

    fn token(&mut self) -> Result<Token, Problem> {
        let Some(first) = self.peek(0) else {
            return Ok(Token::End);
        };
        let second = self.peek(1);
        let (token, length) = match (first, second) {
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('[', _) => (Token::OpenPredicate, 1),
            (']', _) => (Token::ClosePredicate, 1),
            ('.', Some('.')) => (Token::DotDot, 2),
            ('.', Some('0'..='9')) | ('0'..='9', _) => return self.number(),
            ('.', _) => (Token::Dot, 1),
            ('@', _) => (Token::At, 1),
            (',', _) => (Token::Comma, 1),
            (':', Some(':')) => (Token::Colons, 2),
            ('/', Some('/')) => (Token::DoubleSlash, 2),
            ('/', _) => (Token::Slash, 1),
            ('|', _) => (Token::Operator(Operator::Union), 1),
            ('+', _) => (Token::Operator(Operator::Plus), 1),
            ('-', _) => (Token::Operator(Operator::Minus), 1),
            ('=', _) => (Token::Operator(Operator::Equal), 1),
            ('!', Some('=')) => (Token::Operator(Operator::NotEqual), 2),
            ('<', Some('=')) => (Token::Operator(Operator::LessOrEqual), 2),
            ('<', _) => (Token::Operator(Operator::Less), 1),
            ('>', Some('=')) => (Token::Operator(Operator::GreaterOrEqual), 2),
            ('>', _) => (Token::Operator(Operator::Greater), 1),
            ('*', _) if self.behind_operand() => (Token::Operator(Operator::Times), 1),
            ('*', _) => (Token::Star, 1),
            ('"' | '\'', _) => return self.literal(first),
            _ => return self.name(),
        };
        self.at += length;
        Ok(token)
    }

    fn number(&mut self) -> Result<Token, Problem> {
        let start = self.at;
        let mut point = false;
        while let Some(character) = self.peek(0) {
            match character {
                '0'..='9' => {}
                '.' if !point => point = true,
                _ => break,
            }
            self.at += 1;
        }
        let digits: String = self.characters[start..self.at].iter().collect();
        Ok(Token::Number(digits.parse().unwrap_or(f64::NAN)))
    }

    fn literal(&mut self, quote: char) -> Result<Token, Problem> {
        let start = self.at + 1;
        match self.characters[start..]
            .iter()
            .position(|character| *character == quote)
        {
            Some(length) => {
                self.at = start + length + 1;
                Ok(Token::Literal(self.characters[start..start + length].iter().collect()))
            }
            None => Err(Problem::Malformed(start, "a quote is never closed".to_owned())),
        }
    }

    fn name(&mut self) -> Result<Token, Problem> {
        let start = self.at;
        if !self.peek(0).is_some_and(begins_name) {
            let found = self.peek(0).unwrap_or(' ');
            return Err(Problem::Malformed(start + 1, format!("`{found}` means nothing there")));
        }
        self.name_part();
        if self.peek(0) == Some(':') {
            match self.peek(1) {
                Some('*') => self.at += 2,
                Some(next) if begins_name(next) => {
                    self.at += 1;
                    self.name_part();
                }
                _ => {}
            }
        }
        let name: String = self.characters[start..self.at].iter().collect();
        if self.behind_operand() {
            let operator = match name.as_str() {
                "and" => Operator::And,
                "or" => Operator::Or,
                "mod" => Operator::Modulo,
                "div" => Operator::Divided,
                _ => return Err(Problem::Malformed(start + 1, "an operator is expected".to_owned())),
            };
            return Ok(Token::Operator(operator));
        }
        Ok(Token::Name(name))
    }

    fn name_part(&mut self) {
        let goes_on =
            |character: char| begins_name(character) || character.is_numeric() || matches!(character, '-' | '.');
        while self.peek(0).is_some_and(goes_on) {
            self.at += 1;
        }
    }
}

fn begins_name(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}
