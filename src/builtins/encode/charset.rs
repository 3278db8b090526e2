//! Texts as bytes of a character set, and back.

use encoding_rs::Encoding;

/// A character set that a script may name.
#[derive(Clone, Copy)]
pub(super) enum Charset {
    Utf8,
    Utf16 { big_endian: bool },
    Other(&'static Encoding),
}

impl Charset {
    /// The character set of this name; those that browsers know are known too.
    pub(super) fn find(name: &str) -> Option<Self> {
        match name.trim().to_ascii_uppercase().as_str() {
            "UTF-8" | "UTF8" => Some(Self::Utf8),
            "UTF-16LE" | "UTF16LE" => Some(Self::Utf16 { big_endian: false }),
            "UTF-16BE" | "UTF16BE" => Some(Self::Utf16 { big_endian: true }),
            // Whether its bytes begin with a mark is left open, so it is not guessed.
            "UTF-16" | "UTF16" => None,
            name => Encoding::for_label(name.as_bytes()).map(Self::Other),
        }
    }

    /// The bytes of a text; a character that the set lacks becomes `?`, as in Java.
    pub(super) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16 { big_endian: true } => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::Utf16 { big_endian: false } => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Other(encoding) => {
                let mut bytes = Vec::with_capacity(text.len());
                let mut buffer = [0; 4];
                for character in text.chars() {
                    let (encoded, _, lacking) = encoding.encode(character.encode_utf8(&mut buffer));
                    bytes.extend_from_slice(if lacking { b"?" } else { &encoded });
                }
                bytes
            }
        }
    }

    /// The text of bytes; what is wrong becomes U+FFFD.
    pub(super) fn decode(self, bytes: Vec<u8>) -> String {
        match self {
            Self::Utf8 => super::lossy(bytes),
            Self::Utf16 { big_endian } => {
                let unit = |pair: &[u8]| match *pair {
                    [first, second] if big_endian => u16::from_be_bytes([first, second]),
                    [first, second] => u16::from_le_bytes([first, second]),
                    _ => 0xFFFD,
                };
                char::decode_utf16(bytes.chunks(2).map(unit))
                    .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect()
            }
            Self::Other(encoding) => encoding.decode_without_bom_handling(&bytes).0.into_owned(),
        }
    }
}
