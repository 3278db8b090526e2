//! Taking secrets out of texts: whatever `dg` writes goes through here, with every secret loaded so far replaced by dots
//! in each form in which it travels.
//!
//! A secret is looked for as it is, percent-encoded, form-encoded, JSON-escaped, in hex, and inside base64 at each of the
//! three places where its bytes may begin. A secret of less than four characters is hidden where it stands alone as a
//! value; replacing every `a` of a text would hide nothing and ruin the text.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use foldhash::fast::RandomState;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::credential::{Credential, Secret};

mod imprint;

pub use imprint::Imprints;

/// What stands for a secret.
pub const DOTS: &str = "••••";

/// Secrets remembered. A bot that refreshes for months must not grow for ever; the oldest tokens are long dead.
const MOST: usize = 2_048;

/// The shortest text that is replaced wherever it stands.
const SHORT: usize = 4;

/// How many bytes of base64 are telling enough to be looked for.
const TELLING: usize = 8;

/// Remembers secrets and takes them out of texts.
#[derive(Default)]
pub struct Redactor {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    secrets: VecDeque<Secret>,
    /// The forms of all secrets by their first four bytes; empty while `stale`.
    forms: HashMap<[u8; SHORT], Vec<Zeroizing<Vec<u8>>>, RandomState>,
    short: Vec<Secret>,
    stale: bool,
}

impl Redactor {
    /// Remembers a secret.
    pub fn watch(&self, secret: &Secret) {
        if secret.is_empty() {
            return;
        }
        let mut held = self.held();
        if held.secrets.contains(secret) {
            return;
        }
        if held.secrets.len() == MOST {
            held.secrets.pop_front();
        }
        held.secrets.push_back(secret.clone());
        held.stale = true;
    }

    /// Remembers every secret of a credential.
    pub fn watch_credential(&self, credential: &Credential) {
        if let Credential::Basic { user, password } = credential {
            self.watch_pair(user, password);
        }
        for secret in credential.secrets() {
            self.watch(secret);
        }
    }

    /// Remembers a secret that may be sent together with a name, as the Basic scheme does.
    pub fn watch_pair(&self, name: &str, secret: &Secret) {
        self.watch(secret);
        if !secret.is_empty() || !name.is_empty() {
            let pair = Zeroizing::new(format!("{name}:{}", secret.expose()));
            self.watch(&Secret::new(STANDARD.encode(pair.as_bytes())));
        }
    }

    /// The text with every remembered secret replaced.
    pub fn redact(&self, text: &str) -> String {
        let mut held = self.held();
        if held.stale {
            held.rebuild();
        }
        let mut found = Vec::new();
        held.find_forms(text.as_bytes(), &mut found);
        for secret in &held.short {
            find_short(text, secret.expose(), &mut found);
        }
        drop(held);
        cover(text, found)
    }

