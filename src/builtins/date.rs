//! The built-ins of DATE and DATE-TIME. Text that reads as a date counts as one, outside Zoho Creator as Zoho has it.
//!
//! What a built-in moves in days, months and years keeps the time of day that clocks show; what it moves in hours,
//! minutes and seconds moves the instant. Both differ where daylight saving time begins or ends.

mod between;
mod business;
mod clock;
mod part;
mod shift;
mod time_of_day;

pub(super) use between::TABLE as BETWEEN;
pub(super) use business::TABLE as BUSINESS;
pub(super) use clock::TABLE as CLOCK;
pub(super) use part::TABLE as PART;
pub(super) use shift::TABLE as SHIFT;

use super::Call;
use super::conversion::{beyond_the_calendar, no_date, not_a_date};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::date_text::{self, Unreadable};
use crate::value::{Kind, Moment, Value, calendar};

/// What the built-ins of this family are called on.
const DATED: &[Kind] = &[Kind::Date, Kind::DateTime, Kind::Text];

/// A value as moment: a date, or a text that reads as one. Numbers are none here: `addDay` on a number is a mistake.
fn moment(call: &Call<'_, '_>, value: &Value) -> Evaluated<Moment> {
    match read(call, value)? {
        Ok(moment) => Ok(moment),
        Err(problem) => Err(no_date(value.as_text().unwrap_or_default(), problem)),
    }
}

/// A value as moment, or why its text is none.
///
/// # Errors
/// The value is neither a date nor text.
fn read(call: &Call<'_, '_>, value: &Value) -> Evaluated<Result<Moment, Unreadable>> {
    match value {
        Value::Date(moment) | Value::DateTime(moment) => Ok(Ok(*moment)),
        other => match other.as_text() {
            Some(text) => Ok(date_text::read(text, call.context.dates()).map(|reading| reading.moment)),
            None => Err(not_a_date(other)),
        },
    }
}

/// The receiver as moment.
fn receiver(call: &Call<'_, '_>) -> Evaluated<Moment> {
    moment(call, call.receiver)
}

/// The moment at which the run's clocks show a time of a day.
fn local(call: &Call<'_, '_>, day: i64, millis_of_day: i64) -> Evaluated<Moment> {
    Moment::from_local(day, millis_of_day, &call.context.dates().zone).ok_or_else(beyond_the_calendar)
}

/// A DATE.
fn date_of(call: &Call<'_, '_>, day: i64) -> Evaluated {
    local(call, day, 0).map(Value::Date)
}

/// The day of the week that an argument names, 0 for Sunday.
fn weekday_arg(call: &Call<'_, '_>, index: usize) -> Evaluated<i64> {
    let name = call.text_arg(index)?;
    weekday_named(&name)
}

/// The day of the week of this name, 0 for Sunday.
fn weekday_named(name: &str) -> Evaluated<i64> {
    calendar::weekday_named(name.trim()).ok_or_else(|| {
        let shown: String = name.chars().take(40).collect();
        EvalError::failed(Code::BadArgument, format!("`{shown}` is no day of the week"))
            .help("write it like `Monday` or `Mon`")
    })
}

#[cfg(test)]
mod tests;
