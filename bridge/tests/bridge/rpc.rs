use crate::support::{self, Outcome, Runtime, Waiter, call, on_answer, text};
use hourglass_bridge::{
    bytes::HgBytesRef,
    cancel::{hg_cancel_token_cancel, hg_cancel_token_free, hg_cancel_token_new},
    connection::hg_connection_ensure,
    connection_options::hg_connect_options_default,
    rpc::{HgRpcRequest, HgService, hg_rpc_call, hg_rpc_has_method},
    status::HgStatus,
};
use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

const UNAVAILABLE: i32 = 14;

fn request(method: &str) -> HgRpcRequest {
    HgRpcRequest {
        timeout_ms: 3000,
        ..support::request(method)
    }
}

#[test]
fn methods_are_known_by_the_name_in_the_protos() {
    let has = |service: HgService, name: &str| {
        // SAFETY: the name is alive.
        unsafe { hg_rpc_has_method(service as i32, text(name)) }
    };
    assert!(has(HgService::Workflow, "StartWorkflowExecution"));
    assert!(has(HgService::Operator, "ListSearchAttributes"));
    assert!(has(HgService::Cloud, "GetNamespaces"));
    assert!(has(HgService::Test, "GetCurrentTime"));
    assert!(has(HgService::Health, "Check"));
    assert!(!has(HgService::Health, "StartWorkflowExecution"));
    // SAFETY: the name is alive.
    assert!(!unsafe { hg_rpc_has_method(77, text("Check")) });
}

#[test]
fn a_wrong_service_method_or_request_is_refused() {
    let runtime = Runtime::new();
    let connection = runtime.lazy_connection();
    let answer = |request: &HgRpcRequest| {
        // SAFETY: everything is alive.
        call(|to| unsafe { hg_rpc_call(connection.0, request, Some(on_answer), to) })
    };
    let mut wrong = request("StartWorkflowExecution");
    wrong.service = 12;
    assert_eq!(answer(&wrong).status, HgStatus::InvalidArgument);
    let unknown = answer(&request("Fly"));
    assert_eq!(unknown.status, HgStatus::InvalidArgument);
    assert!(unknown.message.contains("Fly"), "{}", unknown.message);
    let mut garbage = request("StartWorkflowExecution");
    garbage.request = HgBytesRef::of(&[0xff, 0xff, 0xff]);
    assert_eq!(answer(&garbage).status, HgStatus::InvalidArgument);
}

#[test]
fn a_server_that_cannot_be_reached_is_unavailable_within_the_timeout() {
    let runtime = Runtime::new();
    let connection = runtime.lazy_connection();
    for retry in [false, true] {
        let mut request = request("GetSystemInfo");
        request.retry = retry;
        request.timeout_ms = 1500;
        let began = Instant::now();
        // SAFETY: everything is alive.
        let outcome =
            call(|to| unsafe { hg_rpc_call(connection.0, &request, Some(on_answer), to) });
        assert_eq!(
            outcome.status,
            HgStatus::ConnectFailed,
            "{}",
            outcome.message
        );
        assert_eq!(outcome.grpc_code, UNAVAILABLE);
        assert!(
            outcome.message.contains("127.0.0.1:1"),
            "{}",
            outcome.message
        );
        assert!(began.elapsed() < Duration::from_secs(3));
    }
    // SAFETY: it is alive.
    let ensured = call(|to| unsafe { hg_connection_ensure(connection.0, Some(on_answer), to) });
    assert_eq!(ensured.grpc_code, UNAVAILABLE);
}

#[test]
fn connecting_to_nobody_fails_with_the_address() {
    let runtime = Runtime::new();
    let mut options = hg_connect_options_default();
    options.target = text("http://127.0.0.1:1");
    let (outcome, connection) = runtime.connect(&options);
    assert_eq!(outcome.status, HgStatus::ConnectFailed);
    assert_eq!(outcome.grpc_code, UNAVAILABLE);
    assert!(
        outcome.message.contains("127.0.0.1:1"),
        "{}",
        outcome.message
    );
    assert!(connection.is_null());
}

#[test]
fn a_server_that_says_nothing_is_given_up_after_the_connect_timeout() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let runtime = Runtime::new();
    let mut options = hg_connect_options_default();
    options.target = text(&address);
    options.connect_timeout_ms = 300;
    let began = Instant::now();
    let (outcome, _) = runtime.connect(&options);
    assert_eq!(
        outcome.status,
        HgStatus::ConnectFailed,
        "{}",
        outcome.message
    );
    assert!(outcome.message.contains(&address), "{}", outcome.message);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_call_can_be_cancelled_and_timed_out() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let runtime = Runtime::new();
    let connection = runtime.lazy_connection_to(&address);

    let mut timed = request("GetSystemInfo");
    timed.timeout_ms = 200;
    // SAFETY: everything is alive.
    let outcome = call(|to| unsafe { hg_rpc_call(connection.0, &timed, Some(on_answer), to) });
    assert_eq!(
        (outcome.status, outcome.grpc_code),
        (HgStatus::Timeout, 4),
        "{}",
        outcome.message
    );

    let token = hg_cancel_token_new();
    let mut cancelled = request("GetSystemInfo");
    cancelled.timeout_ms = 0;
    cancelled.cancel = token;
    let waiter = Waiter::new();
    // SAFETY: everything is alive; the token is freed once.
    unsafe {
        hg_rpc_call(
            connection.0,
            &cancelled,
            Some(on_answer),
            waiter.user_data(),
        );
        assert_eq!(
            Outcome::from(hg_cancel_token_cancel(token)).status,
            HgStatus::Ok
        );
        hg_cancel_token_free(token);
    }
    let outcome = waiter.next();
    assert_eq!(
        (outcome.status, outcome.grpc_code),
        (HgStatus::Cancelled, 1)
    );
}
