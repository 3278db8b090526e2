//! What every store has to do. Each store's tests run all of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use super::{Lease, RECORD_LIMIT, Row, Store};
use crate::host::Clock;

const TTL: Duration = Duration::from_secs(30);

/// A clock that the test moves.
#[derive(Default)]
pub(crate) struct Hand(pub(crate) AtomicI64);

impl Clock for Hand {
    fn now_millis(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Runs every check; `make` gives a new empty store on the clock it is handed.
pub(crate) fn check(make: &dyn Fn(Arc<Hand>) -> Arc<dyn Store>) {
    let clock = Arc::new(Hand::default());
    let new = || make(Arc::clone(&clock));
    writes_against_the_version_that_was_read(&*new());
    never_uses_a_version_twice(&*new());
    replaces_all_rows_or_none(&*new());
    lists_by_prefix_in_order(&*new());
    one_of_many_writers_wins(&new());
    leases_are_exclusive_and_end(&*new(), &clock);
    one_of_many_gets_the_lease(&new());
    refuses_the_enormous(&*new());
    keeps_any_bytes_under_any_key(&*new());
}

fn writes_against_the_version_that_was_read(store: &dyn Store) {
    assert_eq!(store.get("a").unwrap(), None);
    let first = store.put("a", None, b"one").unwrap().expect("a new key is free");
    assert_eq!(store.put("a", None, b"two").unwrap(), None, "the key is taken");
    assert_eq!(
        store.put("a", Some(first + 1), b"two").unwrap(),
        None,
        "another version"
    );
    let row = store.get("a").unwrap().unwrap();
    assert_eq!((row.version, row.sealed.as_slice()), (first, &b"one"[..]));
    let second = store.put("a", Some(first), b"two").unwrap().expect("the version read");
    assert_ne!(second, first);
    assert_eq!(store.get("a").unwrap().unwrap().sealed, b"two");
    assert!(!store.delete("a", first).unwrap(), "an old version deletes nothing");
    assert!(store.delete("a", second).unwrap());
    assert!(!store.delete("a", second).unwrap());
    assert_eq!(store.get("a").unwrap(), None);
    assert_eq!(
        store.put("a", Some(second), b"x").unwrap(),
        None,
        "what was deleted stays so"
    );
}

fn replaces_all_rows_or_none(store: &dyn Store) {
    for key in ["all/1", "all/2"] {
        store.put(key, None, b"old").unwrap().unwrap();
    }
    let sealed_anew = |rows: Vec<(String, Row)>| -> Vec<(String, Row)> {
        let anew = |(key, row): (String, Row)| {
            (
                key,
                Row {
                    sealed: b"new".to_vec(),
                    ..row
                },
            )
        };
        rows.into_iter().map(anew).collect()
    };
    let rows = sealed_anew(store.list("all/").unwrap());
    store.put("all/2", Some(rows[1].1.version), b"other").unwrap().unwrap();
    assert!(!store.replace(&rows).unwrap());
    assert_eq!(store.get("all/1").unwrap().unwrap().sealed, b"old");
    let rows = sealed_anew(store.list("all/").unwrap());
    assert!(store.replace(&rows).unwrap());
    for (key, row) in store.list("all/").unwrap() {
        assert_eq!(row.sealed, b"new", "{key}");
        assert!(rows.iter().all(|(_, former)| former.version != row.version), "{key}");
    }
    assert!(store.replace(&[]).unwrap());
}

fn never_uses_a_version_twice(store: &dyn Store) {
    let first = store.put("a", None, b"1").unwrap().unwrap();
    assert!(store.delete("a", first).unwrap());
    let again = store.put("a", None, b"1").unwrap().unwrap();
    assert_ne!(first, again);
    assert_eq!(store.put("a", Some(first), b"2").unwrap(), None);
}

fn lists_by_prefix_in_order(store: &dyn Store) {
    for key in ["grant/b/x", "grant/a/y", "grant/a/x", "service/a", "granta"] {
        store.put(key, None, key.as_bytes()).unwrap().unwrap();
    }
    let keys = |prefix: &str| -> Vec<String> {
        let rows = store.list(prefix).unwrap();
        assert!(rows.iter().all(|(key, row)| key.as_bytes() == row.sealed));
        rows.into_iter().map(|(key, _)| key).collect()
    };
    assert_eq!(keys("grant/a/"), ["grant/a/x", "grant/a/y"]);
    assert_eq!(keys("grant/"), ["grant/a/x", "grant/a/y", "grant/b/x"]);
    assert_eq!(keys("nothing"), [""; 0]);
    assert_eq!(keys("").len(), 5);
}

fn one_of_many_writers_wins(store: &Arc<dyn Store>) {
    let version = store.put("race", None, b"start").unwrap().unwrap();
    let wins = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for writer in 0..8u8 {
            let (store, wins) = (Arc::clone(store), &wins);
            scope.spawn(move || {
                let won = store.put("race", Some(version), &[writer]).unwrap().is_some();
                wins.fetch_add(usize::from(won), Ordering::SeqCst);
            });
        }
    });
    assert_eq!(wins.load(Ordering::SeqCst), 1);
}

