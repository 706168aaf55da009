//! The answer of every call.

use crate::bytes::{HgBytes, hg_bytes_free};

/// How a call ended.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HgStatus {
    /// It did what it was asked to.
    Ok = 0,
    /// An argument is wrong; the message says which and why.
    InvalidArgument = 1,
    /// A panic was caught; the message is its text. The handle may be used on.
    Panic = 2,
    /// The handle was made by an older generation (see `hg_generation`); only freeing it is left.
    StaleHandle = 3,
    /// What was called has been shut down; a poll answers this when nothing more will come.
    Shutdown = 4,
    /// The server, or the way to it, answered with a gRPC error: see the code, message, details.
    Rpc = 5,
    /// No connection to the server; the gRPC code says how (14: it cannot be reached).
    ConnectFailed = 6,
    /// The worker's check against the server failed, for instance for a missing namespace.
    Validation = 7,
    /// The caller's cancel token was cancelled.
    Cancelled = 8,
    /// The call's timeout passed.
    Timeout = 9,
    /// Something else went wrong inside.
    Internal = 10,
}

/// What a call answers. Belongs to whoever receives it: `hg_result_free` ends it.
#[repr(C)]
#[derive(Debug)]
pub struct HgResult {
    /// How it ended; everything below is empty or 0 where it does not apply.
    pub status: HgStatus,
    /// gRPC status code; 0 when no gRPC call failed.
    pub grpc_code: i32,
    /// The answer proper, a serialized protobuf message unless said otherwise.
    pub bytes: HgBytes,
    /// What went wrong, UTF-8.
    pub message: HgBytes,
    /// A serialized `google.rpc.Status`, when the server sent one.
    pub details: HgBytes,
}

impl HgResult {
    /// Done, with `bytes` as the answer.
    pub fn ok(bytes: Vec<u8>) -> Self {
        Self {
            status: HgStatus::Ok,
            grpc_code: 0,
            bytes: bytes.into(),
            message: HgBytes::EMPTY,
            details: HgBytes::EMPTY,
        }
    }
}

impl From<Failure> for HgResult {
    fn from(failure: Failure) -> Self {
        Self {
            status: failure.status,
            grpc_code: failure.grpc_code,
            bytes: HgBytes::EMPTY,
            message: failure.message.into(),
            details: failure.details.into(),
        }
    }
}

/// Frees what a result owns. Any thread.
///
/// # Safety
/// `result` came from this library and none of its parts is freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_result_free(result: HgResult) {
    for bytes in [result.bytes, result.message, result.details] {
        // SAFETY: upheld by the caller.
        unsafe { hg_bytes_free(bytes) };
    }
}

/// An error on its way to becoming an [`HgResult`].
#[derive(Clone, Debug)]
pub struct Failure {
    /// Never [`HgStatus::Ok`].
    pub status: HgStatus,
    /// gRPC code, 0 when there is none.
    pub grpc_code: i32,
    /// What happened.
    pub message: String,
    /// Serialized `google.rpc.Status`, may be empty.
    pub details: Vec<u8>,
}

impl Failure {
    /// A failure without a gRPC status.
    pub fn new(status: HgStatus, message: impl Into<String>) -> Self {
        Self {
            status,
            grpc_code: 0,
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// An argument is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(HgStatus::InvalidArgument, message)
    }

    /// What was called is shut down.
    pub fn shutdown(message: impl Into<String>) -> Self {
        Self::new(HgStatus::Shutdown, message)
    }

    /// Sets the gRPC code.
    pub fn with_code(mut self, code: tonic::Code) -> Self {
        self.grpc_code = code as i32;
        self
    }

    /// The gRPC status `error`, reported as `status`; `context` says which call it was.
    pub fn grpc(status: HgStatus, context: &str, error: &tonic::Status) -> Self {
        let reason = match error.message() {
            "" => error.code().description().to_owned(),
            text => text.to_owned(),
        };
        Self {
            status,
            grpc_code: error.code() as i32,
            message: if context.is_empty() {
                reason
            } else {
                format!("{context}: {reason}")
            },
            details: error.details().to_vec(),
        }
    }
}
