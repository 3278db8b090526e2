//! Files that a passphrase opens, in the format of age (age-encryption.org/v1, the scrypt recipient), so that the program
//! `age` reads what is written here, and the other way round. The crate `age` would bring 84 others for it, recipients,
//! plugins and translations included.
//!
//! A file is a header, which holds the key of the file sealed with the passphrase, and the content in pieces of 64 KiB,
//! each sealed by itself; the last one says that it is the last, so that nothing can be cut off unnoticed.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use scrypt::{Params, scrypt};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::credential::Secret;

/// The first line of every file.
const VERSION: &str = "age-encryption.org/v1";

/// What stands before the salt where the passphrase is made a key.
const LABEL: &[u8] = b"age-encryption.org/v1/scrypt";

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";

/// The cost of trying one passphrase, as a power of two: about a second and 256 MB, as with `age` itself.
pub(super) const WORK: u8 = 18;

/// The most that a file may cost to open: 1 GB.
const MOST_WORK: u8 = 20;

const FILE_KEY: usize = 16;
const SALT: usize = 16;
const TAG: usize = 16;
const PIECE: usize = 64 << 10;
const LINE: usize = 64;

/// The most bytes of a line of the header.
const HEADER_LINE: usize = 1_024;

/// Why a file does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unopened {
    /// It is no such file, was cut, or was changed.
    Damaged,
    /// It is for the holders of keys, not for a passphrase.
    NoPassphrase,
    /// It was sealed with another passphrase.
    OtherPassphrase,
    /// Opening it would take more memory than is reasonable.
    TooCostly,
}

/// Whether it looks like such a file.
pub(super) fn is_age(file: &[u8]) -> bool {
    let start = file.trim_ascii_start();
    start.starts_with(BEGIN.as_bytes()) || start.starts_with(VERSION.as_bytes())
}

/// Seals `plain` with a passphrase into a text that mail and terminals carry. `None` where the system gives no random
/// bytes or no memory.
pub(super) fn wrap(plain: &[u8], passphrase: &Secret, work: u8) -> Option<String> {
    let mut file_key = Zeroizing::new([0; FILE_KEY]);
    let (mut salt, mut nonce) = ([0; SALT], [0; SALT]);
    for bytes in [&mut *file_key, &mut salt, &mut nonce] {
        getrandom::fill(bytes).ok()?;
    }
    let wrapped = passphrase_cipher(passphrase, &salt, work)?
        .encrypt(&Nonce::default(), file_key.as_slice())
        .ok()?;
    let encoded = STANDARD_NO_PAD.encode(salt);
    let mut header = format!(
        "{VERSION}\n-> scrypt {encoded} {work}\n{}\n---",
        STANDARD_NO_PAD.encode(wrapped)
    );
    let mac = header_mac(&file_key, header.as_bytes())?.finalize().into_bytes();
    header.push_str(&format!(" {}\n", STANDARD_NO_PAD.encode(mac)));
    let mut file = header.into_bytes();
    file.extend_from_slice(&nonce);
    let cipher = content_cipher(&file_key, &nonce)?;
    let mut pieces = plain.chunks(PIECE).peekable();
    // Nothing is one empty piece.
    let mut piece = pieces.next().unwrap_or_default();
    for number in 0.. {
        let is_last = pieces.peek().is_none();
        file.extend(cipher.encrypt(&piece_nonce(number, is_last), piece).ok()?);
        match pieces.next() {
            Some(next) => piece = next,
            None => break,
        }
    }
    Some(armoured(&file))
}

fn armoured(file: &[u8]) -> String {
    let encoded = STANDARD.encode(file);
    let mut text = String::with_capacity(encoded.len() + encoded.len() / LINE + BEGIN.len() + END.len() + 4);
    text.push_str(BEGIN);
    for (index, sign) in encoded.chars().enumerate() {
        if index % LINE == 0 {
            text.push('\n');
        }
        text.push(sign);
    }
    text + "\n" + END + "\n"
}

/// Opens a file, as text or as it is.
pub(super) fn unwrap(file: &[u8], passphrase: &Secret) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let file = bare(file).ok_or(Unopened::Damaged)?;
    let header = Header::read(&file)?;
    let cipher = passphrase_cipher(passphrase, &header.salt, header.work).ok_or(Unopened::TooCostly)?;
    let opened = cipher.decrypt(&Nonce::default(), header.wrapped.as_slice());
    let opened = Zeroizing::new(opened.map_err(|_| Unopened::OtherPassphrase)?);
    let file_key: Zeroizing<[u8; FILE_KEY]> =
        Zeroizing::new(opened.as_slice().try_into().map_err(|_| Unopened::Damaged)?);
    let mac = header_mac(&file_key, header.signed).ok_or(Unopened::Damaged)?;
    mac.verify_slice(&header.mac).map_err(|_| Unopened::Damaged)?;
    content(&file_key, header.content).ok_or(Unopened::Damaged)
}

