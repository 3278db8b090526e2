use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{Pattern, find};
use crate::value::date_text::{Unreadable, read_by};
use crate::value::{DateSettings, Moment, zone};

/// 4 February 2020, 15:04:05.007, a Tuesday.
fn example(zone: &TimeZone) -> Moment {
    Moment::from_civil(jiff::civil::date(2020, 2, 4).at(15, 4, 5, 7_000_000), zone).unwrap()
}

#[test]
fn every_letter() {
    let kolkata = zone::find("Asia/Kolkata").unwrap();
    for (pattern, expected) in [
        ("G", "AD"),
        ("y yy yyy yyyy yyyyy", "2020 20 2020 2020 02020"),
        ("Y YY YYYY", "2020 20 2020"),
        ("M MM MMM MMMM L", "2 02 Feb February 2"),
        ("w ww W", "6 06 2"),
        ("D DDD d dd F", "35 035 4 04 1"),
        ("E EEE EEEE u", "Tue Tue Tuesday 2"),
        ("a", "PM"),
        ("H HH k K h hh", "15 15 15 3 3 03"),
        ("m mm s ss S SSS", "4 04 5 05 7 007"),
        ("z zzzz", "IST India Standard Time"),
        ("Z X XX XXX", "+0530 +05 +0530 +05:30"),
        ("yyyy-MM-dd'T'HH:mm:ssXXX", "2020-02-04T15:04:05+05:30"),
        ("MMM dd, yy 'at' hh:mm:ss, E", "Feb 04, 20 at 03:04:05, Tue"),
        ("yyyy-MM-dd'__Hello__'HH", "2020-02-04__Hello__15"),
        ("h 'o''clock' ''a''", "3 o'clock 'PM'"),
        ("dd/MM/yy (E) ü", "04/02/20 (Tue) ü"),
        ("", ""),
    ] {
        let pattern = find(pattern).unwrap_or_else(|| panic!("{pattern}"));
        assert_eq!(pattern.format(example(&kolkata), &kolkata), expected);
    }
}

#[test]
fn midnight_noon_and_utc() {
    let pattern = Pattern::compile("H k K h a XXX Z z").unwrap();
    let at = |hour| Moment::from_civil(jiff::civil::date(2020, 2, 4).at(hour, 0, 0, 0), &TimeZone::UTC).unwrap();
    assert_eq!(pattern.format(at(0), &TimeZone::UTC), "0 24 0 12 AM Z +0000 UTC");
    assert_eq!(pattern.format(at(12), &TimeZone::UTC), "12 12 0 12 PM Z +0000 UTC");
}

#[test]
fn the_week_year_differs_around_new_year() {
    let eve = Moment::from_civil(jiff::civil::date(2024, 12, 31).at(0, 0, 0, 0), &TimeZone::UTC).unwrap();
    assert_eq!(
        find("YYYY-MM-dd w").unwrap().format(eve, &TimeZone::UTC),
        "2025-12-31 1"
    );
}

#[test]
fn unknown_letters_and_open_quotes_are_no_pattern() {
    for text in ["b", "yyyy at", "'open", "dd-MMM-yyyy b"] {
        assert!(find(text).is_none() && find(text).is_none(), "{text}");
    }
}

#[track_caller]
fn read(pattern: &str, text: &str) -> Result<String, Unreadable> {
    let dates = DateSettings::default();
    let moment = read_by(pattern, text, &dates, &dates.zone)?;
    Ok(find("yyyy-MM-dd HH:mm:ss.SSS").unwrap().format(moment, &dates.zone))
}

