use proptest::prelude::*;

use super::super::testing::{call, evaluate};
use crate::host::Settings;
use crate::syntax::Profile;
use crate::value::{Collection, Contents, DateSettings, Kind, List, Map, Value, calendar, date_text, zone};

fn text(content: &str) -> Value {
    Value::text(content)
}

fn date(content: &str) -> Value {
    let value = date_text::quoted(content, &DateSettings::default());
    assert!(matches!(value.kind(), Kind::Date | Kind::DateTime), "{content}");
    value
}

fn list(items: &[Value]) -> Value {
    Value::List(List::new(items.to_vec()))
}

#[track_caller]
fn check(name: &str, receiver: &str, arguments: &[Value], expected: &str) {
    assert_eq!(
        call(name, Some(date(receiver)), arguments).as_deref(),
        Ok(expected),
        "{receiver}.{name}"
    );
    assert_eq!(
        call(name, Some(text(receiver)), arguments).as_deref(),
        Ok(expected),
        "as text: {receiver}.{name}"
    );
}

#[track_caller]
fn counted(name: &str, receiver: &str, count: i64, expected: &str) {
    check(name, receiver, &[Value::Number(count)], expected);
}

fn zoned(name: &str) -> Settings {
    let mut settings = Settings::default();
    settings.dates.zone = zone::find(name).unwrap();
    settings
}

/// The text of a result in a zone, the receiver meant in it.
fn in_zone(zone: &str, name: &str, receiver: &str, arguments: &[Value]) -> String {
    let settings = zoned(zone);
    let receiver = date_text::quoted(receiver, &settings.dates);
    let (result, settings) = evaluate(name, Some(receiver), arguments, settings);
    result.unwrap().to_text(&settings.dates).unwrap()
}

#[test]
fn moving_gives_a_date_and_time() {
    for (name, receiver, count, expected) in [
        ("addDay", "01-Jan-2019 15:00:00", 40, "10-Feb-2019 15:00:00"),
        ("addDay", "01-Jan-2019", -1, "31-Dec-2018 00:00:00"),
        ("addDay", "01-Jan-2019 25:00:00", 0, "01-Jan-2019 00:00:00"),
        ("addWeek", "01-Jan-2019", 10, "12-Mar-2019 00:00:00"),
        ("addWeek", "01-Jan-2019 15:00:00", 55, "21-Jan-2020 15:00:00"),
        ("addMonth", "01-Jan-2019", 11, "01-Dec-2019 00:00:00"),
        ("addMonth", "21-Aug-2013 16:04:37", 3, "21-Nov-2013 16:04:37"),
        ("addMonth", "31-Jan-2020 10:00:00", 1, "29-Feb-2020 10:00:00"),
        ("addYear", "01-Jan-2019", 100, "01-Jan-2119 00:00:00"),
        ("addYear", "29-Feb-2020", 1, "28-Feb-2021 00:00:00"),
        ("addHour", "31-Dec-2019 23:30:00", 1, "01-Jan-2020 00:30:00"),
        ("addMinutes", "31-Dec-2019 23:30:00", 31, "01-Jan-2020 00:01:00"),
        ("addSeconds", "31-Dec-2019 23:59:59", 1, "01-Jan-2020 00:00:00"),
        ("subDay", "01-Jan-2019", 1, "31-Dec-2018 00:00:00"),
        ("subWeek", "01-May-2019", 4, "03-Apr-2019 00:00:00"),
        ("subMonth", "31-Mar-2019", 1, "28-Feb-2019 00:00:00"),
        ("subYear", "21-Aug-2013 16:04:37", 3, "21-Aug-2010 16:04:37"),
        ("subHour", "01-Jan-2019", 1, "31-Dec-2018 23:00:00"),
        ("subMinutes", "01-Jan-2019", -5, "01-Jan-2019 00:05:00"),
        ("subSeconds", "21-Aug-2013 16:10:20", 10, "21-Aug-2013 16:10:10"),
        ("edate", "01-Jan-2019 15:00:00", 13, "01-Feb-2020"),
        ("edate", "31-Mar-2019", -1, "28-Feb-2019"),
        ("eomonth", "01-Jan-2019", 1, "28-Feb-2019"),
        ("eomonth", "15-Dec-2019 10:00:00", 0, "31-Dec-2019"),
        ("eomonth", "31-Jan-2020", -11, "28-Feb-2019"),
    ] {
        counted(name, receiver, count, expected);
    }
    check("toStartOfMonth", "15-Mar-2019 15:00:00", &[], "01-Mar-2019 00:00:00");
    check("toStartOfWeek", "15-Mar-2019 15:00:00", &[], "10-Mar-2019 00:00:00");
    check("toStartOfWeek", "10-Mar-2019", &[], "10-Mar-2019 00:00:00");
}

