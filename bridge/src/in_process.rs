//! A server in this process: what Core would send over the network goes to a callback.

use crate::{
    bytes::HgBytesRef,
    call, generation, handle,
    handle::Handle,
    status::{Failure, HgResult, HgStatus},
};
use parking_lot::Mutex;
use std::{ffi::c_void, sync::Arc};
use temporalio_client::callback_based::{
    CallbackBasedGrpcService, GrpcRequest, GrpcSuccessResponse,
};
use tokio::sync::oneshot;
use tonic::{Code, Status};

/// What Core asks the server; everything is borrowed for the call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct HgServedRequest {
    /// The full name: `temporal.api.workflowservice.v1.WorkflowService`.
    pub service: HgBytesRef,
    /// As in the protos: `PollWorkflowTaskQueue`.
    pub method: HgBytesRef,
    /// The request, a serialized protobuf message.
    pub request: HgBytesRef,
}

/// Receives one call of Core's, on a thread of the runtime. `call` belongs to it: it is answered now
/// or later, and then freed. It may only post or answer, never block, never throw.
pub type HgServeCallback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        call: *mut HgServedCall,
        request: *const HgServedRequest,
    ),
>;

/// Runs once, when `serve` will not be called any more; on any thread. It may only free and post.
pub type HgServeEndCallback = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// A server in this process.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct HgInProcessServer {
    /// Receives each call; not null. Several at once.
    pub serve: HgServeCallback,
    /// Told when nobody can call any more: the connection and all that was made from it is gone.
    /// Also if there is never a connection. Not in a forked child. May be null.
    pub ended: HgServeEndCallback,
    /// For both; in use until `ended`.
    pub user_data: *mut c_void,
}

impl HgInProcessServer {
    /// None, which is refused.
    pub(crate) const NONE: Self = Self {
        serve: None,
        ended: None,
        user_data: std::ptr::null_mut(),
    };
}

type Response = Result<GrpcSuccessResponse, Status>;

/// A call that waits for its answer.
pub struct HgServedCall(Handle<Mutex<Option<oneshot::Sender<Response>>>>);

/// The callbacks of a server, which are told of their end.
pub(crate) struct Server {
    callbacks: HgInProcessServer,
    generation: u64,
}

// SAFETY: the header tells callers that the callbacks run on other threads with this user data.
unsafe impl Send for Server {}
// SAFETY: and that several may run at once.
unsafe impl Sync for Server {}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(ended) = self.callbacks.ended {
            // SAFETY: the callback is the caller's, with the user data it came with, and called once.
            unsafe { ended(self.callbacks.user_data) };
        }
    }
}

impl Server {
    /// The server that has these callbacks.
    pub(crate) fn new(callbacks: HgInProcessServer) -> Self {
        Self {
            callbacks,
            generation: generation::current(),
        }
    }

    /// As Core takes it.
    pub(crate) fn into_service(self) -> Result<CallbackBasedGrpcService, Failure> {
        if self.callbacks.serve.is_none() {
            return Err(Failure::invalid("the server's callback `serve` is null"));
        }
        let server = Arc::new(self);
        Ok(CallbackBasedGrpcService {
            callback: Arc::new(move |request| {
                let (answer, answered) = oneshot::channel();
                server.serve(&request, answer);
                Box::pin(async move {
                    answered.await.unwrap_or_else(|_| {
                        Err(Status::unavailable(
                            "the server in this process gave no answer",
                        ))
                    })
                })
            }),
        })
    }

    fn serve(&self, request: &GrpcRequest, answer: oneshot::Sender<Response>) {
        let Some(serve) = self.callbacks.serve else {
            return;
        };
        if self.generation != generation::current() {
            return; // Whoever serves has been told that this generation is over.
        }
        let call = HgServedCall(Handle::of_generation(
            self.generation,
            Mutex::new(Some(answer)),
        ));
        let request = HgServedRequest {
            service: HgBytesRef::of(request.service.as_bytes()),
            method: HgBytesRef::of(request.rpc.as_bytes()),
            request: HgBytesRef::of(&request.proto),
        };
        let call = Box::into_raw(Box::new(call));
        // SAFETY: the callback is the caller's, and its user data in use until `drop`.
        unsafe { serve(self.callbacks.user_data, call, &raw const request) };
    }
}

/// # Safety
/// `call` is null or live.
unsafe fn answer(call: *const HgServedCall, response: Response) -> Result<Vec<u8>, Failure> {
    // SAFETY: upheld by the caller.
    let waiting = unsafe { handle::read(call, "call") }?.0.get("call")?;
    let Some(sender) = waiting.lock().take() else {
        return Err(Failure::invalid("the call was answered before"));
    };
    sender.send(response).map_err(|_| {
        Failure::new(
            HgStatus::Cancelled,
            "nobody waits for the answer to this call any more",
        )
    })?;
    Ok(Vec::new())
}

/// Answers `call` with `response`, a serialized protobuf message; both are borrowed for the call.
/// `Cancelled` says that Core has given the call up, `InvalidArgument` that it was answered before.
/// Any thread.
///
/// # Safety
/// `call` came with a call of `serve` and is not freed; `response` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_served_call_answer(
    call: *const HgServedCall,
    response: HgBytesRef,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let proto = unsafe { response.as_slice() }.to_vec();
        let headers = Default::default();
        // SAFETY: upheld by the caller.
        unsafe { answer(call, Ok(GrpcSuccessResponse { headers, proto })) }
    })
}

/// As `hg_served_call_answer`, with a gRPC error: a code from 1 to 16, a message, and a serialized
/// `google.rpc.Status` (empty: none).
///
/// # Safety
/// `call` came with a call of `serve` and is not freed; the bytes are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_served_call_fail(
    call: *const HgServedCall,
    grpc_code: i32,
    message: HgBytesRef,
    details: HgBytesRef,
) -> HgResult {
    call::guard(|| {
        if !(1..=16).contains(&grpc_code) {
            return Err(Failure::invalid(format!(
                "grpc_code is {grpc_code}, expected 1 to 16"
            )));
        }
        // SAFETY: upheld by the caller.
        let message = unsafe { message.as_text("message") }?;
        // SAFETY: upheld by the caller.
        let details = unsafe { details.as_slice() }.to_vec();
        let status = Status::with_details(Code::from_i32(grpc_code), message, details.into());
        // SAFETY: upheld by the caller.
        unsafe { answer(call, Err(status)) }
    })
}

/// Ends `call`; one without an answer fails as unavailable. Stale or null is fine; any thread.
///
/// # Safety
/// `call` is null, or came with a call of `serve` and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_served_call_free(call: *mut HgServedCall) {
    if call.is_null() {
        return;
    }
    call::catch_free(|| {
        // SAFETY: it was made by `Box::into_raw`, and the caller gives it up.
        let call = unsafe { Box::from_raw(call) };
        drop(call.0.into_content());
    });
}
