//! Connections: named, authorised uses of services, which scripts know by their link names alone.
//!
//! A [`Service`] says how to authenticate to a provider and to which hosts its credentials may go. A [`Connection`] is a
//! named use of a service. A [`StoredGrant`] is what one user gave for a connection. [`StoreAuthority`] brings the three
//! together for one request: it finds the connection, checks the origin, finds the grant, refreshes it where it is stale,
//! and signs. [`Connections`] is what the command line and embedders make, list and remove them with.
//!
//! Every record is sealed before it reaches a [`Store`]; nothing here prints a secret, and whatever was loaded can be
//! taken out of a text again by [`Redactor`].

mod allowed_host;
mod connection;
mod credential;
mod definition;
mod grant;
mod placeholder;
mod service;

mod home;
mod key;
mod key_command;
#[cfg(feature = "store")]
mod life;
#[cfg(feature = "store")]
mod lock;
mod memory;
#[cfg(feature = "store")]
mod sled;
mod store;

mod age;
mod records;
mod redact;
mod seal;
mod wire;

mod consent;
mod sign;
mod token;

mod audit;
mod authority;
mod cache;
mod crash;
mod flights;
mod refresh;
mod refusal;
mod shared;
mod unsaved;

pub mod catalogue;
mod desk;

#[cfg(test)]
mod testing;

pub use allowed_host::{AllowedHost, is_confidential};
pub use audit::{Audit, FileAudit, NoAudit, Use};
pub use authority::StoreAuthority;
pub use connection::Connection;
pub use consent::{
    AtProvider, Begun, CALLBACK_PATH, Connected, ConsentError, ConsentErrorKind, PASTE_PORT, Person, Revoked, UserCode,
    Way, Wish,
};
pub use credential::{Credential, Secret};
pub use desk::{
    ConnectionEdit, Connections, DeskError, Finding, Import, NewConnection, Outside, Question, ServiceEdit, Standing,
    Step, Summary, Trial, is_sealed_export,
};
pub use grant::{GrantState, StoredGrant};
pub use home::Home;
#[cfg(feature = "cli")]
pub(crate) use home::private_file;
pub use key::KeySource;
pub use key_command::KeyCommand;
pub use memory::MemoryStore;
pub use placeholder::Placeholder;
pub use redact::{DOTS, Imprints, Redactor};
pub use service::{
    ApiKeyParam, AuthKind, ClientAuth, GrantType, OAuth1Endpoints, OAuth2Endpoints, ParamType, ScopeDelimiter, Service,
    SignatureMethod, TokenBody,
};
#[cfg(feature = "store")]
pub use sled::SledStore;
pub use store::{Lease, RECORD_LIMIT, Row, Store, StoreError};

pub use crate::host::LinkName;