#[test]
fn daylight_saving_time_counts() {
    let one = [Value::Number(1)];
    // On 10 March 2024 New York's clocks went from 02:00 to 03:00.
    assert_eq!(
        in_zone("America/New_York", "addDay", "09-Mar-2024 12:00:00", &one),
        "10-Mar-2024 12:00:00"
    );
    assert_eq!(
        in_zone("America/New_York", "addDay", "09-Mar-2024 02:30:00", &one),
        "10-Mar-2024 03:30:00"
    );
    assert_eq!(
        in_zone("America/New_York", "addHour", "10-Mar-2024 01:30:00", &one),
        "10-Mar-2024 03:30:00"
    );
    let day = [Value::Number(24)];
    assert_eq!(
        in_zone("America/New_York", "addHour", "09-Mar-2024 12:00:00", &day),
        "10-Mar-2024 13:00:00"
    );
    let end = [text("11-Mar-2024 00:00:00")];
    assert_eq!(
        in_zone("America/New_York", "hoursBetween", "10-Mar-2024 00:00:00", &end),
        "23"
    );
    assert_eq!(
        in_zone("America/New_York", "daysBetween", "10-Mar-2024 00:00:00", &end),
        "1"
    );
}

#[test]
fn what_cannot_be_moved() {
    let one = [Value::Number(1)];
    let message = |receiver: Value, arguments: &[Value]| call("addDay", Some(receiver), arguments).unwrap_err();
    assert!(message(text("hello"), &one).starts_with("UnParsable date: `hello`"));
    assert!(message(text("31-Feb-2019"), &one).starts_with("UnParsable date: `31-Feb-2019` has a day"));
    assert!(message(text("01-Jan-2019 100:00:00"), &one).starts_with("UnParsable date"));
    assert_eq!(
        message(Value::Number(5), &one),
        "'NUMBER' can not be cast to '[DATE, DATE-TIME]'"
    );
    assert!(message(date("01-Jan-2019"), &[text("x")]).starts_with("Incompatible types for function `addDay`"));
    assert!(message(date("01-Jan-2019"), &[Value::Null]).starts_with("Incompatible types for function `addDay`"));
    for name in [
        "addDay",
        "addWeek",
        "addMonth",
        "addYear",
        "addHour",
        "subDay",
        "subYear",
        "subSeconds",
        "edate",
        "eomonth",
    ] {
        for count in [i64::MAX, i64::MIN, 400_000_000_000_000] {
            let error = call(name, Some(date("01-Jan-2019")), &[Value::Number(count)]).unwrap_err();
            assert!(
                error.starts_with("the date lies beyond the years"),
                "{name} {count}: {error}"
            );
        }
    }
}

#[test]
fn parts() {
    for (names, receiver, expected) in [
        (&["day", "getDay"], "08-Jan-2019", "8"),
        (&["month", "getMonth"], "08-Mar-2019", "3"),
        (&["year", "getYear"], "08-Mar-2019", "2019"),
        (&["hour", "getHour"], "15-Aug-1947 19:05:30", "19"),
        (&["minute", "getMinutes"], "15-Aug-1947 19:05:30", "5"),
        (&["second", "getSeconds"], "15-Aug-1947 19:05:30", "30"),
        (&["hour", "getHour"], "15-Aug-1947", "0"),
        (&["weekday", "getDayOfWeek"], "21-Aug-2013", "4"),
        (&["weekday", "getDayOfWeek"], "25-Aug-2013", "1"),
        (&["getDayOfYear", "getDayOfYear"], "31-Dec-2020", "366"),
        (&["getWeekOfYear", "getWeekOfYear"], "7-Feb-2021", "7"),
        (&["getWeekOfYear", "getWeekOfYear"], "31-Dec-2020", "1"),
    ] {
        for name in names {
            check(name, receiver, &[], expected);
        }
    }
    check("getWeekOfYear", "7-Feb-2021", &[text("Monday")], "6");
}

