//! Grants that were unsealed a moment ago. A script that sends a hundred requests opens the store once, and a change that
//! another process makes takes effect within half a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::host::Asked;

use super::grant::StoredGrant;
use super::records::{Found, GrantName};
use super::shared::Registered;

/// The longest that a grant is used without looking whether it still stands, in milliseconds.
const LONGEST: i64 = 30_000;

/// The most that are kept; a bot with more users than this looks more often.
const MOST: usize = 4_096;

/// What a question came to.
#[derive(Clone)]
pub(super) struct Ready {
    pub(super) registered: Arc<Registered>,
    pub(super) name: GrantName,
    pub(super) grant: Arc<Found<StoredGrant>>,
}

/// The answers of the last half minute. Holds unsealed credentials, which are wiped when they leave.
#[derive(Default)]
pub(super) struct Cache {
    held: Mutex<HashMap<Asked, Entry>>,
}

struct Entry {
    ready: Ready,
    /// How often this process had written when the answer was looked up.
    writes: u64,
    from: i64,
    until: i64,
}

impl Cache {
    /// The answer to a question, if it still counts.
    pub(super) fn get(&self, asked: &Asked, writes: u64, now: i64) -> Option<Ready> {
        let mut held = self.held();
        if let Some(entry) = held.get(asked).filter(|entry| entry.counts(writes, now)) {
            return Some(entry.ready.clone());
        }
        // Nothing counts for longer than half a minute, so whatever is used sweeps at least that often.
        held.retain(|_, entry| entry.counts(writes, now));
        None
    }

    /// Keeps an answer until it has to be looked up again: half a minute, or when its token gets stale.
    pub(super) fn keep(&self, asked: &Asked, ready: &Ready, writes: u64, now: i64) {
        let latest = now.saturating_add(LONGEST);
        let until = ready.grant.value.stale_at().map_or(latest, |stale| stale.min(latest));
        let mut held = self.held();
        if until <= now || held.len() >= MOST {
            return;
        }
        let entry = Entry {
            ready: ready.clone(),
            writes,
            from: now,
            until,
        };
        held.insert(asked.clone(), entry);
    }

    /// Forgets what a server refused.
    pub(super) fn forget(&self, name: &GrantName) {
        self.held().retain(|_, entry| entry.ready.name != *name);
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Asked, Entry>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Whether it may be used: nothing was written here since, and the clock is where it should be. A clock that was set
    /// back tells nothing about how much time went by.
    fn counts(&self, writes: u64, now: i64) -> bool {
        self.writes == writes && (self.from..self.until).contains(&now)
    }
}