    /// The imprints of every remembered secret.
    pub(super) fn imprints(&self) -> Imprints {
        Imprints::of(&self.held().secrets)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn rebuild(&mut self) {
        self.forms.clear();
        self.short.clear();
        for secret in &self.secrets {
            if secret.expose().chars().count() < SHORT {
                self.short.push(secret.clone());
            }
            for form in forms(secret.expose()) {
                if let Some(first) = form.first_chunk().copied() {
                    self.forms.entry(first).or_default().push(form);
                }
            }
        }
        for forms in self.forms.values_mut() {
            forms.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
            forms.dedup();
        }
        self.stale = false;
    }

    /// Notes where a form stands: at each place the longest, so that no tail of it shows.
    fn find_forms(&self, text: &[u8], found: &mut Vec<Range<usize>>) {
        if self.forms.is_empty() {
            return;
        }
        for (at, window) in text.windows(SHORT).enumerate() {
            let Some(forms) = window
                .first_chunk()
                .and_then(|first: &[u8; SHORT]| self.forms.get(first))
            else {
                continue;
            };
            // Inside what is found already only a form that reaches further matters.
            let reach = found.last().map_or(0, |range| range.end);
            let rest = &text[at..];
            let longest = forms.iter().find(|form| rest.starts_with(form));
            if let Some(form) = longest.filter(|form| at + form.len() > reach) {
                found.push(at..at + form.len());
            }
        }
    }
}

/// Notes where a short secret stands alone as a value.
fn find_short(text: &str, secret: &str, found: &mut Vec<Range<usize>>) {
    let places = text.match_indices(secret).map(|(at, _)| at..at + secret.len());
    found.extend(places.filter(|place| stands_alone(text, place)));
}

/// Whether a piece of a text is a value: after `=`, `:`, a quote or a blank, and before anything that does not go on with
/// the word.
fn stands_alone(text: &str, piece: &Range<usize>) -> bool {
    let (before, after) = (&text[..piece.start], &text[piece.end..]);
    let opens = match before.chars().next_back() {
        None | Some('=' | ':' | '"' | '\'') => true,
        Some(' ') => before.trim_end().ends_with([':', '=']),
        Some(_) => false,
    };
    opens && !after.starts_with(|next: char| next.is_alphanumeric() || next == '_')
}

/// Replaces the ranges, those that touch or overlap by one row of dots.
fn cover(text: &str, mut found: Vec<Range<usize>>) -> String {
    if found.is_empty() {
        return text.to_owned();
    }
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut covered = String::with_capacity(text.len());
    let mut done = 0;
    let mut ranges = found.into_iter().peekable();
    while let Some(mut range) = ranges.next() {
        while let Some(next) = ranges.next_if(|next| next.start <= range.end) {
            range.end = range.end.max(next.end);
        }
        covered.push_str(text.get(done..range.start).unwrap_or_default());
        covered.push_str(DOTS);
        done = range.end;
    }
    covered.push_str(text.get(done..).unwrap_or_default());
    covered
}

/// The forms of a secret that are long enough to be replaced wherever they stand.
fn forms(secret: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let mut forms: Vec<Zeroizing<Vec<u8>>> = Vec::new();
    let mut add = |form: String| {
        let form = Zeroizing::new(form.into_bytes());
        if form.len() >= SHORT && !forms.contains(&form) {
            forms.push(form);
        }
    };
    if secret.chars().count() >= SHORT {
        add(secret.to_owned());
        add(hex(secret, false));
        add(hex(secret, true));
        for kept in KEPT {
            for upper in [true, false] {
                add(percent(secret, kept, upper));
            }
        }
        add(form_urlencoded::byte_serialize(secret.as_bytes()).collect());
        add(form_urlencoded::byte_serialize(secret.as_bytes())
            .collect::<String>()
            .replace('+', "%20"));
        for quoted in json(secret) {
            add(quoted);
        }
    }
    for offset in 0..3 {
        for core in base64_core(secret.as_bytes(), offset) {
            if core.len() >= TELLING {
                add(core);
            }
        }
    }
    if secret.len() >= SHORT {
        add(STANDARD.encode(secret));
        add(STANDARD_NO_PAD.encode(secret));
        add(URL_SAFE_NO_PAD.encode(secret));
    }
    forms
}

/// Signs that encoders leave as they are, from the strictest (RFC 3986) to the query of a URL.
const KEPT: [&str; 4] = [
    "-._~",
    "-._~!*'()",
    "-._~!*'();/?:@&=+$,",
    "-._~!*'();/?:@&=+$,[]|^`{}\\",
];

fn percent(text: &str, kept: &str, upper: bool) -> String {
    let digits: &[u8; 16] = if upper {
        b"0123456789ABCDEF"
    } else {
        b"0123456789abcdef"
    };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || (byte.is_ascii() && kept.contains(char::from(byte))) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(digits[usize::from(byte >> 4)]));
            encoded.push(char::from(digits[usize::from(byte & 15)]));
        }
    }
    encoded
}

fn hex(text: &str, upper: bool) -> String {
    let digit = |nibble: u8| {
        let digit = char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        if upper { digit.to_ascii_uppercase() } else { digit }
    };
    text.bytes()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The inside of the text as a JSON string: plain, with escaped slashes, and in ASCII alone.
fn json(text: &str) -> Vec<String> {
    let quoted = serde_json::Value::from(text).to_string();
    let inside = quoted[1..quoted.len() - 1].to_owned();
    let slashes = inside.replace('/', "\\/");
    let (ascii, ascii_slashes) = (in_ascii(&inside), in_ascii(&slashes));
    // A text inside a text: JSON that was put into JSON.
    let nested = serde_json::Value::from(inside.as_str()).to_string();
    let nested = nested[1..nested.len() - 1].to_owned();
    vec![inside, slashes, ascii, ascii_slashes, nested]
}

/// Every other character as a JSON escape.
fn in_ascii(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            ascii.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            ascii.push_str(&format!("\\u{unit:04x}"));
        }
    }
    ascii
}

/// What is sure of the base64 of a text that holds the secret `offset` bytes (modulo three) from its start.
fn base64_core(secret: &[u8], offset: usize) -> [String; 2] {
    let mut bytes = Zeroizing::new(vec![0; offset]);
    bytes.extend_from_slice(secret);
    // The first characters mix with what is before, the last ones with what is behind.
    let skip = [0, 2, 3][offset];
    let whole = bytes.len() * 8 / 6;
    let core = |encoded: String| encoded.get(skip..whole).unwrap_or_default().to_owned();
    [
        core(STANDARD_NO_PAD.encode(&*bytes)),
        core(URL_SAFE_NO_PAD.encode(&*bytes)),
    ]
}

#[cfg(test)]
mod tests;
