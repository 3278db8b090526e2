//! One request of a script and its answer: everything between the evaluated entries of a task and the value it gives.
//!
//! Shared by the `invokeurl` and `invokeapi` tasks and by `getUrl` and `postUrl`. Knows values and the host's traits;
//! does no I/O itself.

mod build;
mod outgoing;
mod read;
mod redirect;
mod send;
mod zoho;

pub use outgoing::{Format, Outgoing};

use crate::host::{Context, Evaluated};

/// Sends what a script asked for and gives the answer as the script sees it. Every HTTP status is an answer
/// (DECISIONS: 25); `context.at` is where the script asked.
///
/// # Errors
/// The request cannot be made, there was no answer, or the connection refused.
pub fn perform(outgoing: &Outgoing, context: &mut Context<'_>) -> Evaluated {
    let request = build::request(outgoing, context)?;
    let (url, response) = send::send(outgoing, request, context)?;
    read::value(read::Asked { outgoing, url: &url }, response, context)
}

#[cfg(test)]
mod tests;
