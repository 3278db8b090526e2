use super::super::testing::{call, evaluate};
use crate::host::Settings;
use crate::syntax::Profile;
use crate::value::{DateSettings, Empty, File, Kind, List, Map, Value, convert, date_text, zone};

fn text(content: &str) -> Value {
    Value::text(content)
}

fn number(content: &str) -> Value {
    convert::number(content).unwrap()
}

fn date(content: &str) -> Value {
    let value = date_text::quoted(content, &DateSettings::default());
    assert!(matches!(value.kind(), Kind::Date | Kind::DateTime), "{content}");
    value
}

fn list(items: Vec<Value>) -> Value {
    Value::List(List::new(items))
}

#[track_caller]
fn check(name: &str, receiver: Value, arguments: &[&str], expected: &str) {
    let arguments: Vec<Value> = arguments.iter().map(|argument| text(argument)).collect();
    assert_eq!(call(name, Some(receiver), &arguments).as_deref(), Ok(expected));
}

#[track_caller]
fn fails(name: &str, receiver: Value, arguments: &[&str], expected: &str) {
    let arguments: Vec<Value> = arguments.iter().map(|argument| text(argument)).collect();
    let message = call(name, Some(receiver), &arguments).unwrap_err();
    assert!(message.starts_with(expected), "{message}");
}

/// The text of a result with other settings.
fn with(settings: Settings, name: &str, receiver: Value, arguments: &[&str]) -> String {
    let arguments: Vec<Value> = arguments.iter().map(|argument| text(argument)).collect();
    let (result, settings) = evaluate(name, Some(receiver), &arguments, settings);
    result.map_or_else(
        |error| error.message().into_owned(),
        |value| value.to_text(&settings.dates).unwrap(),
    )
}

fn zoned(name: &str) -> Settings {
    let mut settings = Settings::default();
    settings.dates.zone = zone::find(name).unwrap();
    settings
}

