//! The generation: a number that tells handles of this process's threads from those it inherited.
//!
//! A child made by `fork` has its parent's memory, but none of its threads. A handle that the
//! parent made looks fine there and can only hang or crash. So every handle carries the generation
//! that made it, a fork starts a new one, and a call with an older handle answers `StaleHandle`.

use std::{
    ptr,
    sync::{
        Once, Weak,
        atomic::{AtomicPtr, AtomicU64, Ordering},
    },
};

static GENERATION: AtomicU64 = AtomicU64::new(1);
/// The first generation of this process: what is older came through a fork.
static FIRST_OF_PROCESS: AtomicU64 = AtomicU64::new(1);
/// All that ever had threads, newest first. Only pushed to, never freed: a lock here could be held by
/// another thread at the moment of a fork, and would stay held in the child for ever.
static WITH_THREADS: AtomicPtr<Node> = AtomicPtr::new(ptr::null_mut());

/// What has threads, which end with its generation.
pub trait Abandon: Send + Sync {
    /// Gives up what the next generation wants to have, before that begins: whoever finds a handle
    /// stale may make it again at once.
    fn make_room(&self) {}
    /// Ends its threads, because the generation ended.
    fn abandon(&self);
}

struct Node {
    generation: u64,
    known: Weak<dyn Abandon>,
    next: *mut Node,
}

/// The current generation.
pub fn current() -> u64 {
    GENERATION.load(Ordering::Acquire)
}

/// Whether what `generation` made came into this process through a fork.
pub fn is_inherited(generation: u64) -> bool {
    generation < FIRST_OF_PROCESS.load(Ordering::Acquire)
}

/// Makes forks start a new generation from here on.
pub fn watch_forks() {
    static REGISTER: Once = Once::new();
    REGISTER.call_once(|| {
        extern "C" fn in_child() {
            let generation = GENERATION.fetch_add(1, Ordering::AcqRel) + 1;
            FIRST_OF_PROCESS.store(generation, Ordering::Release);
        }
        // SAFETY: the handler touches atomics only, which is allowed in a forked child.
        let failed = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
        assert_eq!(failed, 0, "pthread_atfork failed: out of memory");
    });
}

/// Remembers `known`, so that the end of its generation ends its threads.
pub fn remember(known: Weak<dyn Abandon>, generation: u64) {
    let node = Box::into_raw(Box::new(Node {
        generation,
        known,
        next: ptr::null_mut(),
    }));
    let mut head = WITH_THREADS.load(Ordering::Acquire);
    loop {
        // SAFETY: `node` is not published yet, so this thread is the only one that knows it.
        unsafe { (*node).next = head };
        match WITH_THREADS.compare_exchange_weak(head, node, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return,
            Err(newer) => head = newer,
        }
    }
}

fn bump() -> u64 {
    for_each_before(current() + 1, |known| known.make_room());
    let generation = GENERATION.fetch_add(1, Ordering::AcqRel) + 1;
    for_each_before(generation, |known| known.abandon());
    generation
}

/// Calls `f` for what older generations made and is still there.
fn for_each_before(generation: u64, f: impl Fn(&dyn Abandon)) {
    let first = FIRST_OF_PROCESS.load(Ordering::Acquire);
    let mut node = WITH_THREADS.load(Ordering::Acquire);
    // SAFETY: published nodes are never changed or freed.
    while let Some(entry) = unsafe { node.as_ref() } {
        // What is from before a fork has no threads here, and its locks may be held for ever.
        if entry.generation >= first
            && entry.generation < generation
            && let Some(known) = entry.known.upgrade()
        {
            f(&*known);
        }
        node = entry.next;
    }
}

/// The number of the current generation, 1 or more. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn hg_generation() -> u64 {
    current()
}

/// Does to this process what `fork` does to the child: starts a new generation, in which the
/// threads of the older ones are gone. Every older handle is stale, every asynchronous call that
/// is under way ends with `StaleHandle` soon, and connections close. For tests, and for a host
/// that loads its parts again. Returns the new generation. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn hg_generation_bump() -> u64 {
    std::panic::catch_unwind(bump).unwrap_or_else(|_| current())
}
