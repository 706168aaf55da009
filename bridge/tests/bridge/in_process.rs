use crate::support::{
    Connection, Outcome, Runtime, Waiter, call,
    in_process::{SOON, Served, connected, options, server, try_connect},
    on_answer, text,
};
use hourglass_bridge::{
    bytes::HgBytesRef,
    cancel::{hg_cancel_token_cancel, hg_cancel_token_free, hg_cancel_token_new},
    connection::{HgConnection, hg_connection_ensure},
    in_process::{hg_served_call_answer, hg_served_call_free},
    rpc::{HgRpcRequest, HgService, hg_rpc_call},
    status::HgStatus,
    worker::{
        hg_worker_finalize_shutdown, hg_worker_free, hg_worker_initiate_shutdown, hg_worker_new,
        hg_worker_poll_activity_task, hg_worker_poll_workflow_activation,
    },
    worker_options::hg_worker_options_default,
};
use prost::Message;
use std::ptr;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceRequest, DescribeNamespaceResponse,
};

fn request<'a>(method: &'a str, bytes: &'a [u8]) -> HgRpcRequest {
    HgRpcRequest {
        service: HgService::Workflow as i32,
        method: text(method),
        request: HgBytesRef::of(bytes),
        retry: false,
        metadata: ptr::null(),
        metadata_len: 0,
        timeout_ms: 0,
        cancel: ptr::null(),
    }
}

fn begin(connection: &Connection, request: &HgRpcRequest) -> Waiter {
    let waiter = Waiter::new();
    // SAFETY: everything is alive.
    unsafe {
        hg_rpc_call(connection.0, request, Some(on_answer), waiter.user_data());
    }
    waiter
}

#[test]
fn a_call_comes_with_its_names_and_bytes_and_is_answered_later_from_another_thread() {
    let runtime = Runtime::new();
    let (connection, calls, _) = connected(&runtime);
    let bytes = DescribeNamespaceRequest {
        namespace: "shop".to_owned(),
        ..Default::default()
    }
    .encode_to_vec();
    let waiter = begin(&connection, &request("DescribeNamespace", &bytes));
    let served = calls.recv_timeout(SOON).unwrap();
    assert_eq!(
        served.service,
        "temporal.api.workflowservice.v1.WorkflowService"
    );
    assert_eq!(served.method, "DescribeNamespace");
    assert_eq!(served.request, bytes);
    assert!(waiter.is_empty());
    let response = DescribeNamespaceResponse {
        is_global_namespace: true,
        ..Default::default()
    }
    .encode_to_vec();
    let to_send = response.clone();
    let answered = std::thread::spawn(move || served.answer(&to_send));
    assert_eq!(answered.join().unwrap().status, HgStatus::Ok);
    let outcome = waiter.next();
    assert_eq!(outcome.status, HgStatus::Ok, "{}", outcome.message);
    assert_eq!(outcome.bytes, response);
}

#[test]
fn a_call_is_failed_with_code_and_message() {
    let runtime = Runtime::new();
    let (connection, calls, _) = connected(&runtime);
    let waiter = begin(&connection, &request("DescribeNamespace", &[]));
    let served = calls.recv_timeout(SOON).unwrap();
    assert_eq!(served.fail(0, "").status, HgStatus::InvalidArgument);
    assert_eq!(served.fail(17, "").status, HgStatus::InvalidArgument);
    assert_eq!(served.fail(5, "no such shop").status, HgStatus::Ok);
    let outcome = waiter.next();
    assert_eq!((outcome.status, outcome.grpc_code), (HgStatus::Rpc, 5));
    assert_eq!(outcome.message, "no such shop");
}

#[test]
fn a_call_is_answered_once() {
    let runtime = Runtime::new();
    let (connection, calls, _) = connected(&runtime);
    let waiter = begin(&connection, &request("DescribeNamespace", &[]));
    let served = calls.recv_timeout(SOON).unwrap();
    assert_eq!(served.answer(&[]).status, HgStatus::Ok);
    assert_eq!(served.answer(&[]).status, HgStatus::InvalidArgument);
    assert_eq!(served.fail(5, "").status, HgStatus::InvalidArgument);
    assert_eq!(waiter.next().status, HgStatus::Ok);
    drop(served);
    assert!(waiter.is_empty());
}

#[test]
fn a_call_that_is_freed_without_an_answer_is_unavailable() {
    let runtime = Runtime::new();
    let (connection, calls, _) = connected(&runtime);
    let waiter = begin(&connection, &request("DescribeNamespace", &[]));
    drop(calls.recv_timeout(SOON).unwrap());
    let outcome = waiter.next();
    assert_eq!((outcome.status, outcome.grpc_code), (HgStatus::Rpc, 14));
}

#[test]
fn the_answer_to_a_call_that_was_cancelled_is_of_no_use_and_does_no_harm() {
    let runtime = Runtime::new();
    let (connection, calls, _) = connected(&runtime);
    let token = hg_cancel_token_new();
    let mut cancelled = request("DescribeNamespace", &[]);
    cancelled.cancel = token;
    let waiter = begin(&connection, &cancelled);
    let served = calls.recv_timeout(SOON).unwrap();
    // SAFETY: freed once.
    unsafe {
        let outcome = Outcome::from(hg_cancel_token_cancel(token));
        assert_eq!(outcome.status, HgStatus::Ok);
        hg_cancel_token_free(token);
    }
    assert_eq!(waiter.next().status, HgStatus::Cancelled);
    assert_eq!(served.answer(&[]).status, HgStatus::Cancelled);
}

