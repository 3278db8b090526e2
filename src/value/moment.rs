//! A point in time as DATE and DATE-TIME hold it: the instant, with the run's zone offset at that instant, so that
//! printing and reading fields need no zone.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use super::calendar;

/// Milliseconds of a day of 24 hours.
pub const DAY_MILLIS: i64 = 86_400_000;

/// 1900-01-01T00:00Z. Java's zones know no transitions before it and use the zone's standard offset of today, not the
/// local mean time of the place; so `11-Jan-0019 13:30` in Moscow is three hours from GMT
/// (creator/help/script/built-in-functions/built-in-function-common-totime.html).
const FIRST_TRANSITION: i64 = -2_208_988_800_000;

/// Two instants half a year apart, of which at most one has daylight saving time.
const SAMPLES: [i64; 2] = [1_735_689_600, 1_751_328_000];

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
        let offset = if millis < FIRST_TRANSITION {
            standard_offset(zone)
        } else {
            zone.to_offset(timestamp).seconds()
        };
        let moment = Self { offset, millis };
        // The instant may lie within the range and its local date beyond it.
        let local_year = calendar::year(moment.day());
        (-9999..=9999).contains(&local_year).then_some(moment)
    }

    /// The instant at which a zone's clocks show this. In a gap the later reading is taken, in a fold the first, as
    /// Java does.
    pub fn from_civil(civil: civil::DateTime, zone: &TimeZone) -> Option<Self> {
        if civil.year() < 1900 {
            let day = calendar::day_number(civil.year().into(), civil.month().into(), civil.day().into());
            let time = civil.time();
            let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
            return Self::from_local(day, seconds * 1000 + i64::from(time.millisecond()), zone);
        }
        let timestamp = zone.to_timestamp(civil).ok()?;
        Self::from_millis(timestamp.as_millisecond(), zone)
    }

    /// The instant at which a zone's clocks show a time of a day: days after 1970-01-01, milliseconds after midnight.
    pub fn from_local(day: i64, millis_of_day: i64, zone: &TimeZone) -> Option<Self> {
        let local = day.checked_mul(DAY_MILLIS)?.checked_add(millis_of_day)?;
        if let Ok(offset) = zone.to_fixed_offset() {
            return Self::from_millis(local.checked_sub(i64::from(offset.seconds()) * 1000)?, zone);
        }
        if local < FIRST_TRANSITION {
            let offset = i64::from(standard_offset(zone)) * 1000;
            return Self::from_millis(local.checked_sub(offset)?, zone);
        }
        let shifted = Self {
            offset: 0,
            millis: local,
        };
        if !(-9999..=9999).contains(&calendar::year(shifted.day())) {
            return None;
        }
        let timestamp = zone.to_timestamp(shifted.civil()).ok()?;
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

    /// The local date, in days after 1970-01-01.
    pub fn day(self) -> i64 {
        self.local().div_euclid(DAY_MILLIS)
    }

    /// The local time, in milliseconds after midnight.
    pub fn millis_of_day(self) -> i64 {
        self.local().rem_euclid(DAY_MILLIS)
    }

    fn local(self) -> i64 {
        self.millis.saturating_add(i64::from(self.offset) * 1000)
    }

    /// What the zone's clocks and calendars show.
    pub fn civil(self) -> civil::DateTime {
        let (year, month, day) = calendar::date(self.day());
        let rest = self.millis_of_day();
        let (seconds, millis) = ((rest / 1000) as i32, (rest % 1000) as i32);
        let date = civil::Date::new(year as i16, month as i8, day as i8);
        let time = civil::Time::new(
            (seconds / 3600) as i8,
            (seconds / 60 % 60) as i8,
            (seconds % 60) as i8,
            millis * 1_000_000,
        );
        civil::DateTime::from_parts(
            date.unwrap_or(civil::Date::MAX),
            time.unwrap_or(civil::Time::midnight()),
        )
    }
}

/// The offset of a zone without daylight saving time, in seconds, as of today.
fn standard_offset(zone: &TimeZone) -> i32 {
    let samples = SAMPLES.map(|second| Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH));
    let infos = samples.map(|sample| zone.to_offset_info(sample));
    let standard = infos.iter().find(|info| info.dst().is_std());
    standard.unwrap_or(&infos[0]).offset().seconds()
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

    #[test]
    fn times_of_a_day_are_those_of_its_zone() {
        for name in ["UTC", "Asia/Kolkata", "America/New_York", "Europe/Moscow"] {
            let zone = TimeZone::get(name).unwrap();
            for day in [-800_000, -30_000, -1, 0, 19_793, 2_900_000] {
                let moment = Moment::from_local(day, 45_296_789, &zone).unwrap();
                assert_eq!(
                    (moment.day(), moment.millis_of_day()),
                    (day, 45_296_789),
                    "{name} {day}"
                );
                let civil = Moment::from_civil(moment.civil(), &zone).unwrap();
                assert_eq!(civil.millis(), moment.millis(), "{name} {day}");
            }
        }
    }

    #[test]
    fn before_1900_a_zone_has_its_standard_offset() {
        let (moscow, kolkata) = (
            TimeZone::get("Europe/Moscow").unwrap(),
            TimeZone::get("Asia/Kolkata").unwrap(),
        );
        let there = Moment::from_civil(civil::date(19, 1, 11).at(13, 30, 0, 0), &moscow).unwrap();
        let here = Moment::from_millis(there.millis(), &kolkata).unwrap();
        assert_eq!(here.civil(), civil::date(19, 1, 11).at(16, 0, 0, 0));
    }

    #[test]
    fn nothing_beyond_the_calendar() {
        for millis in [i64::MAX, i64::MIN, 253_402_300_800_000] {
            assert!(Moment::from_millis(millis, &TimeZone::UTC).is_none());
        }
        assert!(Moment::from_local(i64::MAX, 0, &TimeZone::UTC).is_none());
        assert!(Moment::from_local(2_932_897, 0, &TimeZone::UTC).is_none());
    }
}
