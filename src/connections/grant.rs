//! What a user has granted: the credential, until when it serves, and whether it still does.

use super::credential::Credential;

/// The least time before its end at which a token counts as stale.
const MARGIN_MILLIS: i64 = 60_000;

/// A credential as the store keeps it, for one connection and one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredGrant {
    /// What authorises requests.
    pub credential: Credential,
    /// Whether it still does.
    pub state: GrantState,
    /// When the credential was had, in milliseconds since 1970.
    pub obtained_at: i64,
    /// When the access token ends, in milliseconds since 1970; `None`: unknown, it serves until a 401.
    pub expires_at: Option<i64>,
    /// The scopes that the provider said it granted.
    pub scopes: Vec<String>,
}

/// Whether a grant serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// It does.
    Connected,
    /// Somebody has to connect again.
    NeedsReconnect {
        /// Why, as a sentence without a full stop.
        reason: String,
    },
}

impl StoredGrant {
    /// A grant that is had now and ends after `lifetime` seconds.
    pub fn new(credential: Credential, now: i64, lifetime: Option<u64>) -> Self {
        let expires_at = lifetime.map(|seconds| {
            let millis = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000);
            now.saturating_add(millis)
        });
        Self {
            credential,
            state: GrantState::Connected,
            obtained_at: now,
            expires_at,
            scopes: Vec::new(),
        }
    }

    /// Whether the credential is of no use any more: there is none, or its time is over.
    pub fn is_over(&self, now: i64) -> bool {
        let missing = matches!(self.credential, Credential::OAuth2 { access: None, .. });
        missing || self.expires_at.is_some_and(|end| now >= end)
    }

    /// Whether it is time to refresh.
    pub fn is_stale(&self, now: i64) -> bool {
        self.is_over(now) || self.stale_at().is_some_and(|stale| now > stale)
    }

    /// After when it is time to refresh: a minute before the end, or half-way through a life shorter than two minutes,
    /// so that a short-lived token is not stale at birth. `None` where no end is known.
    pub fn stale_at(&self) -> Option<i64> {
        let end = self.expires_at?;
        let life = end.saturating_sub(self.obtained_at).max(0);
        Some(end.saturating_sub(MARGIN_MILLIS.min(life / 2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::Secret;

    fn token(access: Option<&str>) -> Credential {
        Credential::OAuth2 {
            access: access.map(Secret::new),
            refresh: None,
        }
    }

    #[test]
    fn staleness_leaves_a_margin_that_fits_the_life() {
        let hour = StoredGrant::new(token(Some("a")), 0, Some(3_600));
        assert!(!hour.is_stale(3_540_000));
        assert!(hour.is_stale(3_540_001));
        assert!(!hour.is_over(3_599_999));
        assert!(hour.is_over(3_600_000));
        let short = StoredGrant::new(token(Some("a")), 0, Some(5));
        assert!(!short.is_stale(2_500));
        assert!(short.is_stale(2_501));
    }

    #[test]
    fn an_unknown_end_means_until_a_401_and_no_token_means_now() {
        assert!(!StoredGrant::new(token(Some("a")), 0, None).is_stale(i64::MAX));
        assert!(StoredGrant::new(token(None), 0, None).is_stale(0));
        assert!(!StoredGrant::new(token(Some("a")), 0, Some(u64::MAX)).is_stale(1 << 60));
    }
}
