use proptest::prelude::*;

use crate::builtins::testing::call;
use crate::value::Value;

proptest! {
    #[test]
    fn what_is_encoded_is_decoded_again(text in "\\PC{0,40}") {
        let ask = |name: &str, arguments: &[&str]| {
            let arguments: Vec<Value> = arguments.iter().map(|text| Value::text(text)).collect();
            call(&format!("zoho.encryption.{name}"), None, &arguments)
        };
        for (encode, decode) in [
            ("base64Encode", "base64Decode"),
            ("base32Encode", "base32Decode"),
            ("urlEncode", "urlDecode"),
            ("htmlEncode", "htmlDecode"),
        ] {
            let encoded = ask(encode, &[&text]).unwrap();
            prop_assert_eq!(ask(decode, &[&encoded]), Ok(text.clone()), "{}", decode);
        }
        for (encode, decode) in [("aesEncode", "aesDecode"), ("aesEncode128", "aesDecode128")] {
            let encoded = ask(encode, &["passkey", &text]).unwrap();
            prop_assert_eq!(ask(decode, &["passkey", &encoded]), Ok(text.clone()), "{}", decode);
        }
        let hex = call("textToHex", Some(Value::text(&text)), &[]).unwrap();
        prop_assert_eq!(call("hexToText", Some(Value::text(&hex)), &[]), Ok(text));
    }
}
