//! AES as `zoho.encryption` uses it. The help pages do not name the parameters; these are the ones under which the
//! documented texts decrypt: CBC with PKCS #7 padding, the key filled up with NUL bytes, Base64; without an IV a random
//! one stands before the encrypted bytes.

use aes::{Aes128, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};

use super::base::{from_base64, to_base64};
use crate::builtins::text::Subject;
use crate::builtins::{Builtin, Call, Effect, Param, example, optional, required};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::{Kind, Value};

/// What encrypting takes.
const ENCODE: &[Param] = &[
    required("encryption_key", Kind::Text),
    required("encryption_value", Kind::Text),
    optional("encryption_iv", Kind::Text),
];

/// What decrypting takes.
const DECODE: &[Param] = &[
    required("encryption_key", Kind::Text),
    required("encrypted_value", Kind::Text),
    optional("encryption_iv", Kind::Text),
];

/// What encrypting with 128 bits takes.
const ENCODE_128: &[Param] = &[
    required("encryption_key", Kind::Text),
    required("encryption_value", Kind::Text),
    optional("encryption_iv", Kind::Text),
    optional("iteration_count", Kind::Number),
];

/// What decrypting with 128 bits takes.
const DECODE_128: &[Param] = &[
    required("encryption_key", Kind::Text),
    required("encrypted_value", Kind::Text),
    optional("encryption_iv", Kind::Text),
    optional("iteration_count", Kind::Number),
];

/// The table of these built-ins.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::function("zoho.encryption.aesEncode", aes_encode)
        .params(ENCODE)
        .returns(Kind::Text)
        .doc("Encrypts a text with AES-256 in CBC mode, in Base64. Without an IV of 16 characters a random one is made and put in front.")
        .examples(&[
            example(
                "zoho.encryption.aesEncode(\"passkey\", \"This is a secret\", \"0000000000000000\")",
                "AR+ygx+et18UNeIltGh82NBgPQx6Y0hWbEcgN3NVbJA=",
            ),
            example(
                "zoho.encryption.aesDecode(\"passkey\", zoho.encryption.aesEncode(\"passkey\", \"Zoho\"))",
                "Zoho",
            ),
        ])
        .source("deluge/help/functions/encryption/aesencode.html")
        .effect(Effect::Random),
    Builtin::function("zoho.encryption.aesDecode", aes_decode)
        .params(DECODE)
        .returns(Kind::Text)
        .doc("Decrypts what `aesEncode` encrypted with the same key and IV.")
        .examples(&[example(
            "zoho.encryption.aesDecode(\"passkey\", \"yf/u6N0HjKWXFFHIEKzG23+CM+BoL4RBPNb4mc0G3hw5q6xPe9KSpUd62Z5sjjSE\")",
            "This is a secret",
        )])
        .source("deluge/help/functions/encryption/aesdecode.html"),
    Builtin::function("zoho.encryption.aesEncode128", aes_encode_128)
        .params(ENCODE_128)
        .returns(Kind::Text)
        .doc("Encrypts a text with AES-128 in CBC mode, in Base64. The key has 16 characters at most. Only an iteration count of 0 is available.")
        .examples(&[example(
            "zoho.encryption.aesDecode128(\"passkey\", zoho.encryption.aesEncode128(\"passkey\", \"Zoho\"))",
            "Zoho",
        )])
        .source("deluge/help/functions/encryption/aesencode128.html")
        .effect(Effect::Random),
    Builtin::function("zoho.encryption.aesDecode128", aes_decode_128)
        .params(DECODE_128)
        .returns(Kind::Text)
        .doc("Decrypts what `aesEncode128` encrypted with the same key and IV.")
        .examples(&[example(
            "zoho.encryption.aesDecode128(\"k\", zoho.encryption.aesEncode128(\"k\", \"Zoho\", \"0123456789abcdef\"), \"0123456789abcdef\")",
            "Zoho",
        )])
        .source("deluge/help/functions/encryption/aesdecode128.html"),
];

/// The bytes of a block, and of an IV.
const BLOCK: usize = 16;

