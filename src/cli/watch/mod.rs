//! Watching a run: its statements, its requests, whose credentials it uses, and what it waits for. Each is a layer
//! around a part of the host, so that a run that nobody watches has none of it.

mod auth;
mod curl;
mod requests;
mod steps;
mod waiting;

use std::collections::HashMap;
use std::io::{self, IsTerminal};
use std::sync::Arc;

use clap::Args;

use super::print::Out;
use crate::diagnostic::{Code, Diagnostic};
use crate::host::{Host, RequestRecord};
use crate::source::Location;

/// What of a run is shown.
#[derive(Debug, Args)]
#[command(next_help_heading = "Watching")]
pub(super) struct WatchArguments {
    /// Show each statement with the values it reads and assigns
    #[arg(long)]
    pub(super) trace: bool,

    /// Show each request in the form of a curl command, secrets replaced, with its answer
    #[arg(long)]
    pub(super) show_requests: bool,

    /// Show which connection signs each request, with whose grant, and where the credential goes
    #[arg(long)]
    pub(super) explain_auth: bool,
}

/// The host with what is to be watched.
pub(super) fn around(mut host: Host, arguments: &WatchArguments, out: &Arc<Out>) -> Host {
    if arguments.explain_auth {
        host.authority = Arc::new(auth::Explained {
            inner: host.authority,
            out: Arc::clone(out),
        });
    }
    if arguments.show_requests {
        host.http = Arc::new(requests::Shown {
            inner: host.http,
            authority: Arc::clone(&host.authority),
            out: Arc::clone(out),
        });
    }
    if io::stderr().is_terminal() {
        host.http = Arc::new(waiting::Told {
            inner: host.http,
            authority: Arc::clone(&host.authority),
        });
    }
    if arguments.trace { traced(host, out) } else { host }
}

/// The host with a log that tells statements; it is given some only while a session traces.
pub(super) fn traced(mut host: Host, out: &Arc<Out>) -> Host {
    host.log = Arc::new(steps::Steps {
        inner: host.log,
        authority: Arc::clone(&host.authority),
        out: Arc::clone(out),
    });
    host
}

/// The most answers that are told of.
const MOST: usize = 5;

/// A warning for each place whose requests were answered with something else than success: what a script does not look
/// at, a person should see.
pub(super) fn unsuccessful(requests: &[RequestRecord]) -> Vec<Diagnostic> {
    let mut places: Vec<(&RequestRecord, u16)> = Vec::new();
    let mut counts: HashMap<(Option<Location>, u16), usize> = HashMap::new();
    for request in requests {
        let Ok(status @ (0..200 | 300..)) = request.outcome else {
            continue;
        };
        let count = counts.entry((request.at, status)).or_default();
        *count += 1;
        if *count == 1 {
            places.push((request, status));
        }
    }
    let hidden = places.len().saturating_sub(MOST);
    let mut told: Vec<Diagnostic> = places
        .into_iter()
        .take(MOST)
        .map(|(request, status)| {
            let count = counts.get(&(request.at, status)).copied().unwrap_or(1);
            answered(request, status, count)
        })
        .collect();
    if hidden > 0
        && let Some(last) = told.last_mut()
    {
        last.title = format!("{}, and {hidden} more places got such answers", last.title);
    }
    told
}

fn answered(request: &RequestRecord, status: u16, count: usize) -> Diagnostic {
    let times = if count == 1 {
        String::new()
    } else {
        format!(", {count} times")
    };
    let address = request.url.split(['?', '#']).next().unwrap_or_default();
    let title = format!(
        "{} {address} was answered with {status}{times}",
        request.method.as_str()
    );
    let used = request.connection.as_ref();
    let with = used.map_or(String::new(), |link| format!(", connection `{link}`"));
    let took = request.took.as_millis();
    let help = match status {
        401 | 403 if used.is_some() => "see with `--explain-auth` whose credentials were used, and test the connection",
        401 | 403 => "name a connection in the task: `connection : \"...\"`",
        404 => "check the address; `--show-requests` shows it as it was sent",
        429 => "the service asks for fewer requests: wait between them, or fetch more at once",
        _ => "look at the status in the script with `detailed : true`",
    };
    let mut diagnostic = Diagnostic::placeless(Code::Unsuccessful, title);
    diagnostic.severity = crate::diagnostic::Severity::Warning;
    diagnostic.at = request.at;
    diagnostic.label(format!("{status} after {took} ms{with}")).help(help)
}
