//! Reading a text by a pattern.

use jiff::tz::TimeZone;

use super::{Field, Pattern, Piece};
use crate::value::calendar;
use crate::value::date_text::{self, Unreadable};
use crate::value::moment::Moment;

/// The parts of a date and time that a text named. What it did not name counts from 1970-01-01 00:00:00.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// The year.
    pub year: Option<i64>,
    /// The month, from 1.
    pub month: Option<i64>,
    /// The day of the month.
    pub day: Option<i64>,
    /// The day of the year; counts where there is no month.
    pub day_of_year: Option<i64>,
    /// The hour, as written: 0 to 23, or 1 to 12 beside a half of the day.
    pub hour: i64,
    /// Whether the second half of the day was named; `None` where neither half was.
    pub afternoon: Option<bool>,
    /// The minute.
    pub minute: i64,
    /// The second.
    pub second: i64,
    /// The millisecond.
    pub millisecond: i64,
    /// The zone, where the text named one.
    pub zone: Option<TimeZone>,
    /// Whether the year counts before Christ.
    before_christ: bool,
}

impl Fields {
    /// The moment, in the zone the text named or else in `zone`, seen from `shown`.
    ///
    /// # Errors
    /// There is no such month or day.
    pub fn moment(&self, zone: &TimeZone, shown: &TimeZone) -> Result<Moment, Unreadable> {
        let mut year = self.year.unwrap_or(1970);
        if self.before_christ {
            year = 1 - year;
        }
        if !(-9999..=9999).contains(&year) {
            return Err(Unreadable::OutOfRange);
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if !(1..=12).contains(&month) || !(1..=calendar::days_in_month(year, month)).contains(&day) {
            return Err(Unreadable::OutOfRange);
        }
        let number = match self.day_of_year {
            Some(of_year) if self.month.is_none() && (1..=366).contains(&of_year) => {
                calendar::day_number(year, 1, of_year)
            }
            Some(_) if self.month.is_none() => return Err(Unreadable::OutOfRange),
            _ => calendar::day_number(year, month, day),
        };
        let zone = self.zone.as_ref().unwrap_or(zone);
        let moment = Moment::from_local(number, self.millis_of_day(), zone).ok_or(Unreadable::OutOfRange)?;
        if zone == shown {
            return Ok(moment);
        }
        Moment::from_millis(moment.millis(), shown).ok_or(Unreadable::OutOfRange)
    }

    /// The time of day in milliseconds. An hour past 23 makes it midnight, a minute past 59 takes minutes and seconds
    /// away, a second past 59 the seconds (deluge/help/functions/datetime/addday.html).
    fn millis_of_day(&self) -> i64 {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let (minute, second, milli) = match (self.minute, self.second) {
            _ if hour >= 24 => return 0,
            (minute, _) if minute >= 60 => (0, 0, 0),
            (minute, second) if second >= 60 => (minute, 0, 0),
            (minute, second) => (minute, second, self.millisecond.clamp(0, 999)),
        };
        ((hour * 60 + minute) * 60 + second) * 1000 + milli
    }
}

impl Pattern {
    /// Reads a text from its start; gives what it named, and what is left of it.
    ///
    /// # Errors
    /// The text does not have the shape of the pattern.
    pub fn read<'t>(&self, text: &'t str) -> Result<(Fields, &'t str), Unreadable> {
        let mut fields = Fields::default();
        let mut rest = text;
        for (index, piece) in self.pieces.iter().enumerate() {
            rest = match piece {
                Piece::Literal(literal) => rest.strip_prefix(literal.as_str()).ok_or(Unreadable::Shape)?,
                Piece::Field(field, width) => {
                    // Digits that stand side by side are told apart by the number of letters.
                    let abutting = matches!(self.pieces.get(index + 1), Some(Piece::Field(next, width)) if is_numeric(*next, *width));
                    let limit = if abutting { *width } else { 9 };
                    let rest = rest.trim_start_matches([' ', '\t']);
                    let place = Place { width: *width, limit };
                    fields.take(*field, place, rest).ok_or(Unreadable::Shape)?
                }
            };
        }
        Ok((fields, rest))
    }
}

/// How a field is read.
#[derive(Clone, Copy)]
struct Place {
    /// How often its letter was repeated.
    width: usize,
    /// The most digits it may have.
    limit: usize,
}

fn is_numeric(field: Field, width: usize) -> bool {
    match field {
        Field::Month => width < 3,
        Field::Era | Field::Weekday | Field::HalfOfDay | Field::ZoneName | Field::Offset | Field::IsoOffset => false,
        _ => true,
    }
}

impl Fields {
    /// Reads one field at the start of a text; gives the rest.
    fn take<'t>(&mut self, field: Field, place: Place, text: &'t str) -> Option<&'t str> {
        if !is_numeric(field, place.width) {
            return self.take_word(field, text);
        }
        let count = text.bytes().take(place.limit).take_while(u8::is_ascii_digit).count();
        let digits = text.get(..count).filter(|digits| !digits.is_empty())?;
        let number: i64 = digits.parse().ok()?;
        match field {
            Field::Year | Field::WeekYear => {
                self.year = Some(if place.width <= 2 && count == 2 {
                    date_text::full_year(number)
                } else {
                    number
                });
            }
            Field::Month => self.month = Some(number),
            Field::Day => self.day = Some(number),
            Field::DayOfYear => self.day_of_year = Some(number),
            Field::Hour => self.hour = number,
            Field::HourFrom1 => self.hour = if number == 24 { 0 } else { number },
            Field::HourOfHalf => self.hour = number,
            Field::HourOfHalfFrom1 => {
                self.hour = number;
                // Twelve o'clock is midnight unless the text says otherwise.
                self.afternoon = self.afternoon.or((number == 12).then_some(false));
            }
            Field::Minute => self.minute = number,
            Field::Second => self.second = number,
            Field::Millisecond => self.millisecond = number,
            _ => {}
        }
        text.get(count..)
    }

    fn take_word<'t>(&mut self, field: Field, text: &'t str) -> Option<&'t str> {
        let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = text.get(..length)?;
        let rest = text.get(length..)?;
        match field {
            Field::Month => self.month = Some(calendar::month_named(word)?),
            Field::Weekday => _ = calendar::weekday_named(word)?,
            Field::HalfOfDay if word.eq_ignore_ascii_case("AM") => self.afternoon = Some(false),
            Field::HalfOfDay if word.eq_ignore_ascii_case("PM") => self.afternoon = Some(true),
            Field::Era if word.eq_ignore_ascii_case("AD") => self.before_christ = false,
            Field::Era if word.eq_ignore_ascii_case("BC") => self.before_christ = true,
            Field::ZoneName | Field::Offset | Field::IsoOffset => {
                let (zone, rest) = date_text::zone(text)?;
                self.zone = Some(zone);
                return Some(rest);
            }
            _ => return None,
        }
        Some(rest)
    }
}
