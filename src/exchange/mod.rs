//! One request of a script and its answer: everything between the evaluated entries of a task and the value it gives.
//!
//! Shared by the `invokeurl` and `invokeapi` tasks and by `getUrl` and `postUrl`. Knows values and the host's traits;
//! does no I/O itself.

mod build;
mod outgoing;
mod read;
mod send;

pub use outgoing::Outgoing;

use crate::host::{Context, Evaluated};
use crate::source::Location;

/// Sends what a script asked for and gives the answer as the script sees it. Every HTTP status is an answer
/// (DECISIONS: 25); `at` is where the script asked.
///
/// # Errors
/// The request cannot be made, there was no answer, or the connection refused.
pub fn perform(outgoing: &Outgoing, at: Location, context: &mut Context<'_>) -> Evaluated {
    let request = build::request(outgoing, context)?;
    let response = send::send(outgoing, request, at, context)?;
    read::value(outgoing, response, context)
}
