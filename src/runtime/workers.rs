//! A bounded pool of threads for calls that somebody awaits, and the future of such a call.
//!
//! Scripts block while they wait for a server, so each runs on a thread of its own; the threads are made when they are
//! needed, reused, and end after a while without work. No async runtime is needed, and any can await.
//!
//! Waking a thread costs as much as a short handler. So one at most is on its way: it wakes the next where work is left
//! when it arrives, and meanwhile those that are awake take what they can.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use crate::host::Cancel;

/// How long a thread waits for work before it ends.
const PATIENCE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce() + Send>;

/// The pool of one runtime.
pub(super) struct Workers(Arc<Pool>);

struct Pool {
    state: Mutex<State>,
    work: Condvar,
    /// The most threads.
    most: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    threads: usize,
    idle: usize,
    /// Whether a thread was woken or started and has not come for work yet.
    is_coming: bool,
    closed: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workers {
    /// A pool of so many threads at most; it starts with none.
    pub(super) fn new(most: usize) -> Self {
        Self(Arc::new(Pool {
            state: Mutex::default(),
            work: Condvar::new(),
            most,
        }))
    }

    /// Runs something on a thread of the pool. Dropping the future cancels it.
    pub(super) fn run<T: Send + 'static>(
        &self,
        cancel: Cancel,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Running<T> {
        let slot = Arc::new(Slot::default());
        let promise = Promise(Arc::clone(&slot));
        self.submit(Box::new(move || {
            let result = catch_unwind(AssertUnwindSafe(work));
            promise.keep(result);
        }));
        Running { slot, cancel }
    }

    fn submit(&self, job: Job) {
        let mut state = lock(&self.0.state);
        state.waiting.push_back(job);
        self.0.call(&mut state);
        // Without a single thread nobody would ever come for the work: whoever awaits it is told at once.
        if state.threads == 0 {
            state.waiting.clear();
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        lock(&self.0.state).closed = true;
        self.0.work.notify_all();
    }
}

impl Pool {
    /// Sees to it that a thread comes for what waits, where there is one that could.
    fn call(self: &Arc<Self>, state: &mut State) {
        if state.is_coming || state.waiting.is_empty() {
            return;
        }
        if state.idle > 0 {
            state.is_coming = true;
            self.work.notify_one();
        } else if state.threads < self.most && self.start_thread() {
            state.is_coming = true;
            state.threads += 1;
        }
    }

    fn start_thread(self: &Arc<Self>) -> bool {
        let pool = Arc::clone(self);
        let named = thread::Builder::new().name("dgscript".to_owned());
        named.spawn(move || pool.serve()).is_ok()
    }

    /// What a thread of the pool does: one job after the other, until there is none for a while.
    fn serve(self: &Arc<Self>) {
        let mut has_come = true;
        while let Some(job) = self.next(has_come) {
            job();
            has_come = false;
        }
    }

    /// The next job, for a thread that comes from another job or that has just come.
    fn next(self: &Arc<Self>, mut has_come: bool) -> Option<Job> {
        let mut state = lock(&self.state);
        loop {
            let job = state.waiting.pop_front();
            if has_come {
                state.is_coming = false;
                self.call(&mut state);
            }
            if job.is_some() {
                return job;
            }
            if state.closed {
                state.threads -= 1;
                return None;
            }
            state.idle += 1;
            let waited = self.work.wait_timeout(state, PATIENCE);
            let (again, time) = waited.unwrap_or_else(PoisonError::into_inner);
            state = again;
            state.idle -= 1;
            has_come = true;
            if time.timed_out() && state.waiting.is_empty() {
                state.is_coming = false;
                state.threads -= 1;
                return None;
            }
        }
    }
}

/// Where the result of a job is put and waited for.
struct Slot<T>(Mutex<Progress<T>>);

struct Progress<T> {
    result: Option<thread::Result<T>>,
    is_over: bool,
    waker: Option<Waker>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Mutex::new(Progress {
            result: None,
            is_over: false,
            waker: None,
        }))
    }
}

/// Tells the one who waits, whether the job was done or given up.
struct Promise<T>(Arc<Slot<T>>);

impl<T> Promise<T> {
    fn keep(self, result: thread::Result<T>) {
        lock(&self.0.0).result = Some(result);
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        let mut progress = lock(&self.0.0);
        progress.is_over = true;
        let waker = progress.waker.take();
        drop(progress);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A call under way on a thread of the runtime. It is there already before anybody awaits it; dropping it cancels it.
/// Gives `None` where the system had no thread to run it on.
pub(super) struct Running<T> {
    slot: Arc<Slot<T>>,
    cancel: Cancel,
}

impl<T> Future for Running<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut progress = lock(&self.slot.0);
        if !progress.is_over {
            progress.waker = Some(context.waker().clone());
            return Poll::Pending;
        }
        let result = progress.result.take();
        drop(progress);
        match result {
            Some(Ok(value)) => Poll::Ready(Some(value)),
            // A function of the host panicked: the fault goes on where it is awaited, as it would without threads.
            Some(Err(fault)) => resume_unwind(fault),
            None => Poll::Ready(None),
        }
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    /// Awaits on this thread, without a runtime.
    pub(in crate::runtime) fn wait<F: Future>(future: F) -> F::Output {
        struct Unpark(thread::Thread);
        impl Wake for Unpark {
            fn wake(self: Arc<Self>) {
                self.0.unpark();
            }
        }
        let mut future = Box::pin(future);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        loop {
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(output) => return output,
                Poll::Pending => thread::park(),
            }
        }
    }

    #[test]
    fn work_beyond_the_threads_waits_its_turn() {
        let workers = Workers::new(2);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let calls: Vec<_> = (0..50)
            .map(|number| {
                let (now, most) = (Arc::clone(&now), Arc::clone(&most));
                workers.run(Cancel::new(), move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    thread::yield_now();
                    now.fetch_sub(1, Ordering::SeqCst);
                    number
                })
            })
            .collect();
        let sum: i32 = calls.into_iter().filter_map(wait).sum();
        assert_eq!(sum, 49 * 50 / 2);
        assert!(most.load(Ordering::SeqCst) <= 2);
    }

    #[test]
    fn work_behind_a_job_that_waits_goes_to_other_threads() {
        let workers = Workers::new(8);
        for _ in 0..100 {
            let all = Arc::new(Barrier::new(8));
            let calls = [(); 8].map(|()| {
                let all = Arc::clone(&all);
                workers.run(Cancel::new(), move || all.wait().is_leader())
            });
            let leaders = calls.into_iter().filter_map(wait).filter(|is_leader| *is_leader);
            assert_eq!(leaders.count(), 1);
        }
    }

    #[test]
    fn a_panic_goes_to_the_one_who_waits_and_the_pool_lives_on() {
        let workers = Workers::new(1);
        let call = workers.run(Cancel::new(), || -> i32 { panic!("the host's fault") });
        assert!(catch_unwind(AssertUnwindSafe(|| wait(call))).is_err());
        assert_eq!(wait(workers.run(Cancel::new(), || 1)), Some(1));
    }

    #[test]
    fn a_dropped_call_is_cancelled() {
        let cancel = Cancel::new();
        let workers = Workers::new(1);
        drop(workers.run(cancel.clone(), || ()));
        assert!(cancel.is_cancelled());
    }
}
