//! Values that leave a run: plain data that may go to other threads, be kept, and become JSON.

use indexmap::IndexMap;

use super::entries::Entries;
use super::json::JsonError;
use super::map::Key;
use super::print::{MAX_BYTES, MAX_DEPTH, write_plain};
use super::{Contents, DateSettings, File, Kind, List, Map, Moment, Unprintable, Value, convert, json, leash};

/// A value without its run. Conversion from a [`Value`] copies; two runs never share one.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Data {
    /// `null`
    #[default]
    Null,
    /// BOOLEAN
    Boolean(bool),
    /// NUMBER
    Number(i64),
    /// DECIMAL, as its text, so that no digit is lost.
    Decimal(String),
    /// TEXT
    Text(String),
    /// DATE
    Date {
        /// Its text in the run's format.
        text: String,
        /// Milliseconds from 1970-01-01T00:00Z to its first instant.
        millis: i64,
    },
    /// DATE-TIME
    DateTime {
        /// Its text in the run's format.
        text: String,
        /// Milliseconds since 1970-01-01T00:00Z.
        millis: i64,
    },
    /// LIST, and COLLECTION of plain elements.
    List(Vec<Self>),
    /// KEY-VALUE, and COLLECTION of pairs. Keys are in their text form.
    Map(IndexMap<String, Self>),
    /// FILE
    File {
        /// Its name with extension.
        name: String,
        /// Its media type; empty where only the name tells.
        media_type: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

impl Data {
    /// A value as plain data. What `catch` caught becomes its text.
    ///
    /// # Errors
    /// The value contains itself, is nested too deeply, or is larger than any result could be.
    pub fn from_value(value: &Value, dates: &DateSettings) -> Result<Self, Unprintable> {
        let mut copier = Copier { dates, bytes: 0 };
        stacker::maybe_grow(STACK, STACK, || copier.copy(value, 0))
    }

    /// The value of a run, with dates seen from the run's zone.
    pub fn into_value(self, dates: &DateSettings) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(boolean) => Value::Boolean(boolean),
            Self::Number(number) => Value::Number(number),
            Self::Decimal(text) => {
                let number = convert::number(&text).and_then(|number| convert::to_decimal(&number).ok());
                number.unwrap_or_else(|| text.parse().map_or(Value::Null, Value::Double))
            }
            Self::Text(text) => Value::from_string(text),
            Self::Date { text, millis } => {
                Moment::from_millis(millis, &dates.zone).map_or_else(|| Value::from_string(text), Value::Date)
            }
            Self::DateTime { text, millis } => {
                Moment::from_millis(millis, &dates.zone).map_or_else(|| Value::from_string(text), Value::DateTime)
            }
            Self::List(items) => stacker::maybe_grow(ROOM, STACK, || {
                let items = items.into_iter().map(|item| item.into_value(dates));
                Value::List(List::new(items.collect()))
            }),
            Self::Map(entries) => stacker::maybe_grow(ROOM, STACK, || {
                let entries = entries.into_iter();
                let entries: Entries = entries
                    .map(|(key, value)| (Key::new(Value::from_string(key)), value.into_value(dates)))
                    .collect();
                Value::Map(Map::new(entries))
            }),
            Self::File {
                name,
                media_type,
                bytes,
            } => Value::File(File::new(name, media_type, bytes)),
        }
    }

    /// JSON text as data, with every digit of its numbers (see [`json::parse`]).
    ///
    /// # Errors
    /// The text is not JSON, is nested too deeply, or too large.
    pub fn from_json_text(text: &str) -> Result<Self, JsonError> {
        let value = json::parse(text)?;
        Self::from_value(&value, &DateSettings::default()).map_err(|_| JsonError {
            offset: text.len(),
            expected: "a smaller text",
            found: None,
        })
    }

    /// What kind of value it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Boolean(_) => Kind::Boolean,
            Self::Number(_) => Kind::Number,
            Self::Decimal(_) => Kind::Decimal,
            Self::Text(_) => Kind::Text,
            Self::Date { .. } => Kind::Date,
            Self::DateTime { .. } => Kind::DateTime,
            Self::List(_) => Kind::List,
            Self::Map(_) => Kind::Map,
            Self::File { .. } => Kind::File,
        }
    }

    /// The text that `info` prints: that of the value in a run with these settings.
    ///
    /// # Errors
    /// The data is nested too deeply.
    pub fn to_text(&self, dates: &DateSettings) -> Result<String, Unprintable> {
        self.clone().into_value(dates).to_text(dates)
    }

    /// The data as compact JSON, with every digit; dates and files as in [`json::write`].
    ///
    /// # Errors
    /// The data is nested too deeply.
    pub fn to_json_text(&self, dates: &DateSettings) -> Result<String, Unprintable> {
        let mut out = String::with_capacity(256);
        stacker::maybe_grow(STACK, STACK, || self.write_json(dates, &mut out, 0))?;
        Ok(out)
    }

    fn write_json(&self, dates: &DateSettings, out: &mut String, depth: usize) -> Result<(), Unprintable> {
        match self {
            Self::Number(number) => out.push_str(itoa::Buffer::new().format(*number)),
            Self::Text(text) => json::write_quoted(text, out),
            Self::List(items) => {
                let depth = enter(depth)?;
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    item.write_json(dates, out, depth)?;
                }
                out.push(']');
            }
            Self::Map(entries) => {
                let depth = enter(depth)?;
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    json::write_quoted(key, out);
                    out.push(':');
                    value.write_json(dates, out, depth)?;
                }
                out.push('}');
            }
            // What has a form of its own is written by the value that it stands for.
            plain => json::write(&plain.clone().into_value(dates), dates, out)?,
        }
        Ok(())
    }

    /// The data as JSON tree. A decimal of more than 17 digits loses some; [`Data::to_json_text`] loses none.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Self::Null => Json::Null,
            Self::Boolean(boolean) => Json::Bool(*boolean),
            Self::Number(number) => Json::from(*number),
            Self::Decimal(text) => text.parse::<f64>().map_or(Json::Null, Json::from),
            Self::Text(text) | Self::Date { text, .. } | Self::DateTime { text, .. } => Json::from(text.as_str()),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, value)| (key.clone(), value.to_json()))
                .collect(),
            Self::File { name, .. } => Json::from(name.as_str()),
        }
    }
}

