//! The store as the rest of this module sees it: services, connections and grants under their names, sealed on the way
//! in and opened on the way out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::diagnostic::Code;
use crate::host::{LinkName, UserId};

use super::connection::Connection;
use super::credential::Credential;
use super::grant::StoredGrant;
use super::key::{Key, KeySource};
use super::redact::Redactor;
use super::seal::{Unopened, seal, unseal};
use super::service::{AuthKind, Service};
use super::store::{Lease, Row, Store, StoreError};
use super::wire::Stored;

/// The record that proves a key right.
const CHECK: &str = "key/check";
const CHECK_TEXT: &[u8] = b"this store opens with this key";

const SERVICES: &str = "service/";
const CONNECTIONS: &str = "connection/";
const GRANTS: &str = "grant/";

/// How often all records are sealed anew where others change some of them meanwhile.
const RESEALS: usize = 5;

/// Something stored, with the version it had when it was read.
#[derive(Clone, Debug)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) version: u64,
}

/// The answer to a wish for the lease of a grant.
pub(super) enum GrantLease {
    Granted(Option<Found<StoredGrant>>),
    Held(Duration),
}

/// Whose grant for what: the name of a grant's record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct GrantName {
    pub(super) connection: LinkName,
    pub(super) user: UserId,
}

impl GrantName {
    /// A link name has no slash, so the user's name may have any.
    pub(super) fn key(&self) -> String {
        format!("{GRANTS}{}/{}", self.connection, self.user)
    }
}

/// Typed, sealed records.
pub(super) struct Records {
    store: Arc<dyn Store>,
    source: KeySource,
    key: Mutex<Option<Arc<Key>>>,
    redactor: Arc<Redactor>,
    writes: AtomicU64,
}

impl Records {
    pub(super) fn new(store: Arc<dyn Store>, source: KeySource, redactor: Arc<Redactor>) -> Self {
        Self {
            store,
            source,
            key: Mutex::new(None),
            redactor,
            writes: AtomicU64::new(0),
        }
    }

    pub(super) fn service(&self, link: &LinkName) -> Result<Option<Found<Service>>, StoreError> {
        self.get(&format!("{SERVICES}{link}"), |service: &Service| {
            self.watch_service(service)
        })
    }

    pub(super) fn connection(&self, link: &LinkName) -> Result<Option<Found<Connection>>, StoreError> {
        self.get(&format!("{CONNECTIONS}{link}"), |_| {})
    }

    pub(super) fn grant(&self, name: &GrantName) -> Result<Option<Found<StoredGrant>>, StoreError> {
        self.get(&name.key(), |grant: &StoredGrant| {
            self.watch_credential(&grant.credential)
        })
    }

    /// The services, by link name.
    pub(super) fn services(&self) -> Result<Vec<Found<Service>>, StoreError> {
        self.list(SERVICES, |service: &Service| self.watch_service(service))
    }

    /// The connections, by link name.
    pub(super) fn connections(&self) -> Result<Vec<Found<Connection>>, StoreError> {
        self.list(CONNECTIONS, |_| {})
    }

    /// The grants of a connection, by user.
    pub(super) fn grants(&self, link: &LinkName) -> Result<Vec<(UserId, Found<StoredGrant>)>, StoreError> {
        let prefix = format!("{GRANTS}{link}/");
        let rows = self.store.list(&prefix)?;
        let mut grants = Vec::with_capacity(rows.len());
        for (key, row) in rows {
            let grant: Found<StoredGrant> = self.open(&key, row)?;
            self.watch_credential(&grant.value.credential);
            grants.push((UserId::new(&key[prefix.len()..]), grant));
        }
        Ok(grants)
    }

    /// The link names of services, without opening anything.
    pub(super) fn service_names(&self) -> Result<Vec<LinkName>, StoreError> {
        self.names(SERVICES)
    }

    /// The link names of connections, without opening anything.
    pub(super) fn connection_names(&self) -> Result<Vec<LinkName>, StoreError> {
        self.names(CONNECTIONS)
    }

    fn names(&self, prefix: &str) -> Result<Vec<LinkName>, StoreError> {
        let rows = self.store.list(prefix)?;
        let names = rows.iter().filter_map(|(key, _)| LinkName::new(&key[prefix.len()..]));
        Ok(names.collect())
    }

