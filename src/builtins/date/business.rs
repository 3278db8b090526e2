//! Business days and hours: weekends are Saturday and Sunday unless given, holidays there are none unless given.

use std::collections::HashSet;

use super::super::conversion::{beyond_the_calendar, numeric};
use super::super::{Builtin, Call, Param, any, example, optional, required};
use super::{DATED, date_of, local, moment, receiver, weekday_named};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::{Collection, Contents, Key, Kind, Moment, Value, calendar, convert};

/// Minutes of a day of 24 hours.
const DAY_MINUTES: i64 = 24 * 60;

/// Days after 1970-01-01 that no date of the calendar reaches.
const BEYOND: i64 = 5_000_000;

const WEEKENDS: Param = Param {
    optional: true,
    ..any("weekends")
};

const HOLIDAYS: Param = Param {
    optional: true,
    ..any("holidays")
};

/// The table of this family.
pub(in crate::builtins) const TABLE: &[Builtin] = &[
    Builtin::method(DATED, "addBusinessDay", |call| business_days(call, 1))
        .params(&[required("count", Kind::Number), WEEKENDS, HOLIDAYS])
        .returns(Kind::DateTime)
        .doc("The date some business days later, at the same time of day.")
        .examples(&[example("'15-Mar-2019 09:00:00'.addBusinessDay(1)", "18-Mar-2019 09:00:00")])
        .source("deluge/help/functions/datetime/addbusinessday.html"),
    Builtin::method(DATED, "subBusinessDay", |call| business_days(call, -1))
        .params(&[required("count", Kind::Number), WEEKENDS, HOLIDAYS])
        .returns(Kind::DateTime)
        .doc("The date some business days earlier, at the same time of day.")
        .examples(&[example("'18-Mar-2019 09:00:00'.subBusinessDay(1)", "15-Mar-2019 09:00:00")])
        .source("deluge/help/functions/datetime/subBusinessDay.html"),
    Builtin::method(DATED, "workday", workday)
        .params(&[required("count", Kind::Number), WEEKENDS, HOLIDAYS])
        .returns(Kind::Date)
        .doc("The day some business days later, without a time. A negative count gives the date as it is.")
        .examples(&[
            example("'15-Mar-2019'.workday(1)", "18-Mar-2019"),
            example("'23-May-2020'.workday(5, {\"Sunday\"}, {'25-May-2020'})", "30-May-2020"),
        ])
        .source("deluge/help/functions/datetime/workday.html"),
    Builtin::method(DATED, "workDaysBetween", work_days_between)
        .params(&[any("end"), WEEKENDS, HOLIDAYS])
        .returns(Kind::Number)
        .doc("How many business days there are after a date up to another; negative where that is the earlier one.")
        .examples(&[example("'15-Mar-2019'.workDaysBetween('19-Mar-2019')", "2")])
        .source("deluge/help/functions/datetime/work-days-between.html"),
    Builtin::method(DATED, "workDaysList", work_days_list)
        .params(&[any("end"), WEEKENDS, HOLIDAYS])
        .returns(Kind::Collection)
        .doc("The business days from a date up to another, both included; none where that is the earlier one.")
        .examples(&[example(
            "'15-Mar-2019'.workDaysList('18-Mar-2019')",
            "15-Mar-2019,18-Mar-2019",
        )])
        .source("deluge/help/functions/datetime/work-days-list.html"),
    Builtin::method(DATED, "addBusinessHour", business_hours)
        .params(&[required("hours", Kind::Decimal), WEEKENDS, HOLIDAYS, optional("businessHours", Kind::Map)])
        .returns(Kind::DateTime)
        .doc(
            "The date and time some business hours later, or earlier for a negative number. Two digits behind the point \
are minutes: 0.1 is ten. A day has the hours from 9 to 17, unless `{\"start\":9,\"end\":17}` says otherwise.",
        )
        .examples(&[
            example("'02-Aug-2022 09:00:00'.addBusinessHour(0.1)", "02-Aug-2022 09:10:00"),
            example("'02-Aug-2022 16:00:00'.addBusinessHour(2)", "03-Aug-2022 10:00:00"),
        ])
        .source("deluge/help/functions/datetime/add-business-hour.html"),
];

/// Which days are business days.
struct Week {
    /// By day of the week, Sunday first.
    open: [bool; 7],
    holidays: HashSet<i64>,
}

