//! Secrets, and the credentials made of them. Nothing here can be printed, compared in variable time, or left in memory.

use std::fmt;

use zeroize::Zeroizing;

/// A secret text: shown as dots, wiped when dropped, compared in constant time.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for whoever puts it into a request or seals it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("••••")
    }
}

/// Takes time that depends on the lengths alone.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.0.as_bytes(), other.0.as_bytes());
        let difference = left.iter().zip(right).fold(0, |sum, (a, b)| sum | (a ^ b));
        left.len() == right.len() && std::hint::black_box(difference) == 0
    }
}

impl Eq for Secret {}

/// What authorises a request, by auth type of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// One value for each parameter of the service, by wire name.
    ApiKey(Vec<(String, Secret)>),
    /// User name and password.
    Basic {
        /// The user name.
        user: String,
        /// The password; some services want it empty.
        password: Secret,
    },
    /// Token and token secret of OAuth 1.
    OAuth1 {
        /// The token.
        token: Secret,
        /// Its secret.
        secret: Secret,
    },
    /// Tokens of OAuth 2.
    OAuth2 {
        /// The access token; `None` where only a refresh token was given so far.
        access: Option<Secret>,
        /// The refresh token, where the provider gave one.
        refresh: Option<Secret>,
    },
}

impl Credential {
    /// Every secret in it.
    pub fn secrets(&self) -> Vec<&Secret> {
        match self {
            Self::ApiKey(values) => values.iter().map(|(_, value)| value).collect(),
            Self::Basic { password, .. } => vec![password],
            Self::OAuth1 { token, secret } => vec![token, secret],
            Self::OAuth2 { access, refresh } => access.iter().chain(refresh).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_show_as_dots_wherever_they_are() {
        let secret = Secret::new("canary-7f3a");
        assert_eq!(format!("{secret:?}"), "••••");
        for credential in [
            Credential::ApiKey(vec![("key".to_owned(), secret.clone())]),
            Credential::Basic {
                user: "u".to_owned(),
                password: secret.clone(),
            },
            Credential::OAuth1 {
                token: secret.clone(),
                secret: secret.clone(),
            },
            Credential::OAuth2 {
                access: Some(secret.clone()),
                refresh: Some(secret.clone()),
            },
        ] {
            assert!(!format!("{credential:?}").contains("canary"), "{credential:?}");
            assert!(credential.secrets().iter().all(|held| **held == secret));
        }
    }

    #[test]
    fn comparison_sees_every_byte() {
        assert_eq!(Secret::new("abc"), Secret::new("abc"));
        for other in ["", "ab", "abd", "xbc", "abcd"] {
            assert_ne!(Secret::new("abc"), Secret::new(other));
        }
    }
}
