//! One refresh at a time within this process: who comes while one is under way waits for it and learns how it ended.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::host::{AuthorityError, Cancel};

use super::records::GrantName;

/// How often who waits looks whether the run was stopped.
const LOOK: Duration = Duration::from_millis(50);

/// For how long a provider that could not help is left alone while the token is not over yet.
const REST: Duration = Duration::from_secs(10);

/// The refreshes under way.
#[derive(Default)]
pub(super) struct Flights {
    airborne: Mutex<HashMap<GrantName, Arc<Flight>>>,
    /// When a provider last could not help although nothing was urgent.
    grounded: Mutex<HashMap<GrantName, Instant>>,
}

#[derive(Default)]
struct Flight {
    outcome: Mutex<Option<Result<(), AuthorityError>>>,
    landed: Condvar,
}

/// What to do about a grant that has to be refreshed.
pub(super) enum Turn<'f> {
    /// Nobody is at it: refresh, and tell the guard how it went.
    Mine(Pilot<'f>),
    /// Somebody was, and came back: look again.
    Landed,
    /// Somebody was, and failed: asking again at once would fail too.
    Failed(AuthorityError),
    /// The run was stopped while waiting.
    Interrupted,
}

impl Flights {
    /// Notes that the provider could not help, and that it can wait.
    pub(super) fn ground(&self, name: &GrantName) {
        lock(&self.grounded).insert(name.clone(), Instant::now());
    }

    /// Whether the provider could not help a moment ago.
    pub(super) fn is_grounded(&self, name: &GrantName) -> bool {
        lock(&self.grounded)
            .get(name)
            .is_some_and(|since| since.elapsed() < REST)
    }

    /// Takes the refresh of this grant, or waits until whoever has it is done.
    pub(super) fn enter(&self, name: &GrantName, cancel: &Cancel) -> Turn<'_> {
        let mut airborne = lock(&self.airborne);
        let Some(flight) = airborne.get(name).map(Arc::clone) else {
            let flight = Arc::new(Flight::default());
            airborne.insert(name.clone(), Arc::clone(&flight));
            return Turn::Mine(Pilot {
                flights: self,
                name: name.clone(),
                flight,
            });
        };
        drop(airborne);
        let mut outcome = lock(&flight.outcome);
        loop {
            match &*outcome {
                Some(Ok(())) => return Turn::Landed,
                Some(Err(error)) => return Turn::Failed(error.clone()),
                None if cancel.is_stopped() => return Turn::Interrupted,
                None => {
                    let waited = flight.landed.wait_timeout(outcome, LOOK);
                    outcome = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }
}

/// Waits, unless the run is stopped; tells whether it was not.
pub(super) fn nap(time: Duration, cancel: &Cancel) -> bool {
    let end = Instant::now() + time;
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let mut guard = lock(&mutex);
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if cancel.is_stopped() || left.is_zero() {
            return !cancel.is_stopped();
        }
        let waited = condvar.wait_timeout(guard, left.min(LOOK));
        guard = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
}

/// A random byte, so that two processes do not step in time. Where there is none, no harm is done.
pub(super) fn jitter() -> u8 {
    let mut byte = [0];
    match getrandom::fill(&mut byte) {
        Ok(()) => byte[0],
        Err(_) => 128,
    }
}

/// Held by whoever refreshes. Dropping it without a word sends the next one off.
pub(super) struct Pilot<'f> {
    flights: &'f Flights,
    name: GrantName,
    flight: Arc<Flight>,
}

impl Pilot<'_> {
    /// Tells those who wait that it failed.
    pub(super) fn fail(self, error: AuthorityError) {
        *lock(&self.flight.outcome) = Some(Err(error));
    }
}

impl Drop for Pilot<'_> {
    fn drop(&mut self) {
        lock(&self.flights.airborne).remove(&self.name);
        lock(&self.flight.outcome).get_or_insert(Ok(()));
        self.flight.landed.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
