//! The two ways into this library, both of which stop panics: a guarded call that answers at once,
//! and an asynchronous one that answers through a callback, exactly once.

use crate::{
    generation, handle,
    runtime::RuntimeShared,
    status::{Failure, HgResult, HgStatus},
};
use futures_util::FutureExt;
use std::{
    any::Any,
    ffi::c_void,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::Arc,
};

/// Receives the answer of an asynchronous call, exactly once. It runs on a thread of the runtime,
/// or on the calling thread for errors that are found at once: it may only post, never block,
/// never throw. `result` belongs to it.
pub type HgCallback = Option<unsafe extern "C" fn(user_data: *mut c_void, result: HgResult)>;

/// Runs `f` and turns an error or a panic into a result.
pub fn guard(f: impl FnOnce() -> Result<Vec<u8>, Failure>) -> HgResult {
    match catch(f) {
        Ok(bytes) => HgResult::ok(bytes),
        Err(failure) => failure.into(),
    }
}

/// Runs `f`; a panic becomes a failure.
pub fn catch<T>(f: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // Whatever `f` left half done is behind locks that do not poison and is checked by Core.
    catch_unwind(AssertUnwindSafe(|| with_locals(f))).unwrap_or_else(|panic| Err(panicked(&*panic)))
}

/// Runs `f`, which frees something; a panic ends here.
pub fn catch_free(f: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(|| with_locals(f)));
}

/// Runs `f` here, or on another thread once the locals of this one are destroyed: a C++ program
/// destroys what is static after them, and neither Tokio nor tracing can do without.
fn with_locals<T>(f: impl FnOnce() -> T) -> T {
    match tokio::runtime::Handle::try_current() {
        Err(error) if error.is_thread_local_destroyed() => elsewhere(f),
        _ => f(),
    }
}

/// Runs `f` on a thread of its own, and waits for it.
fn elsewhere<T>(f: impl FnOnce() -> T) -> T {
    struct Moved<T>(T);
    // SAFETY: this thread only waits meanwhile, so that one thread at a time uses what is moved.
    unsafe impl<T> Send for Moved<T> {}
    let f = Moved(f);
    let run = move || {
        let whole = f;
        Moved((whole.0)())
    };
    // SAFETY: it is joined below, while everything that it borrows is there.
    let started = unsafe { std::thread::Builder::new().spawn_unchecked(run) };
    match started.expect("the system has a thread for it").join() {
        Ok(result) => result.0,
        Err(panic) => resume_unwind(panic),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a text");
    Failure::new(HgStatus::Panic, format!("panic in the bridge: {text}"))
}

/// Somebody who waits for an answer, exactly one. Dropped without one, it says why.
pub trait Answer<T>: Send + 'static {
    /// Delivers the answer.
    fn deliver(self: Box<Self>, outcome: Result<T, Failure>);
}

/// The obligation to answer once.
pub struct Completion<T: 'static> {
    answer: Option<Box<dyn Answer<T>>>,
    generation: u64,
}

impl<T: 'static> Completion<T> {
    /// An obligation towards `answer`.
    pub fn new(answer: impl Answer<T>) -> Self {
        Self {
            answer: Some(Box::new(answer)),
            generation: generation::current(),
        }
    }

    /// Answers.
    pub fn finish(mut self, outcome: Result<T, Failure>) {
        self.send(match outcome {
            // While the threads of an older generation end, parts of Core may hear of each other's
            // end before the call is dropped: that is no shutdown that anybody asked for.
            Err(_) if self.generation != generation::current() => Err(handle::stale("handle")),
            outcome => outcome,
        });
    }

    fn send(&mut self, outcome: Result<T, Failure>) {
        if let Some(answer) = self.answer.take() {
            answer.deliver(outcome);
        }
    }
}

impl<T: 'static> Drop for Completion<T> {
    fn drop(&mut self) {
        if self.answer.is_none() {
            return;
        }
        let reason = if std::thread::panicking() {
            Failure::new(
                HgStatus::Panic,
                "panic in the bridge while the call was ended",
            )
        } else if self.generation != generation::current() {
            handle::stale("handle")
        } else {
            Failure::shutdown("the runtime was freed while the call was under way")
        };
        self.send(Err(reason));
    }
}

/// A C callback that receives bytes.
pub struct BytesAnswer {
    callback: HgCallback,
    user_data: *mut c_void,
}

// SAFETY: the header tells callers that the callback runs on another thread with this user data.
unsafe impl Send for BytesAnswer {}

impl BytesAnswer {
    /// A completion for `callback`; without one nobody learns the answer.
    pub fn completion(callback: HgCallback, user_data: *mut c_void) -> Completion<Vec<u8>> {
        Completion::new(Self {
            callback,
            user_data,
        })
    }
}

impl Answer<Vec<u8>> for BytesAnswer {
    fn deliver(self: Box<Self>, outcome: Result<Vec<u8>, Failure>) {
        let Some(callback) = self.callback else {
            return;
        };
        let result = match outcome {
            Ok(bytes) => HgResult::ok(bytes),
            Err(failure) => failure.into(),
        };
        // SAFETY: the callback is the caller's, with the user data it came with, and called once.
        unsafe { callback(self.user_data, result) };
    }
}

/// Runs `prepare` at once and the future it makes on its runtime; answers `completion` either way.
pub fn start<T, F>(
    completion: Completion<T>,
    prepare: impl FnOnce() -> Result<(Arc<RuntimeShared>, F), Failure>,
) where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let (runtime, future) = match catch(prepare) {
        Ok(prepared) => prepared,
        Err(failure) => return completion.finish(Err(failure)),
    };
    if runtime.is_closed() {
        return completion.finish(Err(Failure::shutdown("the runtime is shut down")));
    }
    runtime.spawn(async move {
        let completion = completion;
        let outcome = AssertUnwindSafe(future)
            .catch_unwind()
            .await
            .unwrap_or_else(|panic| Err(panicked(&*panic)));
        completion.finish(outcome);
    });
}
