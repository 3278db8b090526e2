//! Plain data and serde: any type that serde can write becomes data, and data any type that it can read.

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::Data;

/// Why something is no data, or data not the wanted type.
pub type WireError = serde_json::Error;

impl Data {
    /// Whatever serde can write, as it would be in JSON: structs are maps, a whole number beyond 64 bits is a DECIMAL.
    ///
    /// # Errors
    /// It has no form in JSON, for instance because a key of a map is no text.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, WireError> {
        serde_json::to_value(value).map(Self::from)
    }

    /// The data as a type of one's own. Dates are their text; a DECIMAL is a double, so digits beyond 17 are lost.
    ///
    /// # Errors
    /// A part is missing or of another kind; the message names it.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, WireError> {
        serde_json::from_value(self.to_json())
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Decimal(text) => match text.parse::<f64>() {
                Ok(double) => serializer.serialize_f64(double),
                Err(_) => serializer.serialize_str(text),
            },
            Self::Text(text) | Self::Date { text, .. } | Self::DateTime { text, .. } => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => serializer.collect_map(entries),
            Self::File { name, .. } => serializer.serialize_str(name),
        }
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_json::Value::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_serde_writes_comes_back() {
        let written = Data::from_serialize(&(1_u64 << 63, "a", Some(2.5), None::<i64>)).unwrap();
        assert_eq!(
            written,
            Data::List(vec![
                Data::Decimal("9223372036854775808".to_owned()),
                Data::from("a"),
                Data::Decimal("2.5".to_owned()),
                Data::Null
            ])
        );
        let map: BTreeMap<String, Vec<i64>> = BTreeMap::from([("k".to_owned(), vec![1, 2])]);
        let data = Data::from_serialize(&map).unwrap();
        assert_eq!(data.to::<BTreeMap<String, Vec<i64>>>().unwrap(), map);
        assert_eq!(serde_json::to_string(&data).unwrap(), r#"{"k":[1,2]}"#);
        assert_eq!(serde_json::from_str::<Data>(r#"{"k":[1,2]}"#).unwrap(), data);
        assert!(data.to::<Vec<i64>>().is_err());
    }

    #[derive(Serialize)]
    enum Form {
        Unit,
        Newtype(i64),
        Tuple(i64, i64),
        Struct { a: i64 },
    }

    #[derive(Serialize)]
    struct Empty;

    fn text<T: Serialize>(value: &T) -> String {
        match Data::from_serialize(value) {
            Ok(data) => data.to_json_text(&crate::value::DateSettings::default()).unwrap(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn every_form_of_serde_becomes_what_it_is_in_json() {
        for (written, expected) in [
            (text(&Form::Unit), r#""Unit""#),
            (text(&Form::Newtype(1)), r#"{"Newtype":1}"#),
            (text(&Form::Tuple(1, 2)), r#"{"Tuple":[1,2]}"#),
            (text(&Form::Struct { a: 1 }), r#"{"Struct":{"a":1}}"#),
            (text(&Empty), "null"),
            (text(&()), "null"),
            (text(&None::<i64>), "null"),
            (text(&Some(Some(1))), "1"),
            (text(&'é'), r#""é""#),
            (text(&b"ab"), "[97,98]"),
            (text(&u64::MAX), "18446744073709551615"),
            (text(&i64::MIN), "-9223372036854775808"),
            (text(&i128::from(i64::MAX)), "9223372036854775807"),
            (text(&i128::MAX), "error: number out of range"),
            (text(&0.1_f32), "0.10000000149011612"),
            (text(&1e300), "1.0E300"),
            (text(&f64::NAN), "null"),
            (text(&f64::INFINITY), "null"),
            (text(&BTreeMap::from([(7, "x")])), r#"{"7":"x"}"#),
            (text(&BTreeMap::from([(true, "x")])), r#"{"true":"x"}"#),
            (text(&BTreeMap::from([((1, 2), "x")])), "error: key must be a string"),
        ] {
            assert_eq!(written, expected);
        }
        let dates = crate::value::DateSettings::default();
        for (double, shown, json) in [(f64::NAN, "NaN", "null"), (f64::NEG_INFINITY, "-Infinity", "null")] {
            let data = Data::from(double);
            assert_eq!(data.to_json_text(&dates).unwrap(), json);
            assert_eq!(data.to_text(&dates).unwrap(), shown);
        }
    }
}
