use crate::support::{Outcome, Runtime, call, on_answer, text};
use hourglass_bridge::{
    bytes::HgBytesRef,
    cancel::{hg_cancel_token_cancel, hg_cancel_token_free},
    connection::{hg_connection_free, hg_connection_set_api_key, hg_connection_set_metadata},
    connection_options::{
        HgMetadata, HgTlsOptions, hg_connect_options_check, hg_connect_options_default,
    },
    replay::hg_replayer_feeder_free,
    rpc::hg_rpc_call,
    runtime::{hg_runtime_free, hg_runtime_new},
    status::HgStatus,
    worker::{hg_worker_free, hg_worker_initiate_shutdown, hg_worker_new},
    worker_options::hg_worker_options_default,
    worker_validation::hg_worker_validate,
};
use std::ptr;

fn assert_invalid(outcome: &Outcome, about: &str) {
    assert_eq!(
        outcome.status,
        HgStatus::InvalidArgument,
        "{}",
        outcome.message
    );
    assert!(
        outcome.message.contains(about),
        "\"{}\" should name {about}",
        outcome.message
    );
}

fn no_tls_options() -> HgTlsOptions {
    HgTlsOptions {
        server_root_ca_cert: HgBytesRef::EMPTY,
        domain: HgBytesRef::EMPTY,
        verification_server_name: HgBytesRef::EMPTY,
        client_cert: HgBytesRef::EMPTY,
        client_private_key: HgBytesRef::EMPTY,
    }
}

#[test]
fn null_handles_are_refused_and_freeing_them_is_fine() {
    let options = Runtime::options();
    // SAFETY: null is what these calls are asked about.
    unsafe {
        assert_invalid(&hg_runtime_new(&options, ptr::null_mut()).into(), "out");
        let mut runtime = ptr::null_mut();
        assert_invalid(
            &hg_runtime_new(ptr::null(), &raw mut runtime).into(),
            "options",
        );
        assert_invalid(&hg_worker_initiate_shutdown(ptr::null()).into(), "worker");
        assert_invalid(&hg_cancel_token_cancel(ptr::null()).into(), "cancel token");
        assert_invalid(
            &call(|to| hg_worker_validate(ptr::null(), Some(on_answer), to)),
            "worker",
        );
        assert_invalid(
            &call(|to| hg_rpc_call(ptr::null(), ptr::null(), Some(on_answer), to)),
            "connection",
        );
        hg_runtime_free(ptr::null_mut());
        hg_connection_free(ptr::null_mut());
        hg_worker_free(ptr::null_mut());
        hg_replayer_feeder_free(ptr::null_mut());
        hg_cancel_token_free(ptr::null_mut());
    }
}

#[test]
fn a_runtime_with_wrong_options_is_refused() {
    let make = |change: &dyn Fn(&mut hourglass_bridge::runtime::HgRuntimeOptions)| {
        let mut options = Runtime::options();
        change(&mut options);
        let mut runtime = ptr::null_mut();
        // SAFETY: both point to live values.
        Outcome::from(unsafe { hg_runtime_new(&options, &raw mut runtime) })
    };
    assert_invalid(&make(&|o| o.log_filter = text("=;=")), "log_filter");
    assert_invalid(&make(&|o| o.log_filter = HgBytesRef::of(&[0xff])), "UTF-8");
    assert_invalid(
        &make(&|o| o.worker_heartbeat_interval_ms = 5),
        "worker_heartbeat_interval_ms",
    );
}

#[test]
fn a_connection_with_wrong_options_is_refused() {
    let runtime = Runtime::new();
    let refuse = |change: &dyn Fn(&mut hourglass_bridge::connection_options::HgConnectOptions),
                  about| {
        let mut options = hg_connect_options_default();
        options.target = text("127.0.0.1:1");
        change(&mut options);
        let (outcome, connection) = runtime.connect(&options);
        assert_invalid(&outcome, about);
        assert!(connection.is_null());
        // SAFETY: the options are live.
        let checked = Outcome::from(unsafe { hg_connect_options_check(&raw const options) });
        assert_eq!(checked.message, outcome.message);
    };
    refuse(&|o| o.target = text(""), "address is empty");
    refuse(
        &|o| o.target = text("ftp://there"),
        "address \"ftp://there\"",
    );
    refuse(&|o| o.target = text("a b"), "address \"a b\"");
    refuse(&|o| o.retry.multiplier = 0.5, "multiplier");
    let with_tls = |tls: HgTlsOptions, about| refuse(&|o| o.tls = &raw const tls, about);
    with_tls(
        HgTlsOptions {
            client_cert: text("cert"),
            ..no_tls_options()
        },
        "client_private_key",
    );
    with_tls(
        HgTlsOptions {
            server_root_ca_cert: text("no PEM"),
            ..no_tls_options()
        },
        "server_root_ca holds no certificate",
    );
    with_tls(
        HgTlsOptions {
            server_root_ca_cert: text(
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            ),
            ..no_tls_options()
        },
        "no X.509",
    );
    with_tls(
        HgTlsOptions {
            domain: text("a b"),
            ..no_tls_options()
        },
        "server_name is \"a b\"",
    );
    with_tls(
        HgTlsOptions {
            verification_server_name: text("a b"),
            ..no_tls_options()
        },
        "verification_server_name is \"a b\"",
    );
    with_tls(
        HgTlsOptions {
            client_cert: text("cert"),
            client_private_key: text("key"),
            ..no_tls_options()
        },
        "client_certificate holds no certificate",
    );
    refuse(&|o| o.api_key = text("key\n"), "api_key has a character");
    refuse(
        &|o| {
            o.dns_resolution_interval_ms = 0;
            o.proxy_target = text("proxy:3128");
            o.proxy_password = text("secret");
        },
        "a password, but no user",
    );
    refuse(
        &|o| o.dns_resolution_interval_ms = 999,
        "dns_load_balancing is 999ms, expected at least 1s",
    );
    refuse(
        &|o| o.proxy_target = text("proxy:3128"),
        "dns_load_balancing and a proxy exclude each other",
    );
    let entry = HgMetadata {
        key: text("Not Valid"),
        value: text("x"),
    };
    refuse(
        &|o| {
            o.metadata = &raw const entry;
            o.metadata_len = 1;
        },
        "Not Valid",
    );
}

