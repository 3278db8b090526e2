use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::json;

use super::super::testing::{call, effect_of, from_json};
use super::xpath::{Problem, evaluate, parse};
use super::*;

const CATALOG: &str = "<?xml version=\"1.0\"?>\n<!DOCTYPE c [<!ENTITY x \"boom\">]>\n<c xmlns:s=\"urn:s\">\
<cd id=\"1\" s:k=\"v\"><t>Empire &amp; &#66;</t><p>10.90</p></cd>\
<cd id=\"2\"><t><![CDATA[a<b]]></t><p>9.90</p><!--two--></cd>\
<cd id=\"3\" xml:lang=\"en-GB\"><t/><p>10.90</p><s:e>x</s:e><?go now?></cd></c>";

/// What an XPath selects in the catalogue, or the message.
fn select(path: &str) -> String {
    call("executeXPath", Some(Value::text(CATALOG)), &[Value::text(path)]).unwrap_or_else(|error| error)
}

#[test]
fn values_are_written_under_a_root() {
    for (given, expected) in [
        (
            json!({"Name":"Lia Shelton","OrderNo":[343,443]}),
            "<root><Name>Lia Shelton</Name><OrderNo>343</OrderNo><OrderNo>443</OrderNo></root>",
        ),
        (json!("{Name:'Lia', n:[1]}"), "<root><Name>Lia</Name><n>1</n></root>"),
        (
            json!({"a":{"b":{"c":1.5}},"e":{},"n":null,"t":""}),
            "<root><a><b><c>1.5</c></b></a><e></e><n>null</n><t/></root>",
        ),
        (
            json!({"a":[[1,2],[3]],"l":[]}),
            "<root><a><array>1</array><array>2</array></a><a><array>3</array></a></root>",
        ),
        (json!([1, {"a":2}]), "<root>1</root><root><a>2</a></root>"),
        (
            json!({"a":"<&>\"'\u{1}"}),
            "<root><a>&lt;&amp;&gt;&quot;&apos;\u{FFFD}</a></root>",
        ),
        (
            json!({"first name":1,"1st":2,"é-x.y":3,"-a":4,"":5,"$":6}),
            "<root><first_name>1</first_name><_1st>2</_1st><é-x.y>3</é-x.y><_-a>4</_-a><_>5</_><_>6</_></root>",
        ),
        (json!("[]"), ""),
    ] {
        assert_eq!(
            effect_of("toXml", &from_json(&given), &[]).0,
            Ok(json!(expected)),
            "{given}"
        );
    }
    assert!(
        call("toXml", Some(Value::text("plain")), &[])
            .unwrap_err()
            .contains("Invalid JSON Format String")
    );
}

#[test]
fn paths_select_nodes_as_the_recommendation_says() {
    for (path, expected) in [
        ("/c/cd/t", "<t>Empire &amp; &#66;</t>-|-<t><![CDATA[a<b]]></t>-|-<t/>"),
        ("/c/cd/t/text()", "Empire & B-|-a<b"),
        ("/c/cd[@id='2']/p", "<p>9.90</p>"),
        ("/c/cd[2]/@id", "<id>2</id>"),
        ("//cd[p > 10][2]/@id", "<id>3</id>"),
        ("//cd[last()]/p/text()", "10.90"),
        ("//@*[name() = 's:k']", "<s:k>v</s:k>"),
        ("/c/*[position() != 1]/attribute::id", "<id>2</id>-|-<id>3</id>"),
        ("//p[. = preceding::p]/../@id", "<id>3</id>"),
        ("//cd[2]/following-sibling::cd/@id", "<id>3</id>"),
        ("//cd[3]/preceding-sibling::*[1]/@id", "<id>2</id>"),
        ("(//cd/preceding-sibling::*)[1]/@id", "<id>1</id>"),
        ("//comment()", "two"),
        ("//processing-instruction('go')", "now"),
        ("//s:e | //cd[1]/p", "<p>10.90</p>-|-<s:e>x</s:e>"),
        ("//s:*", "<s:e>x</s:e>"),
        ("//*[local-name()='e']/ancestor::cd/@id", "<id>3</id>"),
        ("//p/ancestor-or-self::*[1]/text()", "10.90-|-9.90-|-10.90"),
        ("//s:e/descendant-or-self::node()/text()", "x"),
        ("//cd[lang('en')]/@id", "<id>3</id>"),
        ("//t[not(text())]", "<t/>"),
        ("/c/nothing", ""),
        ("//cd/namespace::*", ""),
        ("id('1')", ""),
        ("//cd[.//text()='x']/@id", "<id>3</id>"),
        ("//div", ""),
    ] {
        assert_eq!(select(path), expected, "{path}");
    }
}

