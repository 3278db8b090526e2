//! From Java's flavour of patterns to the engine's (java.util.regex.Pattern).
//!
//! What differs: short classes are ASCII; `.`, `^` and `$` know five line breaks; `$` matches before the last one;
//! `\Q..\E`, `\h`, `\v`, `\R`, octal and `\u` escapes, POSIX and `java` properties. Groups are written without names.
//! A `{` that begins no repetition is taken literally, which Java refuses, and `\N{name}` is refused: it needs the names of
//! all characters.

use super::PatternError;
use super::class::{self, NOTHING};
use super::reader::{Reader, write_point};

/// What ends a line.
pub(super) const LINE_BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// The engine's form of a pattern.
pub(super) struct Translation {
    /// The pattern.
    pub(super) pattern: String,
    /// How many groups capture.
    pub(super) groups: usize,
    /// The groups with a name.
    pub(super) names: Vec<(String, usize)>,
    /// The text that it means, where it means just one.
    pub(super) literal: Option<String>,
}

/// How deep groups may be nested in each other.
const DEEPEST: usize = 200;

/// Translates a pattern for texts that end in a line break, or for those that do not.
///
/// # Errors
/// The pattern is malformed.
pub(super) fn translate(source: &str, ignore_case: bool, ends_in_break: bool) -> Result<Translation, PatternError> {
    let signs: Vec<char> = source.chars().collect();
    let run = |groups| {
        let mut translator = Translator::new(&signs, ends_in_break, groups);
        translator.flags.case = ignore_case;
        translator.run(ignore_case)
    };
    let (translation, highest) = run(usize::MAX)?;
    if highest <= translation.groups {
        return Ok(translation);
    }
    // A reference to a group that never comes matches nothing; how many there are is known now.
    Ok(run(translation.groups)?.0)
}

/// The flags of Java that change what is written.
#[derive(Clone, Copy, Default)]
struct Flags {
    /// `i`
    case: bool,
    /// `m`
    lines: bool,
    /// `s`
    dot_all: bool,
    /// `x`
    comments: bool,
    /// `d`
    unix: bool,
    /// `U`
    unicode: bool,
}

/// A group that is not closed yet.
struct Open {
    /// The flags to go back to.
    flags: Flags,
    /// Where its bracket stands.
    at: usize,
    /// Where it begins in what is written.
    start: usize,
    /// Whether it is a look-around, which matches nothing by itself.
    looks: bool,
    /// Whether anything in it may match a character.
    solid: bool,
}

struct Translator<'p> {
    reader: Reader<'p>,
    out: String,
    flags: Flags,
    open: Vec<Open>,
    ends_in_break: bool,
    groups: usize,
    all_groups: usize,
    highest: usize,
    names: Vec<(String, usize)>,
    literal: Option<String>,
}

impl<'p> Translator<'p> {
    fn new(signs: &'p [char], ends_in_break: bool, all_groups: usize) -> Self {
        Self {
            reader: Reader::new(signs),
            out: String::new(),
            flags: Flags::default(),
            open: Vec::new(),
            ends_in_break,
            groups: 0,
            all_groups,
            highest: 0,
            names: Vec::new(),
            literal: Some(String::new()),
        }
    }

    fn run(mut self, ignore_case: bool) -> Result<(Translation, usize), PatternError> {
        if ignore_case {
            self.out.push_str("(?i)");
        }
        loop {
            self.skip();
            let at = self.reader.at;
            let Some(sign) = self.reader.take() else { break };
            self.step(sign, at)?;
        }
        if let Some(open) = self.open.last() {
            return Err(self.reader.wrong("unclosed group", open.at));
        }
        let translation = Translation {
            pattern: self.out,
            groups: self.groups,
            names: self.names,
            literal: self.literal,
        };
        Ok((translation, self.highest))
    }

    fn skip(&mut self) {
        if self.flags.comments {
            self.reader.skip_comments();
        }
    }

