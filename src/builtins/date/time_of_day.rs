//! Times of day, a type that Zoho Creator alone has: texts such as `18:30:00` or `06:30:00 PM`, with all three parts
//! (deluge/help/datatypes/time.html). They have no day, so that they go round at midnight.

use super::super::Call;
use crate::syntax::Profile;
use crate::value::Value;

const SECONDS_OF_DAY: i64 = 24 * 60 * 60;
const SECONDS_OF_HALF: i64 = SECONDS_OF_DAY / 2;

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeOfDay {
    /// Seconds since midnight.
    pub(super) seconds: i64,
    /// Whether it is written with AM and PM.
    halves: bool,
}

impl TimeOfDay {
    /// The receiver, where the script is one of Creator and the text reads as a time of day.
    pub(super) fn receiver(call: &Call<'_, '_>) -> Option<Self> {
        if call.context.settings.profile != Profile::Creator {
            return None;
        }
        Self::read(call.receiver.as_text()?)
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (clock, half) = match text.split_once(' ') {
            Some((clock, half)) if half.eq_ignore_ascii_case("am") => (clock, Some(0)),
            Some((clock, half)) if half.eq_ignore_ascii_case("pm") => (clock, Some(SECONDS_OF_HALF)),
            Some(_) => return None,
            None => (text, None),
        };
        let parts: Vec<&str> = clock.split(':').collect();
        let &[hour, minute, second] = parts.as_slice() else {
            return None;
        };
        let hour = match half {
            None => part(hour, 0..24)?,
            Some(_) => part(hour, 1..13)? % 12,
        };
        let seconds = hour * 3600 + part(minute, 0..60)? * 60 + part(second, 0..60)?;
        Some(Self {
            seconds: seconds + half.unwrap_or(0),
            halves: half.is_some(),
        })
    }

    /// The time so many seconds later.
    pub(super) fn moved(self, seconds: i64) -> Self {
        Self {
            seconds: (self.seconds + seconds % SECONDS_OF_DAY).rem_euclid(SECONDS_OF_DAY),
            ..self
        }
    }

    /// The time as a script sees it, written as it was given.
    pub(super) fn into_value(self) -> Value {
        let (hour, minute, second) = (self.seconds / 3600, self.seconds / 60 % 60, self.seconds % 60);
        Value::from_string(if self.halves {
            let half = if hour < 12 { "AM" } else { "PM" };
            format!("{:02}:{minute:02}:{second:02} {half}", (hour + 11) % 12 + 1)
        } else {
            format!("{hour:02}:{minute:02}:{second:02}")
        })
    }
}

/// One or two digits within a range.
fn part(digits: &str, range: std::ops::Range<i64>) -> Option<i64> {
    let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && range.contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_round_at_midnight_and_keep_their_form() {
        for (text, seconds, expected) in [
            ("10:30:00", 2 * 3600, "12:30:00"),
            ("23:59:59", 1, "00:00:00"),
            ("00:00:00", -1, "23:59:59"),
            ("12:00:00 AM", 60, "12:01:00 AM"),
            ("11:30:00 pm", 3600, "12:30:00 AM"),
            ("12:15:00 PM", -SECONDS_OF_HALF, "12:15:00 AM"),
            ("1:2:3", i64::MAX - i64::MAX % SECONDS_OF_DAY, "01:02:03"),
        ] {
            let moved = TimeOfDay::read(text).unwrap().moved(seconds);
            assert_eq!(moved.into_value().as_text(), Some(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in [
            "",
            "10:30",
            "24:00:00",
            "10:60:00",
            "10:30:00 XM",
            "13:00:00 PM",
            "0:0:0 AM",
            "010:30:00",
            "-1:00:00",
            "1:2:3:4",
        ] {
            assert_eq!(TimeOfDay::read(text), None, "{text}");
        }
    }
}