/// The stack that copying the deepest value may take; more is made where less is left.
const STACK: usize = 512 << 10;

/// The stack that one level of data may take on its way into a run, in which values may be nested as deep as they like.
const ROOM: usize = 32 << 10;

struct Copier<'d> {
    dates: &'d DateSettings,
    bytes: usize,
}

impl Copier<'_> {
    fn copy(&mut self, value: &Value, depth: usize) -> Result<Data, Unprintable> {
        self.count(size_of::<Data>())?;
        Ok(match value.settled() {
            Value::Null => Data::Null,
            Value::Boolean(boolean) => Data::Boolean(*boolean),
            Value::Number(number) => Data::Number(*number),
            Value::Date(moment) => Data::Date {
                text: self.text(value)?,
                millis: moment.millis(),
            },
            Value::DateTime(moment) => Data::DateTime {
                text: self.text(value)?,
                millis: moment.millis(),
            },
            Value::Decimal(_) | Value::BigDecimal(_) | Value::Double(_) => Data::Decimal(self.text(value)?),
            Value::ShortText(_) | Value::Text(_) | Value::Caught(_) => Data::Text(self.text(value)?),
            Value::List(list) => self.list(&list.items(), depth)?,
            Value::Map(map) => self.map(&map.entries(), depth)?,
            Value::Collection(collection) => match &*collection.contents() {
                Contents::Empty => Data::Map(IndexMap::new()),
                Contents::Values(values) => self.list(values, depth)?,
                Contents::Pairs(pairs) => self.map(pairs, depth)?,
            },
            Value::Empty(_) => Data::Map(IndexMap::new()),
            Value::File(file) => {
                let content = file.content();
                self.count(content.bytes().len())?;
                Data::File {
                    name: content.name.clone(),
                    media_type: content.media_type.clone(),
                    bytes: content.bytes().to_vec(),
                }
            }
        })
    }

    fn list(&mut self, items: &[Value], depth: usize) -> Result<Data, Unprintable> {
        let depth = enter(depth)?;
        items
            .iter()
            .map(|item| self.copy(item, depth))
            .collect::<Result<_, _>>()
            .map(Data::List)
    }

    fn map(&mut self, entries: &Entries, depth: usize) -> Result<Data, Unprintable> {
        let depth = enter(depth)?;
        let mut copied = IndexMap::with_capacity(entries.len());
        for (key, value) in entries {
            copied.insert(self.text(key.value())?, self.copy(value, depth)?);
        }
        Ok(Data::Map(copied))
    }

    fn text(&mut self, value: &Value) -> Result<String, Unprintable> {
        let mut text = String::new();
        write_plain(value, self.dates, &mut text);
        self.count(text.len())?;
        Ok(text)
    }

    fn count(&mut self, bytes: usize) -> Result<(), Unprintable> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MAX_BYTES * 4 || !leash::spend(bytes, self.bytes) {
            Err(Unprintable)
        } else {
            Ok(())
        }
    }
}

