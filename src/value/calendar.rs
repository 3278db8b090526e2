//! The Gregorian calendar in days after 1970-01-01, before 1582 too; weeks begin on Sunday.

/// The names of the months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The names of the days of the week.
pub const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// The days after 1970-01-01 of a date. A month beyond 1 to 12 counts into the years around.
pub fn day_number(year: i64, month: i64, day: i64) -> i64 {
    // Counted from 1 March on, so that the leap day ends a year; 400 years have 146,097 days.
    let months = year * 12 + month - 1;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let year = if month < 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 10) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a day.
pub fn date(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_month)
}

/// The year of a day.
pub fn year(day: i64) -> i64 {
    date(day).0
}

/// How many days a month has.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day some months later; the last of the month where that is too short.
pub fn add_months(day: i64, months: i64) -> Option<i64> {
    let (year, month, day) = date(day);
    let total = (year * 12 + month - 1).checked_add(months)?;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    // Beyond all calendars the arithmetic would overflow; nothing there can become a date anyway.
    let reachable = (-10_000..=10_000).contains(&year);
    reachable.then(|| day_number(year, month, day.min(days_in_month(year, month))))
}

/// The day of the week, 0 for Sunday.
pub fn weekday(day: i64) -> i64 {
    (day + 4).rem_euclid(7)
}

/// The day of the year, from 1.
pub fn day_of_year(day: i64) -> i64 {
    day - day_number(year(day), 1, 1) + 1
}

/// The week of the year and the year it belongs to. The week that holds 1 January is the first, so the last days of
/// December may belong to week 1 of the next year. `first` is the day of the week on which weeks begin, 0 for Sunday.
pub fn week_of_year(day: i64, first: i64) -> (i64, i64) {
    let begin = |day: i64| day - (weekday(day) - first).rem_euclid(7);
    let year = year(day);
    if begin(day) == begin(day_number(year + 1, 1, 1)) {
        return (1, year + 1);
    }
    ((begin(day) - begin(day_number(year, 1, 1))) / 7 + 1, year)
}

/// The week of the month, from 1, weeks beginning on Sunday.
pub fn week_of_month(day: i64) -> i64 {
    let (_, _, day_of_month) = date(day);
    (day_of_month - 1 + weekday(day - day_of_month + 1)) / 7 + 1
}

/// The number of a month by its English name, whole or its first three letters, whatever their case.
pub fn month_named(name: &str) -> Option<i64> {
    position(&MONTHS, name)
}

/// The day of the week, 0 for Sunday, by its English name, whole or its first three letters.
pub fn weekday_named(name: &str) -> Option<i64> {
    position(&WEEKDAYS, name).map(|position| position - 1)
}

fn position(names: &[&str], name: &str) -> Option<i64> {
    let short = name.get(..3)?;
    let found = names.iter().position(|known| known[..3].eq_ignore_ascii_case(short))?;
    let whole = name.len() == 3 || names[found].eq_ignore_ascii_case(name);
    whole.then_some(found as i64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_with_another_calendar() {
        let mut day = -4_371_000;
        while day < 2_932_800 {
            let (year, month, of_month) = date(day);
            let civil = jiff::civil::Date::new(year as i16, month as i8, of_month as i8).unwrap();
            assert_eq!(day_number(year, month, of_month), day);
            assert_eq!(i64::from(civil.day_of_year()), day_of_year(day));
            assert_eq!(i64::from(civil.weekday().to_sunday_zero_offset()), weekday(day));
            assert_eq!(i64::from(civil.days_in_month()), days_in_month(year, month));
            day += 97;
        }
        assert_eq!((day_number(1970, 1, 1), day_number(2024, 2, 29)), (0, 19_782));
    }

    #[test]
    fn weeks_begin_on_sunday_and_the_first_holds_new_year() {
        for (date, expected) in [
            ((2021, 2, 7), (7, 2021)),
            ((2021, 1, 1), (1, 2021)),
            ((2020, 12, 27), (1, 2021)),
            ((2020, 12, 26), (52, 2020)),
            ((2016, 12, 31), (53, 2016)),
        ] {
            let (year, month, day) = date;
            assert_eq!(week_of_year(day_number(year, month, day), 0), expected, "{date:?}");
        }
        assert_eq!(week_of_year(day_number(2021, 2, 7), 1), (6, 2021));
        assert_eq!(
            [1, 2, 3, 9, 30].map(|day| week_of_month(day_number(2024, 11, day))),
            [1, 1, 2, 2, 5]
        );
    }

    #[test]
    fn months_are_clamped_to_their_end() {
        let day = |year, month, day| day_number(year, month, day);
        for (from, months, to) in [
            (day(2019, 1, 31), 1, day(2019, 2, 28)),
            (day(2020, 1, 31), 1, day(2020, 2, 29)),
            (day(2019, 1, 31), -2, day(2018, 11, 30)),
            (day(2019, 12, 15), 13, day(2021, 1, 15)),
        ] {
            assert_eq!(add_months(from, months), Some(to));
        }
        assert_eq!((add_months(0, i64::MAX), add_months(0, i64::MIN)), (None, None));
    }

    #[test]
    fn names_are_whole_or_three_letters() {
        for (name, month) in [
            ("Jan", Some(1)),
            ("DECEMBER", Some(12)),
            ("may", Some(5)),
            ("Ja", None),
            ("Janu", None),
            ("éa", None),
        ] {
            assert_eq!(month_named(name), month, "{name}");
        }
        assert_eq!(
            (weekday_named("Sunday"), weekday_named("sat"), weekday_named("Someday")),
            (Some(0), Some(6), None)
        );
    }
}
