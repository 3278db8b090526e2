//! Reading texts as dates: the literal formats of Deluge, with and without a time, and ISO 8601
//! (deluge/help/datatypes/date-time.html; DECISIONS: 11, 19).
//!
//! The 41 documented formats are few shapes: a month's name before or behind the day, or three numbers with the same
//! sign between them. The shape tells which number is which; where it leaves day and month open, the setting does.

use jiff::tz::{Offset, TimeZone};

use super::dates::{DATE_FORMAT, DATE_TIME_FORMAT};
use super::pattern::{self, Fields};
use super::{DateOrder, DateSettings, Moment, Value, calendar, zone};

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It does not look like one.
    Shape,
    /// It looks like one, but there is no such month, day or year.
    OutOfRange,
}

/// What a text reads as.
#[derive(Clone, Copy)]
pub struct Reading {
    /// The moment, in the zone of the settings.
    pub moment: Moment,
    /// Whether the text named a time of day.
    pub has_time: bool,
}

impl Reading {
    /// A DATE-TIME where a time was named, else a DATE.
    pub fn value(self) -> Value {
        if self.has_time {
            Value::DateTime(self.moment)
        } else {
            Value::Date(self.moment)
        }
    }
}

/// The longest text that may be a date.
const LONGEST: usize = 80;

/// The value of a text in single quotes: a date where it reads as one, else the text.
pub fn quoted(text: &str, dates: &DateSettings) -> Value {
    match read(text, dates) {
        Ok(reading) => reading.value(),
        Err(_) => Value::text(text),
    }
}

/// Reads a text in one of the documented formats, or in one of the configured ones.
///
/// # Errors
/// The text is no date.
pub fn read(text: &str, dates: &DateSettings) -> Result<Reading, Unreadable> {
    read_in(text, dates, &dates.zone)
}

/// Reads a text that is meant in this zone, unless it names its own.
///
/// # Errors
/// The text is no date.
pub fn read_in(text: &str, dates: &DateSettings, meant: &TimeZone) -> Result<Reading, Unreadable> {
    let text = text.trim();
    if text.len() > LONGEST {
        return Err(Unreadable::Shape);
    }
    let documented = Cursor { rest: text }.whole(dates.order).and_then(|(fields, has_time)| {
        let moment = fields.moment(meant, &dates.zone)?;
        Ok(Reading { moment, has_time })
    });
    match documented {
        Err(problem) => read_configured(text, dates, meant).ok_or(problem),
        read => read,
    }
}

/// Reads a text in the configured formats, where those are not the defaults.
fn read_configured(text: &str, dates: &DateSettings, meant: &TimeZone) -> Option<Reading> {
    [&dates.date_time_format, &dates.date_format]
        .into_iter()
        .filter(|format| ![DATE_FORMAT, DATE_TIME_FORMAT].contains(&format.as_str()))
        .find_map(|format| {
            let pattern = pattern::find(format)?;
            let (fields, rest) = pattern.read(text).ok()?;
            let moment = fields.moment(meant, &dates.zone).ok().filter(|_| rest.is_empty())?;
            let has_time = pattern.has_time();
            Some(Reading { moment, has_time })
        })
}

/// Reads a text by a pattern. What follows the pattern's end is left alone, as Java does; but where the pattern has no
/// time of day and the text goes on with one, that counts (deluge/help/functions/common/to-date-time.html).
///
/// # Errors
/// The text does not fit the pattern, or names no date there is; `Shape` as well where the pattern is none.
pub fn read_by(format: &str, text: &str, dates: &DateSettings, meant: &TimeZone) -> Result<Moment, Unreadable> {
    let pattern = pattern::find(format).ok_or(Unreadable::Shape)?;
    let (mut fields, rest) = pattern.read(text.trim())?;
    if !pattern.has_time() {
        let mut cursor = Cursor { rest };
        let mut timed = fields.clone();
        if cursor.time(&mut timed) == Ok(true) {
            fields = timed;
        }
    }
    fields.moment(meant, &dates.zone)
}

/// The year that two digits mean: 1950 to 2049. Java counts eighty years back and twenty on from the day it runs on; a
/// script should read alike every day.
pub fn full_year(two_digits: i64) -> i64 {
    if two_digits < 50 {
        two_digits + 2000
    } else {
        two_digits + 1900
    }
}

