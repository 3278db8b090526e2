//! A point in time as DATE and DATE-TIME hold it: the instant, with the run's zone offset at that instant, so that
//! printing and reading fields need no zone.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

/// An instant with its local offset. Packed so that it fits beside a value's tag.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
pub struct Moment {
    offset: i32,
    millis: i64,
}

impl Moment {
    /// The instant `millis` milliseconds after 1970-01-01T00:00Z, seen in a zone. `None` outside the years that
    /// calendars reach (-9999 to 9999).
    pub fn from_millis(millis: i64, zone: &TimeZone) -> Option<Self> {
        let timestamp = Timestamp::from_millisecond(millis).ok()?;
        Some(Self {
            offset: zone.to_offset(timestamp).seconds(),
            millis,
        })
    }

    /// The instant at which a zone's clocks show this. In a gap the later reading is taken, in a fold the first, as
    /// Java does.
    pub fn from_civil(civil: civil::DateTime, zone: &TimeZone) -> Option<Self> {
        let timestamp = zone.to_timestamp(civil).ok()?;
        Self::from_millis(timestamp.as_millisecond(), zone)
    }

    /// Milliseconds since 1970-01-01T00:00Z.
    pub fn millis(self) -> i64 {
        self.millis
    }

    /// The zone's offset from UTC at this instant, in seconds.
    pub fn offset_seconds(self) -> i32 {
        self.offset
    }

    /// What the zone's clocks and calendars show.
    pub fn civil(self) -> civil::DateTime {
        let local = self.millis.saturating_add(i64::from(self.offset) * 1000);
        let (days, rest) = (local.div_euclid(86_400_000), local.rem_euclid(86_400_000));
        let date = civil::Date::constant(1970, 1, 1)
            .checked_add(jiff::Span::new().try_days(days).unwrap_or_default())
            .unwrap_or(civil::Date::MAX);
        let (seconds, millis) = ((rest / 1000) as i32, (rest % 1000) as i32);
        let time = civil::Time::new(
            (seconds / 3600) as i8,
            (seconds / 60 % 60) as i8,
            (seconds % 60) as i8,
            millis * 1_000_000,
        );
        civil::DateTime::from_parts(date, time.unwrap_or(civil::Time::midnight()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_follows_the_zone() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let summer = civil::date(2024, 7, 1).at(9, 30, 0, 0);
        let moment = Moment::from_civil(summer, &zone).unwrap();
        assert_eq!((moment.offset_seconds(), moment.civil()), (-4 * 3600, summer));
        let old = civil::date(1947, 8, 15).at(19, 0, 0, 0);
        assert_eq!(Moment::from_civil(old, &TimeZone::UTC).unwrap().civil(), old);
        let gap = civil::date(2024, 3, 10).at(2, 30, 0, 0);
        assert_eq!(
            Moment::from_civil(gap, &zone).unwrap().civil(),
            civil::date(2024, 3, 10).at(3, 30, 0, 0)
        );
    }
}
