use serde_json::{Value as Json, json};

use super::super::testing::{effect_of, evaluate, from_json};
use super::*;
use crate::host::{Cancel, Limits, Meter, Settings};

fn file(name: &str, bytes: &[u8]) -> Value {
    Value::File(File::new(name, "", bytes.to_vec()))
}

fn run(name: &str, receiver: &Value, arguments: &[&str]) -> Result<Value, String> {
    let arguments: Vec<Value> = arguments.iter().map(|text| Value::text(text)).collect();
    let (result, _) = evaluate(name, Some(receiver.clone()), &arguments, Settings::default());
    result.map_err(|error| error.message().into_owned())
}

/// The message of a call that fails.
fn refused(name: &str, receiver: &Value, arguments: &[&str]) -> String {
    run(name, receiver, arguments).err().unwrap_or_default()
}

fn told(name: &str, receiver: &Value) -> Json {
    effect_of(name, receiver, &[]).0.unwrap()
}

/// The paths of an unpacked archive with their contents.
fn unpacked(zip: &Value) -> Vec<(String, String)> {
    let Value::Collection(collection) = run("extract", zip, &[]).unwrap() else {
        panic!("no collection");
    };
    let contents = collection.contents();
    let Contents::Pairs(pairs) = &*contents else {
        return Vec::new();
    };
    let text = |value: &Value| told("getFileContent", value).as_str().unwrap().to_owned();
    pairs
        .iter()
        .map(|(key, value)| (key.value().key_text(), text(value)))
        .collect()
}

#[test]
fn names_types_and_contents() {
    let made = run("toFile", &Value::text("a,b"), &["rows.csv"]).unwrap();
    assert_eq!(told("getFileName", &made), json!("rows.csv"));
    assert_eq!(told("getFileType", &made), json!("text/csv"));
    assert_eq!(told("getFileSize", &made), json!("3"));
    assert_eq!(told("getFileContent", &made), json!("a,b"));
    run("setFileName", &made, &["x.JSON"]).unwrap();
    run("setFileType", &made, &["pdf"]).unwrap();
    run("setparamname", &made, &["part"]).unwrap();
    assert_eq!(told("getFileName", &made), json!("x.JSON"));
    assert_eq!(told("getFileType", &made), json!("application/pdf"));
    run("setFileType", &made, &["image/x-own"]).unwrap();
    assert_eq!(told("getFileType", &made), json!("image/x-own"));
    if let Value::File(file) = &made {
        assert_eq!(file.content().param_name, "part");
    }
    assert_eq!(told("getFileType", &file("photo.JPEG", b"")), json!("image/jpeg"));
    assert_eq!(
        told("getFileType", &file("noextension", b"")),
        json!("application/octet-stream")
    );
    let copy = run("toFile", &made, &["copy.txt"]).unwrap();
    assert_eq!(told("getFileContent", &copy), json!("a,b"));
    assert!(refused("convertToPDF", &made, &[]).contains("not available"));
}

#[test]
fn texts_in_other_character_sets() {
    let latin = file("a.txt", b"caf\xE9");
    assert_eq!(told("getFileContent", &latin), json!("caf\u{FFFD}"));
    run("setCharset", &latin, &["ISO-8859-1"]).unwrap();
    assert_eq!(told("getFileContent", &latin), json!("café"));
    assert!(refused("setCharSet", &latin, &["no such set"]).contains("is not known"));
    let marked = file("a.txt", b"\xFF\xFEa\0\xE9\0");
    assert_eq!(told("getFileContent", &marked), json!("aé"));
    assert_eq!(told("getFileContent", &file("a.txt", b"\xEF\xBB\xBFa")), json!("a"));
    assert_eq!(told("getFileContent", &file("a.txt", b"")), json!(""));
}

#[test]
fn packing_and_unpacking() {
    let one = run("compress", &file("a.txt", b"hello"), &[]).unwrap();
    assert_eq!(told("getFileName", &one), json!("a.zip"));
    assert_eq!(told("getFileType", &one), json!("application/zip"));
    assert_eq!(unpacked(&one), [("a.txt".to_owned(), "hello".to_owned())]);

    let long = "text ".repeat(100_000);
    let folders = from_json(&json!({}));
    let several = from_json(&json!([]));
    for content in ["one", "two", &long] {
        several.as_list().unwrap().push(file("same.txt", content.as_bytes()));
    }
    folders.as_map().unwrap().put(Value::text("inner"), several);
    folders.as_map().unwrap().put(Value::text("único"), file("é.txt", b""));
    let zip = run("compress", &folders, &["all"]).unwrap();
    assert_eq!(told("getFileName", &zip), json!("all.zip"));
    assert!(told("getFileSize", &zip).as_str().unwrap().parse::<usize>().unwrap() < 5_000);
    let expected = [
        ("inner/same.txt", "one"),
        ("inner/same (2).txt", "two"),
        ("inner/same (3).txt", &long),
        ("único/é.txt", ""),
    ];
    let unpacked = unpacked(&zip);
    let unpacked: Vec<(&str, &str)> = unpacked
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    assert_eq!(unpacked, expected);
    assert!(refused("compress", &from_json(&json!([1])), &[]).contains("this is NUMBER"));
    assert_eq!(
        run("compress", &from_json(&json!([])), &[]).map(|zip| self::unpacked(&zip)),
        Ok(Vec::new())
    );
}

#[test]
fn what_is_no_zip_file_is_an_empty_collection_and_damage_is_told() {
    for bytes in [&b""[..], b"no zip", b"PK\x05\x06", &[0; 70_000]] {
        assert_eq!(unpacked(&file("a.zip", bytes)), []);
    }
    let zip = archive::pack(&[("a".into(), File::new("a", "", b"hello, hello, hello, hello".to_vec()))]).unwrap();
    let mut complaints = 0;
    for at in 0..zip.len() {
        for flipped in [zip[at] ^ 1, zip[at] ^ 0x80, 0xFF] {
            let mut broken = zip.clone();
            broken[at] = flipped;
            complaints += usize::from(run("extract", &file("a.zip", &broken), &[]).is_err());
        }
    }
    assert!(complaints > 50, "{complaints}");
    for length in 0..zip.len() {
        let _ = run("extract", &file("a.zip", &zip[..length]), &[]);
    }
}

#[test]
fn a_bomb_meets_the_memory_limit() {
    let zip = archive::pack(&[("a".into(), File::new("a", "", vec![0; 8 << 20]))]).unwrap();
    assert!(zip.len() < 20_000);
    let limits = Limits {
        memory: 1 << 20,
        ..Limits::local()
    };
    let mut meter = Meter::new(limits, Cancel::new());
    assert!(archive::unpack(&zip, &mut meter).is_err());
    assert!(archive::unpack(&zip, &mut Meter::new(Limits::local(), Cancel::new())).is_ok());
}
