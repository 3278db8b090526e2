//! Patterns of dates, as Java's `SimpleDateFormat` has them: `yyyy-MM-dd'T'HH:mm:ssXXX`. Names are English.

mod read;

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use jiff::tz::TimeZone;

use super::moment::Moment;
use super::{calendar, zone};

pub use read::Fields;

/// A pattern, ready to write and to read dates.
#[derive(Debug)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// What a letter stands for, and how often it was repeated.
    Field(Field, usize),
    Literal(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Era,
    Year,
    WeekYear,
    Month,
    WeekOfYear,
    WeekOfMonth,
    DayOfYear,
    Day,
    WeekdayInMonth,
    Weekday,
    WeekdayNumber,
    HalfOfDay,
    Hour,
    HourFrom1,
    HourOfHalf,
    HourOfHalfFrom1,
    Minute,
    Second,
    Millisecond,
    ZoneName,
    Offset,
    IsoOffset,
}

impl Field {
    fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'G' => Self::Era,
            'y' => Self::Year,
            'Y' => Self::WeekYear,
            'M' | 'L' => Self::Month,
            'w' => Self::WeekOfYear,
            'W' => Self::WeekOfMonth,
            'D' => Self::DayOfYear,
            'd' => Self::Day,
            'F' => Self::WeekdayInMonth,
            'E' => Self::Weekday,
            'u' => Self::WeekdayNumber,
            'a' => Self::HalfOfDay,
            'H' => Self::Hour,
            'k' => Self::HourFrom1,
            'K' => Self::HourOfHalf,
            'h' => Self::HourOfHalfFrom1,
            'm' => Self::Minute,
            's' => Self::Second,
            'S' => Self::Millisecond,
            'z' => Self::ZoneName,
            'Z' => Self::Offset,
            'X' => Self::IsoOffset,
            _ => return None,
        })
    }
}

/// How many patterns a thread remembers.
const REMEMBERED: usize = 16;

/// Uses the pattern of this text, which is compiled once; `None` where the text is no pattern.
pub fn with<R>(text: &str, use_pattern: impl FnOnce(&Pattern) -> R) -> Option<R> {
    find(text).map(|pattern| use_pattern(&pattern))
}

/// The pattern of a text, remembered by the thread; `None` where the text is none.
pub fn find(text: &str) -> Option<Rc<Pattern>> {
    type Known = Vec<(String, Option<Rc<Pattern>>)>;
    thread_local! {
        static KNOWN: RefCell<Known> = const { RefCell::new(Vec::new()) };
    }
    let remembered = KNOWN.try_with(|known| {
        let known = known.borrow();
        known
            .iter()
            .find(|(known, _)| known == text)
            .map(|(_, pattern)| pattern.clone())
    });
    if let Ok(Some(pattern)) = remembered {
        return pattern;
    }
    let pattern = Pattern::compile(text).map(Rc::new);
    let _ = KNOWN.try_with(|known| {
        let mut known = known.borrow_mut();
        known.truncate(REMEMBERED - 1);
        known.insert(0, (text.to_owned(), pattern.clone()));
    });
    pattern
}

impl Pattern {
    /// Compiles a pattern. `None` where a letter outside quotes means nothing, or a quote is never closed.
    pub fn compile(text: &str) -> Option<Self> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut characters = text.chars().peekable();
        let mut quoted = false;
        while let Some(character) = characters.next() {
            match character {
                // Two quotes are one, inside quotes and outside.
                '\'' if characters.peek() == Some(&'\'') => {
                    characters.next();
                    push_literal(&mut pieces, '\'');
                }
                '\'' => quoted = !quoted,
                letter if letter.is_ascii_alphabetic() && !quoted => {
                    let field = Field::of(letter)?;
                    let mut count = 1;
                    while characters.next_if_eq(&letter).is_some() {
                        count += 1;
                    }
                    pieces.push(Piece::Field(field, count));
                }
                other => push_literal(&mut pieces, other),
            }
        }
        (!quoted).then_some(Self { pieces })
    }

    /// Whether the pattern has a letter for a part of the time of day.
    pub fn has_time(&self) -> bool {
        use Field::{Hour, HourFrom1, HourOfHalf, HourOfHalfFrom1, Millisecond, Minute, Second};
        self.pieces.iter().any(|piece| {
            matches!(
                piece,
                Piece::Field(
                    Hour | HourFrom1 | HourOfHalf | HourOfHalfFrom1 | Minute | Second | Millisecond,
                    _
                )
            )
        })
    }

    /// Appends a moment; the zone is asked for its name only.
    pub fn write(&self, moment: Moment, zone: &TimeZone, out: &mut String) {
        let (year, month, day) = calendar::date(moment.day());
        let shown = Shown {
            moment,
            zone,
            year,
            month,
            day,
            second: moment.millis_of_day() / 1000,
        };
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Field(field, width) => shown.write(*field, *width, out),
            }
        }
    }

    /// A moment as text.
    pub fn format(&self, moment: Moment, zone: &TimeZone) -> String {
        let mut text = String::with_capacity(24);
        self.write(moment, zone, &mut text);
        text
    }
}

