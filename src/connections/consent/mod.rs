//! The ways in which a service becomes a grant.

pub(super) mod client;