    pub(super) fn put_service(&self, service: &Service, expected: Option<u64>) -> Result<Option<u64>, StoreError> {
        self.watch_service(service);
        self.put(&format!("{SERVICES}{}", service.link_name), expected, service)
    }

    pub(super) fn put_connection(
        &self,
        connection: &Connection,
        expected: Option<u64>,
    ) -> Result<Option<u64>, StoreError> {
        self.put(&format!("{CONNECTIONS}{}", connection.link_name), expected, connection)
    }

    pub(super) fn put_grant(
        &self,
        name: &GrantName,
        grant: &StoredGrant,
        expected: Option<u64>,
    ) -> Result<Option<u64>, StoreError> {
        self.watch_credential(&grant.credential);
        self.put(&name.key(), expected, grant)
    }

    pub(super) fn delete_service(&self, link: &LinkName, version: u64) -> Result<bool, StoreError> {
        self.delete(&format!("{SERVICES}{link}"), version)
    }

    pub(super) fn delete_connection(&self, link: &LinkName, version: u64) -> Result<bool, StoreError> {
        self.delete(&format!("{CONNECTIONS}{link}"), version)
    }

    pub(super) fn delete_grant(&self, name: &GrantName, version: u64) -> Result<bool, StoreError> {
        self.delete(&name.key(), version)
    }

    pub(super) fn lease_grant(&self, name: &GrantName, owner: &str, ttl: Duration) -> Result<GrantLease, StoreError> {
        let key = name.key();
        match self.store.try_lease(&key, owner, ttl)? {
            Lease::Held(left) => Ok(GrantLease::Held(left)),
            Lease::Granted(None) => Ok(GrantLease::Granted(None)),
            Lease::Granted(Some(row)) => {
                let grant: Found<StoredGrant> = self.open(&key, row)?;
                self.watch_credential(&grant.value.credential);
                Ok(GrantLease::Granted(Some(grant)))
            }
        }
    }

    pub(super) fn release_grant(&self, name: &GrantName, owner: &str) -> Result<(), StoreError> {
        self.store.release(&name.key(), owner)
    }

    /// Everything loaded is known to the redactor before anybody can print it.
    fn watch_credential(&self, credential: &Credential) {
        self.redactor.watch_credential(credential);
    }

    fn watch_service(&self, service: &Service) {
        match &service.auth {
            AuthKind::OAuth2(endpoints) => {
                self.redactor.watch_pair(&endpoints.client_id, &endpoints.client_secret);
            }
            AuthKind::OAuth1(endpoints) => self.redactor.watch(&endpoints.consumer_secret),
            AuthKind::ApiKey { .. } | AuthKind::Basic => {}
        }
    }

    fn get<T: Stored>(&self, key: &str, watch: impl Fn(&T)) -> Result<Option<Found<T>>, StoreError> {
        let Some(row) = self.store.get(key)? else {
            return Ok(None);
        };
        let found: Found<T> = self.open(key, row)?;
        watch(&found.value);
        Ok(Some(found))
    }

    fn list<T: Stored>(&self, prefix: &str, watch: impl Fn(&T)) -> Result<Vec<Found<T>>, StoreError> {
        let rows = self.store.list(prefix)?;
        rows.into_iter()
            .map(|(key, row)| {
                let found: Found<T> = self.open(&key, row)?;
                watch(&found.value);
                Ok(found)
            })
            .collect()
    }

    fn open<T: Stored>(&self, key: &str, row: Row) -> Result<Found<T>, StoreError> {
        let mut unsealed = unseal(&*self.key_to_read()?, key, &row.sealed);
        if matches!(unsealed, Err(Unopened::OtherKey)) {
            // Another process may have given the store another key since ours was read.
            *self.held_key() = None;
            unsealed = unseal(&*self.key_to_read()?, key, &row.sealed);
        }
        let plain = match unsealed {
            Ok(plain) => plain,
            Err(Unopened::OtherKey) => return Err(self.source.wrong()),
            Err(Unopened::Damaged) => return Err(damaged(key)),
        };
        let value = T::from_record(&plain).ok_or_else(|| {
            let message = format!("the record `{key}` has a form that this version of dg does not know");
            StoreError::new(Code::StoreCorrupt, message).help("update dg; nothing was changed")
        })?;
        Ok(Found {
            value,
            version: row.version,
        })
    }

