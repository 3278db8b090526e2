//! Basic: user name and password, in UTF-8, in the `Authorization` header (RFC 7617). Zoho's page calls the base64 of
//! them encrypted; it is not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Misplaced, Placement};
use crate::connections::credential::Secret;

pub(super) fn place(user: &str, password: &Secret, placement: &mut Placement<'_>) -> Result<(), Misplaced> {
    placement.header("Authorization", &value(user, password))
}

/// The header's value.
pub(in crate::connections) fn value(user: &str, password: &Secret) -> String {
    let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
    format!("Basic {}", STANDARD.encode(pair.as_bytes()))
}