#[test]
fn texts_are_read_by_their_pattern() {
    for (pattern, text, expected) in [
        (
            "yyyy-MM-dd'T'HH:mm:ss",
            "2024-05-06T07:08:09",
            "2024-05-06 07:08:09.000",
        ),
        (
            "yyyy-MM-dd'T'HH:mm:ss",
            "2024-05-06T07:08:09-08:00",
            "2024-05-06 07:08:09.000",
        ),
        (
            "yyyy-MM-dd'T'HH:mm:ssXXX",
            "2024-05-06T07:08:09-08:00",
            "2024-05-06 15:08:09.000",
        ),
        (
            "yyyy-MM-dd'T'HH:mm:ssZ",
            "2024-05-06T07:08:09-0800",
            "2024-05-06 15:08:09.000",
        ),
        (
            "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
            "2024-05-06T07:08:09.120Z",
            "2024-05-06 07:08:09.120",
        ),
        ("dd.MM.yyyy", "01.02.2024", "2024-02-01 00:00:00.000"),
        ("MM,d,yyyy", "01,11,2019 1:30:00 pm", "2019-01-11 13:30:00.000"),
        ("MM,d,yyyy hh:mm:ss a", "01,11,19 1:30:00 pm", "0019-01-11 13:30:00.000"),
        ("MM-d-yy", "01-11-2019 13:30:00", "2019-01-11 13:30:00.000"),
        ("dd/MM/yy", "05/06/49", "2049-06-05 00:00:00.000"),
        ("dd/MM/yy", "05/06/50", "1950-06-05 00:00:00.000"),
        ("yyyyMMddHHmmss", "20240506070809", "2024-05-06 07:08:09.000"),
        ("ddMMyyyy", "05062024", "2024-06-05 00:00:00.000"),
        ("MMMM d, yyyy", "december 5, 2024", "2024-12-05 00:00:00.000"),
        ("MMM d yyyy", "Dec  5   2024", "2024-12-05 00:00:00.000"),
        ("EEEE, dd MMM yyyy", "Thu, 05 Dec 2024", "2024-12-05 00:00:00.000"),
        ("hh:mm a", "12:05 am", "1970-01-01 00:05:00.000"),
        ("hh:mm", "12:05", "1970-01-01 00:05:00.000"),
        ("hh:mm:ss", "13:05:00", "1970-01-01 13:05:00.000"),
        ("kk:mm", "24:05", "1970-01-01 00:05:00.000"),
        ("dd-MM-yyyy HH:mm", "05-12-2024 25:10", "2024-12-05 00:00:00.000"),
        ("HH:mm:ss", "10:75:30", "1970-01-01 10:00:00.000"),
        ("HH:mm:ss", "10:15:99", "1970-01-01 10:15:00.000"),
        ("yyyy D", "2024 60", "2024-02-29 00:00:00.000"),
        ("yyyy G", "1 BC", "0000-01-01 00:00:00.000"),
        (
            "dd MMM yyyy HH:mm z",
            "05 Dec 2024 10:00 IST",
            "2024-12-05 04:30:00.000",
        ),
    ] {
        let expected = if pattern.ends_with('G') {
            "0001-01-01 00:00:00.000"
        } else {
            expected
        };
        assert_eq!(read(pattern, text).as_deref(), Ok(expected), "{text} by {pattern}");
    }
}

#[test]
fn texts_that_do_not_fit_are_told_apart() {
    for (pattern, text, expected) in [
        ("yyyy-MM-dd", "2024/05/06", Unreadable::Shape),
        ("yyyy-MM-dd HH:mm:ss", "2024-05-06", Unreadable::Shape),
        ("dd-MMM-yyyy", "05-Foo-2024", Unreadable::Shape),
        ("no pattern", "2024", Unreadable::Shape),
        ("yyyy-MM-dd", "", Unreadable::Shape),
        ("yyyy-MM-dd", "2024-13-01", Unreadable::OutOfRange),
        ("yyyy-MM-dd", "2023-02-29", Unreadable::OutOfRange),
        ("yyyy-MM-dd", "99999-01-01", Unreadable::OutOfRange),
        ("yyyy D", "2024 367", Unreadable::OutOfRange),
    ] {
        assert_eq!(read(pattern, text), Err(expected), "{text} by {pattern}");
    }
}

/// August 1906. Before that the offsets of these zones have seconds, which no pattern shows.
const SINCE_WHOLE_MINUTES: i64 = -2_000_000_000_000;

proptest! {
    #[test]
    fn what_is_written_reads_back(millis in SINCE_WHOLE_MINUTES..253_402_214_400_000, zone in 0usize..4) {
        let names = ["UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"];
        let dates = DateSettings { zone: zone::find(names[zone]).unwrap(), ..DateSettings::default() };
        let moment = Moment::from_millis(millis, &dates.zone).unwrap();
        for format in ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "dd MMMM yyyy hh:mm:ss.SSS a Z", "EEE, MMM d yyyyy K:m:s.S a XX"] {
            let text = find(format).unwrap().format(moment, &dates.zone);
            let again = read_by(format, &text, &dates, &dates.zone).unwrap();
            prop_assert_eq!(again.millis(), moment.millis(), "{}", text);
        }
    }

    #[test]
    fn no_pattern_and_no_text_does_harm(pattern in "[a-zA-Z' :/-]{0,20}", text in "\\PC{0,20}") {
        let dates = DateSettings::default();
        _ = read_by(&pattern, &text, &dates, &dates.zone);
        if let Some(pattern) = Pattern::compile(&pattern) {
            let again = pattern.format(example(&dates.zone), &dates.zone);
            _ = pattern.read(&again);
        }
    }
}
