//! OAuth 1.0a (RFC 5849): a signature over the request as it leaves, query and form body included, by HMAC-SHA1,
//! HMAC-SHA256 or PLAINTEXT; the protocol's parameters in a header, in the query or in the form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use url::Url;
use zeroize::Zeroizing;

use super::{Misplaced, Placement};
use crate::connections::credential::Secret;
use crate::connections::service::{OAuth1Endpoints, ParamType, SignatureMethod};
use crate::host::{Body, Request};

/// What every parameter of the protocol begins with (RFC 5849 section 3.1).
const RESERVED: &str = "oauth_";

/// When a request is signed, and a number that no other request of that second has.
pub(in crate::connections) struct Moment {
    /// Seconds since 1970.
    timestamp: i64,
    nonce: String,
}

impl Moment {
    /// Now, by a clock of milliseconds, with 128 random bits.
    pub(in crate::connections) fn now(now_millis: i64) -> Result<Self, Misplaced> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|_| Misplaced::new("the system gives no random bytes for a nonce"))?;
        Ok(Self {
            timestamp: now_millis.div_euclid(1_000),
            nonce: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}

/// Who signs what.
pub(in crate::connections) struct Signer<'s> {
    /// The consumer and the method.
    pub(in crate::connections) endpoints: &'s OAuth1Endpoints,
    /// Token and token secret; none for the request that begins the dance.
    pub(in crate::connections) token: Option<(&'s Secret, &'s Secret)>,
    /// Further parameters of the protocol: `oauth_callback`, `oauth_verifier`.
    pub(in crate::connections) further: &'s [(&'static str, &'s str)],
    /// When.
    pub(in crate::connections) moment: Moment,
}

/// Signs a request that is otherwise complete.
pub(super) fn place(
    signer: &Signer<'_>,
    param_type: ParamType,
    placement: &mut Placement<'_>,
) -> Result<(), Misplaced> {
    check_form(param_type, &placement.request.body)?;
    placement.remove_reserved();
    let mut protocol = signer.parameters();
    let signature = signer.signature(placement.request, &protocol);
    protocol.push(("oauth_signature", signature));
    match param_type {
        ParamType::Header => placement.header("Authorization", &header(&protocol)),
        ParamType::Query | ParamType::Form => {
            for (name, value) in &protocol {
                placement.place(param_type, name, value)?;
            }
            Ok(())
        }
    }
}

/// The protocol's parameters may travel in a body of one part alone (RFC 5849 section 3.5.2).
fn check_form(param_type: ParamType, body: &Body) -> Result<(), Misplaced> {
    if param_type == ParamType::Form && matches!(body, Body::Multipart(_)) {
        let why = "its service wants the signature in form data, which an upload of files cannot carry";
        return Err(Misplaced::new(why).help("give the service the param type `header` or `query`"));
    }
    Ok(())
}

impl Signer<'_> {
    /// The protocol's parameters but the signature, in the order in which they are written.
    fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("oauth_consumer_key", self.endpoints.consumer_key.clone())];
        if let Some((token, _)) = self.token {
            parameters.push(("oauth_token", token.expose().to_owned()));
        }
        parameters.extend([
            (
                "oauth_signature_method",
                self.endpoints.signature_method.as_str().to_owned(),
            ),
            ("oauth_timestamp", self.moment.timestamp.to_string()),
            ("oauth_nonce", self.moment.nonce.clone()),
            ("oauth_version", "1.0".to_owned()),
        ]);
        parameters.extend(self.further.iter().map(|(name, value)| (*name, (*value).to_owned())));
        parameters
    }

    /// RFC 5849 section 3.4.
    fn signature(&self, request: &Request, protocol: &[(&str, String)]) -> String {
        let token_secret = self.token.map_or("", |(_, secret)| secret.expose());
        let consumer_secret = self.endpoints.consumer_secret.expose();
        let key = Zeroizing::new(format!("{}&{}", encode(consumer_secret), encode(token_secret)));
        let base = || base_string(request, protocol);
        match self.endpoints.signature_method {
            SignatureMethod::Plaintext => key.to_string(),
            SignatureMethod::HmacSha1 => digest::<Hmac<Sha1>>(&key, &base()),
            SignatureMethod::HmacSha256 => digest::<Hmac<Sha256>>(&key, &base()),
        }
    }
}

