//! `--show-requests`: every exchange as a curl command, with its answer.

use std::sync::Arc;
use std::time::Instant;

use super::curl;
use crate::cli::print::Out;
use crate::host::{Authority, Cancel, Http, HttpError, Request, Response};

/// Sends, and tells what was sent and what came back.
pub(super) struct Shown {
    pub(super) inner: Arc<dyn Http>,
    pub(super) authority: Arc<dyn Authority>,
    pub(super) out: Arc<Out>,
}

impl Http for Shown {
    fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, HttpError> {
        let command = curl::command(request, &|text| self.authority.redact(text));
        let started = Instant::now();
        let answer = self.inner.send(request, cancel);
        let took = started.elapsed().as_millis();
        let came = match &answer {
            Ok(response) => format!("→ {} in {took} ms, {}", response.status, size(response.body.len())),
            Err(error) => format!("→ {} after {took} ms", self.authority.redact(&error.reason)),
        };
        self.out.talk(&format!("{command}\n  {came}"));
        answer
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
