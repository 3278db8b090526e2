//! Base32 with the standard alphabet (RFC 4648 section 6).

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The bytes in Base32, padded.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut block = [0u8; 8];
        block[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(block);
        let letters = (chunk.len() * 8).div_ceil(5);
        for index in 0..8 {
            let value = (bits >> (35 - 5 * index)) & 31;
            let letter = if index < letters {
                ALPHABET[value as usize]
            } else {
                b'='
            };
            text.push(char::from(letter));
        }
    }
    text
}

/// The bytes behind Base32, padded or not, capital letters or small; blanks and line breaks do not count.
///
/// # Errors
/// What is wrong with the text.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut held, mut letters) = (0u32, 0u32, 0usize);
    for sign in text.trim_end_matches(['=', ' ', '\r', '\n']).chars() {
        if sign.is_ascii_whitespace() {
            continue;
        }
        let value = u8::try_from(sign.to_ascii_uppercase()).ok();
        let value = value.and_then(|letter| ALPHABET.iter().position(|known| *known == letter));
        let Some(value) = value else {
            return Err(format!("`{sign}` is no sign of Base32"));
        };
        bits = (bits << 5 | value as u32) & 0xFFF;
        held += 5;
        letters += 1;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    match letters % 8 {
        1 | 3 | 6 => Err("its end is missing".to_owned()),
        _ => Ok(bytes),
    }
}
