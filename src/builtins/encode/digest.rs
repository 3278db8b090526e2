//! Digests and keyed digests. The key comes first; what goes in is UTF-8, or the bytes of a file.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use super::base::to_base64;
use super::{hex, with_bytes};
use crate::builtins::text::Subject;
use crate::builtins::{Builtin, Call, Param, any, example, optional, required};
use crate::diagnostic::Code;
use crate::host::Evaluated;
use crate::value::{Kind, Value};

/// What the keyed digests take.
const KEYED: &[Param] = &[
    required("key", Kind::Text),
    any("data"),
    optional("output_type", Kind::Text),
];

/// The table of these built-ins.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::function("zoho.encryption.md5", md5)
        .params(&[any("data")])
        .returns(Kind::Text)
        .doc("The MD5 digest, as hexadecimal digits. It protects nothing any more; use it for checksums that others ask for.")
        .examples(&[example("zoho.encryption.md5(\"hello\")", "5d41402abc4b2a76b9719d911017c592")])
        .source("deluge/help/encryption/md5.html"),
    Builtin::function("zoho.encryption.sha1", sha1)
        .params(&[any("data")])
        .returns(Kind::Text)
        .doc("The SHA-1 digest, as hexadecimal digits.")
        .examples(&[example("zoho.encryption.sha1(\"hello\")", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")])
        .source("deluge/help/encryption/sha1.html"),
    Builtin::function("zoho.encryption.sha256", sha256)
        .params(&[any("data"), optional("output_type", Kind::Text)])
        .returns(Kind::Text)
        .doc("The SHA-256 digest, as hexadecimal digits, or in the form asked for: hex, base64 or binary, which is the bits.")
        .examples(&[example(
            "zoho.encryption.sha256(\"hello\")",
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        )])
        .source("deluge/help/encryption/sha256.html"),
    Builtin::function("zoho.encryption.sha512", sha512)
        .params(&[any("data"), optional("output_type", Kind::Text)])
        .returns(Kind::Text)
        .doc("The SHA-512 digest, as hexadecimal digits, or in the form asked for: hex, base64 or binary, which is the bits.")
        .examples(&[example("zoho.encryption.sha512(\"hello\").length()", "128")])
        .source("deluge/help/encryption/sha512.html"),
    Builtin::function("zoho.encryption.hmacsha1", hmac_sha1)
        .params(KEYED)
        .returns(Kind::Text)
        .doc("The HMAC with SHA-1, in Base64, or in the form asked for: base64, hex or binary, which is the bits.")
        .examples(&[example(
            "zoho.encryption.hmacsha1(\"Use me to generate hash\", \"My#New#Password\")",
            "VK9VMxdsbxZBLHKgSEZYMEUlURs=",
        )])
        .source("deluge/help/encryption/hmac-sha1.html"),
    Builtin::function("zoho.encryption.hmacsha256", hmac_sha256)
        .params(KEYED)
        .returns(Kind::Text)
        .doc("The HMAC with SHA-256, in Base64, or in the form asked for: base64, hex or binary, which is the bits.")
        .examples(&[
            example(
                "zoho.encryption.hmacsha256(\"Use me to generate hash\", \"My#New#Password\")",
                "edYCyxkU4jL2dEjEDO8aUy8WZrpKRvQquNpgKUqe5vA=",
            ),
            example(
                "zoho.encryption.hmacsha256(\"key\", \"The quick brown fox jumps over the lazy dog\", \"hex\")",
                "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
            ),
        ])
        .source("deluge/help/encryption/hmac-sha256.html"),
    Builtin::function("zoho.encryption.hmacsha512", hmac_sha512)
        .params(KEYED)
        .returns(Kind::Text)
        .doc("The HMAC with SHA-512, in Base64, or in the form asked for: base64, hex or binary, which is the bits.")
        .examples(&[example("zoho.encryption.hmacsha512(\"key\", \"data\", \"hex\").length()", "128")])
        .source("deluge/help/encryption/hmac-sha512.html"),
];

/// How a digest is written.
#[derive(Clone, Copy)]
enum Form {
    Hex,
    Base64,
    Binary,
}

impl Form {
    /// The form that an optional argument names.
    fn of(call: &Call<'_, '_>, index: usize, default: Self) -> Evaluated<Self> {
        if call.argument(index).is_null() {
            return Ok(default);
        }
        let name = call.text_arg(index)?;
        match name.trim().to_ascii_lowercase().as_str() {
            "hex" => Ok(Self::Hex),
            "base64" => Ok(Self::Base64),
            "binary" => Ok(Self::Binary),
            _ => Err(call
                .fail(Code::BadArgument, format!("there is no output type `{name}`"))
                .help("name hex, base64 or binary")),
        }
    }

    fn write(self, digest: &[u8]) -> Value {
        Value::from_string(match self {
            Self::Hex => hex::encode(digest),
            Self::Base64 => to_base64(digest),
            Self::Binary => digest.iter().map(|byte| format!("{byte:08b}")).collect(),
        })
    }
}

fn md5(call: &mut Call<'_, '_>) -> Evaluated {
    with_bytes(call, 0, 0, |bytes| Form::Hex.write(&Md5::digest(bytes)))
}

fn sha1(call: &mut Call<'_, '_>) -> Evaluated {
    with_bytes(call, 0, 0, |bytes| Form::Hex.write(&Sha1::digest(bytes)))
}

fn sha256(call: &mut Call<'_, '_>) -> Evaluated {
    let form = Form::of(call, 1, Form::Hex)?;
    with_bytes(call, 0, 0, |bytes| form.write(&Sha256::digest(bytes)))
}

fn sha512(call: &mut Call<'_, '_>) -> Evaluated {
    let form = Form::of(call, 1, Form::Hex)?;
    with_bytes(call, 0, 0, |bytes| form.write(&Sha512::digest(bytes)))
}

fn hmac_sha1(call: &mut Call<'_, '_>) -> Evaluated {
    keyed(call, |key, data| {
        let mut mac = Hmac::<Sha1>::new_from_slice(key).ok()?;
        mac.update(data);
        Some(mac.finalize().into_bytes().to_vec())
    })
}

fn hmac_sha256(call: &mut Call<'_, '_>) -> Evaluated {
    keyed(call, |key, data| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        mac.update(data);
        Some(mac.finalize().into_bytes().to_vec())
    })
}

fn hmac_sha512(call: &mut Call<'_, '_>) -> Evaluated {
    keyed(call, |key, data| {
        let mut mac = Hmac::<Sha512>::new_from_slice(key).ok()?;
        mac.update(data);
        Some(mac.finalize().into_bytes().to_vec())
    })
}

/// A keyed digest of the second argument with the first as key. Keys of any length are taken, so none is refused.
fn keyed(call: &mut Call<'_, '_>, mac: fn(&[u8], &[u8]) -> Option<Vec<u8>>) -> Evaluated {
    let form = Form::of(call, 2, Form::Base64)?;
    let key = Subject::argument(call, 0)?;
    let digest = with_bytes(call, 1, 0, |data| mac(key.as_str().as_bytes(), data))?;
    digest
        .map(|digest| form.write(&digest))
        .ok_or_else(|| call.fail(Code::BadArgument, "the key cannot be used"))
}
