//! The real host: requests over the network, mail, the system's clock and randomness.
//!
//! Nothing is set up before it is used: the first request starts the one thread that drives every exchange of the
//! process, and makes the client whose pool of connections all runs share.

mod address;
mod clock;
mod exchange;
mod failure;
mod http;
#[cfg(feature = "mail")]
mod mail;
mod network;
mod outward;
mod random;
mod wait;

pub use clock::SystemClock;
pub use http::SystemHttp;
#[cfg(feature = "mail")]
pub use mail::{Outbox, ServerOf, Smtp};
pub use network::{Network, Origin};
pub use random::SystemRandom;
