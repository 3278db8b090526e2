//! Deluge on your own machine.
pub mod builtins;
pub mod diagnostic;
pub mod host;
pub mod resolve;
pub mod source;
pub mod syntax;
pub mod value;
