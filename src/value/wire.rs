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
}