#[test]
fn parts_of_what_is_no_date() {
    for shape in [
        "hello",
        "01-Ja-2019",
        "001-Jan-2019",
        "01-Jan-20199",
        "01-Jan-2019 100:00:00",
        "",
    ] {
        assert_eq!(call("getDay", Some(text(shape)), &[]).as_deref(), Ok("null"), "{shape}");
    }
    for there_is_not in ["31-Feb-2019", "01-Foo-2019"] {
        assert!(call("getDay", Some(text(there_is_not)), &[]).is_err(), "{there_is_not}");
    }
}

#[test]
fn distances() {
    for (name, start, end, expected) in [
        ("daysBetween", "31-Dec-1989", "01-Jan-1990", "1"),
        ("days360", "31-Dec-1989 23:00:00", "01-Jan-1990 01:00:00", "1"),
        ("daysBetween", "01-Mar-2020", "01-Feb-2020", "-29"),
        ("hoursBetween", "18-Dec-2019 09:00:00", "19-Dec-2019 10:00:00", "25"),
        ("hoursBetween", "18-Dec-2019 09:59:00", "18-Dec-2019 10:01:00", "1"),
        ("hoursBetween", "18-Dec-2019 10:00:00", "18-Dec-2019 09:00:00", "-1"),
        ("monthsBetween", "01-Feb-2020", "01-Mar-2020", "0"),
        ("monthsBetween", "01-Jan-2020", "01-Mar-2020", "2"),
        ("monthsBetween", "01-Mar-2020", "01-Feb-2020", "0"),
        ("monthsDiff", "01-Feb-2020", "01-Mar-2020", "1"),
        ("monthsDiff", "15-Feb-2020", "14-Mar-2020", "0"),
        ("monthsDiff", "14-Mar-2020", "15-Feb-2020", "0"),
        ("monthsDiff", "15-Mar-2020", "15-Feb-2019", "-13"),
        ("totalMonths", "01-Feb-2019", "01-Mar-2019", "1"),
        ("totalMonth", "01-Jan-2019", "31-Dec-2019", "11"),
        ("yearsBetween", "20-May-2013", "20-Jun-2015", "2"),
        ("yearsBetween", "01-Jan-2020", "31-Dec-2020", "1"),
        ("yearsDiff", "02-Jan-2020", "01-Jan-2021", "0"),
        ("yearsDiff", "02-Jan-2020", "02-Jan-2021", "1"),
        ("totalYears", "02-Jan-2021", "02-Jan-2019", "-2"),
        ("totalYear", "02-Jan-2019", "02-Jan-2021", "2"),
    ] {
        check(name, start, &[date(end)], expected);
        check(name, start, &[text(end)], expected);
    }
    let message = call("daysBetween", Some(date("01-Jan-2020")), &[Value::Null]).unwrap_err();
    assert_eq!(message, "'null' can not be cast to '[DATE, DATE-TIME]'");
}

#[test]
fn named_days_of_the_week() {
    for (name, day, expected) in [
        ("nextWeekDay", "Monday", "26-Jul-2021"),
        ("nextWeekDay", "tuesday", "27-Jul-2021"),
        ("nextWeekDay", "Wed", "21-Jul-2021"),
        ("previousWeekDay", "Monday", "19-Jul-2021"),
        ("previousWeekDay", "Tuesday", "13-Jul-2021"),
        ("previousWeekDay", "Wednesday", "14-Jul-2021"),
    ] {
        check(name, "20-Jul-2021 10:00:00", &[text(day)], expected);
    }
    let message = call("nextWeekDay", Some(date("20-Jul-2021")), &[text("Someday")]).unwrap_err();
    assert_eq!(message, "`Someday` is no day of the week");
}