#[test]
fn everything_has_a_text() {
    for name in ["toString", "toText"] {
        check(name, text("a"), &[], "a");
        check(name, number("1.50"), &[], "1.50");
        check(name, Value::Boolean(false), &[], "false");
        check(name, Value::Boolean(false), &["yyyy"], "false");
        check(name, date("15-Aug-1947"), &[], "15-Aug-1947");
        check(name, date("15-Aug-1947 19:00:00"), &[], "15-Aug-1947 19:00:00");
        check(name, Value::File(File::new("a.txt", "", Vec::new())), &[], "a.txt");
        check(
            name,
            list(vec![text("Creator"), text("Projects")]),
            &[],
            r#"["Creator","Projects"]"#,
        );
        check(
            name,
            list(vec![text("Creator"), list(vec![Value::Null])]),
            &[" & "],
            "Creator & [null]",
        );
        check(name, list(vec![]), &[], "[]");
        check(name, Value::Empty(Empty::default()), &[], "{}");
    }
    let map = Map::default();
    map.put(text("a"), text("line\n\"x\""));
    check("toString", Value::Map(map), &[], r#"{"a":"line\n\"x\""}"#);
    let loop_ = List::new(Vec::new());
    loop_.push(Value::List(loop_.clone()));
    fails("toString", Value::List(loop_.clone()), &[], "the value contains itself");
    loop_.edit(Vec::clear);
}

#[test]
fn dates_follow_patterns_and_zones() {
    check("toString", date("15-Aug-1947"), &["HH:mm:ss"], "00:00:00");
    check(
        "toString",
        date("2024-05-06 07:08:09"),
        &["yyyy-MM-dd'T'HH:mm:ssXXX"],
        "2024-05-06T07:08:09Z",
    );
    check(
        "toString",
        date("2024-05-06 07:08:09"),
        &["yyyy-MM-dd'T'HH:mm:ss-05:00"],
        "2024-05-06T07:08:09-05:00",
    );
    check(
        "toString",
        date("2024-05-06 07:08:09"),
        &["dd HH:mm z", "Asia/Kolkata"],
        "06 12:38 IST",
    );
    check(
        "toString",
        date("2024-07-01 12:00:00"),
        &["HH:mm XXX", "America/New_York"],
        "08:00 -04:00",
    );
    check(
        "toString",
        date("2024-07-01 12:00:00"),
        &["HH:mm z", "No/Where"],
        "12:00 UTC",
    );
    check("toString", date("29-Dec-2019"), &["yyyy at b"], "null");
    check("toString", text("02/04/2020"), &["dd MMM"], "04 Feb");
    check("toString", number("0"), &["yyyy-MM-dd 10:00:00"], "1970-01-01 10:00:00");
    fails(
        "toString",
        text("soon"),
        &["yyyy"],
        "UnParsable date: `soon` does not read as a date",
    );
    fails(
        "toString",
        text("31-Feb-2020"),
        &["yyyy"],
        "UnParsable date: `31-Feb-2020` has a day, month or year",
    );
    check("toText", text("soon"), &["yyyy"], "soon");
    assert_eq!(
        with(
            zoned("America/New_York"),
            "toString",
            number("1720000000000"),
            &["yyyy-MM-dd HH:mm XXX"]
        ),
        "2024-07-03 05:46 -04:00"
    );
}

#[test]
fn creator_leaves_texts_and_numbers_as_they_are() {
    let creator = || Settings {
        profile: Profile::Creator,
        ..Settings::default()
    };
    assert_eq!(
        with(creator(), "toString", text("02/04/2020"), &["dd MMM"]),
        "02/04/2020"
    );
    assert_eq!(with(creator(), "toString", text("soon"), &["dd MMM"]), "soon");
    assert_eq!(with(creator(), "toString", number("1000"), &["yyyy"]), "1000");
    assert_eq!(with(creator(), "toString", number("1000.5"), &["#,##0.00"]), "1,000.50");
    assert_eq!(with(creator(), "toString", date("02/04/2020"), &["dd MMM"]), "04 Feb");
}

#[test]
fn numbers_follow_patterns() {
    check("toString", number("1000000.05"), &["#,##0"], "1,000,000");
    check("toString", number("1000000.05"), &["$#,##0.00"], "$1,000,000.05");
    check("toString", number("0.2"), &["0%"], "20%");
    check("toString", text("1234.5"), &["#,##0.00"], "1,234.50");
    check("text", number("2434"), &["000000000"], "000002434");
    check("text", text("12345654.1234"), &["$#,##0.00"], "$12,345,654.12");
    check("text", text("02/04/2020"), &["DDD"], "035");
    check(
        "text",
        date("04-Feb-2020"),
        &["MMM dd, yy 'at' hh:mm:ss, E"],
        "Feb 04, 20 at 12:00:00, Tue",
    );
    fails("toString", number("5"), &["#.#.#"], "`#.#.#` is no pattern of a number");
}

#[test]
fn whole_numbers() {
    for name in ["toLong", "toNumber"] {
        check(name, number("99.9"), &[], "99");
        check(name, text("100"), &[], "100");
        check(name, text("123456789012345678"), &[], "123456789012345678");
        check(name, Value::Double(3.7), &[], "3");
        fails(name, text("abc"), &[], "'TEXT' can not be cast to '[BIGINT]'");
        fails(name, text("134A123B"), &[], "'TEXT' can not be cast to '[BIGINT]'");
        fails(name, text(""), &[], "'TEXT' can not be cast to '[BIGINT]'");
        fails(
            name,
            Value::Boolean(true),
            &[],
            "'BOOLEAN' can not be cast to '[BIGINT]'",
        );
        fails(
            name,
            text("1e30"),
            &[],
            "'TEXT' can not be cast to '[BIGINT]': the number is out of range",
        );
    }
    let settings = zoned("America/Los_Angeles");
    let before = date_text::quoted("31-Dec-1969 15:59:59", &settings.dates);
    assert_eq!(with(settings, "toLong", before, &[]), "-1000");
}

#[test]
fn decimals() {
    check("toDecimal", number("99.9"), &[], "99.9");
    check("toDecimal", text("100"), &[], "100");
    check("toDecimal", text(" 1.50 "), &[], "1.50");
    let decimal = evaluate("toDecimal", Some(text("100")), &[], Settings::default())
        .0
        .unwrap();
    assert_eq!(decimal.kind(), Kind::Decimal);
    for receiver in [text(""), text("1,5"), text("abc")] {
        fails("toDecimal", receiver, &[], "'TEXT' can not be cast to '[DECIMAL]'");
    }
}

#[test]
fn texts_become_dates() {
    check("toDate", text("2024-02-29"), &[], "29-Feb-2024");
    check("toDate", text("29-Feb-2024 10:11:12"), &[], "29-Feb-2024");
    check("toDate", text("01,11,2019 1:30:00 pm"), &["MM,d,yyyy"], "11-Jan-2019");
    check("toDate", text("01.01.2024"), &["dd.MM.yyyy"], "01-Jan-2024");
    check("toDate", date("29-Feb-2024 10:11:12"), &["whatever"], "29-Feb-2024");
    check("toDate", number("1000"), &["yyyy"], "01-Jan-1970");
    check("toDate", text("01.02.24"), &["", "Asia/Kolkata"], "01-Jan-2024");
    for name in ["toTime", "toDateTime"] {
        check(name, text("2024-02-29"), &[], "29-Feb-2024 00:00:00");
        check(name, text("2024-05-06T07:08:09-08:00"), &[], "06-May-2024 15:08:09");
        check(name, text("01-11-2019 13:30:00"), &["MM-d-yy"], "11-Jan-2019 13:30:00");
        check(name, number("1000"), &[], "01-Jan-1970 00:00:01");
        check(name, date("01-Aug-2022 16:59:00"), &[], "01-Aug-2022 16:59:00");
    }
    let kolkata = zoned("Asia/Kolkata");
    assert_eq!(
        with(
            kolkata,
            "toTime",
            text("01,11,19 1:30:00 pm"),
            &["MM,d,yyyy hh:mm:ss a", "Europe/Moscow"]
        ),
        "11-Jan-0019 16:00:00"
    );
    assert_eq!(
        with(zoned("America/Los_Angeles"), "toDate", number("1000"), &[]),
        "31-Dec-1969"
    );
}

#[test]
fn texts_that_are_no_dates() {
    fails(
        "toDate",
        text("31-Feb-2024"),
        &[],
        "UnParsable date: `31-Feb-2024` has a day, month or year that there is not",
    );
    fails(
        "toDate",
        text("nonsense"),
        &[],
        "UnParsable date: `nonsense` does not read as a date",
    );
    fails(
        "toTime",
        text("2024-01-01"),
        &["dd/MM/yyyy"],
        "UnParsable date: `2024-01-01` does not fit the pattern `dd/MM/yyyy`",
    );
    fails(
        "toTime",
        text("2024-01-01"),
        &["pattern"],
        "`pattern` is no pattern of a date",
    );
    fails(
        "toDate",
        Value::Boolean(true),
        &[],
        "'BOOLEAN' can not be cast to '[DATE, DATE-TIME]'",
    );
    fails(
        "toDate",
        number("9223372036854775807"),
        &[],
        "the date lies beyond the years",
    );
}

#[test]
fn milliseconds_in_a_pattern() {
    check(
        "toDateTimeString",
        number("0"),
        &["yyyy-MM-dd HH:mm", "Asia/Kolkata"],
        "1970-01-01 05:30",
    );
    check("toDateTimeString", text("02-Jan-2024"), &["EEEE"], "Tuesday");
    check("toDateTimeString", date("02-Jan-2024 10:00:00"), &["HH", "PST"], "02");
}

#[test]
fn questions_about_kinds() {
    let file = || Value::File(File::new("a.txt", "", Vec::new()));
    let map = || Value::Map(Map::default());
    for (name, receiver, expected) in [
        ("isNumber", text("12.3"), "true"),
        ("isNumber", text("1"), "true"),
        ("isNumber", text("1a"), "false"),
        ("isNumber", text(""), "false"),
        ("isNumber", number("24"), "true"),
        ("isNumber", Value::Double(1.0), "true"),
        ("isNumber", date("01-Jan-2020"), "false"),
        ("isNumber", Value::Null, "false"),
        ("isNumber", list(vec![]), "null"),
        ("isNumber", map(), "null"),
        ("isText", text("Hello"), "true"),
        ("isText", text(""), "true"),
        ("isText", text("123"), "false"),
        ("isText", text("123a"), "true"),
        ("isText", date("01-02-2020"), "false"),
        ("isText", number("5"), "false"),
        ("isText", Value::Boolean(true), "null"),
        ("isText", map(), "null"),
        ("isDate", text("01-Jan-2019"), "true"),
        ("isDate", date("01-Jun-2020"), "true"),
        ("isDate", number("100"), "false"),
        ("isDate", list(vec![]), "null"),
        ("isFile", file(), "true"),
        ("isFile", text("a.txt"), "false"),
    ] {
        check(name, receiver, &[], expected);
    }
    fails(
        "isDate",
        text("hello"),
        &[],
        "UnParsable date: `hello` does not read as a date",
    );
}

#[test]
fn equality_with_regard_to_type() {
    let equal = |left: Value, right: Value| call("equals", Some(left), &[right]).unwrap();
    assert_eq!(equal(text("Zoho"), text("zoho")), "false");
    assert_eq!(equal(text("Zoho"), text("Zoho")), "true");
    assert_eq!(equal(number("1"), text("1")), "false");
    assert_eq!(equal(number("1"), number("1.0")), "false");
    assert_eq!(equal(number("1.0"), number("1.00")), "true");
    assert_eq!(equal(date("01-Jan-2020"), date("2020-01-01 00:00:00")), "true");
    assert_eq!(equal(list(vec![number("1")]), list(vec![number("1")])), "true");
    assert_eq!(equal(text("a"), Value::Null), "false");
}

#[test]
fn a_long_text_is_not_repeated_in_full() {
    let message = call("toDate", Some(text(&"日".repeat(10_000))), &[]).unwrap_err();
    assert!(message.len() < 300, "{message}");
}
