//! The store on disk: sled 0.34, opened for the few milliseconds of each operation, so that a command, a prompt and a bot
//! can share one store.
//!
//! What sled does not do by itself is done here: its files are closed to other users; a snapshot left half-written by a
//! crash, on which sled would refuse to open, is cleared away under our own lock; a write is on the disk before it
//! counts; a damaged store is told, never repaired by deleting.
//!
//! Opening costs milliseconds, so rows are kept in memory, sealed as they are, together with a stamp. Every writer
//! changes the stamp on the disk, under the lock and before it writes, so one small read tells whether what is kept
//! still holds. Behind the stamp stands the number of the last write that reached the disk: sled drops the end of a log
//! that was cut without a word, and this tells.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::diagnostic::Code;
use crate::host::Clock;

use super::crash::crash_point;
use super::home::{close_to_others, private_directory, private_file, sync_directory};
use super::life::{self, Lives};
use super::lock::{Lock, PATIENCE, busy, pause};
use super::store::{Lease, Row, Store, StoreError, held_for, lease_end};

/// Bytes that sled may keep in memory while it is open.
const CACHE_BYTES: u64 = 8 << 20;

/// Rows up to which the whole store is kept in memory.
const KEPT_ROWS: usize = 1_024;

/// No log with a record in it is shorter.
const LEAST_LOG: u64 = 64;

/// Keys of our own begin with a zero byte, which no record's key does.
const OWN: u8 = 0;
const FORMAT_KEY: &[u8] = b"\0format";
const VERSION_KEY: &[u8] = b"\0version";
const LEASE_PREFIX: &[u8] = b"\0lease/";

/// The only format there is so far.
const FORMAT: &[u8] = b"1";

/// Keeps records in a directory.
pub struct SledStore {
    directory: PathBuf,
    clock: Arc<dyn Clock>,
    /// Rows of the last look; the mutex also lets one thread at a time open the store.
    kept: Mutex<Kept>,
    lives: Lives,
}

#[derive(Default)]
struct Kept {
    stamp: Option<Stamp>,
    rows: BTreeMap<String, Row>,
    /// Whether `rows` are all there are.
    complete: bool,
}

const STAMP: usize = 16;

type Stamp = [u8; STAMP];

