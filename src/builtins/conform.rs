//! Values as a declared type wants them: the elements of typed lists, and the parameters of functions
//! (help/create-list-datatype.html).

use super::contains_itself;
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated, Settings};
use crate::value::{Decimal, Kind, Moment, Value, compare, date_text};

/// A value as an element of a typed list: TEXT takes everything as text, NUMBER whole numbers quoted or not, DECIMAL
/// numbers quoted or not, BOOLEAN also quoted, DATE quoted dates and milliseconds since 1970. Null stays null.
///
/// # Errors
/// The value cannot be of that kind.
pub fn conform(element: Kind, value: Value, settings: &Settings) -> Evaluated {
    let value = value.settled().clone();
    let kind = value.kind();
    if kind == element || kind == Kind::Null {
        return Ok(value);
    }
    let converted = match element {
        Kind::Text => Some(Value::from_string(
            value.to_text(&settings.dates).map_err(|_| contains_itself())?,
        )),
        Kind::Number => number(&value).and_then(|number| whole(&number)).map(Value::Number),
        Kind::Decimal => number(&value).as_ref().and_then(as_decimal),
        Kind::Boolean => boolean(&value),
        Kind::Date | Kind::DateTime => date(&value, settings),
        Kind::List => value.as_list().cloned().map(Value::List),
        Kind::Map => value.as_map().cloned().map(Value::Map),
        _ => None,
    };
    converted.ok_or_else(|| does_not_fit(element, &value, settings))
}

/// A value as a parameter of a declared type: converted as [`conform`] does where that loses nothing, else as it is.
pub fn fit(kind: Kind, value: Value, settings: &Settings) -> Value {
    let numeric = matches!(kind, Kind::Date | Kind::DateTime) && value.as_text().is_none();
    if value.is_null() || value.is_container() || numeric {
        return value;
    }
    conform(kind, value.clone(), settings).unwrap_or(value)
}

/// The number that a NUMBER or DECIMAL is, or a numeric text spells.
fn number(value: &Value) -> Option<Value> {
    match value.as_text() {
        Some(text) => compare::numeric(text.trim()),
        None => matches!(value.kind(), Kind::Number | Kind::Decimal).then(|| value.clone()),
    }
}

/// The whole number that a number is, where it has no fraction and fits.
pub(super) fn whole(number: &Value) -> Option<i64> {
    match number {
        Value::Number(number) => Some(*number),
        Value::Double(double) if double.fract() == 0.0 && double.abs() < 9e18 => Some(*double as i64),
        other => {
            let wide = other.as_wide().filter(|wide| wide.fract().is_zero())?;
            i64::try_from(wide.trunc().mantissa()).ok()
        }
    }
}

fn as_decimal(number: &Value) -> Option<Value> {
    match number {
        Value::Number(number) => Decimal::new(*number, 0).map(Value::Decimal),
        other => Some(other.clone()),
    }
}

fn boolean(value: &Value) -> Option<Value> {
    match value.as_text()? {
        text if text.eq_ignore_ascii_case("true") => Some(Value::Boolean(true)),
        text if text.eq_ignore_ascii_case("false") => Some(Value::Boolean(false)),
        _ => None,
    }
}

fn date(value: &Value, settings: &Settings) -> Option<Value> {
    match value {
        Value::Date(_) | Value::DateTime(_) => Some(value.clone()),
        Value::Number(millis) => Moment::from_millis(*millis, &settings.dates.zone).map(Value::DateTime),
        other => match date_text::quoted(other.as_text()?, &settings.dates) {
            read @ (Value::Date(_) | Value::DateTime(_)) => Some(read),
            _ => None,
        },
    }
}

fn does_not_fit(element: Kind, value: &Value, settings: &Settings) -> Box<EvalError> {
    let shown = value.to_text(&settings.dates).unwrap_or_default();
    let mut shown: String = shown.chars().take(60).collect();
    if shown.is_empty() {
        shown.push_str(value.kind().name());
    }
    EvalError::failed(
        Code::WrongKind,
        format!(
            "'{shown}' can not be cast to '{}': the list holds {} alone",
            element.name(),
            element.name()
        ),
    )
    .help("put in what reads as its type, or make a list without one: `List()`")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{from_json, to_json};
    use super::*;
    use serde_json::json;

    #[test]
    fn elements_of_typed_lists() {
        for (element, given, expected) in [
            (Kind::Number, json!("12"), Some(json!(12))),
            (Kind::Number, json!(" 12 "), Some(json!(12))),
            (Kind::Number, json!("9223372036854775807"), Some(json!(i64::MAX))),
            (Kind::Number, json!(12), Some(json!(12))),
            (Kind::Number, json!("abc"), None),
            (Kind::Number, json!("1.5"), None),
            (Kind::Number, json!(1.5), None),
            (Kind::Number, json!(2.0), Some(json!(2))),
            (Kind::Number, json!(true), None),
            (Kind::Number, json!(null), Some(json!(null))),
            (Kind::Decimal, json!("1.5"), Some(json!(1.5))),
            (Kind::Decimal, json!("x"), None),
            (Kind::Boolean, json!("TRUE"), Some(json!(true))),
            (Kind::Boolean, json!("yes"), None),
            (Kind::Boolean, json!(1), None),
            (Kind::Text, json!(5), Some(json!("5"))),
            (Kind::Map, json!({}), Some(json!({}))),
            (Kind::Map, json!([]), None),
            (Kind::Date, json!("no date"), None),
        ] {
            let settings = Settings::default();
            let conformed = conform(element, from_json(&given), &settings);
            assert_eq!(conformed.ok().as_ref().map(to_json), expected, "{element:?} {given}");
        }
    }

    #[test]
    fn milliseconds_are_dates_seen_in_the_zone() {
        let mut settings = Settings::default();
        settings.dates.zone = jiff::tz::TimeZone::get("America/Los_Angeles").unwrap();
        let Ok(Value::DateTime(moment)) = conform(Kind::Date, Value::Number(1000), &settings) else {
            panic!("no date");
        };
        assert_eq!(moment.civil(), jiff::civil::date(1969, 12, 31).at(16, 0, 1, 0));
    }

    #[test]
    fn parameters_keep_what_does_not_fit() {
        let settings = Settings::default();
        let fitted = |kind, value| to_json(&fit(kind, from_json(&value), &settings));
        assert_eq!(fitted(Kind::Number, json!("12")), json!(12));
        assert_eq!(fitted(Kind::Number, json!("abc")), json!("abc"));
        assert_eq!(fitted(Kind::Date, json!(1000)), json!(1000));
        assert_eq!(fitted(Kind::Text, json!([1])), json!([1]));
        assert_eq!(fitted(Kind::Text, json!(7)), json!("7"));
    }
}