    /// Translates what begins with this sign, its quantifier included.
    fn step(&mut self, sign: char, at: usize) -> Result<(), PatternError> {
        let mut atom = Atom {
            start: self.out.len(),
            empty: false,
        };
        match sign {
            '\\' => return self.escape(at),
            '(' => return self.group(at),
            '|' => {
                self.write("|");
                return Ok(());
            }
            ')' => {
                let Some(open) = self.open.pop() else {
                    return Err(self.reader.wrong("unmatched closing ')'", at));
                };
                self.flags = open.flags;
                atom.start = open.start;
                atom.empty = open.looks || !open.solid;
                self.write(")");
            }
            '[' => {
                let class = self.reader.class(self.flags.comments, self.flags.unicode)?;
                self.write(&class);
            }
            '.' => self.write(self.any()),
            '^' => {
                atom.empty = true;
                self.write(self.start());
            }
            '$' => {
                atom.empty = true;
                self.write(self.end(self.flags.lines));
            }
            '*' | '+' | '?' => {
                return Err(self.reader.wrong(format!("dangling meta character '{sign}'"), at));
            }
            // Nothing stands before it, so nothing is repeated.
            '{' if self.is_repetition() => {
                self.quantity(at)?;
                return Ok(());
            }
            _ => self.character(sign),
        }
        self.quantifier(atom)
    }

    /// Writes what is no plain character.
    fn write(&mut self, text: &str) {
        self.literal = None;
        self.out.push_str(text);
    }

    fn character(&mut self, character: char) {
        write_point(u32::from(character), &mut self.out);
        match &mut self.literal {
            Some(literal) if !self.flags.case => literal.push(character),
            literal => *literal = None,
        }
    }

