use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::connections::service::GrantType;
use crate::connections::testing::{Nobody, endpoints};
use crate::host::fake::FakeHttp;
use crate::host::{HttpError, HttpErrorKind, Response};

const START: &str = "{\"device_code\":\"canary-device\",\"user_code\":\"WDJB-MJHT\",\
                     \"verification_uri\":\"https://login.example.com/device\",\"expires_in\":60}";

/// A clock that waiting moves on.
#[derive(Default)]
struct Time {
    now: AtomicI64,
    waits: Mutex<Vec<u64>>,
}

impl Clock for Time {
    fn now_millis(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }
}

impl Waiting for Time {
    fn wait(&self, time: Duration, cancel: &Cancel) -> bool {
        self.waits.lock().unwrap().push(time.as_secs());
        self.now.fetch_add(time.as_millis() as i64, Ordering::SeqCst);
        !cancel.is_cancelled()
    }
}

fn json(status: u16, body: &str) -> Result<Response, HttpError> {
    Ok(Response::new(status, "application/json", body))
}

fn error(code: &str) -> Result<Response, HttpError> {
    json(400, &format!("{{\"error\":\"{code}\"}}"))
}

fn token() -> Result<Response, HttpError> {
    json(200, "{\"access_token\":\"canary-access\",\"expires_in\":3600}")
}

/// Runs it against these answers; gives what came of it, and the seconds waited before each question.
fn run(answers: Vec<Result<Response, HttpError>>) -> (Result<String, ConsentErrorKind>, Vec<u64>) {
    let (http, time) = (FakeHttp::answering(answers), Time::default());
    let mut asked = endpoints(GrantType::AuthorizationCode);
    asked.device_url = Some(Url::parse("https://login.example.com/device/auth").unwrap());
    let device = Device {
        http: &http,
        clock: &time,
        waiting: &time,
        endpoints: &asked,
        person: &Nobody,
    };
    let outcome = device.run(&["read".to_owned()], &Cancel::new());
    let outcome = outcome
        .map(|tokens| tokens.access.expose().to_owned())
        .map_err(|error| error.kind);
    (outcome, time.waits.into_inner().unwrap())
}

#[test]
fn the_provider_is_asked_in_intervals_that_it_may_stretch() {
    let access = || Ok("canary-access".to_owned());
    let (outcome, waits) = run(vec![json(200, START), error("authorization_pending"), token()]);
    assert_eq!(
        (outcome, waits),
        (access(), vec![5, 5]),
        "five seconds where none are named"
    );

    let timed = START.replace("60}", "\"300\",\"interval\":\"2\"}");
    let answers = vec![
        json(200, &timed),
        error("authorization_pending"),
        error("slow_down"),
        error("slow_down"),
        json(200, "{\"error\":\"authorization_pending\"}"),
        token(),
    ];
    assert_eq!(run(answers), (access(), vec![2, 2, 7, 12, 12]));
}

#[test]
fn a_provider_that_is_away_is_asked_less_often() {
    let away = || Err(HttpError::new(HttpErrorKind::Connect, "connection refused"));
    let answers = vec![json(200, START), away(), json(503, ""), token()];
    assert_eq!(run(answers), (Ok("canary-access".to_owned()), vec![5, 10, 20]));
}

#[test]
fn it_ends_when_somebody_says_no_or_time_is_up() {
    use ConsentErrorKind::{Denied, Provider, Scope, TimedOut};
    for (code, kind) in [
        ("access_denied", Denied),
        ("expired_token", TimedOut),
        ("invalid_grant", Provider),
        ("invalid_client", Provider),
        ("invalid_scope", Scope),
    ] {
        let (outcome, waits) = run(vec![json(200, START), error(code)]);
        assert_eq!((outcome, waits.len()), (Err(kind), 1), "{code}");
    }
    let mut answers = vec![json(200, START)];
    answers.extend((0..100).map(|_| error("authorization_pending")));
    let (outcome, waits) = run(answers);
    assert_eq!((outcome, waits.iter().sum()), (Err(TimedOut), 60_u64));
}

#[test]
fn an_answer_without_a_code_is_told() {
    for start in [
        "{}",
        "{\"device_code\":\"d\",\"user_code\":\"u\"}",
        "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"http://evil.example/\"}",
        "{\"error\":\"unauthorized_client\"}",
    ] {
        assert_eq!(
            run(vec![json(200, start)]).0,
            Err(ConsentErrorKind::Provider),
            "{start}"
        );
    }
    let (outcome, _) = run(vec![json(502, "<html>")]);
    assert_eq!(outcome, Err(ConsentErrorKind::ProviderDown));
    assert_eq!(
        run(vec![json(200, &START.replace("_uri", "_url")), token()]).0,
        Ok("canary-access".to_owned())
    );
}

#[test]
fn a_stop_ends_the_waiting() {
    let (http, time) = (FakeHttp::answering([json(200, START)]), Time::default());
    let mut asked = endpoints(GrantType::AuthorizationCode);
    asked.device_url = Some(Url::parse("https://login.example.com/device/auth").unwrap());
    let device = Device {
        http: &http,
        clock: &time,
        waiting: &time,
        endpoints: &asked,
        person: &Nobody,
    };
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(
        device.run(&[], &cancel).unwrap_err().kind,
        ConsentErrorKind::Interrupted
    );
    assert_eq!(http.requests().len(), 1);
}