#[test]
fn expressions_have_values_of_their_own() {
    for (path, expected) in [
        ("count(//cd)", "3"),
        ("sum(//p)", "31.700000000000003"),
        ("sum(//none)", "0"),
        ("1 + 2 * 3 - -4 div 2", "9"),
        ("5 mod -2", "1"),
        ("-5 mod 2", "-1"),
        ("1 div 0", "Infinity"),
        ("number('x')", "NaN"),
        ("number('1e3')", "NaN"),
        ("floor(-1.5) + ceiling(1.2) + round(-2.5) + round(2.5)", "1"),
        ("string(//t)", "Empire & B"),
        ("string(1000000000000000000000)", "1000000000000000000000"),
        ("concat('a', 1, true(), '\"')", "a1true\""),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0, 3)", "12"),
        ("substring('12345', -42, 1 div 0)", "12345"),
        ("substring('12345', 0 div 0, 3)", ""),
        ("substring-before('1999/04', '/')", "1999"),
        ("substring-after('1999/04', '/')", "04"),
        ("normalize-space('  a \n b ')", "a b"),
        ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),
        ("string-length('a😀')", "2"),
        ("contains('abc', '') and starts-with('abc', 'ab')", "true"),
        ("//p = 9.9", "true"),
        ("//p != 9.9", "true"),
        ("//p = //p", "true"),
        ("//cd[1]/p != //cd[3]/p", "false"),
        ("//p < //cd[2]/p", "false"),
        ("//cd[2]/p < //p", "true"),
        ("//none = false()", "true"),
        ("boolean('') or 0 or 'a' = 'b'", "false"),
        ("name(//@*[2])", "s:k"),
        ("namespace-uri(//s:e)", "urn:s"),
        ("true() > false()", "true"),
    ] {
        assert_eq!(select(path), expected, "{path}");
    }
}

#[test]
fn names_are_operators_only_behind_operands() {
    let xml = "<div><and>1</and><or>2</or><mod>7</mod></div>";
    for (path, expected) in [
        ("div/and", "<and>1</and>"),
        ("div/mod mod div/or", "1"),
        ("/div/*[. * 2 = 4]", "<or>2</or>"),
        ("count(div/*) * 2", "6"),
    ] {
        let found = call("executeXPath", Some(Value::text(xml)), &[Value::text(path)]);
        assert_eq!(found.as_deref(), Ok(expected), "{path}");
    }
}

#[test]
fn json_is_searched_under_a_root() {
    let maps = from_json(&json!({"address":{"city":"Surat","lines":["a","b"]}}));
    for (path, expected) in [
        ("/root/address/city", "<city>Surat</city>"),
        ("/root/address/lines[2]/text()", "b"),
        ("//city/text()", "Surat"),
    ] {
        assert_eq!(
            call("executeXPath", Some(maps.clone()), &[Value::text(path)]).as_deref(),
            Ok(expected)
        );
    }
    let list = Value::text("[{'n':1},{'n':2}]");
    assert_eq!(
        call("executeXPath", Some(list), &[Value::text("/root/n/text()")]).as_deref(),
        Ok("1-|-2")
    );
}

