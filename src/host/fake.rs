//! Deterministic twins of the host's parts, for tests and embedders: the clock stands still, randomness is a fixed
//! sequence, requests are answered from a list, mail and lines are kept.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::authority::{Asked, Authority, AuthorityError, AuthorityErrorKind, Grant, LinkName, Retry, UserId};
use super::http::{Cancel, Http, HttpError, HttpErrorKind, Request, Response};
use super::{Clock, Host, InfoLine, Log, Mail, MailError, Message, NoFunctions, NoLog, Random};

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// 2024-01-01T00:00:00Z, where the fake clock stands.
pub const NOW_MILLIS: i64 = 1_704_067_200_000;

/// A clock that stands still.
pub struct FakeClock(pub i64);

impl Clock for FakeClock {
    fn now_millis(&self) -> i64 {
        self.0
    }
}

/// A fixed sequence (xorshift64*), the same in every run.
pub struct FakeRandom(AtomicU64);

impl Default for FakeRandom {
    fn default() -> Self {
        Self(AtomicU64::new(0x9E37_79B9_7F4A_7C15))
    }
}

impl Random for FakeRandom {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let mut state = self.0.load(Ordering::Relaxed);
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            self.0.store(state, Ordering::Relaxed);
            let bytes = state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

/// Answers requests in the order of a list and keeps what was asked.
#[derive(Default)]
pub struct FakeHttp {
    answers: Mutex<std::collections::VecDeque<Result<Response, HttpError>>>,
    requests: Mutex<Vec<Request>>,
}

impl FakeHttp {
    /// Answers in this order; a request beyond the last fails to connect.
    pub fn answering(answers: impl IntoIterator<Item = Result<Response, HttpError>>) -> Self {
        Self {
            answers: Mutex::new(answers.into_iter().collect()),
            requests: Mutex::default(),
        }
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.requests).clone()
    }
}

impl Http for FakeHttp {
    fn send(&self, request: &Request, _cancel: &Cancel) -> Result<Response, HttpError> {
        lock(&self.requests).push(request.clone());
        lock(&self.answers).pop_front().unwrap_or_else(|| {
            Err(HttpError::new(
                HttpErrorKind::Connect,
                "the fake host has no further answer",
            ))
        })
    }
}

/// Knows a few connections and signs with a header that says which: `Authorization: Bearer fake-LINK`.
#[derive(Default)]
pub struct FakeAuthority {
    links: Vec<LinkName>,
}

impl FakeAuthority {
    /// An authority that knows these link names; what is no link name is left out.
    pub fn knowing(links: &[&str]) -> Self {
        Self {
            links: links.iter().filter_map(|link| LinkName::new(link)).collect(),
        }
    }
}

impl Authority for FakeAuthority {
    fn authorize(&self, asked: &Asked, request: &mut Request, _cancel: &Cancel) -> Result<Grant, AuthorityError> {
        if !self.links.contains(&asked.connection) {
            let message = format!(
                "Connection Name was not found: there is no connection `{}`",
                asked.connection
            );
            return Err(AuthorityError {
                kind: AuthorityErrorKind::Unknown,
                message,
                help: None,
                missing: None,
            });
        }
        let former = request
            .headers
            .set("Authorization", format!("Bearer fake-{}", asked.connection));
        Ok(Grant {
            connection: asked.connection.clone(),
            user: asked.user.clone(),
            version: 1,
            refreshable: false,
            refreshed: false,
            overridden: former.map(|_| "Authorization".to_owned()).into_iter().collect(),
        })
    }

    fn rejected(&self, _grant: &Grant, _cancel: &Cancel) -> Result<Retry, AuthorityError> {
        Ok(Retry::No)
    }

    fn known(&self) -> Vec<LinkName> {
        self.links.clone()
    }

    fn redact(&self, text: &str) -> String {
        text.to_owned()
    }
}

/// Keeps messages.
#[derive(Default)]
pub struct FakeMail(Mutex<Vec<Message>>);

impl FakeMail {
    /// The messages so far.
    pub fn sent(&self) -> Vec<Message> {
        lock(&self.0).clone()
    }
}

impl Mail for FakeMail {
    fn send(&self, message: &Message, _cancel: &Cancel) -> Result<(), MailError> {
        lock(&self.0).push(message.clone());
        Ok(())
    }
}

/// Keeps lines.
#[derive(Default)]
pub struct FakeLog(Mutex<Vec<InfoLine>>);

impl FakeLog {
    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        lock(&self.0).iter().map(|line| line.text.clone()).collect()
    }
}

impl Log for FakeLog {
    fn info(&self, line: &InfoLine) {
        lock(&self.0).push(line.clone());
    }
}

impl Host {
    /// A host of fakes: the clock stands at 2024-01-01T00:00Z, there is no answer to any request and no connection.
    pub fn fake() -> Self {
        Self {
            http: Arc::new(FakeHttp::default()),
            authority: Arc::new(FakeAuthority::default()),
            clock: Arc::new(FakeClock(NOW_MILLIS)),
            random: Arc::new(FakeRandom::default()),
            mail: Arc::new(FakeMail::default()),
            log: Arc::new(NoLog),
            functions: Arc::new(NoFunctions),
            user: UserId::new("tester"),
        }
    }
}