/// Reads a zone at the start of a text: `Z`, an offset, or a name.
pub fn zone(text: &str) -> Option<(TimeZone, &str)> {
    if let Some((seconds, rest)) = zone::read_offset(text) {
        let offset = Offset::from_seconds(seconds).ok()?;
        let zone = if seconds == 0 {
            TimeZone::UTC
        } else {
            TimeZone::fixed(offset)
        };
        return Some((zone, rest));
    }
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_+-:".contains(byte);
    let length = text.bytes().take_while(inside).count();
    let name = text.get(..length).filter(|name| !name.is_empty())?;
    Some((zone::find(name)?, text.get(length..)?))
}

/// What is left of a text.
struct Cursor<'t> {
    rest: &'t str,
}

/// One part of a date.
enum Part<'t> {
    Digits(i64, usize),
    Word(&'t str),
}

type Read<T> = Result<T, Unreadable>;

impl<'t> Cursor<'t> {
    /// A whole text; tells as well whether it named a time.
    fn whole(mut self, order: DateOrder) -> Read<(Fields, bool)> {
        let mut fields = Fields::default();
        let iso = match self.part()? {
            Part::Word(word) if calendar::weekday_named(word).is_some() => {
                self.sign(",")?;
                self.blanks();
                match self.part()? {
                    Part::Word(month) => self.month_first(month, &mut fields)?,
                    Part::Digits(day, count) => self.day_first((day, count), order, &mut fields)?,
                }
            }
            Part::Word(month) => self.month_first(month, &mut fields)?,
            Part::Digits(first, count) => self.day_first((first, count), order, &mut fields)?,
        };
        if self.rest.is_empty() {
            return Ok((fields, false));
        }
        if iso && self.rest.starts_with(['T', 't']) {
            self.rest = self.rest.get(1..).unwrap_or_default();
        } else if !self.rest.starts_with(' ') {
            return Err(Unreadable::Shape);
        }
        let timed = self.time(&mut fields)?;
        if timed && self.rest.is_empty() {
            Ok((fields, true))
        } else {
            Err(Unreadable::Shape)
        }
    }

    /// `MMM dd,yyyy`, `MMM dd yyyy`
    fn month_first(&mut self, month: &str, fields: &mut Fields) -> Read<bool> {
        self.sign(" ")?;
        self.blanks();
        let day = self.digits()?;
        self.comma_or_blank()?;
        let year = self.digits()?;
        named(day, month, year, fields)?;
        Ok(false)
    }

    /// Everything that begins with a number; tells whether a time may follow behind a `T`.
    fn day_first(&mut self, first: (i64, usize), order: DateOrder, fields: &mut Fields) -> Read<bool> {
        let sign = self
            .rest
            .bytes()
            .next()
            .filter(|sign| b"-/. ".contains(sign))
            .ok_or(Unreadable::Shape)?;
        self.rest = self.rest.get(1..).unwrap_or_default();
        let second = match self.part()? {
            Part::Word(month) if sign == b'-' => {
                self.sign("-")?;
                named(first, month, self.digits()?, fields)?;
                return Ok(false);
            }
            Part::Word(month) if sign == b' ' => {
                self.comma_or_blank()?;
                named(first, month, self.digits()?, fields)?;
                return Ok(false);
            }
            Part::Word(_) => return Err(Unreadable::Shape),
            Part::Digits(number, count) => (number, count),
        };
        if self.rest.bytes().next() != Some(sign) {
            return Err(Unreadable::Shape);
        }
        self.rest = self.rest.get(1..).unwrap_or_default();
        let third = self.digits()?;
        // With blanks, only `dd MM yyyy` is documented.
        let order = if sign == b' ' { DateOrder::DayFirst } else { order };
        numeric([first, second, third], order, fields)?;
        Ok(sign == b'-' && first.1 == 4)
    }

