//! The desk: where services and connections are made, listed, changed and removed. It asks nobody and prints nothing; a
//! command line, a prompt or an embedder does that with what it gives.

mod connections;
mod doctor;
mod error;
mod rekey;
mod secrets;
mod services;
mod summary;
mod transfer;
mod trial;

use std::sync::Arc;

use crate::host::{Clock, Http, LinkName};

use super::audit::Audit;
use super::authority::StoreAuthority;
use super::cache::Cache;
use super::consent::Pendings;
use super::flights::Flights;
use super::key::KeySource;
use super::records::Records;
use super::redact::{Imprints, Redactor};
use super::shared::Shared;
use super::store::{Store, StoreError};
use super::unsaved::Unsaved;

pub use connections::{ConnectionEdit, NewConnection};
pub use doctor::Finding;
pub use error::DeskError;
pub use secrets::Question;
pub use services::ServiceEdit;
pub use summary::{Standing, Summary};
pub use transfer::{Import, is_sealed_export};
pub use trial::{Step, Trial};

/// What connections reach outside the store.
pub struct Outside {
    /// Asks providers for tokens.
    pub http: Arc<dyn Http>,
    /// Tells when tokens end.
    pub clock: Arc<dyn Clock>,
    /// Takes every use.
    pub audit: Arc<dyn Audit>,
}

/// The services and connections of one store. Cloning shares it.
///
/// Nothing is opened, and no key is read, before the first question or change.
#[derive(Clone)]
pub struct Connections {
    pub(super) shared: Arc<Shared>,
}

impl Connections {
    /// The desk of this store, sealed with this key.
    pub fn new(store: Arc<dyn Store>, key: KeySource, outside: Outside) -> Self {
        let redactor = Arc::new(Redactor::default());
        Self {
            shared: Arc::new(Shared {
                records: Records::new(store, key, Arc::clone(&redactor)),
                redactor,
                http: outside.http,
                clock: outside.clock,
                audit: outside.audit,
                flights: Flights::default(),
                cache: Cache::default(),
                unsaved: Unsaved::default(),
                pendings: Pendings::default(),
            }),
        }
    }

    /// What signs the requests of runs with the grants of this store.
    pub fn authority(&self) -> StoreAuthority {
        StoreAuthority::new(Arc::clone(&self.shared))
    }

    /// The text with every secret that was loaded or given so far replaced by dots.
    pub fn redact(&self, text: &str) -> String {
        self.shared.redactor.redact(text)
    }

    /// The imprints of every secret in the store, whoever's it is: what is written later can be searched for them without
    /// keeping the secrets.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn imprints(&self) -> Result<Imprints, StoreError> {
        let records = &self.shared.records;
        records.services()?;
        for link in records.connection_names()? {
            records.grants(&link)?;
        }
        // Whatever was loaded is remembered.
        Ok(self.shared.redactor.imprints())
    }

    /// The link names of all connections. Opens no record, so it needs no key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn link_names(&self) -> Result<Vec<LinkName>, StoreError> {
        self.shared.records.connection_names()
    }
}

#[cfg(test)]
mod tests;
