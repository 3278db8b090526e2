//! Dates some time before or after a date.

use super::super::conversion::beyond_the_calendar;
use super::super::{Builtin, Call, Param, example, required};
use super::time_of_day::TimeOfDay;
use super::{DATED, date_of, local, receiver, weekday_arg};
use crate::host::Evaluated;
use crate::value::{Kind, Moment, Value, calendar};

const COUNT: &[Param] = &[required("count", Kind::Number)];

/// A method that moves a date by a number of something.
const fn shift(
    name: &'static str,
    run: fn(&mut Call<'_, '_>) -> Evaluated,
    doc: &'static str,
    source: &'static str,
) -> Builtin {
    Builtin::method(DATED, name, run)
        .params(COUNT)
        .returns(Kind::DateTime)
        .doc(doc)
        .source(source)
}

/// The table of this family.
pub(in crate::builtins) const TABLE: &[Builtin] = &[
    shift(
        "addDay",
        |call| days(call, 1),
        "The date some days later, at the same time of day.",
        "deluge/help/functions/datetime/addday.html",
    )
    .examples(&[example("'01-Jan-2019 15:00:00'.addDay(40)", "10-Feb-2019 15:00:00")]),
    shift(
        "addWeek",
        |call| days(call, 7),
        "The date some weeks later, at the same time of day.",
        "deluge/help/functions/datetime/addweek.html",
    )
    .examples(&[example("'01-Jan-2019'.addWeek(10)", "12-Mar-2019 00:00:00")]),
    shift(
        "addMonth",
        |call| months(call, 1),
        "The date some months later; the last day of the month where that is too short.",
        "creator/help/script/built-in-functions/built-in-function-date-addmonth.html",
    )
    .examples(&[
        example("'01-Jan-2019'.addMonth(11)", "01-Dec-2019 00:00:00"),
        example("'31-Jan-2019'.addMonth(1)", "28-Feb-2019 00:00:00"),
    ]),
    shift(
        "addYear",
        |call| months(call, 12),
        "The date some years later.",
        "deluge/help/functions/datetime/addyear.html",
    )
    .examples(&[example("'01-Jan-2019'.addYear(100)", "01-Jan-2119 00:00:00")]),
    shift(
        "addHour",
        |call| instant(call, 3_600_000),
        "The date and time some hours later; in Zoho Creator a time of day as well.",
        "deluge/help/functions/datetime/addhour.html",
    )
    .examples(&[example("'01-Jan-2019 15:00:00'.addHour(10)", "02-Jan-2019 01:00:00")]),
    shift(
        "addMinutes",
        |call| instant(call, 60_000),
        "The date and time some minutes later.",
        "creator/help/script/built-in-functions/built-in-function-time-addminutes.html",
    )
    .examples(&[example("'01-Jan-2019 15:00:00'.addMinutes(-1)", "01-Jan-2019 14:59:00")]),
    shift(
        "addSeconds",
        |call| instant(call, 1000),
        "The date and time some seconds later.",
        "creator/newhelp/script/built-in-functions/built-in-function-time-addseconds.html",
    )
    .examples(&[example("'01-Jan-2019 15:00:00'.addSeconds(90)", "01-Jan-2019 15:01:30")]),
    shift(
        "subDay",
        |call| days(call, -1),
        "The date some days earlier, at the same time of day.",
        "deluge/help/functions/datetime/subday.html",
    )
    .examples(&[example("'01-Jan-2019'.subDay(1)", "31-Dec-2018 00:00:00")]),
    shift(
        "subWeek",
        |call| days(call, -7),
        "The date some weeks earlier, at the same time of day.",
        "deluge/help/functions/datetime/subweek.html",
    )
    .examples(&[example("'01-May-2019'.subWeek(4)", "03-Apr-2019 00:00:00")]),
    shift(
        "subMonth",
        |call| months(call, -1),
        "The date some months earlier; the last day of the month where that is too short.",
        "deluge/help/functions/datetime/submonth.html",
    )
    .examples(&[example("'31-Mar-2020'.subMonth(1)", "29-Feb-2020 00:00:00")]),
    shift(
        "subYear",
        |call| months(call, -12),
        "The date some years earlier.",
        "creator/newhelp/script/built-in-functions/built-in-function-date-subyear.html",
    )
    .examples(&[example(
        "\"Aug 21, 2013 16:04:37\".toTime().subYear(3)",
        "21-Aug-2010 16:04:37",
    )]),
    shift(
        "subHour",
        |call| instant(call, -3_600_000),
        "The date and time some hours earlier.",
        "creator/help/script/built-in-functions/built-in-function-time-subhour.html",
    )
    .examples(&[example("'01-Jan-2019'.subHour(1)", "31-Dec-2018 23:00:00")]),
    shift(
        "subMinutes",
        |call| instant(call, -60_000),
        "The date and time some minutes earlier.",
        "deluge/help/functions/datetime/subminutes.html",
    )
    .examples(&[example("'01-Jan-2019 15:00:00'.subMinutes(90)", "01-Jan-2019 13:30:00")]),
    shift(
        "subSeconds",
        |call| instant(call, -1000),
        "The date and time some seconds earlier.",
        "deluge/help/functions/datetime/subseconds.html",
    )
    .examples(&[example(
        "\"Aug 21, 2013 16:10:20\".toTime().subSeconds(10)",
        "21-Aug-2013 16:10:10",
    )]),
    shift(
        "edate",
        edate,
        "The day some months later, without a time.",
        "deluge/help/functions/datetime/edate.html",
    )
    .returns(Kind::Date)
    .examples(&[example("'01-Jan-2019 15:00:00'.edate(13)", "01-Feb-2020")]),
    shift(
        "eomonth",
        eomonth,
        "The last day of the month some months later, without a time.",
        "deluge/help/functions/datetime/eomonth.html",
    )
    .returns(Kind::Date)
    .examples(&[example("'01-Jan-2019'.eomonth(1)", "28-Feb-2019")]),
    Builtin::method(DATED, "toStartOfMonth", start_of_month)
        .returns(Kind::DateTime)
        .doc("Midnight of the first day of the month.")
        .examples(&[example(
            "'15-Mar-2019 15:00:00'.toStartOfMonth()",
            "01-Mar-2019 00:00:00",
        )])
        .source("deluge/help/functions/datetime/tostartofmonth.html"),
    Builtin::method(DATED, "toStartOfWeek", start_of_week)
        .returns(Kind::DateTime)
        .doc("Midnight of the Sunday on which the week began.")
        .examples(&[example(
            "'15-Mar-2019 15:00:00'.toStartOfWeek()",
            "10-Mar-2019 00:00:00",
        )])
        .source("deluge/help/functions/datetime/tostartofweek.html"),
    Builtin::method(DATED, "nextWeekDay", |call| named_day(call, 1))
        .params(&[required("day", Kind::Text)])
        .returns(Kind::Date)
        .doc("The first such day of the week after the date.")
        .examples(&[
            example("'20-Jul-2021'.nextWeekDay(\"Monday\")", "26-Jul-2021"),
            example("'20-Jul-2021'.nextWeekDay(\"Tuesday\")", "27-Jul-2021"),
        ])
        .source("deluge/help/functions/number/nextweekday.html"),
    Builtin::method(DATED, "previousWeekDay", |call| named_day(call, -1))
        .params(&[required("day", Kind::Text)])
        .returns(Kind::Date)
        .doc("The last such day of the week before the date.")
        .examples(&[example("'21-Jul-2021'.previousWeekDay(\"Monday\")", "19-Jul-2021")])
        .source("deluge/help/functions/number/previousWeekDay.html"),
];

