//! Other forms of texts: percent-encoding, Base64, Base32, hexadecimal, HTML, digests, AES (`zoho.encryption.*`).

mod base;
mod base32;
mod charset;
mod cipher;
mod digest;
pub(super) mod hex;
mod html;
#[cfg(test)]
mod tests;
mod url;

use super::text::Subject;
use super::{Builtin, Call};
use crate::host::Evaluated;
use crate::value::Value;

/// The tables of this family.
pub(super) const URL: &[Builtin] = url::TABLE;
/// See [`URL`].
pub(super) const BASE: &[Builtin] = base::TABLE;
/// See [`URL`].
pub(super) const HTML: &[Builtin] = html::TABLE;
/// See [`URL`].
pub(super) const DIGEST: &[Builtin] = digest::TABLE;
/// See [`URL`].
pub(super) const CIPHER: &[Builtin] = cipher::TABLE;

/// The bytes of a text; those that are no UTF-8 become U+FFFD, as in Java's `new String`.
fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The bytes that an argument stands for: those of a file, else of the text form in UTF-8. Their length is known to the
/// meter as often as `factor` says, for what is made of them.
fn with_bytes<R>(call: &mut Call<'_, '_>, index: usize, factor: usize, make: impl FnOnce(&[u8]) -> R) -> Evaluated<R> {
    if let Value::File(file) = call.argument(index) {
        let file = file.clone();
        let content = file.content();
        call.reserve(content.bytes().len().saturating_mul(factor))?;
        return Ok(make(content.bytes()));
    }
    let text = Subject::argument(call, index)?;
    call.reserve(text.as_str().len().saturating_mul(factor))?;
    Ok(make(text.as_str().as_bytes()))
}