    /// A time of day: `HH:mm`, seconds, milliseconds, a half of the day and a zone where they follow. Tells whether
    /// there is one.
    fn time(&mut self, fields: &mut Fields) -> Read<bool> {
        self.blanks();
        if !self.rest.starts_with(|first: char| first.is_ascii_digit()) {
            return Ok(false);
        }
        fields.hour = self.two_digits()?;
        self.sign(":")?;
        fields.minute = self.two_digits()?;
        if self.sign(":").is_ok() {
            fields.second = self.two_digits()?;
            if self.sign(".").is_ok() {
                let (number, count) = self.digits()?;
                fields.millisecond = number * 1000 / 10i64.pow(count.min(9) as u32);
            }
        }
        let before = self.rest;
        self.blanks();
        match self.rest.get(..2) {
            Some(half) if half.eq_ignore_ascii_case("AM") => fields.afternoon = Some(false),
            Some(half) if half.eq_ignore_ascii_case("PM") => fields.afternoon = Some(true),
            _ => self.rest = before,
        }
        if fields.afternoon.is_some() {
            self.rest = self.rest.get(2..).unwrap_or_default();
        }
        let before = self.rest;
        self.blanks();
        match zone(self.rest) {
            Some((zone, rest)) => {
                fields.zone = Some(zone);
                self.rest = rest;
            }
            None => self.rest = before,
        }
        Ok(true)
    }

    fn part(&mut self) -> Read<Part<'t>> {
        let length = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        if length == 0 {
            let (number, count) = self.digits()?;
            return Ok(Part::Digits(number, count));
        }
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(Part::Word(word))
    }

    /// A number and how many digits it was written with.
    fn digits(&mut self) -> Read<(i64, usize)> {
        let count = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(count);
        // Fractions of a second may have nine digits; nothing has more.
        let number = digits
            .get(..9)
            .unwrap_or(digits)
            .parse()
            .map_err(|_| Unreadable::Shape)?;
        self.rest = rest;
        Ok((number, count))
    }

    fn two_digits(&mut self) -> Read<i64> {
        match self.digits()? {
            (number, 1 | 2) => Ok(number),
            _ => Err(Unreadable::Shape),
        }
    }

    fn sign(&mut self, sign: &str) -> Read<()> {
        self.rest = self.rest.strip_prefix(sign).ok_or(Unreadable::Shape)?;
        Ok(())
    }

    fn comma_or_blank(&mut self) -> Read<()> {
        self.sign(",").or_else(|_| self.sign(" "))?;
        self.blanks();
        Ok(())
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }
}

/// A date whose month has a name.
fn named(day: (i64, usize), month: &str, year: (i64, usize), fields: &mut Fields) -> Read<()> {
    if day.1 > 2 || month.len() < 3 {
        return Err(Unreadable::Shape);
    }
    fields.year = Some(year_of(year)?);
    fields.day = Some(day.0);
    fields.month = Some(calendar::month_named(month).ok_or(Unreadable::OutOfRange)?);
    Ok(())
}

fn year_of((number, count): (i64, usize)) -> Read<i64> {
    match count {
        2 => Ok(full_year(number)),
        4 => Ok(number),
        _ => Err(Unreadable::Shape),
    }
}

/// A date of three numbers: four digits are the year; of two possible orders the one of the setting comes first, and
/// the other where that gives no date. A year of two digits in front is the last possibility.
fn numeric(parts: [(i64, usize); 3], order: DateOrder, fields: &mut Fields) -> Read<()> {
    let [first, second, third] = parts;
    if second.1 > 2 || first.1 > 2 && first.1 != 4 || first.1 == 4 && third.1 > 2 {
        return Err(Unreadable::Shape);
    }
    if first.1 == 4 {
        fields.year = Some(first.0);
        (fields.month, fields.day) = (Some(second.0), Some(third.0));
        return Ok(());
    }
    let year = if third.1 == 4 || third.1 == 2 {
        Some(year_of(third)?)
    } else {
        None
    };
    let month_first = year.map(|year| (year, first.0, second.0));
    let day_first = year.map(|year| (year, second.0, first.0));
    let year_first = (first.1 == 2 && third.1 <= 2).then_some((full_year(first.0), second.0, third.0));
    let orders = match order {
        DateOrder::MonthFirst => [month_first, day_first, year_first],
        DateOrder::DayFirst => [day_first, month_first, year_first],
    };
    let orders = || orders.into_iter().flatten();
    let possible = orders().find(|(year, month, day)| {
        (1..=12).contains(month) && (1..=calendar::days_in_month(*year, *month)).contains(day)
    });
    let (year, month, day) = possible.or_else(|| orders().next()).ok_or(Unreadable::Shape)?;
    (fields.year, fields.month, fields.day) = (Some(year), Some(month), Some(day));
    Ok(())
}

#[cfg(test)]
mod tests;
