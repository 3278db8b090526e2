//! Knowing secrets again without keeping them: of each form in which a secret travels only a keyed hash is kept, whose key
//! is random and never leaves the process.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use super::{SHORT, Secret, forms, stands_alone};

/// The imprints of secrets: enough to find one of them in a text, and of no use to whoever reads them.
#[derive(Default)]
pub struct Imprints {
    /// The key, and the hash that is computed with it: SipHash.
    keyed: RandomState,
    /// The length and the imprint of each form, by the imprint of its first bytes: most places of a text are passed over
    /// after one look.
    forms: HashMap<u64, Vec<(usize, u64)>>,
    /// Secrets too short to be looked for everywhere.
    short: HashSet<u64>,
}

impl Imprints {
    /// The imprints of these secrets, in each form in which they travel.
    pub(super) fn of<'s>(secrets: impl IntoIterator<Item = &'s Secret>) -> Self {
        let mut imprints = Self::default();
        for secret in secrets {
            if secret.expose().chars().count() < SHORT {
                let imprint = imprints.imprint(secret.expose().as_bytes());
                imprints.short.insert(imprint);
            }
            for form in forms(secret.expose()) {
                let Some(first) = form.get(..SHORT) else { continue };
                let (first, whole) = (imprints.imprint(first), imprints.imprint(&form));
                imprints.forms.entry(first).or_default().push((form.len(), whole));
            }
        }
        imprints
    }

    /// Whether a text holds one of the secrets.
    pub fn are_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let whole = bytes.windows(SHORT).enumerate().any(|(at, first)| {
            let begun = self.forms.get(&self.imprint(first));
            begun.is_some_and(|forms| forms.iter().any(|(length, form)| self.is_at(bytes, at, *length, *form)))
        });
        whole || self.has_short(text)
    }

    fn is_at(&self, text: &[u8], at: usize, length: usize, form: u64) -> bool {
        text.get(at..at + length)
            .is_some_and(|piece| self.imprint(piece) == form)
    }

    fn has_short(&self, text: &str) -> bool {
        if self.short.is_empty() {
            return false;
        }
        text.char_indices().any(|(at, _)| {
            let ends = text[at..]
                .char_indices()
                .map(|(ahead, letter)| at + ahead + letter.len_utf8());
            let mut pieces = ends.take(SHORT - 1).map(|end| at..end);
            pieces.any(|piece| stands_alone(text, &piece) && self.short.contains(&self.imprint(text[piece].as_bytes())))
        })
    }

    fn imprint(&self, bytes: &[u8]) -> u64 {
        self.keyed.hash_one(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_in_each_form_and_nothing_else_is() {
        let secrets = ["c4n@ry/+ü\"x", "pin", "sk_live_0123456789"].map(Secret::new);
        let imprints = Imprints::of(&secrets);
        for text in [
            "k = \"c4n@ry/+ü\"x\"",
            "k = \"c4n%40ry%2F%2B%C3%BC%22x\"",
            "k = \"c4n@ry/+ü\\\"x\"",
            "h = \"Basic dXNlcjpza19saXZlXzAxMjM0NTY3ODk=\"",
            "k = \"736b5f6c6976655f30313233343536373839\"",
            "k = \"pin\";",
        ] {
            assert!(imprints.are_in(text), "{text}");
        }
        for text in ["", "spinning", "k = \"sk_live_012345678\"", "total = 1;", "é"] {
            assert!(!imprints.are_in(text), "{text}");
        }
        assert!(!Imprints::default().are_in("pin"));
    }
}
