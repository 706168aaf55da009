//! What the tests share: results, a callback that counts, and a runtime that is freed.

#![allow(dead_code)] // Each test program uses a part.

pub mod in_process;

use hourglass_bridge::{
    bytes::{HgBytes, HgBytesRef},
    connection::{HgConnection, hg_connect, hg_connection_free},
    connection_options::{HgConnectOptions, hg_connect_options_default},
    metrics::{HgMetrics, HgMetricsOptions, hg_metrics_free, hg_metrics_new},
    rpc::{HgRpcRequest, HgService},
    runtime::{
        HgRuntime, HgRuntimeOptions, hg_runtime_free, hg_runtime_new, hg_runtime_options_default,
    },
    status::{HgResult, HgStatus, hg_result_free},
};
use std::{
    ffi::c_void,
    ptr,
    sync::mpsc::{Receiver, Sender, channel},
    time::Duration,
};

/// A result, taken out of C.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub status: HgStatus,
    pub grpc_code: i32,
    pub bytes: Vec<u8>,
    pub message: String,
}

fn copy(bytes: &HgBytes) -> Vec<u8> {
    if bytes.data.is_null() {
        return Vec::new();
    }
    // SAFETY: the bridge says that there are `len` bytes.
    unsafe { std::slice::from_raw_parts(bytes.data, bytes.len) }.to_vec()
}

impl From<HgResult> for Outcome {
    fn from(result: HgResult) -> Self {
        let outcome = Self {
            status: result.status,
            grpc_code: result.grpc_code,
            bytes: copy(&result.bytes),
            message: String::from_utf8(copy(&result.message)).unwrap(),
        };
        // SAFETY: just received, and not used after this.
        unsafe { hg_result_free(result) };
        outcome
    }
}

/// Waits for callbacks.
pub struct Waiter {
    sender: Sender<Outcome>,
    receiver: Receiver<Outcome>,
}

pub unsafe extern "C" fn on_answer(user_data: *mut c_void, result: HgResult) {
    // SAFETY: `user_data` made it, and each call's answer comes once.
    let sender = unsafe { Box::from_raw(user_data.cast::<Sender<Outcome>>()) };
    let _ = sender.send(result.into());
}

impl Waiter {
    pub fn new() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver }
    }

    /// For one asynchronous call. A second answer to it would free the user data twice.
    pub fn user_data(&self) -> *mut c_void {
        Box::into_raw(Box::new(self.sender.clone())).cast()
    }

    pub fn next(&self) -> Outcome {
        self.receiver
            .recv_timeout(Duration::from_secs(30))
            .expect("the callback is called")
    }

    pub fn is_empty(&self) -> bool {
        self.receiver.try_recv().is_err()
    }
}

/// Runs one asynchronous call and waits for its answer.
pub fn call(begin: impl FnOnce(*mut c_void)) -> Outcome {
    let waiter = Waiter::new();
    begin(waiter.user_data());
    waiter.next()
}

pub fn text(value: &str) -> HgBytesRef {
    HgBytesRef::of(value.as_bytes())
}

/// A call of the workflow service with an empty message, once and without a timeout.
pub fn request(method: &str) -> HgRpcRequest {
    HgRpcRequest {
        service: HgService::Workflow as i32,
        method: text(method),
        request: HgBytesRef::EMPTY,
        retry: false,
        metadata: ptr::null(),
        metadata_len: 0,
        timeout_ms: 0,
        cancel: ptr::null(),
    }
}

/// A runtime, freed at the end of the test.
pub struct Runtime(pub *mut HgRuntime);

impl Runtime {
    pub fn new() -> Self {
        Self::with(&Self::options())
    }

    pub fn options() -> HgRuntimeOptions {
        let mut options = hg_runtime_options_default();
        options.threads = 2;
        options
    }

    pub fn with(options: &HgRuntimeOptions) -> Self {
        let mut runtime = ptr::null_mut();
        // SAFETY: both point to live values.
        let made = Outcome::from(unsafe { hg_runtime_new(options, &raw mut runtime) });
        assert_eq!(made.status, HgStatus::Ok, "{}", made.message);
        Self(runtime)
    }

    pub fn connect(&self, options: &HgConnectOptions) -> (Outcome, *mut HgConnection) {
        struct Both(Sender<(Outcome, usize)>);
        unsafe extern "C" fn on_connect(
            user_data: *mut c_void,
            connection: *mut HgConnection,
            result: HgResult,
        ) {
            // SAFETY: made below, and answered once.
            let both = unsafe { Box::from_raw(user_data.cast::<Both>()) };
            let _ = both.0.send((result.into(), connection as usize));
        }
        let (sender, receiver) = channel();
        let user_data = Box::into_raw(Box::new(Both(sender))).cast();
        // SAFETY: the runtime lives, the options too.
        unsafe { hg_connect(self.0, options, Some(on_connect), user_data) };
        let (outcome, connection) = receiver.recv_timeout(Duration::from_secs(30)).unwrap();
        (outcome, connection as *mut HgConnection)
    }

    /// A connection that was not made yet, to a port where nobody listens.
    pub fn lazy_connection(&self) -> Connection {
        self.lazy_connection_to("127.0.0.1:1")
    }

    pub fn lazy_connection_to(&self, address: &str) -> Connection {
        let mut options = hg_connect_options_default();
        options.target = text(address);
        options.identity = text("test");
        options.lazy = true;
        let (outcome, connection) = self.connect(&options);
        assert_eq!(outcome.status, HgStatus::Ok, "{}", outcome.message);
        Connection(connection)
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // SAFETY: made by `with`, and freed here only.
        unsafe { hg_runtime_free(self.0) };
    }
}

/// A place for metrics, freed at the end of the test.
pub struct Metrics(pub *mut HgMetrics);

impl Metrics {
    pub fn try_new(prometheus_address: &str, buffer: u32) -> (Outcome, *mut HgMetrics) {
        let options = HgMetricsOptions {
            prometheus_address: text(prometheus_address),
            buffer,
        };
        let mut metrics = ptr::null_mut();
        // SAFETY: both point to live values.
        let made = Outcome::from(unsafe { hg_metrics_new(&raw const options, &raw mut metrics) });
        (made, metrics)
    }

    pub fn with_buffer(buffer: u32) -> Self {
        Self::made(Self::try_new("", buffer))
    }

    pub fn served_at(prometheus_address: &str) -> Self {
        Self::made(Self::try_new(prometheus_address, 0))
    }

    fn made((outcome, metrics): (Outcome, *mut HgMetrics)) -> Self {
        assert_eq!(outcome.status, HgStatus::Ok, "{}", outcome.message);
        Self(metrics)
    }

    /// A runtime that measures for these.
    pub fn runtime(&self) -> Runtime {
        let mut options = Runtime::options();
        options.metrics = self.0;
        Runtime::with(&options)
    }
}

impl Drop for Metrics {
    fn drop(&mut self) {
        // SAFETY: made by `made`, and freed here only.
        unsafe { hg_metrics_free(self.0) };
    }
}

/// A connection, freed at the end of the test.
pub struct Connection(pub *mut HgConnection);

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: made by `connect` or `connected`, and freed here only.
        unsafe { hg_connection_free(self.0) };
    }
}