    fn put<T: Stored>(&self, key: &str, expected: Option<u64>, value: &T) -> Result<Option<u64>, StoreError> {
        let plain = value
            .to_record()
            .ok_or_else(|| StoreError::new(Code::StoreFailed, "the record could not be written down"))?;
        let sealed = seal(&*self.key_to_write()?, key, &plain)?;
        let put = self.store.put(key, expected, &sealed);
        self.writes.fetch_add(1, Ordering::Release);
        put
    }

    fn delete(&self, key: &str, version: u64) -> Result<bool, StoreError> {
        let deleted = self.store.delete(key, version);
        self.writes.fetch_add(1, Ordering::Release);
        deleted
    }

    /// How often this process has written. What was read before the last time may have changed.
    pub(super) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Acquire)
    }

    fn held_key(&self) -> MutexGuard<'_, Option<Arc<Key>>> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of a store that has records.
    fn key_to_read(&self) -> Result<Arc<Key>, StoreError> {
        let mut held = self.held_key();
        if let Some(key) = &*held {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(self.source.load()?.ok_or_else(|| self.source.missing())?);
        if let Some(row) = self.store.get(CHECK)? {
            self.check(&key, CHECK, &row)?;
        }
        *held = Some(Arc::clone(&key));
        Ok(key)
    }

    /// The key to seal with: the one that the store has, or a new one where the store is new. A store is never sealed
    /// with two keys, because the first writer leaves a record that the key of every other has to open.
    fn key_to_write(&self) -> Result<Arc<Key>, StoreError> {
        let mut held = self.held_key();
        let rows = self.store.list("")?;
        let key = match self.source.load()? {
            Some(key) => Arc::new(key),
            None if rows.is_empty() => Arc::new(self.source.create()?),
            None => return Err(self.source.missing()),
        };
        match rows.iter().find(|(name, _)| name == CHECK).or(rows.first()) {
            Some((name, row)) => self.check(&key, name, row)?,
            None => {
                let sealed = seal(&key, CHECK, CHECK_TEXT)?;
                if self.store.put(CHECK, None, &sealed)?.is_none()
                    && let Some(row) = self.store.get(CHECK)?
                {
                    self.check(&key, CHECK, &row)?;
                }
            }
        }
        *held = Some(Arc::clone(&key));
        Ok(key)
    }

    /// Where the key comes from.
    pub(super) fn source(&self) -> &KeySource {
        &self.source
    }

    /// Seals every record with the next key, all in one step; those that it opens already stay. Gives how many changed.
    pub(super) fn reseal(&self, next: &Key) -> Result<usize, StoreError> {
        let former = self.source.load()?;
        for _ in 0..RESEALS {
            let mut rows = Vec::new();
            for (name, row) in self.store.list("")? {
                if unseal(next, &name, &row.sealed).is_ok() {
                    continue;
                }
                let key = former.as_ref().ok_or_else(|| self.source.missing())?;
                let plain = match unseal(key, &name, &row.sealed) {
                    Ok(plain) => plain,
                    Err(Unopened::OtherKey) => return Err(self.source.wrong()),
                    Err(Unopened::Damaged) => return Err(damaged(&name)),
                };
                let sealed = seal(next, &name, &plain)?;
                let version = row.version;
                rows.push((name, Row { version, sealed }));
            }
            if self.store.replace(&rows)? {
                *self.held_key() = None;
                self.writes.fetch_add(1, Ordering::Release);
                return Ok(rows.len());
            }
        }
        Err(StoreError::new(
            Code::StoreBusy,
            "others kept changing the store while its key was to be changed",
        )
        .help("let them finish, then try again; nothing was changed"))
    }

    fn check(&self, key: &Key, name: &str, row: &Row) -> Result<(), StoreError> {
        match unseal(key, name, &row.sealed) {
            Ok(_) => Ok(()),
            Err(Unopened::OtherKey) => Err(self.source.wrong()),
            Err(Unopened::Damaged) => Err(damaged(name)),
        }
    }
}

