//! Mail of the system: into a folder, or to an SMTP server through a connection.

mod letter;
mod outbox;
mod smtp;
mod wait;

pub use outbox::Outbox;
pub use smtp::{ServerOf, Smtp};

#[cfg(test)]
mod tests;
