//! What becomes of tokens that the provider gave and the store did not take.

use std::time::Duration;

use super::*;
use crate::connections::{Lease, Row, StoreError};
use crate::diagnostic::Code;

/// A store whose writes fail a few times.
struct Failing {
    store: Arc<dyn Store>,
    failures: AtomicUsize,
}

impl Store for Failing {
    fn get(&self, key: &str) -> Result<Option<Row>, StoreError> {
        self.store.get(key)
    }

    fn list(&self, prefix: &str) -> Result<Vec<(String, Row)>, StoreError> {
        self.store.list(prefix)
    }

    fn put(&self, key: &str, expected: Option<u64>, sealed: &[u8]) -> Result<Option<u64>, StoreError> {
        let left = |left: usize| left.checked_sub(1);
        if self
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
            .is_ok()
        {
            return Err(StoreError::new(Code::StoreFailed, "the disk is full"));
        }
        self.store.put(key, expected, sealed)
    }

    fn replace(&self, rows: &[(String, Row)]) -> Result<bool, StoreError> {
        self.store.replace(rows)
    }

    fn delete(&self, key: &str, expected: u64) -> Result<bool, StoreError> {
        self.store.delete(key, expected)
    }

    fn try_lease(&self, key: &str, owner: &str, ttl: Duration) -> Result<Lease, StoreError> {
        self.store.try_lease(key, owner, ttl)
    }

    fn release(&self, key: &str, owner: &str) -> Result<(), StoreError> {
        self.store.release(key, owner)
    }
}

#[test]
fn a_new_token_is_used_once_it_is_stored_and_not_before() {
    for (failures, outcome) in [(2, Ok("access-1")), (3, Err(Code::StoreFailed))] {
        let bench = bench();
        bench.pass(3_600);
        let failing: Arc<dyn Store> = Arc::new(Failing {
            store: Arc::clone(&bench.store),
            failures: AtomicUsize::new(failures),
        });
        let authority = desk(&failing, Arc::clone(&bench.provider) as _, &bench.clock).authority();
        let token = signed(&authority, "ada").map(|(token, _)| token);
        let token = token.map_err(|error| error.kind.code());
        assert_eq!(token, outcome.map(str::to_owned), "{failures}");
    }
}

#[test]
fn a_new_token_that_the_store_does_not_take_is_stored_at_the_next_use_and_not_asked_for_again() {
    let bench = bench();
    bench.pass(3_600);
    let failing: Arc<dyn Store> = Arc::new(Failing {
        store: Arc::clone(&bench.store),
        failures: AtomicUsize::new(6),
    });
    let authority = desk(&failing, Arc::clone(&bench.provider) as _, &bench.clock).authority();
    for _ in 0..2 {
        let error = signed(&authority, "ada").unwrap_err();
        assert!(
            error.message.contains("could not keep it: the disk is full"),
            "{}",
            error.message
        );
        assert!(error.help.unwrap().contains("dg connections reconnect crm"));
    }
    assert_eq!(signed(&authority, "ada").unwrap().0, "access-1");
    assert_eq!(bench.provider.count(), 1);
    assert_eq!(bench.token(), "access-1");
}
