//! The text form of values: what `info` prints and what `+` appends (DECISIONS: 2).

use std::fmt::Write as _;

use super::{DateSettings, Value};

/// A value that has no text: it is nested too deeply, or contains itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unprintable;

impl Value {
    /// The text that `info` prints and `+` appends.
    ///
    /// # Errors
    /// The value contains itself or is nested too deeply.
    pub fn to_text(&self, dates: &DateSettings) -> Result<String, Unprintable> {
        let mut text = String::new();
        self.write_text(dates, &mut text)?;
        Ok(text)
    }

    /// Appends the text that [`Value::to_text`] gives.
    ///
    /// # Errors
    /// The value contains itself or is nested too deeply.
    pub fn write_text(&self, _dates: &DateSettings, out: &mut String) -> Result<(), Unprintable> {
        match self.settled() {
            Self::Number(number) => out.push_str(itoa::Buffer::new().format(*number)),
            Self::Decimal(decimal) => _ = write!(out, "{}", decimal.wide()),
            Self::BigDecimal(wide) => _ = write!(out, "{wide}"),
            value => out.push_str(value.as_text().unwrap_or("null")),
        }
        Ok(())
    }

    /// The text by which a value serves as key of a map: its text form with the default date formats.
    pub fn key_text(&self) -> String {
        self.to_text(&DateSettings::default()).unwrap_or_default()
    }
}
