//! Sealing: XChaCha20-Poly1305 under the store's key, bound to the record's own name, so that a record moved to another
//! name does not open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::diagnostic::Code;

use super::key::Key;
use super::store::StoreError;

/// The first byte of what is sealed this way.
const FORMAT: u8 = 1;

const KEY_ID: usize = 8;
const NONCE: usize = 24;
const HEAD: usize = 1 + KEY_ID + NONCE;

/// Why something does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unopened {
    /// It was sealed with another key.
    OtherKey,
    /// It was changed, moved, or is no sealed record at all.
    Damaged,
}

/// Seals `plain` as the record named `name`: format, key id, nonce, then the sealed bytes with their tag.
pub(super) fn seal(key: &Key, name: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let failed = || StoreError::new(Code::StoreFailed, "the record could not be sealed");
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|_| failed())?;
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    let payload = Payload {
        msg: plain,
        aad: name.as_bytes(),
    };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| failed())?;
    let mut record = Vec::with_capacity(HEAD + sealed.len());
    record.push(FORMAT);
    record.extend_from_slice(&key.id());
    record.extend_from_slice(&nonce);
    record.extend_from_slice(&sealed);
    Ok(record)
}

/// Opens what was sealed under this name.
pub(super) fn unseal(key: &Key, name: &str, record: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let Some((head, sealed)) = record.split_first_chunk::<HEAD>() else {
        return Err(Unopened::Damaged);
    };
    let (format, head) = (head[0], &head[1..]);
    let (id, nonce) = head.split_at(KEY_ID);
    if format != FORMAT {
        return Err(Unopened::Damaged);
    }
    if id != key.id() {
        return Err(Unopened::OtherKey);
    }
    let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| Unopened::Damaged)?;
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    let payload = Payload {
        msg: sealed,
        aad: name.as_bytes(),
    };
    let opened = cipher.decrypt(&XNonce::from(nonce), payload);
    opened.map(Zeroizing::new).map_err(|_| Unopened::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: &str) -> Key {
        Key::parse(&digit.repeat(64)).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_under_its_key_and_name_only() {
        let record = seal(&key("a"), "grant/crm/ada", b"canary").unwrap();
        assert!(!record.windows(6).any(|window| window == b"canary"));
        assert_eq!(**unseal(&key("a"), "grant/crm/ada", &record).unwrap(), *b"canary");
        assert_eq!(unseal(&key("b"), "grant/crm/ada", &record), Err(Unopened::OtherKey));
        assert_eq!(unseal(&key("a"), "grant/crm/ben", &record), Err(Unopened::Damaged));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let record = seal(&key("a"), "n", b"plain").unwrap();
        for at in 0..record.len() {
            let mut changed = record.clone();
            changed[at] ^= 1;
            assert!(unseal(&key("a"), "n", &changed).is_err(), "byte {at}");
            assert!(unseal(&key("a"), "n", &record[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn one_text_is_never_sealed_alike_twice() {
        assert_ne!(seal(&key("a"), "n", b"x").unwrap(), seal(&key("a"), "n", b"x").unwrap());
    }
}
