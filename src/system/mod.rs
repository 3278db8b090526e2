//! The real host: requests over the network, mail, the system's clock and randomness.
//!
//! Nothing is set up before it is used: the first request makes the runtime that all exchanges of the process stand in,
//! and the client whose pool of connections all runs share.

mod address;
mod bell;
mod clock;
mod drive;
mod exchange;
mod failure;
mod http;
#[cfg(feature = "mail")]
mod mail;
mod network;
mod outward;
mod random;

pub use clock::SystemClock;
pub use http::SystemHttp;
#[cfg(feature = "mail")]
pub use mail::{Outbox, ServerOf, Smtp};
pub use network::{Network, Origin};
pub use random::SystemRandom;
