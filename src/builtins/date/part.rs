//! The parts of a date: day, month, hour and their kin.

use super::super::{Builtin, Call, example, optional};
use super::time_of_day::TimeOfDay;
use super::{DATED, date_of, no_date, read, weekday_arg};
use crate::host::Evaluated;
use crate::value::date_text::Unreadable;
use crate::value::{Kind, Moment, Value, calendar};

/// The table of this family.
pub(in crate::builtins) const TABLE: &[Builtin] = &[
    Builtin::method(DATED, "getDate", date)
        .returns(Kind::Date)
        .doc("The date of a date-time, without its time. No help page has it; scripts in use do.")
        .examples(&[example("'15-Aug-1947 19:00:00'.getDate()", "15-Aug-1947")])
        .source("deluge/help/functions/date-time.html"),
    Builtin::method(DATED, "getDay", |call| part(call, |moment| calendar::date(moment.day()).2))
        .aliases(&["day"])
        .returns(Kind::Number)
        .doc("The day of the month. `weekday` gives the day of the week.")
        .examples(&[example("'08-Jan-2019'.getDay()", "8"), example("day('01-Jan-2019')", "1")])
        .source("deluge/help/functions/datetime/getday.html"),
    Builtin::method(DATED, "getMonth", |call| part(call, |moment| calendar::date(moment.day()).1))
        .aliases(&["month"])
        .returns(Kind::Number)
        .doc("The month, from 1 to 12.")
        .examples(&[example("'08-Mar-2019'.getMonth()", "3")])
        .source("deluge/help/functions/datetime/getmonth.html"),
    Builtin::method(DATED, "getYear", |call| part(call, |moment| calendar::year(moment.day())))
        .aliases(&["year"])
        .returns(Kind::Number)
        .doc("The year.")
        .examples(&[example("'08-Mar-2019'.getYear()", "2019")])
        .source("deluge/help/functions/datetime/getyear.html"),
    Builtin::method(DATED, "getHour", |call| clock(call, |second| second / 3600))
        .aliases(&["hour"])
        .returns(Kind::Number)
        .doc("The hour, from 0 to 23.")
        .examples(&[example("'15-Aug-1947 19:00:00'.getHour()", "19")])
        .source("deluge/help/functions/datetime/gethour.html"),
    Builtin::method(DATED, "getMinutes", |call| clock(call, |second| second / 60 % 60))
        .aliases(&["minute"])
        .returns(Kind::Number)
        .doc("The minute of the hour.")
        .examples(&[example("'15-Aug-1947 19:05:30'.getMinutes()", "5")])
        .source("creator/help/script/built-in-functions/built-in-function-time-getminutes.html"),
    Builtin::method(DATED, "getSeconds", |call| clock(call, |second| second % 60))
        .aliases(&["second"])
        .returns(Kind::Number)
        .doc("The second of the minute.")
        .examples(&[example("'15-Aug-1947 19:05:30'.getSeconds()", "30")])
        .source("deluge/help/functions/datetime/getseconds.html"),
    Builtin::method(DATED, "getDayOfYear", |call| part(call, |moment| calendar::day_of_year(moment.day())))
        .returns(Kind::Number)
        .doc("The day of the year, from 1 to 366.")
        .examples(&[example("'31-Dec-2020'.getDayOfYear()", "366")])
        .source("deluge/help/functions/datetime/getdayofyear.html"),
    Builtin::method(DATED, "weekday", |call| part(call, |moment| calendar::weekday(moment.day()) + 1))
        .aliases(&["getDayOfWeek"])
        .returns(Kind::Number)
        .doc("The day of the week, from 1 for Sunday to 7 for Saturday.")
        .examples(&[example("'21-Aug-2013'.getDayOfWeek()", "4"), example("weekDay('21-Aug-2013')", "4")])
        .source("creator/newhelp/script/built-in-functions/built-in-function-date-weekday.html"),
    Builtin::method(DATED, "getWeekOfYear", week_of_year)
        .params(&[optional("startDay", Kind::Text)])
        .returns(Kind::Number)
        .doc("The week of the year. Weeks begin on Sunday, or on the day given; the first is the one that holds 1 January.")
        .examples(&[
            example("'7-Feb-2021'.getWeekOfYear()", "7"),
            example("'7-Feb-2021'.getWeekOfYear(\"Monday\")", "6"),
        ])
        .source("deluge/help/functions/datetime/getweekofyear.html"),
];

/// A part of the receiver. Text that does not look like a date has none: null; a day or month there is not is an error
/// (deluge/help/functions/datetime/day.html).
fn part(call: &Call<'_, '_>, part: impl FnOnce(Moment) -> i64) -> Evaluated {
    match read(call, call.receiver)? {
        Ok(moment) => Ok(Value::Number(part(moment))),
        Err(Unreadable::Shape) => Ok(Value::Null),
        Err(problem) => Err(no_date(call.receiver.as_text().unwrap_or_default(), problem)),
    }
}

fn date(call: &mut Call<'_, '_>) -> Evaluated {
    match read(call, call.receiver)? {
        Ok(moment) => date_of(call, moment.day()),
        Err(Unreadable::Shape) => Ok(Value::Null),
        Err(problem) => Err(no_date(call.receiver.as_text().unwrap_or_default(), problem)),
    }
}

/// A part of the time of the receiver, of its seconds since midnight.
fn clock(call: &Call<'_, '_>, share: fn(i64) -> i64) -> Evaluated {
    match TimeOfDay::receiver(call) {
        Some(time) => Ok(Value::Number(share(time.seconds))),
        None => part(call, |moment| share(moment.millis_of_day() / 1000)),
    }
}

fn week_of_year(call: &mut Call<'_, '_>) -> Evaluated {
    let first = if call.has(0) { weekday_arg(call, 0)? } else { 0 };
    part(call, |moment| calendar::week_of_year(moment.day(), first).0)
}
