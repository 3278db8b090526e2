//! The text form of values: what `info` prints and what `+` appends (DECISIONS: 2).

use super::{Collection, Contents, DateSettings, Decimal, List, Moment, Value, double, json, leash, pattern};

/// A value that has no text: it is nested too deeply, contains itself, or its text would exceed a gigabyte or what the
/// run may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unprintable;

/// The most containers that may lie inside each other in a text.
pub const MAX_DEPTH: usize = 500;

/// The most bytes a text form may have. A few lines of script can build a value whose text would not end in a lifetime.
pub(super) const MAX_BYTES: usize = 1 << 30;

/// The stack that printing the deepest value may take; more is made where less is left.
const STACK: usize = 512 << 10;

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

    /// Appends the text that [`Value::to_text`] gives. A list is its elements with commas between them, a map is JSON,
    /// and so is what lies inside either.
    ///
    /// # Errors
    /// The value contains itself or is nested too deeply; what was appended until then stays.
    pub fn write_text(&self, dates: &DateSettings, out: &mut String) -> Result<(), Unprintable> {
        match self.settled() {
            Self::List(list) => stacker::maybe_grow(STACK, STACK, || join_list(list, ",", dates, out)),
            Self::Collection(collection) => {
                stacker::maybe_grow(STACK, STACK, || join_collection(collection, dates, out))
            }
            container @ (Self::Map(_) | Self::Empty(_)) => json::write(container, dates, out),
            plain => {
                write_plain(plain, dates, out);
                Ok(())
            }
        }
    }

    /// The text by which a value serves as key of a map: its text form with the default date formats.
    pub fn key_text(&self) -> String {
        thread_local! {
            static DEFAULT: DateSettings = DateSettings::default();
        }
        DEFAULT
            .try_with(|dates| self.to_text(dates).unwrap_or_default())
            .unwrap_or_default()
    }
}

/// The elements of a list in their text form, with a separator between them.
///
/// # Errors
/// An element contains itself or is nested too deeply.
pub fn join_list(list: &List, separator: &str, dates: &DateSettings, out: &mut String) -> Result<(), Unprintable> {
    join(&list.items(), separator, dates, out)
}

fn join_collection(collection: &Collection, dates: &DateSettings, out: &mut String) -> Result<(), Unprintable> {
    match &*collection.contents() {
        Contents::Values(values) => join(values, ",", dates, out),
        _ => json::write(&Value::Collection(collection.clone()), dates, out),
    }
}

fn join(items: &[Value], separator: &str, dates: &DateSettings, out: &mut String) -> Result<(), Unprintable> {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        let before = out.len();
        match item.settled() {
            container if container.is_container() => json::write(container, dates, out)?,
            plain => write_plain(plain, dates, out),
        }
        if out.len() > MAX_BYTES || !leash::spend(out.len() - before + 1, out.capacity()) {
            return Err(Unprintable);
        }
    }
    Ok(())
}

/// Appends the text of a value that is no container.
pub(super) fn write_plain(value: &Value, dates: &DateSettings, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(boolean) => out.push_str(if *boolean { "true" } else { "false" }),
        Value::Number(number) => out.push_str(itoa::Buffer::new().format(*number)),
        Value::Decimal(decimal) => write_decimal(*decimal, out),
        Value::BigDecimal(wide) => out.push_str(&wide.to_string()),
        Value::Double(double) => double::write(*double, out),
        Value::ShortText(text) => out.push_str(text.as_str()),
        Value::Text(text) => out.push_str(text.as_str()),
        Value::Date(moment) => write_moment(*moment, &dates.date_format, dates, out),
        Value::DateTime(moment) => write_moment(*moment, &dates.date_time_format, dates, out),
        Value::File(file) => out.push_str(&file.content().name),
        Value::Caught(caught) => {
            out.push_str(caught.message());
            out.push_str(" Line:(");
            out.push_str(itoa::Buffer::new().format(caught.line()));
            out.push(')');
        }
        Value::List(_) | Value::Map(_) | Value::Collection(_) | Value::Empty(_) => {}
    }
}

/// Appends a moment in a configured format; a format that cannot be used is replaced by ISO's, so that there is a text.
fn write_moment(moment: Moment, format: &str, dates: &DateSettings, out: &mut String) {
    let written = pattern::with(format, |pattern| pattern.write(moment, &dates.zone, out));
    if written.is_none() {
        out.push_str(&moment.civil().to_string());
    }
}

/// Appends an exact decimal with all digits of its scale.
fn write_decimal(decimal: Decimal, out: &mut String) {
    let mantissa = decimal.mantissa();
    let scale = decimal.scale() as usize;
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(mantissa.unsigned_abs());
    if mantissa < 0 {
        out.push('-');
    }
    match digits.len().checked_sub(scale) {
        _ if scale == 0 => out.push_str(digits),
        Some(whole) if whole > 0 => {
            out.push_str(&digits[..whole]);
            out.push('.');
            out.push_str(&digits[whole..]);
        }
        _ => {
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', scale - digits.len()));
            out.push_str(digits);
        }
    }
}

#[cfg(test)]
mod tests;
