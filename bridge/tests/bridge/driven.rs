//! Runtimes without threads.

use crate::{
    replay::{RUN_ID, Replayer, history},
    support::{Outcome, Runtime, Waiter, on_answer, text},
};
use hourglass_bridge::{
    bytes::HgBytesRef,
    replay::{HgHistoryFeeder, hg_replayer_push},
    runtime::{hg_runtime_drive, hg_runtime_free, hg_runtime_new},
    status::{HgResult, HgStatus},
    worker::hg_worker_poll_workflow_activation,
};
use std::{ffi::c_void, ptr, sync::mpsc, thread, time::Duration};

fn driven() -> Runtime {
    let mut options = Runtime::options();
    options.threads = 0;
    options.driven = true;
    Runtime::with(&options)
}

fn drive(runtime: &Runtime, limit_ms: u64) -> Outcome {
    // SAFETY: the runtime is alive.
    unsafe { hg_runtime_drive(runtime.0, limit_ms) }.into()
}

fn begin_poll(replayer: &Replayer, user_data: *mut c_void) {
    // SAFETY: the worker is alive.
    unsafe { hg_worker_poll_workflow_activation(replayer.worker, Some(on_answer), user_data) };
}

/// Of a feeder that is alive.
fn begin_push(feeder: *const HgHistoryFeeder, user_data: *mut c_void) {
    let history = history(RUN_ID);
    let bytes = HgBytesRef::of(&history);
    // SAFETY: the caller's, and the bytes are alive for the call.
    unsafe { hg_replayer_push(feeder, text("brief"), bytes, Some(on_answer), user_data) };
}

#[test]
fn an_asynchronous_call_goes_on_and_answers_on_the_thread_that_drives() {
    unsafe extern "C" fn tell_thread(user_data: *mut c_void, result: HgResult) {
        // SAFETY: made below, and answered once.
        let told =
            unsafe { Box::from_raw(user_data.cast::<mpsc::Sender<(thread::ThreadId, Outcome)>>()) };
        let _ = told.send((thread::current().id(), result.into()));
    }
    let runtime = driven();
    let replayer = Replayer::new(&runtime);
    let pushed = Waiter::new();
    begin_push(replayer.feeder, pushed.user_data());
    assert!(pushed.is_empty(), "nobody drives");
    let (teller, told) = mpsc::channel::<(thread::ThreadId, Outcome)>();
    let user_data = Box::into_raw(Box::new(teller)).cast();
    // SAFETY: the worker is alive.
    unsafe { hg_worker_poll_workflow_activation(replayer.worker, Some(tell_thread), user_data) };
    let polled = loop {
        assert_eq!(drive(&runtime, 30_000).status, HgStatus::Ok);
        if let Ok(polled) = told.try_recv() {
            break polled;
        }
    };
    assert_eq!(pushed.next().status, HgStatus::Ok);
    assert_eq!(polled.0, thread::current().id());
    assert_eq!(polled.1.status, HgStatus::Ok, "{}", polled.1.message);
}

#[test]
fn driving_ends_after_its_limit_if_nothing_is_answered() {
    let runtime = driven();
    assert_eq!(drive(&runtime, 0).status, HgStatus::Timeout);
    let replayer = Replayer::new(&runtime);
    let polled = Waiter::new();
    begin_poll(&replayer, polled.user_data());
    assert_eq!(drive(&runtime, 10).status, HgStatus::Timeout);
    assert!(polled.is_empty());
}

#[test]
fn work_that_another_thread_begins_wakes_the_one_that_drives() {
    let runtime = driven();
    let replayer = Replayer::new(&runtime);
    let pushed = Waiter::new();
    let (feeder, to) = (replayer.feeder as usize, pushed.user_data() as usize);
    let other = thread::spawn(move || {
        thread::sleep(Duration::from_millis(20)); // so that, mostly, the first waits by now
        begin_push(feeder as *const HgHistoryFeeder, to as *mut c_void);
    });
    assert_eq!(drive(&runtime, 30_000).status, HgStatus::Ok);
    other.join().unwrap();
    assert_eq!(pushed.next().status, HgStatus::Ok);
}

#[test]
fn what_is_under_way_is_answered_when_the_runtime_is_freed() {
    let runtime = driven();
    let replayer = Replayer::new(&runtime);
    let (never_begun, begun) = (Waiter::new(), Waiter::new());
    begin_poll(&replayer, begun.user_data());
    assert_eq!(drive(&runtime, 5).status, HgStatus::Timeout);
    begin_push(replayer.feeder, never_begun.user_data());
    // SAFETY: `forget` below keeps it from being freed twice.
    unsafe { hg_runtime_free(runtime.0) };
    std::mem::forget(runtime);
    assert_eq!(never_begun.next().status, HgStatus::Shutdown);
    assert_eq!(begun.next().status, HgStatus::Shutdown);
}

#[test]
fn only_a_driven_runtime_is_driven_and_it_has_no_threads() {
    let threaded = Runtime::new();
    assert_eq!(drive(&threaded, 0).status, HgStatus::InvalidArgument);
    let mut options = Runtime::options();
    options.threads = 2;
    options.driven = true;
    let mut made = ptr::null_mut();
    // SAFETY: both point to live values.
    let refused = Outcome::from(unsafe { hg_runtime_new(&raw const options, &raw mut made) });
    assert_eq!(refused.status, HgStatus::InvalidArgument);
    assert!(refused.message.contains("driven"), "{}", refused.message);
    // SAFETY: null is answered.
    let null = Outcome::from(unsafe { hg_runtime_drive(ptr::null(), 0) });
    assert_eq!(null.status, HgStatus::InvalidArgument);
}