fn push_literal(pieces: &mut Vec<Piece>, character: char) {
    match pieces.last_mut() {
        Some(Piece::Literal(text)) => text.push(character),
        _ => pieces.push(Piece::Literal(character.to_string())),
    }
}

/// A moment taken apart.
struct Shown<'z> {
    moment: Moment,
    zone: &'z TimeZone,
    year: i64,
    month: i64,
    day: i64,
    /// Seconds after midnight.
    second: i64,
}

impl Shown<'_> {
    fn write(&self, field: Field, width: usize, out: &mut String) {
        let day = self.moment.day();
        let hour = self.second / 3600;
        match field {
            Field::Era => out.push_str(if self.year > 0 { "AD" } else { "BC" }),
            Field::Year => write_year(self.year, width, out),
            Field::WeekYear => write_year(calendar::week_of_year(day, 0).1, width, out),
            Field::Month if width >= 3 => write_name(calendar::MONTHS[(self.month - 1) as usize], width, out),
            Field::Month => write_number(self.month, width, out),
            Field::WeekOfYear => write_number(calendar::week_of_year(day, 0).0, width, out),
            Field::WeekOfMonth => write_number(calendar::week_of_month(day), width, out),
            Field::DayOfYear => write_number(calendar::day_of_year(day), width, out),
            Field::Day => write_number(self.day, width, out),
            Field::WeekdayInMonth => write_number((self.day - 1) / 7 + 1, width, out),
            Field::Weekday => write_name(calendar::WEEKDAYS[calendar::weekday(day) as usize], width, out),
            Field::WeekdayNumber => write_number((calendar::weekday(day) + 6) % 7 + 1, width, out),
            Field::HalfOfDay => out.push_str(if hour < 12 { "AM" } else { "PM" }),
            Field::Hour => write_number(hour, width, out),
            Field::HourFrom1 => write_number(if hour == 0 { 24 } else { hour }, width, out),
            Field::HourOfHalf => write_number(hour % 12, width, out),
            Field::HourOfHalfFrom1 => write_number((hour + 11) % 12 + 1, width, out),
            Field::Minute => write_number(self.second / 60 % 60, width, out),
            Field::Second => write_number(self.second % 60, width, out),
            Field::Millisecond => write_number(self.moment.millis_of_day() % 1000, width, out),
            Field::ZoneName => out.push_str(&zone::name(self.zone, self.moment.millis(), width >= 4)),
            Field::Offset => write_offset(self.moment.offset_seconds(), 2, out),
            Field::IsoOffset if self.moment.offset_seconds() == 0 => out.push('Z'),
            Field::IsoOffset => write_offset(self.moment.offset_seconds(), width, out),
        }
    }
}

/// A year before 1 counts backwards from 1 BC. Two letters show two digits.
fn write_year(year: i64, width: usize, out: &mut String) {
    let year = if year > 0 { year } else { 1 - year };
    write_number(if width == 2 { year % 100 } else { year }, width, out);
}

fn write_name(name: &str, width: usize, out: &mut String) {
    out.push_str(if width >= 4 { name } else { &name[..3] });
}

fn write_number(number: i64, width: usize, out: &mut String) {
    if width == 2 && (0..100).contains(&number) {
        out.extend([number / 10, number % 10].map(|digit| char::from(b'0' + digit as u8)));
        return;
    }
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number);
    // A pattern of a million letters is not worth a million zeros.
    out.extend(std::iter::repeat_n('0', width.min(64).saturating_sub(digits.len())));
    out.push_str(digits);
}

/// `+05` with one letter, `+0530` with two, `+05:30` with three.
fn write_offset(seconds: i32, width: usize, out: &mut String) {
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    out.push(if seconds < 0 { '-' } else { '+' });
    _ = match width {
        1 => write!(out, "{hours:02}"),
        2 => write!(out, "{hours:02}{minutes:02}"),
        _ => write!(out, "{hours:02}:{minutes:02}"),
    };
}

#[cfg(test)]
mod tests;
