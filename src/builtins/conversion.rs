//! Conversions between kinds, texts by pattern, and questions about kinds; for receivers of every kind, so that each
//! name lives here alone.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use super::{Builtin, Call, any, contains_itself, example, optional, required};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::syntax::Profile;
use crate::value::convert::{self, Uncastable};
use crate::value::date_text::{self, Unreadable};
use crate::value::number_format::{NumberFormat, is_number_pattern};
use crate::value::{Kind, Moment, Value, compare, join_list, json, pattern, zone};

const PLAIN: &[Kind] = &[
    Kind::Text,
    Kind::Number,
    Kind::Decimal,
    Kind::Boolean,
    Kind::Date,
    Kind::DateTime,
    Kind::Caught,
    Kind::File,
];

const CONTAINERS: &[Kind] = &[Kind::List, Kind::Map, Kind::Collection, Kind::Empty];

const FORMATTED: &[Kind] = &[Kind::Text, Kind::Number, Kind::Decimal, Kind::Date, Kind::DateTime];

const NUMERIC: &[Kind] = &[
    Kind::Text,
    Kind::Number,
    Kind::Decimal,
    Kind::Boolean,
    Kind::Date,
    Kind::DateTime,
];

const ANY: &[Kind] = &Kind::ALL;

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(PLAIN, "toString", to_string)
        .params(&[optional("pattern", Kind::Text), optional("timeZone", Kind::Text)])
        .returns(Kind::Text)
        .doc(
            "The value as text. A date takes a pattern and a time zone, a number a pattern such as `#,##0.00`, or as \
milliseconds since 1970 a pattern of a date.",
        )
        .examples(&[
            example("'15-Aug-1947'.toString(\"yyyy-MM-dd\")", "1947-08-15"),
            example("1000000.05.toString(\"$#,##0.00\")", "$1,000,000.05"),
            example("0.2.toString(\"0%\")", "20%"),
            example("100.toString() + 1", "1001"),
        ])
        .source("deluge/help/functions/common/tostring.html"),
    Builtin::method(PLAIN, "toText", to_text)
        .params(&[optional("pattern", Kind::Text), optional("timeZone", Kind::Text)])
        .returns(Kind::Text)
        .doc("The value as text, as `toString` gives it; text that is no date stays as it is, whatever the pattern.")
        .examples(&[
            example("'29-Dec-2019'.toText(\"yyyy\")", "2019"),
            example("\"soon\".toText(\"yyyy\")", "soon"),
        ])
        .source("deluge/help/functions/common/to-text.html"),
    Builtin::method(CONTAINERS, "toString", container_to_string)
        .aliases(&["toText"])
        .params(&[optional("separator", Kind::Text)])
        .returns(Kind::Text)
        .doc("The list, map or collection as JSON; the elements of a list with a separator between them where one is given.")
        .examples(&[
            example("{\"Creator\",\"CRM\"}.toString()", "[\"Creator\",\"CRM\"]"),
            example("{\"Creator\":5,\"CRM\":3}.toString()", "{\"Creator\":5,\"CRM\":3}"),
            example("{1,2,3}.toString(\" & \")", "1 & 2 & 3"),
        ])
        .source("deluge/help/functions/common/tostring.html"),
    Builtin::method(FORMATTED, "text", text)
        .params(&[required("formatText", Kind::Text)])
        .returns(Kind::Text)
        .doc("The number or date in a pattern. Text that spells one is read first.")
        .examples(&[
            example("2434.text(\"000000000\")", "000002434"),
            example("\"12345654.1234\".text(\"$#,##0.00\")", "$12,345,654.12"),
            example("text(10, \"0.00 per hour\")", "10.00 per hour"),
            example("\"02/04/2020\".text(\"DDD\")", "035"),
        ])
        .source("deluge/help/functions/number/text.html"),
    Builtin::method(FORMATTED, "toDateTimeString", to_date_time_string)
        .params(&[required("pattern", Kind::Text), optional("timeZone", Kind::Text)])
        .returns(Kind::Text)
        .doc("A date, a text that reads as one, or milliseconds since 1970, in a pattern and a time zone.")
        .examples(&[
            example("0.toDateTimeString(\"yyyy-MM-dd HH:mm\", \"Asia/Kolkata\")", "1970-01-01 05:30"),
            example("\"02-Jan-2024\".toDateTimeString(\"EEEE\")", "Tuesday"),
        ])
        .source("deluge/help/functions/datetime/todatetimestring.html"),
    Builtin::method(NUMERIC, "toLong", to_long)
        .aliases(&["toNumber"])
        .returns(Kind::Number)
        .doc("The value as NUMBER: a fraction is cut off, a date gives its milliseconds since 1970.")
        .examples(&[
            example("toLong(99.9)", "99"),
            example("\"100\".toLong() + 1", "101"),
            example("123.25.toNumber()", "123"),
            example("'01-Jan-1970 00:00:01'.toLong()", "1000"),
        ])
        .source("deluge/help/functions/common/tolong.html"),
    Builtin::method(NUMERIC, "toDecimal", to_decimal)
        .returns(Kind::Decimal)
        .doc("The number, or the text that spells one, as DECIMAL.")
        .examples(&[example("\"99.90\".toDecimal()", "99.90"), example("toDecimal(\"100\")", "100")])
        .source("deluge/help/functions/common/todecimal.html"),
    Builtin::method(NUMERIC, "toDate", to_date)
        .aliases(&["dateValue"])
        .params(&[optional("pattern", Kind::Text), optional("timeZone", Kind::Text)])
        .returns(Kind::Date)
        .doc(
            "The day of a date, of milliseconds since 1970, or of a text: in a known format, or read by a pattern. The \
time zone is the one the text is meant in.",
        )
        .examples(&[
            example("\"2024-02-29\".toDate()", "29-Feb-2024"),
            example("toDate(\"01,11,2019 1:30:00 pm\", \"MM,d,yyyy\")", "11-Jan-2019"),
            example("1000.toDate()", "01-Jan-1970"),
        ])
        .source("deluge/help/functions/common/todate.html"),
    Builtin::method(NUMERIC, "toTime", to_time)
        .aliases(&["toDateTime"])
        .params(&[optional("pattern", Kind::Text), optional("timeZone", Kind::Text)])
        .returns(Kind::DateTime)
        .doc(
            "The date and time of milliseconds since 1970, or of a text: in a known format, or read by a pattern. The \
time zone is the one the text is meant in.",
        )
        .examples(&[
            example("\"Aug 21, 2013 16:04:37\".toTime()", "21-Aug-2013 16:04:37"),
            example("toDateTime(\"01-11-2019 13:30:00\", \"MM-d-yy\")", "11-Jan-2019 13:30:00"),
            example("\"2024-05-06T07:08:09-08:00\".toTime()", "06-May-2024 15:08:09"),
        ])
        .source("creator/help/script/built-in-functions/built-in-function-common-totime.html"),
    Builtin::method(ANY, "isNumber", is_number)
        .returns(Kind::Boolean)
        .doc("Whether the value is a number or text that spells one; null for lists and maps.")
        .examples(&[example("isNumber(\"12.3\")", "true"), example("\"12a\".isNumber()", "false")])
        .source("deluge/help/functions/common/isnumber.html"),
    Builtin::method(ANY, "isText", is_text)
        .returns(Kind::Boolean)
        .doc("Whether the value is text that spells no number; null for booleans, lists and maps.")
        .examples(&[
            example("isText(\"Hello\")", "true"),
            example("isText(\"123\")", "false"),
            example("'01-02-2020'.isText()", "false"),
        ])
        .source("deluge/help/functions/common/istext.html"),
    Builtin::method(ANY, "isDate", is_date)
        .returns(Kind::Boolean)
        .doc("Whether the value is a date or text that reads as one; null for lists and maps, an error for other text.")
        .examples(&[example("isDate(\"01-Jan-2019\")", "true"), example("isDate(100)", "false")])
        .source("deluge/help/functions/common/isdate.html"),
    Builtin::method(ANY, "isFile", is_file)
        .returns(Kind::Boolean)
        .doc("Whether the value is a file, such as a download.")
        .examples(&[example("\"a.txt\".isFile()", "false")])
        .source("deluge/help/file-methods.html"),
    Builtin::method(ANY, "equals", equals)
        .params(&[any("other")])
        .returns(Kind::Boolean)
        .doc("Whether both have the same type and value. Dates are compared by instant, texts with regard to case.")
        .examples(&[
            example("\"Zoho\".equals(\"zoho\")", "false"),
            example("1.equals(\"1\")", "false"),
            example("'01-Jan-2020'.equals('2020-01-01 00:00:00')", "true"),
        ])
        .source("deluge/help/functions/common/equals.html"),
];

