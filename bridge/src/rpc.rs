//! Calls of any method of any service.

use crate::{
    bytes::HgBytesRef,
    call,
    call::HgCallback,
    cancel::HgCancelToken,
    connection::{ConnectionShared, HgConnection},
    connection_options::{HgMetadata, Metadata},
    handle,
    status::{Failure, HgStatus},
};
use hourglass_calls::{Call, Service, Settings, find, has};
use std::{ffi::c_void, sync::Arc, time::Duration};
use temporalio_client::RetryOptions;
use tokio::time::Instant;
use tonic::metadata::{
    AsciiMetadataKey, AsciiMetadataValue, BinaryMetadataKey, BinaryMetadataValue, MetadataMap,
};

/// A gRPC service of a Temporal server.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HgService {
    /// `temporal.api.workflowservice.v1.WorkflowService`
    Workflow = 0,
    /// `temporal.api.operatorservice.v1.OperatorService`
    Operator = 1,
    /// `temporal.api.cloud.cloudservice.v1.CloudService`
    Cloud = 2,
    /// `temporal.api.testservice.v1.TestService`
    Test = 3,
    /// `grpc.health.v1.Health`, without its streaming method
    Health = 4,
}

/// A call.
#[repr(C)]
#[derive(Debug)]
pub struct HgRpcRequest {
    /// Whom to call: a value of `HgService`.
    pub service: i32,
    /// What to call, as in the protos: `StartWorkflowExecution`.
    pub method: HgBytesRef,
    /// The request, a serialized protobuf message.
    pub request: HgBytesRef,
    /// Whether to repeat it when it fails for a reason that passes, as the connection's options say.
    pub retry: bool,
    /// Metadata for this call, over the connection's.
    pub metadata: *const HgMetadata,
    /// Number of entries in `metadata`.
    pub metadata_len: usize,
    /// How long it may take, repetitions included; 0: no limit of the caller's.
    pub timeout_ms: u64,
    /// Cancels the call; borrowed; may be null.
    pub cancel: *const HgCancelToken,
}

impl From<HgService> for Service {
    fn from(service: HgService) -> Self {
        match service {
            HgService::Workflow => Self::Workflow,
            HgService::Operator => Self::Operator,
            HgService::Cloud => Self::Cloud,
            HgService::Test => Self::Test,
            HgService::Health => Self::Health,
        }
    }
}

impl TryFrom<i32> for HgService {
    type Error = Failure;

    fn try_from(value: i32) -> Result<Self, Failure> {
        match value {
            0 => Ok(Self::Workflow),
            1 => Ok(Self::Operator),
            2 => Ok(Self::Cloud),
            3 => Ok(Self::Test),
            4 => Ok(Self::Health),
            _ => Err(Failure::invalid(format!(
                "service is {value}, expected a value of HgService"
            ))),
        }
    }
}

/// Whether `hg_rpc_call` knows the method `name` of `service`. Any thread.
///
/// # Safety
/// `name` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_rpc_has_method(service: i32, name: HgBytesRef) -> bool {
    let known = call::catch(|| {
        // SAFETY: upheld by the caller.
        let name = unsafe { name.as_text("name") }?;
        Ok(has(HgService::try_from(service)?.into(), name))
    });
    known.unwrap_or(false)
}