/// The bytes of a file that may be written as text.
fn bare(file: &[u8]) -> Option<Vec<u8>> {
    let trimmed = file.trim_ascii();
    let Some(armoured) = trimmed.strip_prefix(BEGIN.as_bytes()) else {
        return Some(file.to_vec());
    };
    let encoded: Vec<u8> = armoured
        .strip_suffix(END.as_bytes())?
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    STANDARD.decode(encoded).ok()
}

struct Header<'f> {
    salt: [u8; SALT],
    work: u8,
    wrapped: Vec<u8>,
    /// What the MAC speaks for.
    signed: &'f [u8],
    mac: Vec<u8>,
    content: &'f [u8],
}

impl<'f> Header<'f> {
    fn read(file: &'f [u8]) -> Result<Self, Unopened> {
        let (lines, content) = header_lines(file).ok_or(Unopened::Damaged)?;
        let [version, stanza, wrapped, end] = lines[..] else {
            // Keys of others may stand beside each other; a passphrase stands alone.
            return Err(Unopened::NoPassphrase);
        };
        if version != VERSION {
            return Err(Unopened::Damaged);
        }
        let mut words = stanza.split(' ');
        if (words.next(), words.next()) != (Some("->"), Some("scrypt")) {
            return Err(Unopened::NoPassphrase);
        }
        let decoded = |word: Option<&str>| STANDARD_NO_PAD.decode(word?).ok();
        let salt = decoded(words.next()).and_then(|salt| salt.try_into().ok());
        let work: Option<u8> = words.next().and_then(|work| work.parse().ok());
        let mac = decoded(end.strip_prefix("--- "));
        let (Some(salt), Some(work), Some(mac), Some(wrapped), None) =
            (salt, work, mac, decoded(Some(wrapped)), words.next())
        else {
            return Err(Unopened::Damaged);
        };
        if work > MOST_WORK {
            return Err(Unopened::TooCostly);
        }
        let signed = file.len() - content.len() - end.len() - 1 + "---".len();
        Ok(Self {
            salt,
            work,
            wrapped,
            signed: &file[..signed],
            mac,
            content,
        })
    }
}

/// The lines of the header, the one that ends it included, and what stands behind.
fn header_lines(file: &[u8]) -> Option<(Vec<&str>, &[u8])> {
    let mut lines = Vec::new();
    let mut rest = file;
    loop {
        let end = rest.iter().take(HEADER_LINE).position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        rest = &rest[end + 1..];
        lines.push(line);
        if line.starts_with("---") {
            return Some((lines, rest));
        }
    }
}

/// The pieces of the content, put together.
fn content(file_key: &[u8; FILE_KEY], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<SALT>()?;
    let cipher = content_cipher(file_key, nonce)?;
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let count = sealed.len().div_ceil(PIECE + TAG).max(1);
    for number in 0..count {
        let from = number * (PIECE + TAG);
        let piece = &sealed[from..sealed.len().min(from + PIECE + TAG)];
        let is_last = number + 1 == count;
        let opened = cipher.decrypt(&piece_nonce(u64::try_from(number).ok()?, is_last), piece);
        let opened = Zeroizing::new(opened.ok()?);
        // Only nothing at all is an empty piece.
        if opened.is_empty() && number > 0 {
            return None;
        }
        plain.extend_from_slice(&opened);
    }
    Some(plain)
}

fn passphrase_cipher(passphrase: &Secret, salt: &[u8; SALT], work: u8) -> Option<ChaCha20Poly1305> {
    let salt = [LABEL, salt].concat();
    let mut key = Zeroizing::new([0; 32]);
    let params = Params::new(work, 8, 1).ok()?;
    scrypt(passphrase.expose().as_bytes(), &salt, &params, key.as_mut()).ok()?;
    Some(ChaCha20Poly1305::new((&*key).into()))
}