fn leases_are_exclusive_and_end(store: &dyn Store, clock: &Hand) {
    clock.0.store(1_000_000, Ordering::SeqCst);
    assert_eq!(
        store.try_lease("k", "ada", TTL).unwrap(),
        Lease::Granted(None),
        "a lease needs no row"
    );
    assert_eq!(store.try_lease("k", "ben", TTL).unwrap(), Lease::Held(TTL));
    assert_eq!(store.try_lease("other", "ben", TTL).unwrap(), Lease::Granted(None));
    assert_eq!(
        store.try_lease("k", "ada", TTL).unwrap(),
        Lease::Granted(None),
        "one's own lease is renewed"
    );
    store.release("k", "ben").unwrap();
    assert_eq!(
        store.try_lease("k", "ben", TTL).unwrap(),
        Lease::Held(TTL),
        "only its owner releases a lease"
    );
    store.release("k", "ada").unwrap();
    let version = store.put("k", None, b"row").unwrap().unwrap();
    let Lease::Granted(Some(row)) = store.try_lease("k", "ben", TTL).unwrap() else {
        panic!("a released lease is free");
    };
    assert_eq!((row.version, row.sealed.as_slice()), (version, &b"row"[..]));
    assert_eq!(store.list("").unwrap().len(), 1, "leases are no records");
    assert!(
        store.put("k", Some(version), b"new").unwrap().is_some(),
        "a lease does not stop writers"
    );
    clock.0.fetch_add(29_999, Ordering::SeqCst);
    assert!(matches!(store.try_lease("k", "ada", TTL).unwrap(), Lease::Held(_)));
    clock.0.fetch_add(1, Ordering::SeqCst);
    assert!(matches!(store.try_lease("k", "ada", TTL).unwrap(), Lease::Granted(_)));
    clock.0.store(0, Ordering::SeqCst);
    let after = store.try_lease("k", "ben", TTL).unwrap();
    assert!(
        matches!(after, Lease::Granted(_)),
        "a clock set back must not lock a key for years"
    );
    store.release("k", "ben").unwrap();
    store.release("never", "ben").unwrap();
}

fn one_of_many_gets_the_lease(store: &Arc<dyn Store>) {
    let granted = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for owner in 0..8 {
            let (store, granted) = (Arc::clone(store), &granted);
            scope.spawn(move || {
                let lease = store.try_lease("race", &format!("owner {owner}"), TTL).unwrap();
                granted.fetch_add(usize::from(matches!(lease, Lease::Granted(_))), Ordering::SeqCst);
            });
        }
    });
    assert_eq!(granted.load(Ordering::SeqCst), 1);
}

fn refuses_the_enormous(store: &dyn Store) {
    assert!(store.put("big", None, &vec![7; RECORD_LIMIT]).unwrap().is_some());
    assert!(store.put("bigger", None, &vec![7; RECORD_LIMIT + 1]).is_err());
    assert_eq!(store.get("bigger").unwrap(), None);
}

fn keeps_any_bytes_under_any_key(store: &dyn Store) {
    for key in ["grant/a/Ümit İ/..", "grant/a/ben@example.com", "grant/a/", "\u{10FFFF}"] {
        store.put(key, None, &[0, 255, 10]).unwrap().unwrap();
        assert_eq!(store.get(key).unwrap().unwrap().sealed, [0, 255, 10], "{key}");
    }
}