#[test]
fn what_cannot_be_read_is_told_in_zohos_words() {
    for (xml, path, expected) in [
        ("<a>1</b>", "/a", "the text is no XML"),
        ("<a>1", "/a", "`<a>` is never closed"),
        ("hello", "/a", "text stands outside all elements"),
        ("", "/a", "there is no element"),
        ("<a>&x;</a>", "/a", "`&x;` names no character"),
        ("<a b='1' b='2'/>", "/a", "the text is no XML"),
        ("<a b=1/>", "/a", "the text is no XML"),
        ("<a/>", "/a[", "is no XPath"),
        ("<a/>", "", "is no XPath"),
        ("<a/>", "a b", "an operator is expected at character 3"),
        ("<a/>", "nosuch(1)", "a function of XPath 1.0"),
        ("<a/>", "count()", "another number of arguments"),
        ("<a/>", "count(1)", "nodes are needed"),
        ("<a/>", "$x", "`$` means nothing there"),
        ("<a/>", "'open", "a quote is never closed"),
        ("<a/>", "/a//", "is expected at character 5"),
    ] {
        let error = call("executeXPath", Some(Value::text(xml)), &[Value::text(path)]).unwrap_err();
        assert!(
            error.starts_with("Invalid XML or Invalid XPath") && error.contains(expected),
            "{path}: {error}"
        );
    }
}

#[test]
fn hostile_documents_and_paths_end_in_errors() {
    let deep = "<a>".repeat(5_000) + &"</a>".repeat(5_000);
    assert!(Document::read(&deep).unwrap_err().why.contains("nested"));
    assert!(matches!(parse(&"(".repeat(5_000)), Err(Problem::Malformed(..))));
    let mut wide = String::from("<l>");
    for index in 0..30_000 {
        _ = write!(wide, "<i n='{index}'>{index}</i>");
    }
    wide.push_str("</l>");
    let document = Document::read(&wide).unwrap();
    let evaluated = |path: &str| evaluate(&parse(path).unwrap(), &document);
    assert_eq!(evaluated("//i[preceding-sibling::i = 0]"), Err(Problem::TooHard));
    assert_eq!(evaluated("//*[//*[//*]]"), Err(Problem::TooHard));
    assert_eq!(evaluated("count(//i[@n = 29999])"), Ok(Answer::Number(1.0)));
    assert_eq!(
        evaluated("count(//i[contains(string(/l), 'x')])"),
        Err(Problem::TooHard)
    );
}

#[test]
fn lists_are_made_of_elements_side_by_side() {
    for (text, expected) in [
        (
            "<i>1</i>-|-<i a=\"x\"><b/></i>",
            json!(["<i>1</i>", "<i a=\"x\"><b/></i>"]),
        ),
        ("<?xml version='1.0'?><i>1</i>\n<j/>", json!(["<i>1</i>", "<j/>"])),
        ("<i>a-|-b</i>", json!(["<i>a-|-b</i>"])),
        ("a-|-b", json!(["a", "b"])),
        ("one", json!(["one"])),
        ("", json!([])),
    ] {
        assert_eq!(
            effect_of("toXmlList", &Value::text(text), &[]).0,
            Ok(json!(expected)),
            "{text}"
        );
    }
    assert!(call("toXmlList", Some(Value::text("<a>")), &[]).is_err());
}

proptest! {
    #[test]
    fn texts_come_back_out_of_xml(text in "\\PC{1,40}") {
        let map = from_json(&json!({ "k": text }));
        let xml = call("toXml", Some(map), &[]).unwrap();
        let found = call("executeXPath", Some(Value::text(&xml)), &[Value::text("/root/k/text()")]);
        prop_assert_eq!(found, Ok(text));
    }

    #[test]
    fn no_text_and_no_path_does_harm(text in "[<>/a&;='\" -]{0,30}", path in "[/a@*.\\[\\]()|= 1'-]{0,20}") {
        _ = call("executeXPath", Some(Value::text(&text)), &[Value::text(&path)]);
        _ = call("executeXPath", Some(Value::text(CATALOG)), &[Value::text(&path)]);
        _ = call("toXmlList", Some(Value::text(&text)), &[]);
    }
}