#[test]
fn a_server_is_told_of_its_end_when_nobody_can_call_it_any_more() {
    let runtime = Runtime::new();
    let (connection, calls, end) = connected(&runtime);
    let waiter = begin(&connection, &request("DescribeNamespace", &[]));
    let served = calls.recv_timeout(SOON).unwrap();
    drop(connection);
    assert!(end.try_recv().is_err(), "a call is under way");
    assert_eq!(served.answer(&[]).status, HgStatus::Ok);
    assert_eq!(waiter.next().status, HgStatus::Ok);
    end.recv_timeout(SOON).unwrap();
}

#[test]
fn an_answer_after_the_end_of_the_runtime_does_no_harm() {
    let runtime = Runtime::new();
    let (connection, calls, end) = connected(&runtime);
    let waiter = begin(&connection, &request("DescribeNamespace", &[]));
    let served = calls.recv_timeout(SOON).unwrap();
    drop(connection);
    drop(runtime);
    assert_eq!(waiter.next().status, HgStatus::Shutdown);
    assert_eq!(served.answer(&[]).status, HgStatus::Cancelled);
    end.recv_timeout(SOON).unwrap();
}

#[test]
fn a_lazy_connection_calls_at_its_first_use() {
    let runtime = Runtime::new();
    let (server, calls, _) = server();
    let mut lazy = options();
    lazy.lazy = true;
    let (_, connection) = try_connect(runtime.0, &lazy, &raw const server);
    let connection = Connection(connection);
    // SAFETY: it is alive.
    let ensured = call(|to| unsafe { hg_connection_ensure(connection.0, Some(on_answer), to) });
    assert_eq!(ensured.status, HgStatus::Ok, "{}", ensured.message);
    assert!(calls.try_recv().is_err());
}

#[test]
fn what_cannot_work_is_refused_and_the_server_told_of_its_end() {
    let runtime = Runtime::new();
    let refuse = |outcome: (Outcome, *mut HgConnection), about: &str| {
        assert_eq!(outcome.0.status, HgStatus::InvalidArgument);
        assert!(outcome.0.message.contains(about), "{}", outcome.0.message);
        assert!(outcome.1.is_null());
    };
    refuse(try_connect(runtime.0, &options(), ptr::null()), "serve");
    let (mut without, _, end) = server();
    without.serve = None;
    refuse(
        try_connect(runtime.0, &options(), &raw const without),
        "serve",
    );
    end.recv_timeout(SOON).unwrap();
    let (server, _, end) = server();
    let mut no_target = options();
    no_target.target = text("");
    refuse(
        try_connect(runtime.0, &no_target, &raw const server),
        "address",
    );
    end.recv_timeout(SOON).unwrap();
    // SAFETY: null is what these calls are asked about.
    unsafe {
        let answered = Outcome::from(hg_served_call_answer(ptr::null(), HgBytesRef::EMPTY));
        assert_eq!(answered.status, HgStatus::InvalidArgument);
        hg_served_call_free(ptr::null_mut());
    }
}

#[test]
fn a_worker_polls_it_and_its_end_ends_the_polls() {
    let runtime = Runtime::new();
    let (connection, calls, end) = connected(&runtime);
    let mut options = hg_worker_options_default();
    options.namespace_ = text("default");
    options.task_queue = text("queue");
    let mut worker = ptr::null_mut();
    // SAFETY: everything is alive.
    let made = Outcome::from(unsafe { hg_worker_new(connection.0, &options, &raw mut worker) });
    assert_eq!(made.status, HgStatus::Ok, "{}", made.message);
    let workflows = Waiter::new();
    let activities = Waiter::new();
    // SAFETY: the worker is alive.
    unsafe {
        let to = workflows.user_data();
        hg_worker_poll_workflow_activation(worker, Some(on_answer), to);
        hg_worker_poll_activity_task(worker, Some(on_answer), activities.user_data());
    }
    let mut open = Vec::new();
    let polls = |call: &Served, what: &str| call.method == format!("Poll{what}TaskQueue");
    while !["Workflow", "Activity"]
        .iter()
        .all(|what| open.iter().any(|call| polls(call, what)))
    {
        let served = calls.recv_timeout(SOON).unwrap();
        if served.method == "DescribeNamespace" {
            served.answer(&DescribeNamespaceResponse::default().encode_to_vec());
        } else {
            open.push(served);
        }
    }
    // SAFETY: the worker is alive.
    let shut = Outcome::from(unsafe { hg_worker_initiate_shutdown(worker) });
    assert_eq!(shut.status, HgStatus::Ok);
    let shutdown = std::thread::spawn(move || {
        while let Ok(served) = calls.recv_timeout(SOON) {
            match served.method.as_str() {
                "ShutdownWorker" => drop(served.answer(&[])),
                _ => open.push(served),
            }
        }
        for poll in &open {
            assert_eq!(poll.answer(&[]).status, HgStatus::Cancelled);
        }
    });
    assert_eq!(workflows.next().status, HgStatus::Shutdown);
    assert_eq!(activities.next().status, HgStatus::Shutdown);
    // SAFETY: the worker is freed once.
    unsafe {
        let ended = call(|to| hg_worker_finalize_shutdown(worker, Some(on_answer), to));
        assert_eq!(ended.status, HgStatus::Ok, "{}", ended.message);
        hg_worker_free(worker);
    }
    drop(connection);
    drop(runtime);
    end.recv_timeout(SOON).unwrap();
    shutdown.join().unwrap();
}