/// Moves the receiver by the argument, counted in units of so many days.
fn days(call: &Call<'_, '_>, unit: i64) -> Evaluated {
    let from = receiver(call)?;
    let days = call.number_arg(0)?.checked_mul(unit);
    let day = days
        .and_then(|days| from.day().checked_add(days))
        .ok_or_else(beyond_the_calendar)?;
    local(call, day, from.millis_of_day()).map(Value::DateTime)
}

/// Moves the receiver by the argument, counted in units of so many months.
fn months(call: &Call<'_, '_>, unit: i64) -> Evaluated {
    let from = receiver(call)?;
    let months = call.number_arg(0)?.checked_mul(unit);
    let day = months.and_then(|months| calendar::add_months(from.day(), months));
    local(call, day.ok_or_else(beyond_the_calendar)?, from.millis_of_day()).map(Value::DateTime)
}

/// Moves the instant of the receiver by the argument, counted in units of so many milliseconds.
fn instant(call: &Call<'_, '_>, unit: i64) -> Evaluated {
    if let Some(time) = TimeOfDay::receiver(call) {
        let seconds = call
            .number_arg(0)?
            .checked_mul(unit / 1000)
            .ok_or_else(beyond_the_calendar)?;
        return Ok(time.moved(seconds).into_value());
    }
    let from = receiver(call)?;
    let millis = call
        .number_arg(0)?
        .checked_mul(unit)
        .and_then(|millis| from.millis().checked_add(millis));
    millis
        .and_then(|millis| Moment::from_millis(millis, &call.context.dates().zone))
        .map(Value::DateTime)
        .ok_or_else(beyond_the_calendar)
}

fn edate(call: &mut Call<'_, '_>) -> Evaluated {
    let day = calendar::add_months(receiver(call)?.day(), call.number_arg(0)?);
    date_of(call, day.ok_or_else(beyond_the_calendar)?)
}

fn eomonth(call: &mut Call<'_, '_>) -> Evaluated {
    let day = calendar::add_months(receiver(call)?.day(), call.number_arg(0)?).ok_or_else(beyond_the_calendar)?;
    let (year, month, _) = calendar::date(day);
    date_of(
        call,
        calendar::day_number(year, month, calendar::days_in_month(year, month)),
    )
}

fn start_of_month(call: &mut Call<'_, '_>) -> Evaluated {
    let (year, month, _) = calendar::date(receiver(call)?.day());
    local(call, calendar::day_number(year, month, 1), 0).map(Value::DateTime)
}

fn start_of_week(call: &mut Call<'_, '_>) -> Evaluated {
    let day = receiver(call)?.day();
    local(call, day - calendar::weekday(day), 0).map(Value::DateTime)
}

/// The nearest day of the named weekday in a direction, never the day itself.
fn named_day(call: &Call<'_, '_>, direction: i64) -> Evaluated {
    let day = receiver(call)?.day();
    let apart = ((weekday_arg(call, 0)? - calendar::weekday(day)) * direction).rem_euclid(7);
    let apart = if apart == 0 { 7 } else { apart };
    date_of(call, day + apart * direction)
}