fn content_cipher(file_key: &[u8; FILE_KEY], nonce: &[u8; SALT]) -> Option<ChaCha20Poly1305> {
    let key = derived(file_key, Some(nonce), b"payload")?;
    Some(ChaCha20Poly1305::new((&*key).into()))
}

fn header_mac(file_key: &[u8; FILE_KEY], header: &[u8]) -> Option<Hmac<Sha256>> {
    let key = derived(file_key, None, b"header")?;
    let mac = Hmac::<Sha256>::new_from_slice(key.as_ref()).ok()?;
    Some(mac.chain_update(header))
}

fn derived(file_key: &[u8; FILE_KEY], salt: Option<&[u8]>, purpose: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    let derivation = Hkdf::<Sha256>::new(salt, file_key);
    derivation.expand(purpose, key.as_mut()).ok()?;
    Some(key)
}

/// Eleven bytes of the piece's number, and one that tells whether it is the last.
fn piece_nonce(number: u64, is_last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&number.to_be_bytes());
    nonce[11] = u8::from(is_last);
    nonce.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: u8 = 4;

    /// What `age --passphrase --armor` of version 1.1.1 made of a line.
    const AGE_WROTE: &str = "-----BEGIN AGE ENCRYPTED FILE-----\n\
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBvUkkvc1FNSElzZ3hScnor\n\
TlFMMXlRIDE4CjRDNU9NTWRXM0JVZG5HV0VYZmRmYU9uaEVINkNYeGJmSHkzSVVP\n\
WklyVE0KLS0tIG5JdzQ5OVFJWnZJMjRhdFNYdG54c3FoN1hSZWNRNmVjTndsWTJa\n\
Rlh5Z0EKD5mmE6lieCojBqTBFuVXbvzognVreg/UmOGKh0PCSeMUCfnkcFtQauK6\n\
Go2yWOd8tA==\n\
-----END AGE ENCRYPTED FILE-----\n";

    fn passphrase() -> Secret {
        Secret::new("canary horse battery")
    }

    fn opened(file: &[u8]) -> Result<Vec<u8>, Unopened> {
        unwrap(file, &passphrase()).map(|plain| plain.to_vec())
    }

    #[test]
    fn what_is_sealed_opens_with_its_passphrase_alone() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7] {
            let plain: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let file = wrap(&plain, &passphrase(), CHEAP).unwrap();
            assert!(is_age(file.as_bytes()));
            assert_eq!(opened(file.as_bytes()), Ok(plain), "{length}");
            let other = unwrap(file.as_bytes(), &Secret::new("canary"));
            assert_eq!(other.unwrap_err(), Unopened::OtherPassphrase);
            assert!(file.lines().all(|line| line.len() <= LINE));
        }
    }

    #[test]
    fn a_file_of_the_program_age_opens() {
        let plain = unwrap(AGE_WROTE.as_bytes(), &Secret::new("canary-passphrase")).unwrap();
        assert_eq!(plain.as_slice(), b"{\"services\": []}\n");
    }

    #[test]
    fn whatever_is_changed_or_cut_is_noticed() {
        let plain = vec![7; PIECE + 10];
        let file = bare(wrap(&plain, &passphrase(), CHEAP).unwrap().as_bytes()).unwrap();
        let header = file.windows(4).position(|window| window == b"--- ").unwrap();
        let ends = (0..header + 120).chain([PIECE, PIECE + 190, file.len() - 1]);
        for at in ends {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(opened(&changed).is_err(), "byte {at}");
            assert!(opened(&file[..at]).is_err(), "cut at {at}");
        }
        // The first piece alone, as if it were all.
        let content = header + 4 + 43 + 1 + SALT;
        assert_eq!(opened(&file[..content + PIECE + TAG]), Err(Unopened::Damaged));
    }

    #[test]
    fn what_no_passphrase_opens_or_costs_too_much_is_told() {
        let keys = format!("{VERSION}\n-> X25519 abc\nAAAA\n--- AAAA\n");
        assert_eq!(opened(keys.as_bytes()), Err(Unopened::NoPassphrase));
        let salt = STANDARD_NO_PAD.encode([0; SALT]);
        let costly = format!("{VERSION}\n-> scrypt {salt} 40\nAAAA\n--- AAAA\n");
        assert_eq!(opened(costly.as_bytes()), Err(Unopened::TooCostly));
        for text in ["", "{}", VERSION, BEGIN, &format!("{BEGIN}\n!!!\n{END}")] {
            assert_eq!(opened(text.as_bytes()), Err(Unopened::Damaged), "{text}");
        }
    }
}
