//! A server in this process, for tests.

use super::{Connection, Outcome, Runtime, text};
use hourglass_bridge::{
    bytes::HgBytesRef,
    connection::{HgConnection, hg_connect_in_process},
    connection_options::{HgConnectOptions, hg_connect_options_default},
    in_process::{
        HgInProcessServer, HgServedCall, HgServedRequest, hg_served_call_answer,
        hg_served_call_fail, hg_served_call_free,
    },
    runtime::HgRuntime,
    status::{HgResult, HgStatus},
};
use prost::Message;
use std::{
    ffi::c_void,
    sync::mpsc::{Receiver, Sender, channel},
    time::Duration,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::GetSystemInfoResponse;

pub const SOON: Duration = Duration::from_secs(30);

/// A call that the server in this process got; freed with this.
pub struct Served {
    pub call: *mut HgServedCall,
    pub service: String,
    pub method: String,
    pub request: Vec<u8>,
}

// SAFETY: calls have no thread affinity.
unsafe impl Send for Served {}

impl Served {
    pub fn answer(&self, response: &[u8]) -> Outcome {
        // SAFETY: the call is freed by `drop` only.
        unsafe { hg_served_call_answer(self.call, HgBytesRef::of(response)) }.into()
    }

    pub fn fail(&self, code: i32, message: &str) -> Outcome {
        // SAFETY: the call is freed by `drop` only.
        unsafe { hg_served_call_fail(self.call, code, text(message), HgBytesRef::EMPTY) }.into()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // SAFETY: freed here only.
        unsafe { hg_served_call_free(self.call) };
    }
}

/// Answers what connecting asks, and hands over the rest.
struct Server {
    calls: Sender<Served>,
    ended: Sender<()>,
}

unsafe extern "C" fn serve(
    user_data: *mut c_void,
    call: *mut HgServedCall,
    request: *const HgServedRequest,
) {
    // SAFETY: the server lives until `ended`, and the request for this call.
    let (server, request) = unsafe { (&*user_data.cast::<Server>(), &*request) };
    // SAFETY: as above.
    let served = unsafe {
        Served {
            call,
            service: request.service.as_text("service").unwrap().to_owned(),
            method: request.method.as_text("method").unwrap().to_owned(),
            request: request.request.as_slice().to_vec(),
        }
    };
    if served.method == "GetSystemInfo" {
        let info = GetSystemInfoResponse::default().encode_to_vec();
        assert_eq!(served.answer(&info).status, HgStatus::Ok);
    } else {
        let _ = server.calls.send(served);
    }
}

unsafe extern "C" fn ended(user_data: *mut c_void) {
    // SAFETY: made by `server`; this is called once.
    let server = unsafe { Box::from_raw(user_data.cast::<Server>()) };
    let _ = server.ended.send(());
}

pub fn server() -> (HgInProcessServer, Receiver<Served>, Receiver<()>) {
    let (calls, incoming) = channel();
    let (end, has_ended) = channel();
    let server = Box::new(Server { calls, ended: end });
    let callbacks = HgInProcessServer {
        serve: Some(serve),
        ended: Some(ended),
        user_data: Box::into_raw(server).cast(),
    };
    (callbacks, incoming, has_ended)
}

pub fn try_connect(
    runtime: *const HgRuntime,
    options: &HgConnectOptions,
    server: *const HgInProcessServer,
) -> (Outcome, *mut HgConnection) {
    type Both = (Outcome, usize);
    unsafe extern "C" fn on_connect(
        user_data: *mut c_void,
        connection: *mut HgConnection,
        result: HgResult,
    ) {
        // SAFETY: made below, and answered once.
        let sender = unsafe { Box::from_raw(user_data.cast::<Sender<Both>>()) };
        let _ = sender.send((result.into(), connection as usize));
    }
    let (sender, receiver) = channel::<Both>();
    let user_data = Box::into_raw(Box::new(sender)).cast();
    // SAFETY: everything is alive; the server is until `ended`.
    unsafe { hg_connect_in_process(runtime, options, server, Some(on_connect), user_data) };
    let (outcome, connection) = receiver.recv_timeout(SOON).unwrap();
    (outcome, connection as *mut HgConnection)
}

pub fn options() -> HgConnectOptions {
    let mut options = hg_connect_options_default();
    options.target = text("in-process:1");
    options.identity = text("test");
    options
}

/// A connection to a server in this process, with what that gets.
pub fn connected(runtime: &Runtime) -> (Connection, Receiver<Served>, Receiver<()>) {
    let (server, calls, end) = server();
    let (outcome, connection) = try_connect(runtime.0, &options(), &raw const server);
    assert_eq!(outcome.status, HgStatus::Ok, "{}", outcome.message);
    (Connection(connection), calls, end)
}
