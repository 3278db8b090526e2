//! How far two dates are apart. All give a negative number where the second is the earlier one.

use super::super::{Builtin, Call, Param, any, example};
use super::{DATED, moment, receiver};
use crate::host::Evaluated;
use crate::value::{Kind, Moment, Value, calendar};

const END: &[Param] = &[any("end")];

/// A method that compares the receiver with another date.
const fn distance(
    name: &'static str,
    run: fn(&mut Call<'_, '_>) -> Evaluated,
    doc: &'static str,
    source: &'static str,
) -> Builtin {
    Builtin::method(DATED, name, run)
        .params(END)
        .returns(Kind::Number)
        .doc(doc)
        .source(source)
}

/// The table of this family.
pub(in crate::builtins) const TABLE: &[Builtin] = &[
    distance(
        "daysBetween",
        |call| apart(call, |start, end| end.day() - start.day()),
        "How many days of the calendar lie between two dates, whatever the time.",
        "creator/help/script/built-in-functions/built-in-function-date-days360.html",
    )
    .aliases(&["days360"])
    .examples(&[
        example("daysBetween('31-Dec-1989', '01-Jan-1990')", "1"),
        example("'01-Mar-2020'.days360('01-Feb-2020')", "-29"),
    ]),
    distance(
        "hoursBetween",
        |call| apart(call, hours),
        "How many hours lie between two dates; their minutes and seconds do not count.",
        "deluge/help/functions/datetime/hoursbetween.html",
    )
    .examples(&[example(
        "hoursBetween('18-Dec-2019 09:00:00', '19-Dec-2019 10:00:00')",
        "25",
    )]),
    distance(
        "monthsBetween",
        |call| apart(call, |start, end| (end.day() - start.day()) / 30),
        "How many spans of 30 days lie between two dates. `monthsDiff` counts months of the calendar.",
        "deluge/help/functions/datetime/monthsbetween.html",
    )
    .examples(&[example("'01-Feb-2020'.monthsBetween('01-Mar-2020')", "0")]),
    distance(
        "monthsDiff",
        |call| apart(call, months),
        "How many whole months of the calendar lie between two dates.",
        "deluge/help/functions/datetime/monthsdiff.html",
    )
    .examples(&[example("'01-Feb-2020'.monthsDiff('01-Mar-2020')", "1")]),
    distance(
        "totalMonths",
        |call| apart(call, months),
        "How many whole months of the calendar lie between two dates.",
        "deluge/help/functions/datetime/totalmonth.html",
    )
    .aliases(&["totalMonth"])
    .examples(&[example("'01-Feb-2019'.totalMonths('01-Mar-2019')", "1")]),
    distance(
        "yearsBetween",
        |call| apart(call, |start, end| (end.day() - start.day()) / 365),
        "How many spans of 365 days lie between two dates. `yearsDiff` counts years of the calendar.",
        "creator/newhelp/script/built-in-functions/built-in-function-date-yearsbetween.html",
    )
    .examples(&[example("yearsBetween('20-May-2013', '20-Jun-2015')", "2")]),
    distance(
        "yearsDiff",
        |call| apart(call, |start, end| months(start, end) / 12),
        "How many whole years of the calendar lie between two dates.",
        "deluge/help/functions/datetime/yearsdiff.html",
    )
    .examples(&[example("'02-Jan-2020'.yearsDiff('01-Jan-2021')", "0")]),
    distance(
        "totalYears",
        |call| apart(call, |start, end| months(start, end) / 12),
        "How many whole years of the calendar lie between two dates.",
        "deluge/help/functions/date-time.html",
    )
    .aliases(&["totalYear"])
    .examples(&[example("'02-Jan-2019'.totalYears('02-Jan-2021')", "2")]),
];

fn apart(call: &Call<'_, '_>, measure: fn(Moment, Moment) -> i64) -> Evaluated {
    let start = receiver(call)?;
    let end = moment(call, call.argument(0))?;
    Ok(Value::Number(measure(start, end)))
}

/// The hours between the full hours at which both began.
fn hours(start: Moment, end: Moment) -> i64 {
    let full = |moment: Moment| moment.millis() - moment.millis_of_day() % 3_600_000;
    (full(end) - full(start)) / 3_600_000
}

/// Whole months of the calendar: a month that is not over by its day does not count.
fn months(start: Moment, end: Moment) -> i64 {
    let ((start_year, start_month, start_day), (end_year, end_month, end_day)) =
        (calendar::date(start.day()), calendar::date(end.day()));
    let months = (end_year - start_year) * 12 + end_month - start_month;
    match months {
        1.. if end_day < start_day => months - 1,
        ..=-1 if end_day > start_day => months + 1,
        _ => months,
    }
}