fn aes_encode(call: &mut Call<'_, '_>) -> Evaluated {
    let key = key::<32>(call)?;
    encode(call, |iv, value| {
        cbc::Encryptor::<Aes256>::new(&key.into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(value)
    })
}

fn aes_decode(call: &mut Call<'_, '_>) -> Evaluated {
    let key = key::<32>(call)?;
    decode(call, |iv, encrypted| {
        let cipher = cbc::Decryptor::<Aes256>::new(&key.into(), &iv.into());
        cipher.decrypt_padded_vec::<Pkcs7>(encrypted).ok()
    })
}

fn aes_encode_128(call: &mut Call<'_, '_>) -> Evaluated {
    without_iterations(call)?;
    let key = key::<16>(call)?;
    encode(call, |iv, value| {
        cbc::Encryptor::<Aes128>::new(&key.into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(value)
    })
}

fn aes_decode_128(call: &mut Call<'_, '_>) -> Evaluated {
    without_iterations(call)?;
    let key = key::<16>(call)?;
    decode(call, |iv, encrypted| {
        let cipher = cbc::Decryptor::<Aes128>::new(&key.into(), &iv.into());
        cipher.decrypt_padded_vec::<Pkcs7>(encrypted).ok()
    })
}

/// The key, filled up with NUL bytes. What Zoho makes of a longer one is not known, so it is refused.
fn key<const LENGTH: usize>(call: &Call<'_, '_>) -> Evaluated<[u8; LENGTH]> {
    let text = Subject::argument(call, 0)?;
    let bytes = text.as_str().as_bytes();
    let mut key = [0; LENGTH];
    match key.get_mut(..bytes.len()) {
        Some(start) => {
            start.copy_from_slice(bytes);
            Ok(key)
        }
        None => Err(call
            .fail(Code::BadArgument, format!("the key is longer than {LENGTH} bytes"))
            .help("shorten the key")),
    }
}

/// The IV, where one is given.
fn iv(call: &Call<'_, '_>) -> Evaluated<Option<[u8; BLOCK]>> {
    if call.argument(2).is_null() {
        return Ok(None);
    }
    let text = call.text_arg(2)?;
    <[u8; BLOCK]>::try_from(text.as_bytes()).map(Some).map_err(|_| {
        call.fail(Code::BadArgument, "the IV has to have 16 characters")
            .help("give 16 ASCII characters, or leave the IV out")
    })
}

/// How often the key would be derived is documented; how it would be is not.
fn without_iterations(call: &Call<'_, '_>) -> Evaluated<()> {
    if call.argument(3).is_null() || call.number_arg(3)? == 0 {
        return Ok(());
    }
    Err(call
        .fail(
            Code::NotAvailable,
            "AES-128 with an iteration count is not available yet: how Zoho derives the key is not documented",
        )
        .help("leave the iteration count out"))
}

fn encode(call: &mut Call<'_, '_>, encrypt: impl FnOnce([u8; BLOCK], &[u8]) -> Vec<u8>) -> Evaluated {
    let (value, iv) = (Subject::argument(call, 1)?, iv(call)?);
    let value = value.as_str().as_bytes();
    call.reserve(value.len().saturating_mul(4))?;
    let bytes = match iv {
        Some(iv) => encrypt(iv, value),
        None => {
            let mut iv = [0; BLOCK];
            call.context.host.random.fill(&mut iv);
            [iv.as_slice(), &encrypt(iv, value)].concat()
        }
    };
    Ok(Value::from_string(to_base64(&bytes)))
}

fn decode(call: &mut Call<'_, '_>, decrypt: impl FnOnce([u8; BLOCK], &[u8]) -> Option<Vec<u8>>) -> Evaluated {
    let (text, iv) = (Subject::argument(call, 1)?, iv(call)?);
    call.reserve(text.as_str().len().saturating_mul(3))?;
    let bytes = from_base64(text.as_str())
        .map_err(|why| call.fail(Code::CannotConvert, format!("the encrypted text is not Base64: {why}")))?;
    let plain = match iv {
        Some(iv) => decrypt(iv, &bytes),
        None => bytes
            .split_first_chunk()
            .and_then(|(iv, encrypted)| decrypt(*iv, encrypted)),
    };
    plain
        .and_then(|plain| String::from_utf8(plain).ok())
        .map(Value::from_string)
        .ok_or_else(|| undecryptable(call))
}

fn undecryptable(call: &Call<'_, '_>) -> Box<EvalError> {
    call.fail(Code::BadArgument, "the text cannot be decrypted with this key and IV")
        .help("use the key and the IV that encrypted it; without an IV the first 16 bytes are taken for it")
}