#[test]
fn business_days() {
    counted("addBusinessDay", "15-Mar-2019 09:00:00", 1, "18-Mar-2019 09:00:00");
    counted("addBusinessDay", "16-Mar-2019", 1, "18-Mar-2019 00:00:00");
    counted("addBusinessDay", "16-Mar-2019", 0, "16-Mar-2019 00:00:00");
    counted("addBusinessDay", "15-Mar-2019", 5, "22-Mar-2019 00:00:00");
    counted("addBusinessDay", "15-Mar-2019", 260, "13-Mar-2020 00:00:00");
    counted("addBusinessDay", "18-Mar-2019", -1, "15-Mar-2019 00:00:00");
    counted("subBusinessDay", "18-Mar-2019 09:00:00", 6, "08-Mar-2019 09:00:00");
    counted("workday", "15-Mar-2019 09:00:00", 1, "18-Mar-2019");
    let sunday = || Value::Collection(Collection::new(Contents::Values(vec![text("Sunday")].into())));
    let given = |weekends: Value| [Value::Number(5), weekends, list(&[date("25-May-2020")])];
    check("workday", "23-May-2020", &given(list(&[text("Sunday")])), "30-May-2020");
    check("workday", "23-May-2020", &given(sunday()), "30-May-2020");
    check("workday", "23-May-2020", &given(text("Sunday")), "30-May-2020");
    check("workday", "23-May-2020", &given(Value::Null), "01-Jun-2020");
    check("workday", "23-May-2020", &[Value::Number(5), list(&[])], "28-May-2020");
    let back = call("workday", Some(date("23-May-2020 10:00:00")), &[Value::Number(-3)]);
    assert_eq!(back.as_deref(), Ok("23-May-2020 10:00:00"));
    let week = list(&calendar::WEEKDAYS.map(text));
    let message = call("workday", Some(date("23-May-2020")), &[Value::Number(1), week]).unwrap_err();
    assert!(message.starts_with("all seven days are weekends"));
    for count in [i64::MAX, i64::MIN, 100_000_000] {
        let arguments = [Value::Number(count), Value::Null, list(&[date("01-Jan-2020")])];
        assert!(call("addBusinessDay", Some(date("23-May-2020")), &arguments).is_err());
        assert!(call("addBusinessDay", Some(date("23-May-2020")), &arguments[..1]).is_err());
    }
}

#[test]
fn business_days_between() {
    let between = |start: &str, end: &str| call("workDaysBetween", Some(text(start)), &[text(end)]).unwrap();
    assert_eq!(between("15-Mar-2019", "19-Mar-2019"), "2");
    assert_eq!(between("19-Mar-2019", "15-Mar-2019"), "-2");
    assert_eq!(between("15-Mar-2019", "15-Mar-2019"), "0");
    let listed = |start: &str, end: &str| call("workDaysList", Some(text(start)), &[text(end)]).unwrap();
    assert_eq!(
        listed("15-Mar-2019", "19-Mar-2019"),
        "15-Mar-2019,18-Mar-2019,19-Mar-2019"
    );
    assert_eq!(listed("19-Mar-2019", "15-Mar-2019"), "");
}

#[test]
fn business_hours() {
    let hours = |receiver: &str, hours: &str| {
        let hours = crate::value::convert::number(hours).unwrap();
        call("addBusinessHour", Some(text(receiver)), &[hours]).unwrap()
    };
    for (receiver, count, expected) in [
        ("02-Aug-2022 09:00:00", "0.1", "02-Aug-2022 09:10:00"),
        ("02-Aug-2022 09:00:00", "0.01", "02-Aug-2022 09:01:00"),
        ("02-Aug-2022 09:00:00", "0.7", "02-Aug-2022 10:10:00"),
        ("02-Aug-2022 16:00:00", "2", "03-Aug-2022 10:00:00"),
        ("02-Aug-2022 09:00:00", "8", "02-Aug-2022 17:00:00"),
        ("02-Aug-2022 09:00:00", "16", "03-Aug-2022 17:00:00"),
        ("02-Aug-2022 09:00:00", "17", "04-Aug-2022 10:00:00"),
        ("05-Aug-2022 16:30:00", "1", "08-Aug-2022 09:30:00"),
        ("06-Aug-2022 16:30:00", "1", "08-Aug-2022 10:00:00"),
        ("02-Aug-2022 20:00:00", "1", "03-Aug-2022 10:00:00"),
        ("02-Aug-2022 05:00:00", "1", "02-Aug-2022 10:00:00"),
        ("03-Aug-2022 10:00:00", "-2", "02-Aug-2022 16:00:00"),
        ("08-Aug-2022 09:30:00", "-1", "05-Aug-2022 16:30:00"),
        ("03-Aug-2022 17:00:00", "-16", "02-Aug-2022 09:00:00"),
    ] {
        assert_eq!(hours(receiver, count), expected, "{receiver} {count}");
    }
    // The page's own example: from Wednesday over two holidays and a weekend, with hours from 10 to 17.
    let opening = Map::default();
    opening.put(text("start"), text("10"));
    opening.put(text("end"), text("17"));
    let arguments = [
        Value::Number(2),
        list(&[text("Saturday"), text("Sunday")]),
        list(&[date("2-Jan-2020"), date("3-Jan-2020")]),
        Value::Map(opening.clone()),
    ];
    let found = call("addBusinessHour", Some(text("1-Jan-2020 16:00:00")), &arguments);
    assert_eq!(found.as_deref(), Ok("06-Jan-2020 11:00:00"));
    opening.put(text("end"), text("5"));
    assert!(call("addBusinessHour", Some(text("1-Jan-2020 16:00:00")), &arguments).is_err());
    assert!(call("addBusinessHour", Some(text("1-Jan-2020")), &[Value::Number(i64::MAX)]).is_err());
}