fn enter(depth: usize) -> Result<usize, Unprintable> {
    if depth < MAX_DEPTH {
        Ok(depth + 1)
    } else {
        Err(Unprintable)
    }
}

impl From<bool> for Data {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<i64> for Data {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Data {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Data {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

/// Beyond 64 bits with sign it is a DECIMAL.
impl From<u64> for Data {
    fn from(number: u64) -> Self {
        i64::try_from(number).map_or_else(|_| Self::Decimal(number.to_string()), Self::Number)
    }
}

impl From<f64> for Data {
    fn from(double: f64) -> Self {
        Self::Decimal(super::double::to_text(double))
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Data {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Self>> From<Option<T>> for Data {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<K: Into<String>, V: Into<Self>> FromIterator<(K, V)> for Data {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self::Map(
            pairs
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl From<&serde_json::Value> for Data {
    fn from(json: &serde_json::Value) -> Self {
        Self::from(json.clone())
    }
}

impl From<serde_json::Value> for Data {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(boolean) => Self::Boolean(boolean),
            Json::Number(number) => number
                .as_i64()
                .map_or_else(|| Self::Decimal(number.to_string()), Self::Number),
            Json::String(text) => Self::Text(text),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Json::Object(entries) => Self::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, Self::from(value)))
                    .collect(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_plain() {
        fn plain<T: Send + Sync + 'static>() {}
        plain::<Data>();
    }

    #[test]
    fn json_goes_through_data_unchanged() {
        let dates = DateSettings::default();
        let text = r#"{"b":[1,2.50,"x",null,true,{}],"a":{"id":1234567890123456789,"big":12345678901234567890123.45}}"#;
        let value = json::parse(text).unwrap();
        let data = Data::from_value(&value, &dates).unwrap();
        assert_eq!(data.to_json_text(&dates).unwrap(), text);
        assert_eq!(data.clone().into_value(&dates).to_text(&dates).unwrap(), text);
        let tree: serde_json::Value = serde_json::from_str(r#"{"k":[1,0.5,"x",null,18446744073709551615]}"#).unwrap();
        assert_eq!(
            Data::from(tree).to_json_text(&dates).unwrap(),
            r#"{"k":[1,0.5,"x",null,18446744073709551615]}"#
        );
        assert_eq!(data.to_json()["b"], serde_json::json!([1, 2.5, "x", null, true, {}]));
    }

    #[test]
    fn dates_and_files_keep_what_they_are() {
        let dates = DateSettings::default();
        let moment = Moment::from_millis(86_400_000, &dates.zone).unwrap();
        let data = Data::from_value(&Value::Date(moment), &dates).unwrap();
        assert_eq!(
            data,
            Data::Date {
                text: "02-Jan-1970".to_owned(),
                millis: 86_400_000
            }
        );
        assert!(matches!(data.into_value(&dates), Value::Date(again) if again.millis() == 86_400_000));
        let file = Value::File(File::new("a.txt", "text/plain", vec![1, 2]));
        let data = Data::from_value(&file, &dates).unwrap();
        let Value::File(copy) = data.into_value(&dates) else {
            panic!("no file")
        };
        assert_eq!(
            (copy.content().name.as_str(), copy.content().bytes()),
            ("a.txt", &[1, 2][..])
        );
    }

    #[test]
    fn what_contains_itself_is_no_data() {
        let list = List::new(Vec::new());
        list.push(Value::List(list.clone()));
        let value = Value::List(list.clone());
        assert_eq!(Data::from_value(&value, &DateSettings::default()), Err(Unprintable));
        list.edit(Vec::clear);
    }
}