fn digest<M: Mac + KeyInit>(key: &str, base: &str) -> String {
    // A key of any length is one for HMAC.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(base.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// What is signed: method, address and every parameter, wherever it stands (RFC 5849 section 3.4.1).
fn base_string(request: &Request, protocol: &[(&str, String)]) -> String {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut add = |name: &[u8], value: &[u8]| pairs.push((encode_bytes(name), encode_bytes(value)));
    for (name, value) in protocol {
        add(name.as_bytes(), value.as_bytes());
    }
    for (name, value) in decode_form(request.url.query().unwrap_or_default().as_bytes()) {
        add(&name, &value);
    }
    match &request.body {
        Body::Form(fields) => fields
            .iter()
            .for_each(|(name, value)| add(name.as_bytes(), value.as_bytes())),
        Body::Bytes(bytes) if is_form(request) => {
            decode_form(bytes).for_each(|(name, value)| add(&name, &value));
        }
        Body::Bytes(_) | Body::Multipart(_) | Body::Empty => {}
    }
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let address = encode(&address(&request.url));
    format!("{}&{address}&{}", request.method.as_str(), encode(&pairs.join("&")))
}

/// Scheme, host, port where it is not the scheme's own, and path (RFC 5849 section 3.4.1.2).
fn address(url: &Url) -> String {
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    format!(
        "{}://{}{port}{}",
        url.scheme(),
        url.host_str().unwrap_or_default(),
        url.path()
    )
}

/// Whether a body of bytes is a form by its media type.
fn is_form(request: &Request) -> bool {
    let media_type = request.headers.get("Content-Type").unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Names and values of a query or a form, as bytes: what is no UTF-8 is signed as it is.
fn decode_form(form: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    let pairs = form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let mut half = || decode(halves.next().unwrap_or_default());
        (half(), half())
    })
}

fn decode(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
                continue;
            }
            (b'+', ..) => decoded.push(b' '),
            _ => decoded.push(*byte),
        }
        at += 1;
    }
    decoded
}

fn encode(text: &str) -> String {
    encode_bytes(text.as_bytes())
}

/// Percent-encoding of everything but letters, digits and `-._~`, in capitals (RFC 5849 section 3.6).
fn encode_bytes(bytes: &[u8]) -> String {
    let mut encoded = String::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            encoded.push(char::from(*byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The header's value (RFC 5849 section 3.5.1).
fn header(protocol: &[(&str, String)]) -> String {
    let fields: Vec<String> = protocol
        .iter()
        .map(|(name, value)| format!("{name}=\"{}\"", encode(value)))
        .collect();
    format!("OAuth {}", fields.join(", "))
}

impl Placement<'_> {
    /// Takes the protocol's own parameters out of what the script wrote: a second set would spoil the signature, and the
    /// connection's counts.
    fn remove_reserved(&mut self) {
        let mut found: Vec<String> = Vec::new();
        let url = &mut self.request.url;
        let is_ours = |pair: &&str| {
            let name = decode_form(pair.as_bytes()).next().map(|(name, _)| name);
            let name = name.map(|name| String::from_utf8_lossy(&name).into_owned());
            name.filter(|name| name.starts_with(RESERVED))
        };
        if let Some(query) = url.query().map(str::to_owned) {
            let kept: Vec<&str> = query
                .split('&')
                .filter(|pair| match is_ours(pair) {
                    Some(name) => {
                        found.push(name);
                        false
                    }
                    None => true,
                })
                .collect();
            if !found.is_empty() {
                let kept = kept.join("&");
                url.set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
            }
        }
        if let Body::Form(fields) = &mut self.request.body {
            fields.retain(|(name, _)| {
                let ours = name.starts_with(RESERVED);
                if ours {
                    found.push(name.clone());
                }
                !ours
            });
        }
        self.overridden.append(&mut found);
    }
}

#[cfg(test)]
mod tests;