impl Week {
    /// The week of the arguments from an index on: weekends, then holidays.
    fn of(call: &Call<'_, '_>, index: usize) -> Evaluated<Self> {
        let mut open = [true; 7];
        if call.argument(index).is_null() {
            (open[0], open[6]) = (false, false);
        }
        for name in elements(call.argument(index)) {
            open[weekday_named(&call.to_text(&name)?)? as usize] = false;
        }
        let mut holidays = HashSet::new();
        for holiday in elements(call.argument(index + 1)) {
            if !holiday.as_text().is_some_and(|text| text.trim().is_empty()) {
                holidays.insert(moment(call, &holiday)?.day());
            }
        }
        Ok(Self { open, holidays })
    }

    fn is_open(&self, day: i64) -> bool {
        self.open[calendar::weekday(day) as usize] && !self.holidays.contains(&day)
    }

    /// The error for a week without business days, in which nothing could be counted.
    fn check(&self) -> Evaluated<()> {
        if self.open.contains(&true) {
            return Ok(());
        }
        Err(EvalError::failed(
            Code::BadArgument,
            "all seven days are weekends: there is no business day",
        )
        .help("leave at least one day out of the weekends"))
    }

    /// The day that is so many business days after a day; before it where the count is negative.
    fn after(&self, mut day: i64, count: i64) -> Evaluated<i64> {
        self.check()?;
        let direction = count.signum();
        let mut left = count.unsigned_abs();
        // Whole weeks without holidays are stepped over at once.
        let a_week = self.open.iter().filter(|open| **open).count() as u64;
        if self.holidays.is_empty() && left > a_week {
            let weeks = i64::try_from((left - 1) / a_week).map_err(|_| beyond_the_calendar())?;
            day = weeks
                .checked_mul(7 * direction)
                .and_then(|days| day.checked_add(days))
                .ok_or_else(beyond_the_calendar)?;
            left -= weeks.unsigned_abs() * a_week;
        }
        while left > 0 {
            day += direction;
            if day.abs() > BEYOND {
                return Err(beyond_the_calendar());
            }
            left -= u64::from(self.is_open(day));
        }
        Ok(day)
    }
}

/// The elements of a list or collection, or of a text with commas.
fn elements(value: &Value) -> Vec<Value> {
    match value.settled() {
        Value::List(list) => list.items().to_vec(),
        Value::Collection(collection) => match &*collection.contents() {
            Contents::Empty => Vec::new(),
            Contents::Values(values) => values.to_vec(),
            Contents::Pairs(pairs) => pairs.values().cloned().collect(),
        },
        Value::Null | Value::Empty(_) => Vec::new(),
        other => match other.as_text() {
            Some(text) => text.split(',').map(str::trim).map(Value::text).collect(),
            None => vec![other.clone()],
        },
    }
}

fn business_days(call: &Call<'_, '_>, direction: i64) -> Evaluated {
    let from = receiver(call)?;
    let count = call
        .number_arg(0)?
        .checked_mul(direction)
        .ok_or_else(beyond_the_calendar)?;
    let day = Week::of(call, 1)?.after(from.day(), count)?;
    local(call, day, from.millis_of_day()).map(Value::DateTime)
}

fn workday(call: &mut Call<'_, '_>) -> Evaluated {
    let from = receiver(call)?;
    let count = call.number_arg(0)?;
    if count < 0 {
        return Ok(match call.receiver {
            date @ (Value::Date(_) | Value::DateTime(_)) => date.clone(),
            _ => Value::DateTime(from),
        });
    }
    let day = Week::of(call, 1)?.after(from.day(), count)?;
    date_of(call, day)
}

fn work_days_between(call: &mut Call<'_, '_>) -> Evaluated {
    let (start, end) = (receiver(call)?.day(), moment(call, call.argument(0))?.day());
    let week = Week::of(call, 1)?;
    let count = |mut days: std::ops::RangeInclusive<i64>| days.by_ref().filter(|day| week.is_open(*day)).count() as i64;
    Ok(Value::Number(if start <= end {
        count(start + 1..=end)
    } else {
        -count(end..=start - 1)
    }))
}

fn work_days_list(call: &mut Call<'_, '_>) -> Evaluated {
    let (start, end) = (receiver(call)?.day(), moment(call, call.argument(0))?.day());
    let week = Week::of(call, 1)?;
    let days = usize::try_from(end - start).unwrap_or(0);
    call.reserve(days * size_of::<Value>())?;
    let days = (start..=end).filter(|day| week.is_open(*day));
    let dates = days.map(|day| date_of(call, day)).collect::<Evaluated<Vec<Value>>>()?;
    Ok(Value::Collection(Collection::new(Contents::Values(dates.into()))))
}

