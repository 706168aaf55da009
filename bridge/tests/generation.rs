//! Forks and bumps. One test: the generation is the process's.

#![allow(missing_docs)]

mod support;

use hourglass_bridge::{
    call::{BytesAnswer, start},
    cancel::{hg_cancel_token_cancel, hg_cancel_token_free, hg_cancel_token_new},
    connection::{hg_connection_ensure, hg_connection_set_api_key},
    connection_options::hg_connect_options_default,
    generation::{hg_generation, hg_generation_bump},
    instruments::hg_metrics_record,
    metrics::{hg_metrics_drain, hg_metrics_prometheus_address},
    replay::{hg_replayer_feeder_free, hg_replayer_new},
    rpc::hg_rpc_call,
    runtime::{HgRuntime, hg_runtime_new},
    status::HgStatus,
    worker::{HgWorker, hg_worker_finalize_shutdown, hg_worker_free, hg_worker_initiate_shutdown},
    worker_options::hg_worker_options_default,
};
use std::{net::TcpStream, ptr, time::Duration};
use support::{
    Connection, Metrics, Outcome, Runtime, Waiter, call,
    in_process::{SOON, connected},
    on_answer, request, text,
};

fn assert_all_stale(
    runtime: &Runtime,
    metrics: &Metrics,
    connection: &Connection,
    worker: *mut HgWorker,
) {
    let mut target = hg_connect_options_default();
    target.target = text("127.0.0.1:1");
    assert_eq!(runtime.connect(&target).0.status, HgStatus::StaleHandle);
    let mut options = Runtime::options();
    options.metrics = metrics.0;
    let mut made = ptr::null_mut();
    // SAFETY: the handles are alive, though stale.
    unsafe {
        for outcome in [
            hg_runtime_new(&raw const options, &raw mut made).into(),
            hg_metrics_prometheus_address(metrics.0).into(),
            hg_metrics_drain(metrics.0, None, ptr::null_mut()).into(),
            hg_metrics_record(metrics.0, ptr::null(), ptr::null(), 0, 1.0).into(),
            hg_connection_set_api_key(connection.0, text("key")).into(),
            hg_worker_initiate_shutdown(worker).into(),
            call(|to| hg_connection_ensure(connection.0, Some(on_answer), to)),
            call(|to| hg_worker_finalize_shutdown(worker, Some(on_answer), to)),
        ] {
            let outcome: Outcome = outcome;
            assert_eq!(outcome.status, HgStatus::StaleHandle, "{}", outcome.message);
        }
    }
}

/// Where the metrics are served.
fn address_of(metrics: &Metrics) -> String {
    // SAFETY: they are alive.
    let address = Outcome::from(unsafe { hg_metrics_prometheus_address(metrics.0) });
    String::from_utf8(address.bytes).unwrap()
}

fn works() {
    let runtime = Runtime::new();
    let connection = runtime.lazy_connection();
    // SAFETY: it is alive.
    let outcome = call(|to| unsafe { hg_connection_ensure(connection.0, Some(on_answer), to) });
    assert_eq!(outcome.grpc_code, 14, "{}", outcome.message);
}

#[test]
fn handles_are_stale_in_a_forked_child_and_after_a_bump_and_fine_in_the_parent() {
    let metrics = Metrics::served_at("127.0.0.1:0");
    let served_at = address_of(&metrics);
    let runtime = metrics.runtime();
    let connection = runtime.lazy_connection();
    let token = hg_cancel_token_new();
    let mut options = hg_worker_options_default();
    options.namespace_ = text("n");
    options.task_queue = text("q");
    let (mut worker, mut feeder) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: everything is alive.
    let made = unsafe { hg_replayer_new(runtime.0, &options, &raw mut worker, &raw mut feeder) };
    assert_eq!(Outcome::from(made).status, HgStatus::Ok);
    let (in_process, calls, _end) = connected(&runtime);
    let waiting = Waiter::new();
    let request = request("DescribeNamespace");
    // SAFETY: everything is alive.
    unsafe { hg_rpc_call(in_process.0, &request, Some(on_answer), waiting.user_data()) };
    let served = calls.recv_timeout(SOON).unwrap();
    let before = hg_generation();

    // SAFETY: the child leaves with `_exit`, whatever happens in it.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // A child that hangs is one that fails.
        // SAFETY: no handler is installed, so the alarm ends the child.
        unsafe { libc::alarm(60) };
        let fine = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            assert_eq!(hg_generation(), before + 1);
            assert_all_stale(&runtime, &metrics, &connection, worker);
            // SAFETY: freed once in this process.
            unsafe {
                let cancelled = Outcome::from(hg_cancel_token_cancel(token));
                assert_eq!(cancelled.status, HgStatus::StaleHandle);
                hg_cancel_token_free(token);
                hg_worker_free(worker);
                hg_replayer_feeder_free(feeder);
            }
            assert_eq!(served.answer(&[]).status, HgStatus::StaleHandle);
            drop(served);
            drop(in_process);
            drop(connection);
            drop(runtime);
            drop(metrics);
            // That a runtime of the child's own works is for the host's tests to show: before it has
            // threads, the host must empty parking_lot's table of waiting threads, which lists those of
            // the parent (see parking_lot_table.cmake).
        }));
        // SAFETY: ends the child without running what belongs to the parent.
        unsafe { libc::_exit(i32::from(fine.is_err())) };
    }
    let mut status = -1;
    // SAFETY: `status` is writable.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!(status, 0, "the child failed");
    assert_eq!(hg_generation(), before, "the parent's generation goes on");
    assert!(TcpStream::connect(&served_at).is_ok(), "and so do metrics");

    // SAFETY: it is alive.
    let shared = unsafe { HgRuntime::read(runtime.0) }.unwrap().clone();
    let waiter = Waiter::new();
    start(
        BytesAnswer::completion(Some(on_answer), waiter.user_data()),
        || {
            Ok((shared, async {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Ok(Vec::new())
            }))
        },
    );
    assert_eq!(hg_generation_bump(), before + 1);
    assert_eq!(
        waiter.next().status,
        HgStatus::StaleHandle,
        "a call under way ends with the generation"
    );
    assert_eq!(waiting.next().status, HgStatus::StaleHandle);
    assert_eq!(served.answer(&[]).status, HgStatus::StaleHandle);
    drop(served);
    assert_all_stale(&runtime, &metrics, &connection, worker);
    let successor = Metrics::served_at(&served_at);
    assert_eq!(address_of(&successor), served_at, "the address is free");
    // SAFETY: freed once.
    unsafe {
        hg_worker_free(worker);
        hg_replayer_feeder_free(feeder);
        hg_cancel_token_free(token);
    }
    drop(in_process);
    drop(connection);
    drop(runtime);
    drop(metrics);
    assert!(
        TcpStream::connect(&served_at).is_ok(),
        "a stale one that is freed takes nothing from its successor"
    );
    works();
}