    fn any(&self) -> &'static str {
        match (self.flags.dot_all, self.flags.unix) {
            (true, _) => "(?s:.)",
            (false, true) => "[^\\n]",
            (false, false) => "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]",
        }
    }

    fn start(&self) -> &'static str {
        match (self.flags.lines, self.flags.unix) {
            (false, _) => "\\A",
            (true, true) => "(?:(?:\\A|(?<=\\n))(?!\\z))",
            (true, false) => "(?:(?:\\A|(?<=[\\n\\x{85}\\x{2028}\\x{2029}])|(?<=\\r)(?!\\n))(?!\\z))",
        }
    }

    fn end(&self, lines: bool) -> &'static str {
        match (lines, self.flags.unix) {
            (true, true) => "(?:\\z|(?=\\n))",
            (true, false) => "(?:\\z|(?=[\\r\\x{85}\\x{2028}\\x{2029}])|(?<!\\r)(?=\\n))",
            (false, _) if !self.ends_in_break => "\\z",
            (false, true) => "(?:(?=\\n?\\z))",
            (false, false) => "(?:\\z|(?=(?:\\r\\n|[\\r\\x{85}\\x{2028}\\x{2029}])\\z)|(?<!\\r)(?=\\n\\z))",
        }
    }

    fn escape(&mut self, at: usize) -> Result<(), PatternError> {
        let unicode = self.flags.unicode;
        let atom = Atom {
            start: self.out.len(),
            empty: self.reader.peek().is_some_and(|letter| "bBAzZG".contains(letter)),
        };
        match self.reader.peek() {
            Some('Q') => {
                self.reader.take();
                self.reader
                    .quoted()
                    .chars()
                    .for_each(|character| self.character(character));
            }
            Some(digit @ '1'..='9') => self.numbered(digit),
            Some(letter) => {
                if let Some(content) = class::short(letter, unicode) {
                    self.reader.take();
                    self.write(&class::bracketed(content, letter.is_ascii_uppercase()));
                } else {
                    self.escaped_letter(letter, at)?;
                }
            }
            None => return Err(self.reader.wrong("a backslash at the end", at)),
        }
        self.quantifier(atom)
    }

    fn escaped_letter(&mut self, letter: char, at: usize) -> Result<(), PatternError> {
        let written = match letter {
            'b' => "\\b",
            'B' => "\\B",
            'A' => "\\A",
            'z' => "\\z",
            'G' => "\\G",
            'Z' => self.end(false),
            'R' => "(?:\\r\\n|[\\x0A-\\x0D\\x{85}\\x{2028}\\x{2029}])",
            'X' => "(?:\\r\\n|\\P{M}\\p{M}*|\\p{M}+)",
            'p' | 'P' => {
                self.reader.take();
                let property = self.reader.property(letter == 'P')?;
                self.write(&property);
                return Ok(());
            }
            'k' => {
                self.reader.take();
                return self.named(at);
            }
            _ => {
                let point = self.reader.escaped_point()?;
                match char::from_u32(point) {
                    Some(character) => self.character(character),
                    None => self.write(NOTHING),
                }
                return Ok(());
            }
        };
        self.reader.take();
        self.write(written);
        Ok(())
    }

    /// `\1`: further digits belong to it as long as there is such a group already.
    fn numbered(&mut self, first: char) {
        self.reader.take();
        let mut number = first.to_digit(10).unwrap_or_default() as usize;
        while let Some(digit) = self.reader.peek().and_then(|sign| sign.to_digit(10)) {
            let wider = number * 10 + digit as usize;
            if wider > self.groups {
                break;
            }
            self.reader.take();
            number = wider;
        }
        self.reference(number);
    }

    fn named(&mut self, at: usize) -> Result<(), PatternError> {
        let name = if self.reader.eat("<") { self.name() } else { None };
        let known = name.and_then(|name| self.names.iter().find(|(known, _)| *known == name));
        match known {
            Some((_, number)) => {
                self.reference(*number);
                Ok(())
            }
            None => Err(self.reader.wrong("a reference to a group that there is not", at)),
        }
    }

    fn reference(&mut self, number: usize) {
        self.highest = self.highest.max(number);
        if number > self.all_groups {
            self.write(NOTHING);
        } else {
            self.write(&format!("(?:\\{number})"));
        }
    }

    /// A name and the `>` behind it.
    fn name(&mut self) -> Option<String> {
        let length = self.reader.rest().iter().position(|sign| *sign == '>')?;
        let name: String = self.reader.rest().iter().take(length).collect();
        self.reader.at += length + 1;
        let begins = name.starts_with(|first: char| first.is_ascii_alphabetic());
        (begins && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(name)
    }

    fn group(&mut self, at: usize) -> Result<(), PatternError> {
        if self.open.len() >= DEEPEST {
            return Err(self.reader.wrong("groups are nested too deeply", at));
        }
        let (outer, start) = (self.flags, self.out.len());
        let looks = ["?=", "?!", "?<=", "?<!", "?>"]
            .into_iter()
            .find(|look| self.reader.eat(look));
        if let Some(look) = looks {
            self.write("(");
            self.write(look);
        } else if self.reader.eat("?<") {
            let Some(name) = self.name() else {
                return Err(self.reader.wrong("a group has no proper name", at));
            };
            if self.names.iter().any(|(known, _)| *known == name) {
                return Err(self.reader.wrong(format!("the name {name} is given to two groups"), at));
            }
            self.groups += 1;
            self.names.push((name, self.groups));
            self.write("(");
        } else if self.reader.eat("?") {
            if !self.change_flags(at)? {
                return Ok(());
            }
        } else {
            self.groups += 1;
            self.write("(");
        }
        self.open.push(Open {
            flags: outer,
            at,
            start,
            looks: looks.is_some_and(|look| look != "?>"),
            solid: false,
        });
        Ok(())
    }

    /// `(?i)`, which holds up to the end of the group around it, or `(?i:`; tells whether a group was opened.
    fn change_flags(&mut self, at: usize) -> Result<bool, PatternError> {
        let mut on = true;
        loop {
            match self.reader.take() {
                Some('-') if on => on = false,
                Some('i') => self.flags.case = on,
                Some('m') => self.flags.lines = on,
                Some('s') => self.flags.dot_all = on,
                Some('x') => self.flags.comments = on,
                Some('d') => self.flags.unix = on,
                Some('U') => self.flags.unicode = on,
                // Letters beyond ASCII are compared without their case anyway.
                Some('u') => {}
                Some(end @ (':' | ')')) => {
                    let case = if self.flags.case { "i" } else { "-i" };
                    self.write("(?");
                    self.write(case);
                    self.out.push(end);
                    return Ok(end == ':');
                }
                _ => return Err(self.reader.wrong("unknown inline modifier", at)),
            }
        }
    }

    /// Whether `{` stands before a repetition: `3}`, `3,}`, `3,5}`.
    fn is_repetition(&self) -> bool {
        let mut rest = self.reader.rest().iter().skip_while(|sign| sign.is_ascii_digit());
        let digits = self.reader.peek().is_some_and(|sign| sign.is_ascii_digit());
        digits
            && match rest.next() {
                Some('}') => true,
                Some(',') => rest.find(|sign| !sign.is_ascii_digit()) == Some(&'}'),
                _ => false,
            }
    }

    /// The quantifier behind an atom, if there is one.
    fn quantifier(&mut self, atom: Atom) -> Result<(), PatternError> {
        if let Some(open) = self.open.last_mut() {
            open.solid |= !atom.empty;
        }
        self.skip();
        let at = self.reader.at;
        let (least, most) = match self.reader.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.reader.take();
                if self.is_repetition() {
                    return self.repeated(atom, at);
                }
                self.reader.at = at;
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.reader.take();
        let manner = self.manner();
        self.write_quantifier(&atom, (least, most), manner);
        Ok(())
    }

    /// `{3,5}` behind an atom and its bracket.
    fn repeated(&mut self, atom: Atom, at: usize) -> Result<(), PatternError> {
        let (bounds, manner) = self.quantity(at)?;
        self.write_quantifier(&atom, bounds, manner);
        Ok(())
    }

    /// How often `{3,5}` behind its bracket repeats, and in which manner.
    fn quantity(&mut self, at: usize) -> Result<(Bounds, Manner), PatternError> {
        let least = self.reader.number().unwrap_or_default();
        let open_ended = self.reader.eat(",");
        let most = if open_ended { self.reader.number() } else { Some(least) };
        self.reader.eat("}");
        if most.is_some_and(|most| most < least) {
            return Err(self.reader.wrong("illegal repetition range", at));
        }
        Ok(((least, most), self.manner()))
    }

    fn manner(&mut self) -> Manner {
        if self.reader.eat("+") {
            Manner::Possessive
        } else if self.reader.eat("?") {
            Manner::Lazy
        } else {
            Manner::Greedy
        }
    }

    fn write_quantifier(&mut self, atom: &Atom, (least, most): Bounds, manner: Manner) {
        self.literal = None;
        if atom.empty {
            return self.write_choice(atom, (least, most), manner);
        }
        let quantifier = match (least, most) {
            (0, None) => "*".to_owned(),
            (1, None) => "+".to_owned(),
            (0, Some(1)) => "?".to_owned(),
            (least, None) => format!("{{{least},}}"),
            (least, Some(most)) => format!("{{{least},{most}}}"),
        };
        self.out.push_str(&quantifier);
        self.out.push_str(match manner {
            Manner::Greedy => "",
            Manner::Lazy => "?",
            Manner::Possessive => "+",
        });
    }

    /// Repeating what matches nothing by itself, which the engine refuses, is to have it once, or to have the choice.
    fn write_choice(&mut self, atom: &Atom, (least, most): Bounds, manner: Manner) {
        if least > 0 {
            return;
        }
        let once = self.out.split_off(atom.start);
        let choice = match (most, manner) {
            // Its groups count all the same.
            (Some(0), _) => format!("(?:{NOTHING}{once}|)"),
            (_, Manner::Greedy) => format!("(?:{once}|)"),
            (_, Manner::Lazy) => format!("(?:|{once})"),
            (_, Manner::Possessive) => format!("(?>{once}|)"),
        };
        self.out.push_str(&choice);
    }
}

/// What a quantifier stands behind.
struct Atom {
    /// Where it begins in what is written.
    start: usize,
    /// Whether it matches nothing by itself: an anchor, a look-around, an empty group.
    empty: bool,
}

/// The least and the most repetitions; `None` for no most.
type Bounds = (u32, Option<u32>);

/// How a repetition backs off.
#[derive(Clone, Copy)]
enum Manner {
    Greedy,
    Lazy,
    Possessive,
}