fn business_hours(call: &mut Call<'_, '_>) -> Evaluated {
    let from = receiver(call)?;
    let minutes = minutes_arg(call)?;
    let week = Week::of(call, 1)?;
    week.check()?;
    let (opens, closes) = opening(call, 3)?;
    let millis = minutes.checked_mul(60_000).ok_or_else(beyond_the_calendar)?;
    let (day, of_day) = if millis >= 0 {
        later(&week, (opens, closes), from, millis)?
    } else {
        earlier(&week, (opens, closes), from, millis.unsigned_abs() as i64)?
    };
    local(call, day, of_day).map(Value::DateTime)
}

/// The hours to move, in minutes: whole hours, and two digits behind the point that are minutes. The page says that 0.1
/// is one minute; measured, 0.01 is one and 0.1 ten (TheWorkflowAcademy/Adding-Business-Minutes-to-Timestamp).
fn minutes_arg(call: &Call<'_, '_>) -> Evaluated<i64> {
    let hours = numeric(call.argument(0))?;
    let exact = convert::to_exact(&hours).and_then(|exact| exact.as_wide());
    let wide = exact.ok_or_else(beyond_the_calendar)?;
    let whole = convert::to_number(&Value::from_wide(wide.trunc())).map_err(|_| beyond_the_calendar())?;
    let digits = (wide.fract() * rust_decimal::Decimal::ONE_HUNDRED).round();
    let minutes = convert::to_number(&Value::from_wide(digits)).map_err(|_| beyond_the_calendar())?;
    let total = whole.checked_mul(60).and_then(|whole| whole.checked_add(minutes));
    total.ok_or_else(beyond_the_calendar)
}

/// When business begins and ends, in milliseconds after midnight.
fn opening(call: &Call<'_, '_>, index: usize) -> Evaluated<(i64, i64)> {
    let opens = hour_of(call, index, "start", 9)?;
    let closes = hour_of(call, index, "end", 17)?;
    if opens < closes && opens >= 0 && closes <= DAY_MINUTES {
        return Ok((opens * 60_000, closes * 60_000));
    }
    Err(EvalError::failed(
        Code::BadArgument,
        "business hours begin before they end, both between 0 and 24",
    )
    .help("write them like `{\"start\":9,\"end\":17}`"))
}

/// An hour of the opening hours, `9`, `"9"` or `"9:30"`, in minutes after midnight.
fn hour_of(call: &Call<'_, '_>, index: usize, key: &str, default: i64) -> Evaluated<i64> {
    let given = match call.argument(index) {
        Value::Map(map) => map.get_text(key),
        Value::Collection(collection) => match &*collection.contents() {
            Contents::Pairs(pairs) => Key::with_text(&Value::text(key), |key| pairs.get(key).cloned()),
            _ => None,
        },
        Value::Null | Value::Empty(_) => None,
        _ => return Err(call.mismatch(index, Kind::Map)),
    };
    let Some(given) = given.filter(|given| !given.is_null()) else {
        return Ok(default * 60);
    };
    let text = call.to_text(&given)?;
    let (hours, minutes) = text.split_once(':').unwrap_or((&text, "0"));
    let number = |part: &str| part.trim().parse::<i64>().ok().filter(|part| (0..=60).contains(part));
    match (number(hours), number(minutes)) {
        (Some(hours), Some(minutes)) => Ok(hours * 60 + minutes),
        _ => Err(EvalError::failed(
            Code::BadArgument,
            format!("the {key} of the business hours is no hour of the day"),
        )
        .help("write them like `{\"start\":9,\"end\":17}`")),
    }
}

/// The time of day that business moves on to, so many open milliseconds later. A time outside business counts from the
/// next opening.
fn later(week: &Week, (opens, closes): (i64, i64), from: Moment, mut left: i64) -> Evaluated<(i64, i64)> {
    let (mut day, mut at) = (from.day(), from.millis_of_day().max(opens));
    if !week.is_open(day) || at > closes || at == closes && left > 0 {
        (day, at) = (week.after(day, 1)?, opens);
    }
    let a_day = closes - opens;
    if left > closes - at {
        left -= closes - at;
        // A day that is used up to its end is not left.
        let days = (left - 1) / a_day;
        day = week.after(day, days + 1)?;
        at = opens;
        left -= days * a_day;
    }
    Ok((day, at + left))
}

/// As [`later`], backwards: a time outside business counts from the last closing.
fn earlier(week: &Week, (opens, closes): (i64, i64), from: Moment, mut left: i64) -> Evaluated<(i64, i64)> {
    let (mut day, mut at) = (from.day(), from.millis_of_day().min(closes));
    if !week.is_open(day) || at <= opens {
        (day, at) = (week.after(day, -1)?, closes);
    }
    let a_day = closes - opens;
    if left > at - opens {
        left -= at - opens;
        let days = (left - 1) / a_day;
        day = week.after(day, -(days + 1))?;
        at = closes;
        left -= days * a_day;
    }
    Ok((day, at - left))
}