/// A value as number, where it is one or spells one.
pub(super) fn numeric(value: &Value) -> Evaluated {
    match value {
        Value::Number(_) | Value::Decimal(_) | Value::BigDecimal(_) | Value::Double(_) => Ok(value.clone()),
        other => convert::to_numeric(other).map_err(|problem| cannot_cast(other, problem)),
    }
}

/// The documented error for a value that cannot be converted.
pub(super) fn cannot_cast(value: &Value, problem: Uncastable) -> Box<EvalError> {
    let code = match value {
        Value::Null => Code::NullOperand,
        _ if problem.too_large => Code::Overflow,
        _ => Code::CannotConvert,
    };
    let error = EvalError::failed(code, problem.to_string());
    match value.as_text() {
        Some("") => error
            .label("the text is empty")
            .help("ask `isEmpty` or give a default with `ifnull` first"),
        Some(text) => error
            .label(format!("`{}` does not read as a number", excerpt(text)))
            .help("ask `isNumber` first"),
        None => error,
    }
}

/// The documented error for a text that is no date.
pub(super) fn no_date(text: &str, problem: Unreadable) -> Box<EvalError> {
    let shown = excerpt(text);
    match problem {
        Unreadable::Shape => EvalError::failed(
            Code::BadDate,
            format!("UnParsable date: `{shown}` does not read as a date"),
        )
        .help("write it like `31-Dec-2024`, `2024-12-31` or `31-Dec-2024 23:59:59`, or give a pattern"),
        Unreadable::OutOfRange => EvalError::failed(
            Code::BadDate,
            format!("UnParsable date: `{shown}` has a day, month or year that there is not"),
        ),
    }
}