#[test]
fn what_may_be_a_secret_is_not_in_the_message() {
    let hidden = |change: &dyn Fn(&mut hourglass_bridge::connection_options::HgConnectOptions)| {
        let mut options = hg_connect_options_default();
        options.target = text("127.0.0.1:1");
        change(&mut options);
        // SAFETY: the options are live.
        let checked = Outcome::from(unsafe { hg_connect_options_check(&raw const options) });
        assert_eq!(checked.status, HgStatus::InvalidArgument);
        assert!(!checked.message.contains("s3cr3t"), "{}", checked.message);
        // As a list of bytes.
        assert!(!checked.message.contains("51, 99"), "{}", checked.message);
    };
    hidden(&|o| o.target = text("http://user:s3cr3t@there:7233"));
    hidden(&|o| o.api_key = text("s3cr3t\n"));
    for pem in [
        "s3cr3t",
        "-----BEGIN PRIVATE KEY s3cr3t",
        "-----BEGIN s3cr3t-----\nAAAA\n",
        "-----BEGIN CERTIFICATE-----\ns3cr3t!\n-----END CERTIFICATE-----\n",
    ] {
        let tls = HgTlsOptions {
            client_cert: text(pem),
            client_private_key: text(pem),
            ..no_tls_options()
        };
        hidden(&|o| o.tls = &raw const tls);
    }
}

#[test]
fn an_api_key_can_be_replaced_unless_no_header_can_carry_it() {
    let runtime = Runtime::new();
    let connection = runtime.lazy_connection();
    // SAFETY: the connection is alive.
    unsafe {
        let set = hg_connection_set_api_key(connection.0, text("key"));
        assert_eq!(Outcome::from(set).status, HgStatus::Ok);
        let wrong = Outcome::from(hg_connection_set_api_key(connection.0, text("s3cr3t\n")));
        assert_invalid(&wrong, "api_key has a character");
        assert!(!wrong.message.contains("s3cr3t"));
    }
}

#[test]
fn metadata_of_a_connection_can_be_replaced_unless_it_is_wrong() {
    let runtime = Runtime::new();
    let connection = runtime.lazy_connection();
    let entries = [
        HgMetadata {
            key: text("tenant"),
            value: text("blue"),
        },
        HgMetadata {
            key: text("trace-bin"),
            value: HgBytesRef::of(&[0, 255]),
        },
    ];
    // SAFETY: the connection and the entries are alive.
    unsafe {
        let set = hg_connection_set_metadata(connection.0, entries.as_ptr(), entries.len());
        assert_eq!(Outcome::from(set).status, HgStatus::Ok);
        let wrong = HgMetadata {
            key: text("tenant"),
            value: text("line\nbreak"),
        };
        assert_invalid(
            &hg_connection_set_metadata(connection.0, &raw const wrong, 1).into(),
            "tenant",
        );
    }
}

#[test]
fn a_worker_with_wrong_options_or_without_a_connection_is_refused() {
    let runtime = Runtime::new();
    let connection = runtime.lazy_connection();
    let make = |change: &dyn Fn(&mut hourglass_bridge::worker_options::HgWorkerOptions)| {
        let mut options = hg_worker_options_default();
        options.namespace_ = text("default");
        options.task_queue = text("queue");
        change(&mut options);
        let mut worker = ptr::null_mut();
        // SAFETY: everything is alive.
        Outcome::from(unsafe { hg_worker_new(connection.0, &options, &raw mut worker) })
    };
    assert_invalid(&make(&|o| o.task_queue = text("")), "task_queue");
    assert_invalid(&make(&|o| o.namespace_ = text("")), "namespace");
    assert_invalid(&make(&|o| o.versioning = 9), "versioning");
    assert_invalid(&make(&|o| o.workflow_pollers.kind = 7), "poller");
    assert_invalid(
        &make(&|o| o.max_worker_activities_per_second = -1.0),
        "per_second",
    );
    assert_invalid(&make(&|o| o.nonsticky_to_sticky_poll_ratio = 2.0), "ratio");
    assert_invalid(
        &make(&|o| o.max_workflow_tasks = 1),
        "max_outstanding_workflow_tasks",
    );
    let unconnected = make(&|_| {});
    assert_eq!(
        unconnected.status,
        HgStatus::ConnectFailed,
        "{}",
        unconnected.message
    );
}
