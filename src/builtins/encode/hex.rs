//! Bytes as hexadecimal digits.

/// The two small digits of a byte.
pub(super) fn digits(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or_default())
}

/// Two small digits for every byte.
pub(in crate::builtins) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    text.extend(bytes.iter().flat_map(|byte| digits(*byte)));
    text
}

/// The byte behind two digits, capital or small.
pub(super) fn byte(pair: &[u8]) -> Option<u8> {
    let digit = |sign: u8| char::from(sign).to_digit(16);
    match pair {
        [high, low] => Some((digit(*high)? << 4 | digit(*low)?) as u8),
        _ => None,
    }
}

/// The bytes behind hexadecimal digits.
///
/// # Errors
/// What is wrong with the text.
pub(in crate::builtins) fn decode(text: &str) -> Result<Vec<u8>, String> {
    if let Some(sign) = text.chars().find(|sign| !sign.is_ascii_hexdigit()) {
        return Err(format!("`{}` is no hexadecimal digit", sign.escape_debug()));
    }
    if text.len() % 2 == 1 {
        return Err("it has an odd number of digits".to_owned());
    }
    Ok(text.as_bytes().chunks(2).filter_map(byte).collect())
}