fn damaged(key: &str) -> StoreError {
    let message = format!("the record `{key}` was changed by something else than dg, and cannot be opened");
    StoreError::new(Code::StoreCorrupt, message).help("put a copy of the store back, or remove it and create it again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::home::scratch::Scratch;
    use crate::connections::{MemoryStore, Secret};
    use crate::host::fake::FakeClock;

    fn records(store: &Arc<MemoryStore>, source: KeySource) -> Records {
        Records::new(Arc::clone(store) as Arc<dyn Store>, source, Arc::default())
    }

    fn given(digit: &str) -> KeySource {
        KeySource::Given(Secret::new(digit.repeat(64)))
    }

    fn memory() -> Arc<MemoryStore> {
        Arc::new(MemoryStore::new(Arc::new(FakeClock(0))))
    }

    fn name() -> GrantName {
        GrantName {
            connection: LinkName::new("crm").unwrap(),
            user: UserId::new("a/da"),
        }
    }

    fn grant() -> StoredGrant {
        StoredGrant::new(
            Credential::ApiKey(vec![("k".to_owned(), Secret::new("canary-1"))]),
            0,
            None,
        )
    }

    #[test]
    fn a_wrong_key_reads_nothing_and_changes_nothing() {
        let store = memory();
        records(&store, given("a"))
            .put_grant(&name(), &grant(), None)
            .unwrap()
            .unwrap();
        let before = store.list("").unwrap();
        let wrong = records(&store, given("b"));
        for error in [
            wrong.grant(&name()).unwrap_err(),
            wrong.put_grant(&name(), &grant(), None).unwrap_err(),
            wrong.put_grant(&name(), &grant(), Some(2)).unwrap_err(),
            wrong.grants(&name().connection).unwrap_err(),
        ] {
            assert_eq!(error.code, Code::StoreKey, "{error:?}");
            assert!(error.message.contains("another key") && error.message.contains("DG_KEY"));
        }
        assert_eq!(store.list("").unwrap(), before);
        let found = records(&store, given("a")).grant(&name()).unwrap().unwrap();
        assert_eq!(found.value, grant());
    }

    #[test]
    fn a_lost_key_is_never_replaced() {
        let scratch = Scratch::new();
        let path = scratch.path().join("key");
        let store = memory();
        let source = || KeySource::File(path.clone());
        assert!(records(&store, source()).grant(&name()).unwrap().is_none());
        assert!(!path.exists(), "looking makes no key");
        records(&store, source())
            .put_grant(&name(), &grant(), None)
            .unwrap()
            .unwrap();
        assert!(records(&store, source()).grant(&name()).unwrap().is_some());
        std::fs::remove_file(&path).unwrap();
        let lost = records(&store, source());
        for error in [
            lost.grant(&name()).unwrap_err(),
            lost.put_grant(&name(), &grant(), None).unwrap_err(),
        ] {
            assert_eq!(error.code, Code::StoreKey);
            assert!(error.message.contains("missing"), "{error:?}");
        }
        assert!(!path.exists());
    }

    #[test]
    fn a_moved_or_changed_record_does_not_open() {
        let store = memory();
        let records = records(&store, given("a"));
        records.put_grant(&name(), &grant(), None).unwrap().unwrap();
        let row = store.get(&name().key()).unwrap().unwrap();
        assert!(!row.sealed.windows(6).any(|window| window == b"canary"));
        let thief = GrantName {
            user: UserId::new("thief"),
            ..name()
        };
        store.put(&thief.key(), None, &row.sealed).unwrap().unwrap();
        assert_eq!(records.grant(&thief).unwrap_err().code, Code::StoreCorrupt);
    }

    #[test]
    fn eight_first_writers_agree_on_a_key() {
        let scratch = Scratch::new();
        let store = memory();
        let source = KeySource::File(scratch.path().join("key"));
        std::thread::scope(|scope| {
            for user in 0..8 {
                let records = records(&store, source.clone());
                scope.spawn(move || {
                    let name = GrantName {
                        user: UserId::new(&format!("user {user}")),
                        ..name()
                    };
                    records.put_grant(&name, &grant(), None).unwrap().unwrap();
                });
            }
        });
        let all = records(&store, source).grants(&name().connection).unwrap();
        assert_eq!(all.len(), 8);
    }
}
