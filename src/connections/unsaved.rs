//! Grants that a provider gave and the store did not take. The refresh token they were had for may be spent, so they are
//! all there is: kept until the process ends, and put on the disk before the provider is asked again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::grant::StoredGrant;
use super::records::GrantName;

/// What waits to be stored. Holds unsealed credentials, which are wiped when they leave.
#[derive(Default)]
pub(super) struct Unsaved {
    held: Mutex<HashMap<GrantName, (u64, StoredGrant)>>,
}

impl Unsaved {
    /// Keeps a grant that was to take the place of this version.
    pub(super) fn keep(&self, name: &GrantName, version: u64, grant: StoredGrant) {
        self.held().insert(name.clone(), (version, grant));
    }

    /// Gives a grant back if the version it was to replace still stands; whatever else stands there is newer.
    pub(super) fn take(&self, name: &GrantName, version: u64) -> Option<StoredGrant> {
        let (replaced, grant) = self.held().remove(name)?;
        (replaced == version).then_some(grant)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<GrantName, (u64, StoredGrant)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
