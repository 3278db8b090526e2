//! Where records are kept: opaque sealed bytes under keys, with compare-and-swap and leases. Stores know nothing of
//! services, connections or secrets, so that any engine can be one.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};

/// The most bytes one sealed record may have.
pub const RECORD_LIMIT: usize = 256 << 10;

/// A stored record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Differs after every write; never used twice for one key, not even after a deletion.
    pub version: u64,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// The answer to a wish for a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lease {
    /// It is ours; this is the row as it stands now.
    Granted(Option<Row>),
    /// Somebody else has it, for this long at most.
    Held(Duration),
}

/// Keeps records. Every operation is short and whole: nothing is held between two of them.
///
/// The protocol of a refresh: read; take a lease; look again at the row that comes with it; ask the provider; write
/// against the version that was read; release. The version alone makes it safe, the lease only keeps two from asking.
pub trait Store: Send + Sync {
    /// The record under a key.
    ///
    /// # Errors
    /// The store cannot be read.
    fn get(&self, key: &str) -> Result<Option<Row>, StoreError>;

    /// The records whose keys begin with `prefix`, in the order of their keys.
    ///
    /// # Errors
    /// The store cannot be read.
    fn list(&self, prefix: &str) -> Result<Vec<(String, Row)>, StoreError>;

    /// Writes a record if the key still has the `expected` version, `None` meaning that it has no record. Gives the new
    /// version, or `None` where another one was found. A returned version is on the disk.
    ///
    /// # Errors
    /// The store cannot be written; the former record stands.
    fn put(&self, key: &str, expected: Option<u64>, sealed: &[u8]) -> Result<Option<u64>, StoreError>;

    /// Deletes a record if it still has the `expected` version; tells whether it did.
    ///
    /// # Errors
    /// The store cannot be written.
    fn delete(&self, key: &str, expected: u64) -> Result<bool, StoreError>;

    /// Writes several records in one step if each still has its expected version; tells whether it did. Nobody sees some
    /// of them without the others.
    ///
    /// # Errors
    /// The store cannot be written; the former records stand.
    fn replace(&self, rows: &[(String, Row)]) -> Result<bool, StoreError>;

    /// Takes the lease of a key for `ttl`, unless another owner has it. A lease that runs out is anybody's.
    ///
    /// # Errors
    /// The store cannot be written.
    fn try_lease(&self, key: &str, owner: &str, ttl: Duration) -> Result<Lease, StoreError>;

    /// Gives a lease back. Does nothing where it is not this owner's any more.
    ///
    /// # Errors
    /// The store cannot be written.
    fn release(&self, key: &str, owner: &str) -> Result<(), StoreError>;
}

/// Why the store could not do its work. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// `StoreBusy`, `StoreKey`, `StoreCorrupt` or `StoreFailed`.
    pub code: Code,
    /// What happened, in one sentence without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl StoreError {
    /// An error of this kind.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Refuses a record that is larger than any service needs.
    pub(super) fn check_size(sealed: &[u8]) -> Result<(), Self> {
        if sealed.len() <= RECORD_LIMIT {
            return Ok(());
        }
        let message = format!("the record has {} bytes; the store takes {RECORD_LIMIT}", sealed.len());
        Err(Self::new(Code::StoreFailed, message))
    }
}

impl From<StoreError> for Diagnostic {
    fn from(error: StoreError) -> Self {
        Self::placeless(error.code, error.message).help_if(error.help)
    }
}

/// For how long an owner other than `owner` still has a lease that ends at `until`. A lease longer than anybody takes
/// is the trace of a clock that was set back, and does not count.
pub(super) fn held_for(lease: (&str, i64), owner: &str, now: i64, ttl: Duration) -> Option<Duration> {
    let (holder, until) = lease;
    let left = u64::try_from(until.saturating_sub(now)).ok().filter(|left| *left > 0)?;
    let left = Duration::from_millis(left);
    (holder != owner && left <= ttl.max(LONGEST_LEASE)).then_some(left)
}

/// No lease is meant to last longer.
pub(super) const LONGEST_LEASE: Duration = Duration::from_secs(60);

/// When a lease of this length, taken now, ends.
pub(super) fn lease_end(now: i64, ttl: Duration) -> i64 {
    now.saturating_add(i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
pub(super) mod conformance;
