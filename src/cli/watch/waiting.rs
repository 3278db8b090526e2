//! What a run waits for, told on the terminal after a second: one line, which goes away with the answer.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::host::{Authority, Cancel, Http, HttpError, Request, Response};

/// How long nothing is told, and how often it is told again.
const PATIENCE: Duration = Duration::from_secs(1);

/// Sends, and tells what is waited for.
pub(super) struct Told {
    pub(super) inner: Arc<dyn Http>,
    pub(super) authority: Arc<dyn Authority>,
}

impl Http for Told {
    fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, HttpError> {
        let origin = request.url.origin().ascii_serialization();
        let asked = format!("{} {origin}{}", request.method.as_str(), request.url.path());
        let asked: String = self.authority.redact(&asked).chars().take(60).collect();
        let (done, is_done) = mpsc::channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || tell(&asked, &is_done));
            let answer = self.inner.send(request, cancel);
            drop(done);
            answer
        })
    }
}

/// Writes the line each second until the answer is there, then wipes it away.
fn tell(asked: &str, is_done: &mpsc::Receiver<()>) {
    let started = Instant::now();
    let mut shown = false;
    while is_done.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
        let waited = started.elapsed().as_secs();
        write(&format!("\r\x1b[Kwaiting for {asked}: {waited} s (Ctrl-C stops)"));
        shown = true;
    }
    if shown {
        write("\r\x1b[K");
    }
}

fn write(text: &str) {
    let mut terminal = io::stderr().lock();
    _ = terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush());
}