/// The beginning of a text, for messages.
fn excerpt(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// A value as moment: a date, milliseconds since 1970, or a text that reads as a date.
pub(super) fn moment(call: &Call<'_, '_>, value: &Value) -> Evaluated<Moment> {
    let dates = call.context.dates();
    match value {
        Value::Date(moment) | Value::DateTime(moment) => Ok(*moment),
        Value::Number(_) | Value::Decimal(_) | Value::BigDecimal(_) | Value::Double(_) => {
            let millis = convert::to_number(value).map_err(|problem| cannot_cast(value, problem))?;
            Moment::from_millis(millis, &dates.zone).ok_or_else(beyond_the_calendar)
        }
        other => match other.as_text() {
            Some(text) => match date_text::read(text, dates) {
                Ok(reading) => Ok(reading.moment),
                Err(problem) => Err(no_date(text, problem)),
            },
            None => Err(not_a_date(other)),
        },
    }
}

/// The error for a date before the year -9999 or after 9999.
pub(super) fn beyond_the_calendar() -> Box<EvalError> {
    EvalError::failed(
        Code::BadDate,
        "the date lies beyond the years that the calendar reaches, -9999 to 9999",
    )
}

/// The error for a value that is no date and spells none.
pub(super) fn not_a_date(value: &Value) -> Box<EvalError> {
    let code = if value.is_null() {
        Code::NullOperand
    } else {
        Code::CannotConvert
    };
    EvalError::failed(
        code,
        format!("'{}' can not be cast to '[DATE, DATE-TIME]'", value.kind().name()),
    )
}

fn to_string(call: &mut Call<'_, '_>) -> Evaluated {
    formatted(call, |text, problem| Err(no_date(text, problem)))
}

fn to_text(call: &mut Call<'_, '_>) -> Evaluated {
    formatted(call, |text, _| Ok(Value::text(text)))
}

/// The text of a value, in a pattern where one is given; `other` is for text that is no date.
fn formatted(call: &Call<'_, '_>, other: fn(&str, Unreadable) -> Evaluated) -> Evaluated {
    if !call.has(0) || call.argument(0).is_null() {
        return match call.receiver {
            text @ (Value::Text(_) | Value::ShortText(_)) => Ok(text.clone()),
            value => call.to_text(value).map(Value::from_cow),
        };
    }
    let format = call.text_arg(0)?;
    let creator = call.context.settings.profile == Profile::Creator;
    match call.receiver {
        Value::Date(moment) | Value::DateTime(moment) => in_pattern(call, *moment, &format),
        number @ (Value::Number(_) | Value::Decimal(_) | Value::BigDecimal(_) | Value::Double(_)) => {
            if is_number_pattern(&format) {
                return in_number_pattern(number, &format);
            }
            if creator {
                return call.to_text(number).map(Value::from_cow);
            }
            in_pattern(call, moment(call, number)?, &format)
        }
        value => match value.as_text() {
            Some(text) if !creator => text_in_pattern(call, text, &format, other),
            _ => call.to_text(value).map(Value::from_cow),
        },
    }
}

/// Text that spells a number or a date, in a pattern of that.
fn text_in_pattern(
    call: &Call<'_, '_>,
    text: &str,
    format: &str,
    other: fn(&str, Unreadable) -> Evaluated,
) -> Evaluated {
    if is_number_pattern(format)
        && let Some(number) = convert::number(text.trim())
    {
        return in_number_pattern(&number, format);
    }
    match date_text::read(text, call.context.dates()) {
        Ok(reading) => in_pattern(call, reading.moment, format),
        Err(problem) => other(text, problem),
    }
}

fn in_number_pattern(number: &Value, format: &str) -> Evaluated {
    let text = NumberFormat::compile(format).and_then(|format| format.format(number));
    text.map(Value::from_string).ok_or_else(|| {
        EvalError::failed(
            Code::BadPattern,
            format!("`{}` is no pattern of a number", excerpt(format)),
        )
        .help("write it like `#,##0.00`, `0%` or `$#,##0`")
    })
}

/// A moment in a pattern and in the zone of the second argument. A pattern with a letter that means nothing gives null
/// (deluge/help/functions/common/to-text.html).
fn in_pattern(call: &Call<'_, '_>, moment: Moment, format: &str) -> Evaluated {
    let Some(pattern) = pattern::find(format) else {
        return Ok(Value::Null);
    };
    let (moment, zone) = match zone_arg(call, 1)? {
        Some(zone) => {
            let there = Moment::from_millis(moment.millis(), &zone).ok_or_else(beyond_the_calendar)?;
            (there, Cow::Owned(zone))
        }
        None => (moment, Cow::Borrowed(&call.context.dates().zone)),
    };
    Ok(Value::from_string(pattern.format(moment, &zone)))
}

/// The time zone that an optional argument names; GMT where it names none there is.
pub(super) fn zone_arg(call: &Call<'_, '_>, index: usize) -> Evaluated<Option<TimeZone>> {
    if !call.has(index) || call.argument(index).is_null() {
        return Ok(None);
    }
    Ok(Some(zone::find_or_gmt(&call.text_arg(index)?)))
}

fn container_to_string(call: &mut Call<'_, '_>) -> Evaluated {
    let dates = call.context.dates();
    let mut text = String::new();
    let written = match call.receiver.settled() {
        Value::List(list) if call.has(0) => {
            let separator = call.text_arg(0)?;
            join_list(list, &separator, dates, &mut text)
        }
        container => json::write(container, dates, &mut text),
    };
    written.map_err(|_| contains_itself())?;
    Ok(Value::from_string(text))
}

fn text(call: &mut Call<'_, '_>) -> Evaluated {
    formatted(call, |text, problem| Err(no_date(text, problem)))
}

fn to_date_time_string(call: &mut Call<'_, '_>) -> Evaluated {
    in_pattern(call, moment(call, call.receiver)?, &call.text_arg(0)?)
}

fn to_long(call: &mut Call<'_, '_>) -> Evaluated {
    match convert::to_number(call.receiver) {
        Ok(number) => Ok(Value::Number(number)),
        Err(problem) => Err(cannot_cast(call.receiver, problem)),
    }
}

fn to_decimal(call: &mut Call<'_, '_>) -> Evaluated {
    convert::to_decimal(call.receiver).map_err(|problem| cannot_cast(call.receiver, problem))
}

fn to_date(call: &mut Call<'_, '_>) -> Evaluated {
    let moment = read_moment(call)?;
    Moment::from_local(moment.day(), 0, &call.context.dates().zone)
        .map(Value::Date)
        .ok_or_else(beyond_the_calendar)
}

fn to_time(call: &mut Call<'_, '_>) -> Evaluated {
    read_moment(call).map(Value::DateTime)
}

/// The receiver as moment; a text is read by the pattern and in the zone of the arguments.
fn read_moment(call: &Call<'_, '_>) -> Evaluated<Moment> {
    let Some(text) = call.receiver.as_text().filter(|_| call.has(0)) else {
        return moment(call, call.receiver);
    };
    let dates = call.context.dates();
    let meant = zone_arg(call, 1)?;
    let meant = meant.as_ref().unwrap_or(&dates.zone);
    let given = !call.argument(0).is_null()
        && call
            .argument(0)
            .as_text()
            .is_none_or(|format| !format.trim().is_empty());
    let read = if !given {
        date_text::read_in(text, dates, meant).map(|reading| reading.moment)
    } else {
        let format = call.text_arg(0)?;
        if pattern::find(&format).is_none() {
            return Err(EvalError::failed(
                Code::BadPattern,
                format!("`{}` is no pattern of a date", excerpt(&format)),
            )
            .help("write it like `dd-MM-yyyy HH:mm:ss`, other letters in single quotes"));
        }
        date_text::read_by(&format, text, dates, meant)
    };
    read.map_err(|problem| match problem {
        Unreadable::Shape if given => EvalError::failed(
            Code::BadDate,
            format!(
                "UnParsable date: `{}` does not fit the pattern `{}`",
                excerpt(text),
                excerpt(call.argument(0).as_text().unwrap_or_default())
            ),
        )
        .help("the pattern needs the same signs between the parts as the text"),
        problem => no_date(text, problem),
    })
}

fn is_number(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(match call.receiver {
        container if container.is_container() => Value::Null,
        value => Value::Boolean(convert::to_numeric(value).is_ok()),
    })
}

fn is_text(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(match call.receiver {
        Value::Boolean(_) => Value::Null,
        container if container.is_container() => Value::Null,
        value => Value::Boolean(
            value
                .as_text()
                .is_some_and(|text| convert::number(text.trim()).is_none()),
        ),
    })
}

fn is_date(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(match call.receiver {
        Value::Date(_) | Value::DateTime(_) => Value::Boolean(true),
        container if container.is_container() => Value::Null,
        value => match value.as_text() {
            Some(text) => match date_text::read(text, call.context.dates()) {
                Ok(_) => Value::Boolean(true),
                Err(problem) => return Err(no_date(text, problem)),
            },
            None => Value::Boolean(false),
        },
    })
}

fn is_file(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Boolean(call.receiver.kind() == Kind::File))
}

fn equals(call: &mut Call<'_, '_>) -> Evaluated {
    let other = call.argument(0);
    let is_date = |kind| matches!(kind, Kind::Date | Kind::DateTime);
    let (left, right) = (call.receiver.kind(), other.kind());
    let alike = left == right || is_date(left) && is_date(right);
    Ok(Value::Boolean(alike && compare::strict_equal(call.receiver, other)))
}

#[cfg(test)]
mod tests;
