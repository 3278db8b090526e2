//! The tests of `dg` as a whole: the real binary, the embedding API, and the shape of the sources.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test that cannot go on fails"
)]

mod architecture;
mod bots;
mod builtins;
mod canary;
mod catalogue;
mod cli;
mod connections;
mod consent;
mod corpus;
mod demo;
mod embed;
mod explain;
mod hostile;
mod language;
mod mail;
mod messages;
mod peer;
mod peers;
mod redirects;
mod refresh;
#[cfg(unix)]
mod repl;
mod requests;
mod samples;
mod session;
mod store;
mod support;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod typed;
mod watch;
