use proptest::prelude::*;

use super::{Unreadable, quoted, read};
use crate::value::{DateOrder, DateSettings, pattern};

fn day_first() -> DateSettings {
    DateSettings {
        order: DateOrder::DayFirst,
        ..DateSettings::default()
    }
}

/// How a text reads: `D` and the date, or `T`, the date and the time.
fn shown(text: &str, dates: &DateSettings) -> Result<String, Unreadable> {
    let reading = read(text, dates)?;
    let format = if reading.has_time {
        "'T' yyyy-MM-dd HH:mm:ss.SSS"
    } else {
        "'D' yyyy-MM-dd"
    };
    Ok(pattern::find(format).unwrap().format(reading.moment, &dates.zone))
}

/// The documented formats (deluge/help/datatypes/date-time.html).
const FORMATS: [&str; 41] = [
    "dd-MMM-yy",
    "dd-MMM-yyyy",
    "dd-MMMM-yy",
    "dd-MMMM-yyyy",
    "MM-dd-yy",
    "yy-MM-dd",
    "dd-MM-yy",
    "dd-MM-yyyy",
    "MM-dd-yyyy",
    "yyyy-MM-dd",
    "yy/MM/dd",
    "dd/MM/yy",
    "MM/dd/yy",
    "yyyy/MM/dd",
    "MM/dd/yyyy",
    "dd/MM/yyyy",
    "dd MMM,yy",
    "MMM dd,yy",
    "dd MMM,yyyy",
    "MMM dd,yyyy",
    "dd MMMM,yy",
    "MMMM dd,yy",
    "dd MMMM,yyyy",
    "MMMM dd,yyyy",
    "E,MMMM dd,yyyy",
    "E,MMM dd,yyyy",
    "MMM dd yy",
    "dd MMM yy",
    "MMM dd yyyy",
    "dd MMM yyyy",
    "MMMM dd yy",
    "dd MMMM yy",
    "dd MMMM yyyy",
    "MMMM dd yyyy",
    "dd.MM.yy",
    "MM.dd.yy",
    "yy.MM.dd",
    "dd MM yyyy",
    "dd.MM.yyyy",
    "MM.dd.yyyy",
    "yyyy.MM.dd",
];

#[test]
fn every_documented_format_is_read() {
    let dates = DateSettings::default();
    // In none of these can day, month and year be mistaken for each other.
    for (year, month, day) in [(2031, 12, 31), (1999, 1, 31), (2020, 2, 29)] {
        let moment = crate::value::Moment::from_civil(jiff::civil::date(year, month, day).at(0, 0, 0, 0), &dates.zone);
        for format in FORMATS {
            if format.starts_with("yy") && !format.starts_with("yyyy") && year != 1999 {
                continue;
            }
            let text = pattern::find(format).unwrap().format(moment.unwrap(), &dates.zone);
            for (suffix, time) in [("", ""), (" 19:05:06", " 19:05:06.000"), (" 07:05 PM", " 19:05:00.000")] {
                let expected = format!(
                    "{} {year}-{month:02}-{day:02}{time}",
                    if time.is_empty() { 'D' } else { 'T' }
                );
                let text = format!("{text}{suffix}");
                assert_eq!(shown(&text, &dates).as_ref(), Ok(&expected), "{text} as {format}");
                assert_eq!(shown(&text, &day_first()).as_ref(), Ok(&expected), "{text} as {format}");
            }
        }
    }
}

#[test]
fn the_setting_decides_where_day_and_month_are_open() {
    for (text, month_first, other) in [
        ("02/04/2020", "D 2020-02-04", "D 2020-04-02"),
        ("02-04-20", "D 2020-02-04", "D 2020-04-02"),
        ("02.04.2020", "D 2020-02-04", "D 2020-04-02"),
        ("2/4/2020", "D 2020-02-04", "D 2020-04-02"),
        ("13/04/2020", "D 2020-04-13", "D 2020-04-13"),
        ("04/13/2020", "D 2020-04-13", "D 2020-04-13"),
        ("02 04 2020", "D 2020-04-02", "D 2020-04-02"),
        ("99-12-31", "D 1999-12-31", "D 1999-12-31"),
        ("20-12-31", "D 2031-12-20", "D 2031-12-20"),
        ("2020-02-04", "D 2020-02-04", "D 2020-02-04"),
    ] {
        assert_eq!(
            shown(text, &DateSettings::default()).as_deref(),
            Ok(month_first),
            "{text}"
        );
        assert_eq!(shown(text, &day_first()).as_deref(), Ok(other), "{text}");
    }
}

