//! A pattern, read sign by sign: escapes, quotations and comments.

use std::fmt::Write as _;

use super::PatternError;

/// The signs of a pattern and how far they are read.
pub(super) struct Reader<'p> {
    signs: &'p [char],
    /// The index of the next sign.
    pub(super) at: usize,
}

impl<'p> Reader<'p> {
    pub(super) fn new(signs: &'p [char]) -> Self {
        Self { signs, at: 0 }
    }

    /// The signs to come.
    pub(super) fn rest(&self) -> &'p [char] {
        self.signs.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.signs.get(self.at).copied()
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let sign = self.peek()?;
        self.at += 1;
        Some(sign)
    }

    /// Takes these signs, if they come next.
    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        let mut rest = self.rest().iter();
        let comes = wanted.chars().all(|sign| rest.next() == Some(&sign));
        if comes {
            self.at += wanted.chars().count();
        }
        comes
    }

    /// The error that something is wrong at a sign.
    pub(super) fn wrong(&self, why: impl Into<String>, at: usize) -> PatternError {
        PatternError::Malformed(why.into(), Some(at))
    }

    /// What stands up to `\E`, or to the end; a `\Q` is taken already.
    pub(super) fn quoted(&mut self) -> String {
        let rest = self.rest();
        let end = rest.windows(2).position(|pair| pair == ['\\', 'E']);
        self.at += end.map_or(rest.len(), |end| end + 2);
        rest.iter().take(end.unwrap_or(rest.len())).collect()
    }

    /// Skips blanks, and comments from `#` to the end of the line.
    pub(super) fn skip_comments(&mut self) {
        while let Some(sign) = self.peek() {
            match sign {
                '#' => {
                    let line = self
                        .rest()
                        .iter()
                        .position(|sign| "\n\r\u{85}\u{2028}\u{2029}".contains(*sign));
                    self.at += line.unwrap_or(self.rest().len());
                }
                ' ' | '\t'..='\r' => self.at += 1,
                _ => return,
            }
        }
    }

    /// A whole number in decimal digits; too large a one counts as the largest.
    pub(super) fn number(&mut self) -> Option<u32> {
        let digits: String = self.rest().iter().take_while(|sign| sign.is_ascii_digit()).collect();
        self.at += digits.len();
        (!digits.is_empty()).then(|| digits.parse().unwrap_or(u32::MAX))
    }

    /// The code point that an escape means; the backslash is taken already. May be a surrogate by itself.
    pub(super) fn escaped_point(&mut self) -> Result<u32, PatternError> {
        let at = self.at;
        let Some(sign) = self.take() else {
            return Err(self.wrong("a backslash at the end", at));
        };
        Ok(match sign {
            't' => 0x09,
            'n' => 0x0A,
            'r' => 0x0D,
            'f' => 0x0C,
            'a' => 0x07,
            'e' => 0x1B,
            'c' => match self.take() {
                Some(control) => u32::from(control) ^ 0x40,
                None => return Err(self.wrong("illegal control escape sequence", at)),
            },
            '0' => self
                .octal()
                .ok_or_else(|| self.wrong("illegal octal escape sequence", at))?,
            'x' => self
                .hexadecimal()
                .ok_or_else(|| self.wrong("illegal hexadecimal escape sequence", at))?,
            'u' => self
                .unicode()
                .ok_or_else(|| self.wrong("illegal Unicode escape sequence", at))?,
            'N' => {
                let why = "`\\N` is not supported: write the character itself, or its number as \\x{..},";
                return Err(self.wrong(why, at));
            }
            sign if sign.is_ascii_alphanumeric() => {
                return Err(self.wrong(format!("illegal escape sequence `\\{sign}`"), at));
            }
            sign => u32::from(sign),
        })
    }

    /// `\0n`, `\0nn`, `\0mnn` with m up to 3.
    fn octal(&mut self) -> Option<u32> {
        let digits: Vec<u32> = self.rest().iter().take(3).map_while(|sign| sign.to_digit(8)).collect();
        let length = match digits.as_slice() {
            [first, _, _] if *first > 3 => 2,
            digits => digits.len(),
        };
        self.at += length;
        digits.into_iter().take(length).reduce(|value, digit| value * 8 + digit)
    }

    /// `\xhh` or `\x{h...h}`
    fn hexadecimal(&mut self) -> Option<u32> {
        if !self.eat("{") {
            return self.digits(2);
        }
        let length = self.rest().iter().position(|sign| *sign == '}')?;
        let digits: String = self.rest().iter().take(length).collect();
        self.at += length + 1;
        u32::from_str_radix(&digits, 16)
            .ok()
            .filter(|point| *point <= 0x10_FFFF)
    }

    /// `\uhhhh`; two surrogates side by side are one character.
    fn unicode(&mut self) -> Option<u32> {
        let high = self.digits(4)?;
        if !(0xD800..0xDC00).contains(&high) {
            return Some(high);
        }
        let back = self.at;
        if self.eat("\\u")
            && let Some(low) = self.digits(4)
            && (0xDC00..0xE000).contains(&low)
        {
            return Some(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
        }
        self.at = back;
        Some(high)
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let digits = self.rest().get(..count)?;
        let value = digits
            .iter()
            .try_fold(0, |value, sign| Some(value * 16 + sign.to_digit(16)?))?;
        self.at += count;
        Some(value)
    }
}

/// Writes a code point so that the engine takes it as it stands. Nothing for a surrogate.
pub(super) fn write_point(point: u32, out: &mut String) {
    match char::from_u32(point) {
        Some(character) if character.is_ascii_alphanumeric() || !character.is_ascii() => out.push(character),
        Some(_) => _ = write!(out, "\\x{{{point:X}}}"),
        None => {}
    }
}
