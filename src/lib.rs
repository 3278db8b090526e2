//! Deluge on your own machine.
pub mod diagnostic;
pub mod source;
pub mod syntax;
pub mod value;