#[test]
fn times_and_zones() {
    for (text, expected) in [
        ("1-Jan-1990 20:50:36", "T 1990-01-01 20:50:36.000"),
        ("Aug 21, 2013 16:04:37", "T 2013-08-21 16:04:37.000"),
        ("aug 21, 2013", "D 2013-08-21"),
        (" 01-JAN-2019 ", "D 2019-01-01"),
        ("2024-05-06T07:08:09", "T 2024-05-06 07:08:09.000"),
        ("2024-05-06T07:08", "T 2024-05-06 07:08:00.000"),
        ("2024-05-06T07:08:09.12", "T 2024-05-06 07:08:09.120"),
        ("2024-05-06T07:08:09.123456789Z", "T 2024-05-06 07:08:09.123"),
        ("2024-05-06T07:08:09-08:00", "T 2024-05-06 15:08:09.000"),
        ("2024-05-06T07:08:09+0530", "T 2024-05-06 01:38:09.000"),
        ("06-May-2024 07:08:09 AM IST", "T 2024-05-06 01:38:09.000"),
        ("06-May-2024 12:08 AM", "T 2024-05-06 00:08:00.000"),
        ("06-May-2024 12:08 pm", "T 2024-05-06 12:08:00.000"),
        ("06-May-2024 7:8:9", "T 2024-05-06 07:08:09.000"),
        ("06-May-2024 24:08:09", "T 2024-05-06 00:00:00.000"),
        ("06-May-2024 10:60:09", "T 2024-05-06 10:00:00.000"),
        ("06-May-2024 10:10:60", "T 2024-05-06 10:10:00.000"),
    ] {
        assert_eq!(shown(text, &DateSettings::default()).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_date_is_told_from_a_date_there_is_not() {
    for text in [
        "",
        " ",
        "plain words",
        "code",
        "1",
        "12-05",
        "1.2.3",
        "10.5.123",
        "192.168.10.20",
        "01-Ja-2019",
        "1-Jan-201",
        "001-Jan-2019",
        "01-Jan-20199",
        "01-Jan-2019 100:00:00",
        "01-Jan-2019 10",
        "01-Jan-2019T10:00:00",
        "01-Jan-2019 10:00:00 nonsense",
        "01-Jan-2019x",
        "01/02-2019",
        "1 of 3",
        "2020-1-1-1",
        "-1-1-2020",
        "01--2019",
        "Monday",
        "Monday,",
        "Jan",
        "Jan 5",
        "日本-01-2020",
        "01-Jan-2019 :",
        "5 Jan, ",
        &"1".repeat(100),
    ] {
        assert_eq!(shown(text, &DateSettings::default()), Err(Unreadable::Shape), "{text}");
        assert_eq!(quoted(text, &DateSettings::default()).as_text(), Some(text));
    }
    for text in [
        "31-Feb-2019",
        "29-Feb-2019",
        "32-Jan-2019",
        "00-Jan-2019",
        "01-Foo-2019",
        "13/13/2020",
        "2020-13-01",
        "2020-00-10",
    ] {
        assert_eq!(
            shown(text, &DateSettings::default()),
            Err(Unreadable::OutOfRange),
            "{text}"
        );
    }
}

#[test]
fn configured_formats_are_read_too() {
    let dates = DateSettings {
        date_format: "yyyy|MM|dd".to_owned(),
        date_time_format: "yyyy|MM|dd HH.mm".to_owned(),
        ..DateSettings::default()
    };
    assert_eq!(shown("2024|05|06", &dates).as_deref(), Ok("D 2024-05-06"));
    assert_eq!(
        shown("2024|05|06 07.08", &dates).as_deref(),
        Ok("T 2024-05-06 07:08:00.000")
    );
    assert_eq!(shown("2024|05|06 x", &dates), Err(Unreadable::Shape));
}

proptest! {
    #[test]
    fn no_text_does_harm(text in "[0-9A-Za-z,./: +-]{0,30}|\\PC{0,30}") {
        _ = read(&text, &DateSettings::default());
    }
}
