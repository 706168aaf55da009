//! What a runtime without threads is to do when somebody lends it one.

use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::Notify;

/// The work that callers have begun, and whether some of it has answered.
#[derive(Default)]
pub struct Driven {
    begun: Mutex<Begun>,
    signal: Arc<Signal>,
}

#[derive(Default)]
struct Begun {
    closed: bool,
    work: Vec<BoxFuture<'static, ()>>,
}

#[derive(Default)]
struct Signal {
    answered: AtomicBool,
    /// There is an answer, or more work, or no more.
    changed: Notify,
}

/// Signals at the end of a piece of work, however it ends.
struct AtEnd(Arc<Signal>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        self.0.answered.store(true, Ordering::Release);
        self.0.changed.notify_one();
    }
}

impl Driven {
    /// Adds work that ends by answering a call; dropped at once if this is closed.
    ///
    /// It waits here and not in Tokio's queue: that would wake a thread that waits for the system's
    /// events, which is a system call, although none waits there yet.
    pub fn add(&self, work: impl Future<Output = ()> + Send + 'static) {
        let at_end = AtEnd(self.signal.clone());
        let work: BoxFuture<'static, ()> = Box::pin(async move {
            let _at_end = at_end;
            work.await;
        });
        let refused = {
            let mut begun = self.begun.lock();
            if begun.closed {
                Some(work)
            } else {
                begun.work.push(work);
                None
            }
        };
        // Not under the lock: what is dropped answers, and who gets the answer may come back here.
        drop(refused);
        self.signal.changed.notify_one();
    }

    /// Drops what has not begun to run, and all that would be added.
    pub fn close(&self) {
        let dropped = {
            let mut begun = self.begun.lock();
            begun.closed = true;
            std::mem::take(&mut begun.work)
        };
        drop(dropped);
        self.signal.changed.notify_one();
    }

    /// Runs the work until a piece of it has ended; `false`: this was closed.
    pub async fn run(&self) -> bool {
        loop {
            let work = {
                let mut begun = self.begun.lock();
                if begun.closed {
                    return false;
                }
                std::mem::take(&mut begun.work)
            };
            for each in work {
                tokio::spawn(each);
            }
            if self.signal.answered.swap(false, Ordering::AcqRel) {
                return true;
            }
            self.signal.changed.notified().await;
        }
    }
}
