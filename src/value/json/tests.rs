use proptest::prelude::*;

use super::{JsonError, parse, parse_lenient, to_text};
use crate::value::{DateSettings, Kind, Value, memory};

fn shown(value: Result<Value, JsonError>) -> Result<String, String> {
    value
        .map(|value| to_text(&value, &DateSettings::default()).unwrap())
        .map_err(|error| error.to_string())
}

#[test]
fn strict_json_comes_back_as_it_was() {
    for text in [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "12.50",
        "\"\"",
        "[]",
        "{}",
        "[[],{},[[]]]",
        r#"{"id":1234567890123456789,"a":[1,2.0,"x"],"n":null}"#,
        r#""a\"b\\c\b\f\n\r\t\u0001é😀""#,
        "123456789012345678901234.5678",
    ] {
        assert_eq!(shown(parse(text)).as_deref(), Ok(text));
        if text.starts_with(['[', '{']) {
            assert_eq!(shown(parse_lenient(text)).as_deref(), Ok(text));
        }
    }
}

#[test]
fn other_ways_to_write_the_same() {
    for (text, expected) in [
        (" \t\r\n[ 1 , 2 ]\n", "[1,2]"),
        (r#"{"a":1,"b":2,"a":3}"#, r#"{"a":3,"b":2}"#),
        (r#""\u00e9\ud83d\ude00\/""#, "\"é😀/\""),
        (r#""\ud83dx\ude00""#, "\"\u{FFFD}x\u{FFFD}\""),
        (r#""\ud83d\u0041""#, "\"\u{FFFD}A\""),
        ("1e3", "1000"),
        ("1.5E+2", "150"),
        ("25e-1", "2.5"),
        ("-0", "0"),
        ("1e300", "1.0E300"),
        ("1e999", "\"1e999\""),
        ("9223372036854775808", "9223372036854775808"),
        (
            "0.12345678901234567890123456789012345",
            "0.1234567890123456789012345679",
        ),
    ] {
        assert_eq!(shown(parse(text)).as_deref(), Ok(expected), "{text}");
    }
    let kinds = [
        ("1", Kind::Number),
        ("1.0", Kind::Decimal),
        ("1e0", Kind::Decimal),
        ("99999999999999999999", Kind::Decimal),
    ];
    for (text, kind) in kinds {
        assert_eq!(parse(text).unwrap().kind(), kind, "{text}");
    }
}

#[test]
fn lenient_forms() {
    for (text, expected) in [
        (
            "{company:Zoho, product:Creator}",
            r#"{"company":"Zoho","product":"Creator"}"#,
        ),
        (
            "{Name:'Lia Shelton', OrderNo:[343,443,577]}",
            r#"{"Name":"Lia Shelton","OrderNo":[343,443,577]}"#,
        ),
        ("{'a' = 1; \"b\" => 2,}", r#"{"a":1,"b":2}"#),
        (
            "[a b, TRUE, Null, 1.50, 007, -x, 12px,]",
            r#"["a b",true,null,1.50,"007","-x","12px"]"#,
        ),
        ("[,1,,2]", "[null,1,null,2]"),
        (
            "{u:http://example.com/x?y=1, t:12:30}",
            r#"{"u":"http://example.com/x?y=1","t":"12:30"}"#,
        ),
        ("{\"a\":\"line\nbreak\"}", r#"{"a":"line\nbreak"}"#),
        ("['it\\'s', '\"']", r#"["it's","\""]"#),
        ("\u{FEFF}{}", "{}"),
        ("{trueish:trueish}", r#"{"trueish":"trueish"}"#),
        ("{a:null b}", r#"{"a":"null b"}"#),
        ("{é:日本}", r#"{"é":"日本"}"#),
    ] {
        assert_eq!(shown(parse_lenient(text)).as_deref(), Ok(expected), "{text}");
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn errors_say_where_and_what_would_fit() {
    for (text, expected) in [
        ("", "expected `{` or `[`, found the end of the text (byte 0)"),
        ("{\"a\":", "expected a value, found the end of the text (byte 5)"),
        ("[1 2]", "expected `,` or `]` at byte 3, found `2`"),
        ("{\"a\" 1}", "expected `:` at byte 5, found `1`"),
        ("{\"é\":1,}", "expected a key in double quotes at byte 8, found `}`"),
        ("[1,]", "expected a value at byte 3, found `]`"),
        ("[01]", "expected a value at byte 1, found `0`"),
        ("[1.]", "expected a value at byte 1, found `1`"),
        ("[truex]", "expected a value at byte 1, found `t`"),
        ("{} x", "expected nothing behind the JSON value at byte 3, found `x`"),
        (
            "\"abc",
            "expected the closing quote, found the end of the text (byte 4)",
        ),
        (
            "\"a\nb\"",
            "expected an escaped control character at byte 2, found `\\n`",
        ),
        ("\"\\x\"", "expected an escape that JSON knows at byte 2, found `x`"),
        ("\"\\u12g4\"", "expected four hexadecimal digits at byte 3, found `1`"),
        ("\"\\u1é\"", "expected four hexadecimal digits at byte 3, found `1`"),
        ("[\u{a0}1]", "expected a value at byte 1, found `\\u{a0}`"),
    ] {
        assert_eq!(shown(parse(text)), Err(expected.to_owned()), "{text}");
    }
    for text in [
        "",
        "{\"a\":",
        "{a",
        "{a:b",
        "[",
        "hello",
        "'a'",
        "{a:b\"c\"}",
        "{a}",
        "{a:}",
        "{a:,b:1}",
        "{:1}",
        "{a:{b}",
        "[1}",
    ] {
        assert!(parse_lenient(text).is_err(), "{text}");
    }
}

#[test]
fn a_map_that_shares_its_keys_is_changed_alone() {
    // A long text: in short ones nothing is shared.
    let text = r#"[{"a":1,"b":2},{"a":3,"b":4},{"a":5,"b":6}]"#;
    let read = parse(&format!("{}{text}", " ".repeat(20_000))).unwrap();
    let maps: Vec<_> = read
        .as_list()
        .unwrap()
        .items()
        .iter()
        .filter_map(|map| map.as_map().cloned())
        .collect();
    maps[1].put(Value::text("b"), Value::Number(7));
    maps[2].put(Value::text("c"), Value::Number(8));
    maps[2].edit(|entries| drop(entries.take("a")));
    assert_eq!(
        shown(Ok(read)).as_deref(),
        Ok(r#"[{"a":1,"b":2},{"a":3,"b":7},{"b":6,"c":8}]"#)
    );
}

#[test]
fn reading_takes_no_more_than_the_values_need() {
    let before = memory::live();
    let numbers: Vec<String> = (0..50_000).map(|number| number.to_string()).collect();
    let list = parse(&format!("{{\"first\":1,\"all\":[{}]}}", numbers.join(","))).unwrap();
    assert!(memory::live() - before < 50_000 * 16 + 500);
    drop(list);
    let record = r#"{"identifier of the record":1,"what it is called":"abc"}"#;
    let records = parse(&format!("[{}]", [record; 1000].join(","))).unwrap();
    assert!(memory::live() - before < 1000 * (16 + 40 + 2 * 16) + 1000);
    drop(records);
    let words: Vec<String> = (0..1000).map(|number| format!("\"word\\n{number} of many\"")).collect();
    let words = parse(&format!("[{}]", words.join(","))).unwrap();
    assert!(memory::live() - before <= 1000 * (16 + 40) + 40);
    drop(words);
    assert_eq!(memory::live(), before);
}

#[test]
fn depth_is_limited() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(shown(parse(&nested(500))), Ok(nested(500)));
    assert_eq!(parse(&nested(501)).err().map(|error| error.offset), Some(500));
    assert!(parse_lenient(&"{a:[".repeat(1_000_000)).is_err());
}

fn trees() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        "\\PC{0,12}".prop_map(serde_json::Value::from),
        any::<String>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn another_library_reads_what_is_written_and_writes_what_is_read(tree in trees()) {
        let text = tree.to_string();
        let written = shown(parse(&text)).unwrap();
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), tree);
        prop_assert_eq!(&written, &text);
        if text.starts_with(['[', '{']) {
            prop_assert_eq!(shown(parse_lenient(&text)).unwrap(), text);
        }
    }

    #[test]
    fn maps_that_share_keys_are_what_each_of_them_says(
        maps in prop::collection::vec(prop::collection::vec((0usize..20, 0i64..9), 0..20), 0..30)
    ) {
        let key = |number: &usize| format!("{}{number}", "key ".repeat(number % 4));
        let pair = |(number, value): &(usize, i64)| format!("{:?}:{value}", key(number));
        let map = |pairs: &Vec<_>| format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(","));
        let blanks = " ".repeat(20_000);
        let text = format!("[{}{blanks}]", maps.iter().map(map).collect::<Vec<_>>().join(","));
        let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
        let read = parse(&text).unwrap();
        prop_assert_eq!(shown(Ok(read.clone())).unwrap(), expected.to_string());
        for (pairs, value) in maps.iter().zip(read.as_list().unwrap().items().iter()) {
            let map = value.as_map().unwrap();
            for (number, _) in pairs {
                let last = pairs.iter().rfind(|(other, _)| other == number).unwrap().1;
                prop_assert_eq!(map.get_text(&key(number)).unwrap().key_text(), last.to_string());
            }
            prop_assert!(map.get_text("key 2").is_none());
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[\\[\\]{}:,;='\"\\\\a-e0-9. \n\u{e9}u+-]{0,40}") {
        let strict = parse(&text);
        let lenient = parse_lenient(&text);
        if strict.is_ok() && text.trim_start().starts_with(['[', '{']) {
            prop_assert_eq!(shown(strict), shown(lenient));
        } else if let Err(error) = lenient {
            prop_assert!(text.is_char_boundary(error.offset));
        }
    }

    #[test]
    fn strict_means_what_it_means_elsewhere(text in "[\\[\\]{}:,\"a0-2. \\-eE]{0,12}") {
        let other: Result<serde_json::Value, _> = serde_json::from_str(&text);
        prop_assert_eq!(parse(&text).is_ok(), other.is_ok(), "{}", text);
    }
}
