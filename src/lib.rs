#![doc = include_str!("README.md")]

pub mod bots;
pub mod builtins;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "connections")]
pub mod connections;
pub mod diagnostic;
pub mod exchange;
pub mod host;
pub mod interpret;
pub mod resolve;
pub mod runtime;
pub mod session;
pub mod source;
pub mod syntax;
#[cfg(feature = "http")]
pub mod system;
pub mod tasks;
pub mod value;

pub use runtime::{Compiled, Outcome, Runtime};

/// The example of the front page compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct FrontPage;