/// Calls a method of the server and gives the serialized response to `callback`. `connection` and
/// `request` are borrowed for the call. A server that cannot be reached answers `Rpc` or
/// `ConnectFailed` with the gRPC code 14, after the repetitions if there are any; the timeout
/// answers `Timeout` with 4, the cancel token `Cancelled` with 1. Asynchronous; any thread.
///
/// # Safety
/// `connection` is live; `request` and what it points to are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_rpc_call(
    connection: *const HgConnection,
    request: *const HgRpcRequest,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    call::start(call::BytesAnswer::completion(callback, user_data), || {
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgConnection::read(connection) }?.clone();
        // SAFETY: upheld by the caller.
        let given = unsafe { handle::read(request, "request") }?;
        // SAFETY: upheld by the caller.
        let method = unsafe { given.method.as_text("method") }?;
        // SAFETY: upheld by the caller.
        let bytes = unsafe { given.request.as_slice() };
        let service = HgService::try_from(given.service)?;
        let prepared = find(service.into(), method, bytes).ok_or_else(|| {
            Failure::invalid(format!(
                "the service {service:?} has no method \"{method}\""
            ))
        })?;
        let run = prepared.map_err(|error| {
            Failure::invalid(format!(
                "the request of {method} is no such message: {error}"
            ))
        })?;
        // SAFETY: upheld by the caller.
        let metadata = unsafe { Metadata::read(given.metadata, given.metadata_len) }?;
        // SAFETY: upheld by the caller.
        let cancel = unsafe { HgCancelToken::read(given.cancel) }?;
        let timeout = (given.timeout_ms > 0).then(|| Duration::from_millis(given.timeout_ms));
        let plan = Plan {
            method: method.to_owned(),
            settings: Settings {
                metadata: to_map(metadata)?,
                timeout,
                retry: retry_for(given.retry, timeout, &shared),
            },
            retry: given.retry,
            deadline: timeout.map(|timeout| Instant::now() + timeout),
        };
        let runtime = shared.runtime().clone();
        Ok((runtime, async move {
            let method = plan.method.clone();
            let target = shared.target().to_owned();
            let deadline = plan.deadline;
            let expired = async move {
                match deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(Failure::new(
                    HgStatus::Cancelled, format!("{method} was cancelled by the caller"),
                ).with_code(tonic::Code::Cancelled)),
                outcome = plan.run(shared, run) => outcome,
                () = expired => Err(Failure::new(
                    HgStatus::Timeout,
                    format!("{method} at {target} got no answer within {timeout:?}", timeout = timeout.unwrap_or_default()),
                ).with_code(tonic::Code::DeadlineExceeded)),
            }
        }))
    });
}

struct Plan {
    method: String,
    settings: Settings,
    retry: bool,
    deadline: Option<Instant>,
}

impl Plan {
    async fn run(self, shared: Arc<ConnectionShared>, call: Call) -> Result<Vec<u8>, Failure> {
        let connection = if self.retry {
            shared.connect_until(self.deadline).await
        } else {
            shared.connect().await
        }?;
        let answer = call(connection, self.settings).await;
        answer.map_err(|status| {
            let context = if status.code() == tonic::Code::Unavailable {
                format!("{} at {}", self.method, shared.target())
            } else {
                // The server's own text is what users know.
                String::new()
            };
            Failure::grpc(HgStatus::Rpc, &context, &status)
        })
    }
}

/// Without repetitions: one attempt. With them, they end before the timeout does, so that the
/// caller learns what is wrong instead of that time is up.
fn retry_for(
    retry: bool,
    timeout: Option<Duration>,
    shared: &ConnectionShared,
) -> Option<RetryOptions> {
    if !retry {
        return Some(RetryOptions::no_retries());
    }
    let timeout = timeout?;
    let mut options = shared.options().retry_options;
    let limit = options
        .max_elapsed_time
        .map_or(timeout, |limit| limit.min(timeout));
    options.max_elapsed_time = Some(limit);
    Some(options)
}

fn to_map(metadata: Metadata) -> Result<MetadataMap, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::invalid(format!("metadata: {error}"));
    let mut map = MetadataMap::new();
    for (key, value) in metadata.text {
        let key = key
            .parse::<AsciiMetadataKey>()
            .map_err(|error| wrong(&error))?;
        let value = value
            .parse::<AsciiMetadataValue>()
            .map_err(|error| wrong(&error))?;
        map.insert(key, value);
    }
    for (key, value) in metadata.binary {
        let key = key
            .parse::<BinaryMetadataKey>()
            .map_err(|error| wrong(&error))?;
        map.insert_bin(key, BinaryMetadataValue::from_bytes(&value));
    }
    Ok(map)
}