impl SledStore {
    /// The store in this directory, whose leases run by this clock. Nothing is opened, or made, before it is needed.
    pub fn at(directory: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> Self {
        Self {
            directory: directory.into(),
            clock,
            kept: Mutex::default(),
            lives: Lives::default(),
        }
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads from what is kept, or opens the store and keeps what is there. `find` gives `None` where the kept rows
    /// cannot answer.
    fn read<T>(
        &self,
        find: impl Fn(&Kept) -> Option<T>,
        look: impl FnOnce(&Opened) -> Result<T, StoreError>,
        empty: T,
    ) -> Result<T, StoreError> {
        let mut kept = self.kept();
        if !self.directory.exists() {
            return Ok(empty);
        }
        if kept.stamp.is_some()
            && kept.stamp == self.stamp()
            && let Some(found) = find(&kept)
        {
            return Ok(found);
        }
        *kept = Kept::default();
        self.open(|opened| {
            kept.stamp = self.stamp();
            kept.complete = opened.collect(KEPT_ROWS, &mut kept.rows)?;
            if !kept.complete {
                kept.rows.clear();
            }
            match find(&kept) {
                Some(found) => Ok(found),
                None => look(opened),
            }
        })
    }

    /// Opens the store to change it. `work` tells whether it changed anything that readers may have kept.
    fn write<T>(&self, work: impl FnOnce(&Opened) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut kept = self.kept();
        *kept = Kept::default();
        private_directory(&self.directory).map_err(|error| self.failed(&error))?;
        close_to_others(&self.directory, 0o700).map_err(|error| self.failed(&error))?;
        self.open(work)
    }

    /// Locks, clears what a crash left, opens, works, closes, unlocks.
    fn open<T>(&self, work: impl FnOnce(&Opened) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let deadline = Instant::now() + PATIENCE;
        let lock_path = self.directory.with_extension("lock");
        let _lock = Lock::acquire(&lock_path, deadline)?;
        self.check_log()?;
        self.clear_leftovers().map_err(|error| self.failed(&error))?;
        // A damaged file can make sled panic instead of answering; that is told like any other damage.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let db = self.open_sled(deadline, &lock_path)?;
            let opened = Opened { store: self, db };
            opened.check_format()?;
            work(&opened)
        }));
        let closed = self.close_files();
        let worked = outcome.unwrap_or_else(|_| Err(self.corrupt("sled gave up reading it")))?;
        closed.map_err(|error| self.failed(&error))?;
        Ok(worked)
    }

    fn open_sled(&self, deadline: Instant, lock_path: &Path) -> Result<sled::Db, StoreError> {
        let config = sled::Config::new()
            .path(&self.directory)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None);
        loop {
            match config.open() {
                Ok(db) => return Ok(db),
                // sled gives its own lock back a moment after it is closed, and tells of it in words only.
                Err(sled::Error::Io(error)) if error.to_string().contains("could not acquire lock") => {
                    if Instant::now() >= deadline {
                        let mut file = File::open(lock_path).map_err(|error| self.failed(&error))?;
                        return Err(busy(lock_path, &mut file));
                    }
                    thread::sleep(pause() / 5);
                }
                Err(error) => return Err(self.sled_error(error)),
            }
        }
    }

    /// Where the log of a store that had records is gone or cut to nothing, sled would begin a new one in its place, and
    /// what a rescuer could have found would be lost.
    fn check_log(&self) -> Result<(), StoreError> {
        if !self.stamp_path().exists() {
            return Ok(());
        }
        match fs::metadata(self.directory.join("db")) {
            Ok(log) if log.len() >= LEAST_LOG => Ok(()),
            Ok(_) => Err(self.corrupt("its log ends too early")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(self.corrupt("its log is gone")),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Deletes snapshots that were never finished: sled takes them for finished ones and refuses to open. What they would
    /// have held is in the log. Traces of leases long over go too.
    fn clear_leftovers(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("snap.") && name.ends_with(".generating") {
                fs::remove_file(entry.path())?;
            }
            life::clear_trace(&entry);
        }
        Ok(())
    }

    /// sled makes its files with the mode of the day.
    fn close_files(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            let mode = if entry.file_type()?.is_dir() { 0o700 } else { 0o600 };
            match close_to_others(&entry.path(), mode) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn stamp_path(&self) -> PathBuf {
        self.directory.join("stamp")
    }

    fn stamp(&self) -> Option<Stamp> {
        fs::read(self.stamp_path()).ok()?.first_chunk().copied()
    }

    /// The number of the last write that is known to have reached the disk.
    fn last_written(&self) -> u64 {
        let file = fs::read(self.stamp_path()).unwrap_or_default();
        let number = file.get(STAMP..).and_then(|rest| rest.first_chunk().copied());
        number.map_or(0, u64::from_be_bytes)
    }

    fn new_stamp(&self) -> Result<(), StoreError> {
        let mut stamp = Stamp::default();
        getrandom::fill(&mut stamp).map_err(|error| self.failed(&io::Error::other(error)))?;
        self.write_stamp(0, &stamp)
    }

    fn note_written(&self, number: u64) -> Result<(), StoreError> {
        self.write_stamp(STAMP as u64, &number.to_be_bytes())
    }

    fn write_stamp(&self, at: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let mut options = private_file();
        options.write(true).create(true).truncate(false);
        let written = options.open(self.stamp_path()).and_then(|mut file| {
            file.seek(SeekFrom::Start(at))?;
            file.write_all(bytes)
        });
        written.map_err(|error| self.failed(&error))
    }

    fn sled_error(&self, error: sled::Error) -> StoreError {
        match error {
            sled::Error::Io(error)
                if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) =>
            {
                self.corrupt("a file of it ends too early")
            }
            sled::Error::Io(error) => self.failed(&error),
            sled::Error::Corruption { .. } => self.corrupt("its check sums do not hold"),
            other => self.corrupt(&other.to_string()),
        }
    }

    fn failed(&self, error: &io::Error) -> StoreError {
        let place = self.directory.display();
        StoreError::new(
            Code::StoreFailed,
            format!("the store at `{place}` could not be used: {error}"),
        )
        .help("check who owns the directory, and the space left on its disk")
    }

    fn corrupt(&self, why: &str) -> StoreError {
        let place = self.directory.display();
        let message = format!("the store at `{place}` is damaged: {why}; dg deleted nothing of it");
        StoreError::new(Code::StoreCorrupt, message).help(format!(
            "put a copy of the directory back, or move it away (`mv {place} {place}.damaged`) and create the services \
             and connections again"
        ))
    }
}

impl Store for SledStore {
    fn get(&self, key: &str) -> Result<Option<Row>, StoreError> {
        self.read(
            |kept| match kept.rows.get(key) {
                Some(row) => Some(Some(row.clone())),
                None => kept.complete.then_some(None),
            },
            |opened| opened.row(key),
            None,
        )
    }

    fn list(&self, prefix: &str) -> Result<Vec<(String, Row)>, StoreError> {
        let select = |rows: &BTreeMap<String, Row>| -> Vec<(String, Row)> {
            let from = rows.range(prefix.to_owned()..);
            let rows = from.take_while(|(key, _)| key.starts_with(prefix));
            rows.map(|(key, row)| (key.clone(), row.clone())).collect()
        };
        self.read(
            |kept| kept.complete.then(|| select(&kept.rows)),
            |opened| {
                let mut rows = BTreeMap::new();
                opened.collect(usize::MAX, &mut rows)?;
                Ok(select(&rows))
            },
            Vec::new(),
        )
    }

    fn put(&self, key: &str, expected: Option<u64>, sealed: &[u8]) -> Result<Option<u64>, StoreError> {
        StoreError::check_size(sealed)?;
        self.write(|opened| {
            if opened.row(key)?.map(|row| row.version) != expected {
                return Ok(None);
            }
            let (version, mut batch) = opened.next_version()?;
            let mut value = version.to_be_bytes().to_vec();
            value.extend_from_slice(sealed);
            batch.insert(key.as_bytes(), value);
            opened.commit(batch)?;
            self.note_written(version)?;
            Ok(Some(version))
        })
    }

    fn replace(&self, rows: &[(String, Row)]) -> Result<bool, StoreError> {
        if rows.is_empty() {
            return Ok(true);
        }
        self.write(|opened| {
            let mut version = opened.last_version()?;
            let mut batch = sled::Batch::default();
            for (key, row) in rows {
                if opened.row(key)?.map(|now| now.version) != Some(row.version) {
                    return Ok(false);
                }
                version += 1;
                batch.insert(key.as_bytes(), [&version.to_be_bytes()[..], &row.sealed].concat());
            }
            batch.insert(VERSION_KEY, &version.to_be_bytes());
            opened.commit(batch)?;
            self.note_written(version)?;
            Ok(true)
        })
    }

    fn delete(&self, key: &str, expected: u64) -> Result<bool, StoreError> {
        if !self.directory.exists() {
            return Ok(false);
        }
        self.write(|opened| {
            if opened.row(key)?.map(|row| row.version) != Some(expected) {
                return Ok(false);
            }
            let (version, mut batch) = opened.next_version()?;
            batch.remove(key.as_bytes());
            opened.commit(batch)?;
            self.note_written(version)?;
            Ok(true)
        })
    }

    fn try_lease(&self, key: &str, owner: &str, ttl: Duration) -> Result<Lease, StoreError> {
        self.write(|opened| {
            let now = self.clock.now_millis();
            if let Some((holder, until)) = opened.lease(key)?
                && let Some(left) = held_for((&holder, until), owner, now, ttl)
                && !life::is_over(&self.directory, &holder)
            {
                return Ok(Lease::Held(left));
            }
            self.lives.begin(&self.directory, owner);
            let mut value = lease_end(now, ttl).to_be_bytes().to_vec();
            value.extend_from_slice(owner.as_bytes());
            opened.note(sled_batch(&lease_key(key), Some(value)))?;
            Ok(Lease::Granted(opened.row(key)?))
        })
    }

    fn release(&self, key: &str, owner: &str) -> Result<(), StoreError> {
        if !self.directory.exists() {
            return Ok(());
        }
        let released = self.write(|opened| match opened.lease(key)? {
            Some((holder, _)) if holder == owner => opened.note(sled_batch(&lease_key(key), None)),
            _ => Ok(()),
        });
        self.lives.end(owner, released.is_ok());
        released
    }
}

fn lease_key(key: &str) -> Vec<u8> {
    [LEASE_PREFIX, key.as_bytes()].concat()
}

fn sled_batch(key: &[u8], value: Option<Vec<u8>>) -> sled::Batch {
    let mut batch = sled::Batch::default();
    match value {
        Some(value) => batch.insert(key, value),
        None => batch.remove(key),
    }
    batch
}

/// The store while it is open and locked.
struct Opened<'s> {
    store: &'s SledStore,
    db: sled::Db,
}

