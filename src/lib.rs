//! Deluge on your own machine.
pub mod builtins;
#[cfg(feature = "connections")]
pub mod connections;
pub mod diagnostic;
pub mod host;
pub mod interpret;
pub mod resolve;
pub mod runtime;
pub mod source;
pub mod syntax;
pub mod value;

pub use runtime::{Compiled, Outcome, Runtime};
