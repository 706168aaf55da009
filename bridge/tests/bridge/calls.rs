use crate::support::{Outcome, Runtime, Waiter, call, on_answer, text};
use hourglass_bridge::{
    call::{BytesAnswer, guard, start},
    rpc::{HgRpcRequest, hg_rpc_call},
    runtime::{HgRuntime, hg_runtime_free},
    status::{Failure, HgStatus},
};
use std::{ffi::c_void, ptr, time::Duration};

type Never = std::future::Ready<Result<Vec<u8>, Failure>>;

#[test]
fn a_panic_in_a_guarded_call_becomes_a_status() {
    let outcome = Outcome::from(guard(|| panic!("the sky is falling, {} times", 2)));
    assert_eq!(outcome.status, HgStatus::Panic);
    assert!(
        outcome.message.contains("the sky is falling, 2 times"),
        "{}",
        outcome.message
    );
}

#[test]
fn a_panic_before_an_asynchronous_call_begins_is_answered() {
    let outcome = call(|to| {
        start(BytesAnswer::completion(Some(on_answer), to), || {
            if to.is_null() {
                return Err::<(_, Never), _>(Failure::invalid("never"));
            }
            panic!("early")
        });
    });
    assert_eq!(outcome.status, HgStatus::Panic);
    assert!(outcome.message.contains("early"));
}

#[test]
fn a_panic_on_a_thread_of_the_runtime_is_answered_once_and_the_runtime_goes_on() {
    let runtime = Runtime::new();
    // SAFETY: it is alive.
    let shared = unsafe { HgRuntime::read(runtime.0) }.unwrap().clone();
    let waiter = Waiter::new();
    for _ in 0..10 {
        let shared = shared.clone();
        start(
            BytesAnswer::completion(Some(on_answer), waiter.user_data()),
            || {
                Ok((shared, async {
                    tokio::task::yield_now().await;
                    panic!("late")
                }))
            },
        );
        let outcome = waiter.next();
        assert_eq!(outcome.status, HgStatus::Panic);
        assert!(outcome.message.contains("late"));
    }
    let alive = call(|to| {
        start(BytesAnswer::completion(Some(on_answer), to), || {
            Ok((shared, async { Ok(vec![7]) }))
        });
    });
    assert_eq!(alive.bytes, [7]);
    assert!(waiter.is_empty());
}

#[test]
fn calls_that_are_under_way_when_the_runtime_ends_are_answered_once() {
    let runtime = Runtime::new();
    // SAFETY: it is alive.
    let shared = unsafe { HgRuntime::read(runtime.0) }.unwrap().clone();
    let waiter = Waiter::new();
    for _ in 0..50 {
        let shared = shared.clone();
        start(
            BytesAnswer::completion(Some(on_answer), waiter.user_data()),
            || {
                Ok((shared, async {
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                    Ok(Vec::new())
                }))
            },
        );
    }
    drop(runtime);
    for _ in 0..50 {
        assert_eq!(waiter.next().status, HgStatus::Shutdown);
    }
    assert!(waiter.is_empty());
    let after = call(|to| {
        start(BytesAnswer::completion(Some(on_answer), to), || {
            Ok((shared, async { Ok(Vec::new()) }))
        });
    });
    assert_eq!(after.status, HgStatus::Shutdown);
}

#[test]
fn a_runtime_may_be_freed_on_one_of_its_own_threads() {
    struct Free(*mut HgRuntime, Waiter);
    unsafe extern "C" fn free_it(
        user_data: *mut c_void,
        result: hourglass_bridge::status::HgResult,
    ) {
        // SAFETY: made below; this callback runs once.
        let free = unsafe { Box::from_raw(user_data.cast::<Free>()) };
        // SAFETY: nothing else uses the runtime by now.
        unsafe { hg_runtime_free(free.0) };
        // SAFETY: the waiter's own user data.
        unsafe { on_answer(free.1.user_data(), result) };
        std::mem::forget(free.1);
    }
    let runtime = Runtime::new();
    // SAFETY: it is alive.
    let shared = unsafe { HgRuntime::read(runtime.0) }.unwrap().clone();
    let waiter = Waiter::new();
    let (sender, receiver) = std::sync::mpsc::channel();
    let free = Box::into_raw(Box::new(Free(runtime.0, waiter)));
    std::mem::forget(runtime);
    start(BytesAnswer::completion(Some(free_it), free.cast()), || {
        Ok((shared, async move {
            let _ = sender.send(());
            Ok(Vec::new())
        }))
    });
    receiver.recv_timeout(Duration::from_secs(30)).unwrap();
}

#[test]
fn an_answer_that_nobody_wants_is_dropped() {
    let runtime = Runtime::new();
    let connection = runtime.lazy_connection();
    let request = HgRpcRequest {
        service: 0,
        method: text("GetSystemInfo"),
        request: text(""),
        retry: false,
        metadata: ptr::null(),
        metadata_len: 0,
        timeout_ms: 100,
        cancel: ptr::null(),
    };
    // SAFETY: everything is alive.
    unsafe { hg_rpc_call(connection.0, &request, None, ptr::null_mut()) };
}

#[test]
fn a_closed_connection_cannot_end_the_process_by_sigpipe() {
    let runtime = Runtime::new();
    // SAFETY: it is alive.
    let shared = unsafe { HgRuntime::read(runtime.0) }.unwrap().clone();
    let blocked = call(|to| {
        start(BytesAnswer::completion(Some(on_answer), to), || {
            Ok((shared, async {
                // SAFETY: `pthread_sigmask` fills the set that is read.
                let blocked = unsafe {
                    let mut set = std::mem::zeroed();
                    libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), &raw mut set);
                    libc::sigismember(&raw const set, libc::SIGPIPE) == 1
                };
                Ok(vec![u8::from(blocked)])
            }))
        });
    });
    assert_eq!(blocked.bytes, [1]);
}