impl Opened<'_> {
    /// A new store gets its format. A store that had one and has none any more was emptied by somebody else.
    fn check_format(&self) -> Result<(), StoreError> {
        match self.get(FORMAT_KEY)?.as_deref() {
            Some(FORMAT) if self.last_version()? < self.store.last_written() => {
                Err(self.store.corrupt("its last changes are gone"))
            }
            Some(FORMAT) => Ok(()),
            Some(_) => {
                let place = self.store.directory.display();
                let message = format!("the store at `{place}` was written by a newer version of dg");
                Err(StoreError::new(Code::StoreFailed, message).help("update dg"))
            }
            None if self.store.stamp_path().exists() => Err(self.store.corrupt("its records are gone")),
            None => {
                self.apply(sled_batch(FORMAT_KEY, Some(FORMAT.to_vec())))?;
                self.sync()?;
                let directory = &self.store.directory;
                sync_directory(directory).map_err(|error| self.store.failed(&error))?;
                self.store.new_stamp()
            }
        }
    }

    fn get(&self, key: &[u8]) -> Result<Option<sled::IVec>, StoreError> {
        self.db.get(key).map_err(|error| self.store.sled_error(error))
    }

    fn row(&self, key: &str) -> Result<Option<Row>, StoreError> {
        match self.get(key.as_bytes())? {
            Some(value) => self.to_row(&value).map(Some),
            None => Ok(None),
        }
    }

    fn to_row(&self, value: &[u8]) -> Result<Row, StoreError> {
        let Some((version, sealed)) = value.split_first_chunk() else {
            return Err(self.store.corrupt("a record is too short"));
        };
        Ok(Row {
            version: u64::from_be_bytes(*version),
            sealed: sealed.to_vec(),
        })
    }

    fn lease(&self, key: &str) -> Result<Option<(String, i64)>, StoreError> {
        let Some(value) = self.get(&lease_key(key))? else {
            return Ok(None);
        };
        let Some((until, owner)) = value.split_first_chunk() else {
            return Err(self.store.corrupt("a lease is too short"));
        };
        let owner = String::from_utf8_lossy(owner).into_owned();
        Ok(Some((owner, i64::from_be_bytes(*until))))
    }

    fn last_version(&self) -> Result<u64, StoreError> {
        let value = self.get(VERSION_KEY)?;
        let bytes = value.as_deref().and_then(|value| value.try_into().ok());
        Ok(bytes.map_or(0, u64::from_be_bytes))
    }

    /// The number of the next write, and a batch that notes it.
    fn next_version(&self) -> Result<(u64, sled::Batch), StoreError> {
        let version = self.last_version()? + 1;
        Ok((version, sled_batch(VERSION_KEY, Some(version.to_be_bytes().to_vec()))))
    }

    /// Copies rows, up to `most` of them; tells whether those are all.
    fn collect(&self, most: usize, into: &mut BTreeMap<String, Row>) -> Result<bool, StoreError> {
        for entry in self.db.range(vec![OWN + 1]..) {
            let (key, value) = entry.map_err(|error| self.store.sled_error(error))?;
            if into.len() == most {
                return Ok(false);
            }
            let key = String::from_utf8(key.to_vec()).map_err(|_| self.store.corrupt("a key is not text"))?;
            into.insert(key, self.to_row(&value)?);
        }
        Ok(true)
    }

    /// Changes records: readers are told first, and the change is on the disk when this returns.
    fn commit(&self, batch: sled::Batch) -> Result<(), StoreError> {
        self.store.new_stamp()?;
        self.apply(batch)?;
        crash_point("written");
        self.sync()
    }

    /// Changes leases, which a power cut may take: nobody refreshes after one.
    fn note(&self, batch: sled::Batch) -> Result<(), StoreError> {
        self.apply(batch)?;
        self.flush()
    }

    fn apply(&self, batch: sled::Batch) -> Result<(), StoreError> {
        self.db.apply_batch(batch).map_err(|error| self.store.sled_error(error))
    }

    fn flush(&self) -> Result<(), StoreError> {
        let flushed = self.db.flush();
        flushed.map(|_| ()).map_err(|error| self.store.sled_error(error))
    }

    /// sled's flush does not reach the disk on Linux; syncing its log does.
    fn sync(&self) -> Result<(), StoreError> {
        self.flush()?;
        let log = self.store.directory.join("db");
        let synced = File::open(log).and_then(|file| file.sync_all());
        synced.map_err(|error| self.store.failed(&error))
    }
}

#[cfg(test)]
mod tests;
