//! A store that ends with its process: for tests, and for embedders that keep credentials elsewhere.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::host::Clock;

use super::store::{Lease, Row, Store, StoreError, held_for, lease_end};

/// Keeps records in memory.
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    rows: BTreeMap<String, Row>,
    leases: HashMap<String, (String, i64)>,
    last_version: u64,
}

impl MemoryStore {
    /// An empty store whose leases run by this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            held: Mutex::default(),
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn get(&self, key: &str) -> Result<Option<Row>, StoreError> {
        Ok(self.held().rows.get(key).cloned())
    }

    fn list(&self, prefix: &str) -> Result<Vec<(String, Row)>, StoreError> {
        let held = self.held();
        let from = held.rows.range(prefix.to_owned()..);
        let rows = from.take_while(|(key, _)| key.starts_with(prefix));
        Ok(rows.map(|(key, row)| (key.clone(), row.clone())).collect())
    }

    fn put(&self, key: &str, expected: Option<u64>, sealed: &[u8]) -> Result<Option<u64>, StoreError> {
        StoreError::check_size(sealed)?;
        let mut held = self.held();
        if held.rows.get(key).map(|row| row.version) != expected {
            return Ok(None);
        }
        held.last_version += 1;
        let version = held.last_version;
        let sealed = sealed.to_vec();
        held.rows.insert(key.to_owned(), Row { version, sealed });
        Ok(Some(version))
    }

    fn replace(&self, rows: &[(String, Row)]) -> Result<bool, StoreError> {
        let mut held = self.held();
        let is_same = |(key, row): &(String, Row)| held.rows.get(key).map(|now| now.version) == Some(row.version);
        if !rows.iter().all(is_same) {
            return Ok(false);
        }
        for (key, row) in rows {
            held.last_version += 1;
            let version = held.last_version;
            let sealed = row.sealed.clone();
            held.rows.insert(key.clone(), Row { version, sealed });
        }
        Ok(true)
    }

    fn delete(&self, key: &str, expected: u64) -> Result<bool, StoreError> {
        let mut held = self.held();
        let found = held.rows.get(key).is_some_and(|row| row.version == expected);
        if found {
            held.rows.remove(key);
        }
        Ok(found)
    }

    fn try_lease(&self, key: &str, owner: &str, ttl: Duration) -> Result<Lease, StoreError> {
        let now = self.clock.now_millis();
        let mut held = self.held();
        let lease = held.leases.get(key).map(|(holder, until)| (holder.as_str(), *until));
        if let Some(left) = lease.and_then(|lease| held_for(lease, owner, now, ttl)) {
            return Ok(Lease::Held(left));
        }
        held.leases
            .insert(key.to_owned(), (owner.to_owned(), lease_end(now, ttl)));
        Ok(Lease::Granted(held.rows.get(key).cloned()))
    }

    fn release(&self, key: &str, owner: &str) -> Result<(), StoreError> {
        let mut held = self.held();
        if held.leases.get(key).is_some_and(|(holder, _)| holder == owner) {
            held.leases.remove(key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::store::conformance;

    #[test]
    fn it_does_what_every_store_does() {
        conformance::check(&|clock| Arc::new(MemoryStore::new(clock)));
    }
}
