//! What every handle has in common: the generation that made it.

use crate::{
    generation,
    status::{Failure, HgStatus},
};
use std::{
    mem::ManuallyDrop,
    ptr,
    sync::atomic::{AtomicPtr, Ordering},
};

/// Content with the generation that made it. The content of an older generation is never used, and
/// what came through a fork is not even dropped: its locks may be held by threads that do not exist
/// in this process.
pub struct Handle<T> {
    generation: u64,
    content: ManuallyDrop<T>,
}

impl<T> Handle<T> {
    /// A handle of the current generation.
    pub fn new(content: T) -> Self {
        Self::of_generation(generation::current(), content)
    }

    /// A handle of a known generation.
    pub fn of_generation(generation: u64, content: T) -> Self {
        Self {
            generation,
            content: ManuallyDrop::new(content),
        }
    }

    /// Whether this handle is of an older generation.
    pub fn is_stale(&self) -> bool {
        self.generation != generation::current()
    }

    /// The content, unless it is stale.
    pub fn get(&self, what: &str) -> Result<&T, Failure> {
        if self.is_stale() {
            return Err(stale(what));
        }
        Ok(&self.content)
    }

    /// Ends the handle and gives its content, or `None` (and keeps it for ever) when this process
    /// inherited it through a fork.
    pub fn into_content(self) -> Option<T> {
        if generation::is_inherited(self.generation) {
            bury(self.content);
            return None;
        }
        Some(ManuallyDrop::into_inner(self.content))
    }
}

/// Where inherited content stays: reachable, so that leak checkers do not take it for an accident.
static BURIED: AtomicPtr<Grave> = AtomicPtr::new(ptr::null_mut());

struct Grave {
    _content: *mut u8,
    _next: *mut Grave,
}

/// Keeps what nothing can end.
pub fn keep_for_ever<T>(content: T) {
    bury(ManuallyDrop::new(content));
}

fn bury<T>(content: ManuallyDrop<T>) {
    let content = Box::into_raw(Box::new(content)).cast();
    // No lock: this may be a forked child.
    let mut next = BURIED.load(Ordering::Acquire);
    loop {
        let grave = Box::into_raw(Box::new(Grave {
            _content: content,
            _next: next,
        }));
        match BURIED.compare_exchange(next, grave, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return,
            Err(newer) => {
                // SAFETY: made above, and not published.
                drop(unsafe { Box::from_raw(grave) });
                next = newer;
            }
        }
    }
}

/// The failure of a call with a handle of an older generation.
pub fn stale(what: &str) -> Failure {
    Failure::new(
        HgStatus::StaleHandle,
        format!(
            "the {what} was made before this process forked or its bridge was reloaded; \
             make a new runtime and everything from it again"
        ),
    )
}

/// Reads a handle that a caller passed.
///
/// # Safety
/// `pointer` is null or points to a live `H`.
pub unsafe fn read<'a, H>(pointer: *const H, what: &str) -> Result<&'a H, Failure> {
    // SAFETY: upheld by the caller.
    unsafe { pointer.as_ref() }.ok_or_else(|| Failure::invalid(format!("the {what} is null")))
}
