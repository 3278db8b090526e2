//! Tasks of Zoho's services (`zoho.cliq.getRecords`, ...) as functions that a host gives its scripts.
//!
//! A task stands here once: its name, what goes in, what it answers, and the help page. What it works on is a trait, so
//! that the same script runs against memory in a test and against a real service in a bot.

pub mod cliq;
mod criteria;
mod database;

pub use criteria::{Criteria, CriteriaError};
pub use database::{Database, DatabaseError, MemoryDatabase, Query, Row};