#[test]
fn the_clock_is_the_hosts() {
    let settings = zoned("America/Los_Angeles");
    for (name, expected) in [
        ("today", "01-Jan-2024"),
        ("zoho.currentDate", "01-Jan-2024"),
        ("now", "01-Jan-2024 00:00:00"),
        ("zoho.currenttime", "01-Jan-2024 00:00:00"),
    ] {
        assert_eq!(call(name, None, &[]).as_deref(), Ok(expected));
    }
    let (today, settings) = evaluate("today", None, &[], settings);
    assert_eq!(today.unwrap().to_text(&settings.dates).unwrap(), "31-Dec-2023");
}

#[test]
fn epochs() {
    let epoch = |content: &str, zone: &str| call("unixEpoch", Some(text(content)), &[text(zone)]).unwrap();
    assert_eq!(epoch("01-Jan-1970 00:00:01", "GMT"), "1000");
    assert_eq!(epoch("01-Jan-1970 05:30:00", "Asia/Kolkata"), "0");
    assert_eq!(epoch("01-Jan-1970 00:00:01", "No/Where"), "1000");
    assert_eq!(epoch("some day", "GMT"), "some day");
    assert_eq!(in_zone("Asia/Kolkata", "unixEpoch", "no date", &[]), "no date");
    assert!(
        call("unixEpoch", Some(date("01-Jan-1970")), &[])
            .unwrap_err()
            .starts_with("`unixEpoch` is called on TEXT")
    );
}

proptest! {
    #[test]
    fn there_and_back_again(day in -100_000i64..200_000, count in -5_000i64..5_000) {
        let dates = DateSettings::default();
        let start = Value::DateTime(crate::value::Moment::from_local(day, 3_723_000, &dates.zone).unwrap());
        for (forward, back) in [("addDay", "subDay"), ("addWeek", "subWeek"), ("addHour", "subHour"), ("addSeconds", "subSeconds")] {
            let there = call(forward, Some(start.clone()), &[Value::Number(count)]).unwrap();
            let again = call(back, Some(text(&there)), &[Value::Number(count)]).unwrap();
            prop_assert_eq!(again, start.to_text(&dates).unwrap());
        }
    }

    #[test]
    fn business_days_agree_with_counting_them(day in 0i64..20_000, count in 0i64..400) {
        let dates = DateSettings::default();
        let start = Value::Date(crate::value::Moment::from_local(day, 0, &dates.zone).unwrap());
        let end = call("workday", Some(start.clone()), &[Value::Number(count)]).unwrap();
        let between = call("workDaysBetween", Some(start.clone()), &[text(&end)]).unwrap();
        prop_assert_eq!(between, count.to_string());
        // Holidays on a weekend change nothing, but make every day be looked at.
        let holidays = list(&[date("06-Jan-2024")]);
        let slow = call("workday", Some(start), &[Value::Number(count), Value::Null, holidays]).unwrap();
        prop_assert_eq!(slow, end);
    }
}

#[test]
fn times_of_day_are_creators_alone() {
    let on = |profile, name: &str, arguments: &[Value]| {
        let settings = Settings {
            profile,
            ..Settings::default()
        };
        let (result, settings) = evaluate(name, Some(Value::text("10:30:05 PM")), arguments, settings);
        result.map(|value| value.to_text(&settings.dates).unwrap()).ok()
    };
    let two = [Value::Number(2)];
    for (name, arguments, expected) in [
        ("addHour", &two[..], "12:30:05 AM"),
        ("addMinutes", &two[..], "10:32:05 PM"),
        ("subSeconds", &two[..], "10:30:03 PM"),
        ("getHour", &[], "22"),
        ("getMinutes", &[], "30"),
        ("getSeconds", &[], "5"),
    ] {
        assert_eq!(
            on(Profile::Creator, name, arguments).as_deref(),
            Some(expected),
            "{name}"
        );
    }
    assert_eq!(on(Profile::Standard, "addHour", &two), None);
    assert_eq!(on(Profile::Standard, "getHour", &[]).as_deref(), Some("null"));
}
