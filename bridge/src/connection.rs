//! A connection to a Temporal server.

use crate::{
    bytes::HgBytesRef,
    call,
    call::{Answer, Completion},
    connection_options::{HgConnectOptions, HgMetadata, Metadata, read_api_key},
    handle,
    handle::Handle,
    in_process::{HgInProcessServer, Server},
    runtime::{HgRuntime, RuntimeShared},
    status::{Failure, HgResult, HgStatus},
};
use parking_lot::Mutex;
use std::{ffi::c_void, sync::Arc, time::Duration};
use temporalio_client::{Connection, ConnectionOptions, errors::ClientConnectError, jittered};
use tokio::time::Instant;

/// Receives a connection, exactly once; null unless the status is `Ok`. The rules are those of
/// `HgCallback`, and `connection` belongs to it.
pub type HgConnectCallback = Option<
    unsafe extern "C" fn(user_data: *mut c_void, connection: *mut HgConnection, result: HgResult),
>;

/// A connection to a server; calls and workers share it.
pub struct HgConnection(Handle<Arc<ConnectionShared>>);

impl HgConnection {
    /// The connection behind `pointer`.
    ///
    /// # Safety
    /// `pointer` is null or a live connection.
    pub(crate) unsafe fn read<'a>(
        pointer: *const Self,
    ) -> Result<&'a Arc<ConnectionShared>, Failure> {
        // SAFETY: upheld by the caller.
        unsafe { handle::read(pointer, "connection") }?
            .0
            .get("connection")
    }
}

/// What a connection shares with the calls on it.
pub struct ConnectionShared {
    runtime: Arc<RuntimeShared>,
    target: String,
    state: Mutex<State>,
    /// Held while connecting, so that several first calls connect once.
    connecting: tokio::sync::Mutex<()>,
}

struct State {
    options: ConnectionOptions,
    connection: Option<Connection>,
}

impl ConnectionShared {
    /// The runtime it belongs to.
    pub fn runtime(&self) -> &Arc<RuntimeShared> {
        &self.runtime
    }

    /// The server's address.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Core's connection, if there is one already.
    pub fn connected(&self) -> Option<Connection> {
        self.state.lock().connection.clone()
    }

    /// The options it was made with.
    pub fn options(&self) -> ConnectionOptions {
        self.state.lock().options.clone()
    }

    /// Core's connection, connecting now if need be.
    pub async fn connect(&self) -> Result<Connection, Failure> {
        match self.connected() {
            Some(connection) => Ok(connection),
            // In a box: every call would keep room for it, seven kilobytes, and be moved with them.
            None => Box::pin(self.make_connection()).await,
        }
    }

    async fn make_connection(&self) -> Result<Connection, Failure> {
        let _one_at_a_time = self.connecting.lock().await;
        if let Some(connection) = self.connected() {
            return Ok(connection);
        }
        let options = self.options();
        let timeout = options.connect_timeout;
        let connecting = Connection::connect(options);
        let connection = match timeout {
            None => connecting.await,
            Some(timeout) => tokio::time::timeout(timeout, connecting)
                .await
                .map_err(|_| {
                    Failure::new(
                        HgStatus::ConnectFailed,
                        format!(
                            "cannot connect to {}: no answer within {timeout:?}",
                            self.target
                        ),
                    )
                    .with_code(tonic::Code::Unavailable)
                })?,
        };
        let connection = connection.map_err(|error| self.connect_failed(&error))?;
        let mut state = self.state.lock();
        // Whoever changed these meanwhile changed the options only.
        connection.set_api_key(state.options.api_key.clone());
        let checked = connection.set_headers(state.options.headers.clone().unwrap_or_default());
        checked.map_err(|error| Failure::invalid(error.to_string()))?;
        let checked =
            connection.set_binary_headers(state.options.binary_headers.clone().unwrap_or_default());
        checked.map_err(|error| Failure::invalid(error.to_string()))?;
        state.connection = Some(connection.clone());
        Ok(connection)
    }

    /// As [`Self::connect`], trying again while the server cannot be reached, until `deadline`.
    pub async fn connect_until(&self, deadline: Option<Instant>) -> Result<Connection, Failure> {
        if let Some(connection) = self.connected() {
            return Ok(connection);
        }
        let retry = self.options().retry_options;
        let give_up = retry.max_elapsed_time.map(|limit| Instant::now() + limit);
        let deadline = [deadline, give_up].into_iter().flatten().min();
        let mut pause = retry.initial_interval;
        for attempt in 1.. {
            let failure = match self.connect().await {
                Ok(connection) => return Ok(connection),
                Err(failure) => failure,
            };
            let wait = jittered(pause, retry.randomization_factor);
            let passes = failure.grpc_code == tonic::Code::Unavailable as i32;
            let too_late = deadline.is_some_and(|deadline| Instant::now() + wait >= deadline);
            if !passes || too_late || (retry.max_retries > 0 && attempt >= retry.max_retries) {
                return Err(failure);
            }
            tokio::time::sleep(wait).await;
            pause = pause
                .mul_f64(retry.multiplier)
                .min(retry.max_interval.max(Duration::from_millis(1)));
        }
        unreachable!("the loop above ends by returning")
    }

    fn connect_failed(&self, error: &ClientConnectError) -> Failure {
        let context = format!("cannot connect to {}", self.target);
        match error {
            ClientConnectError::SystemInfoCallError(status) => {
                Failure::grpc(HgStatus::ConnectFailed, &context, status)
            }
            ClientConnectError::TonicTransportError(_)
            | ClientConnectError::DnsResolutionError { .. } => Failure::new(
                HgStatus::ConnectFailed,
                format!("{context}: {}", with_causes(error)),
            )
            .with_code(tonic::Code::Unavailable),
            _ => Failure::invalid(format!("{context}: {}", with_causes(error))),
        }
    }
}

fn with_causes(error: &ClientConnectError) -> String {
    // Its own text prints the transport error's fields; the causes say it in words.
    let mut text = match error {
        ClientConnectError::TonicTransportError(inner) => inner.to_string(),
        other => other.to_string(),
    };
    let mut cause = match error {
        ClientConnectError::TonicTransportError(inner) => std::error::Error::source(inner),
        other => std::error::Error::source(other),
    };
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

struct ConnectAnswer {
    callback: HgConnectCallback,
    user_data: *mut c_void,
}

// SAFETY: the header tells callers that the callback runs on another thread with this user data.
unsafe impl Send for ConnectAnswer {}

impl Answer<HgConnection> for ConnectAnswer {
    fn deliver(self: Box<Self>, outcome: Result<HgConnection, Failure>) {
        let Some(callback) = self.callback else {
            return;
        };
        let (connection, result) = match outcome {
            Ok(connection) => (
                Box::into_raw(Box::new(connection)),
                HgResult::ok(Vec::new()),
            ),
            Err(failure) => (std::ptr::null_mut(), failure.into()),
        };
        // SAFETY: the callback is the caller's, with the user data it came with, and called once.
        unsafe { callback(self.user_data, connection, result) };
    }
}

/// Connects and gives a connection to `callback`. A lazy one is given at once and connects at its
/// first call, or at `hg_connection_ensure`. `runtime` and `options` are borrowed for the call.
/// Asynchronous; any thread.
///
/// # Safety
/// `runtime` is live; `options` and what it points to are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_connect(
    runtime: *const HgRuntime,
    options: *const HgConnectOptions,
    callback: HgConnectCallback,
    user_data: *mut c_void,
) {
    // SAFETY: upheld by the caller.
    unsafe { connect(runtime, options, None, callback, user_data) };
}

/// As `hg_connect`, to a server in this process instead of the target, which only stands in texts.
/// Nothing touches the network: TLS, proxy, keep-alive and compression have no meaning here. What
/// `server` points to is read during the call; its `ended` is called however this ends.
/// Asynchronous; any thread.
///
/// # Safety
/// `runtime` is live; `options` and what it points to are readable; `server` is readable, and its
/// callbacks may be called with its user data until `ended`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_connect_in_process(
    runtime: *const HgRuntime,
    options: *const HgConnectOptions,
    server: *const HgInProcessServer,
    callback: HgConnectCallback,
    user_data: *mut c_void,
) {
    // SAFETY: upheld by the caller.
    let server = unsafe { server.as_ref() }.copied();
    let server = server.unwrap_or(HgInProcessServer::NONE);
    // SAFETY: upheld by the caller.
    unsafe {
        connect(
            runtime,
            options,
            Some(Server::new(server)),
            callback,
            user_data,
        );
    };
}

/// # Safety
/// `runtime` is live; `options` and what it points to are readable.
unsafe fn connect(
    runtime: *const HgRuntime,
    options: *const HgConnectOptions,
    server: Option<Server>,
    callback: HgConnectCallback,
    user_data: *mut c_void,
) {
    call::start(
        Completion::new(ConnectAnswer {
            callback,
            user_data,
        }),
        || {
            // SAFETY: upheld by the caller.
            let runtime = unsafe { HgRuntime::read(runtime) }?.clone();
            // SAFETY: upheld by the caller.
            let given = unsafe { handle::read(options, "connection's options") }?;
            // SAFETY: upheld by the caller.
            let mut options = unsafe { given.to_core() }?;
            options.metrics_meter = runtime.core().telemetry().get_temporal_metric_meter();
            if let Some(server) = server {
                options.service_override = Some(server.into_service()?);
                // Core refuses the two together.
                options.dns_load_balancing = None;
            }
            let lazy = given.lazy;
            let shared = Arc::new(ConnectionShared {
                runtime: runtime.clone(),
                target: options.target.to_string(),
                state: Mutex::new(State {
                    options,
                    connection: None,
                }),
                connecting: tokio::sync::Mutex::new(()),
            });
            Ok((runtime, async move {
                if !lazy {
                    shared.connect().await?;
                }
                let generation = shared.runtime.generation();
                Ok(HgConnection(Handle::of_generation(generation, shared)))
            }))
        },
    );
}

/// Connects a lazy `connection` (borrowed) now; without effect on a connected one. Asynchronous;
/// any thread.
///
/// # Safety
/// `connection` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_connection_ensure(
    connection: *const HgConnection,
    callback: call::HgCallback,
    user_data: *mut c_void,
) {
    call::start(call::BytesAnswer::completion(callback, user_data), || {
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgConnection::read(connection) }?.clone();
        Ok((shared.runtime.clone(), async move {
            shared.connect().await?;
            Ok(Vec::new())
        }))
    });
}

/// Sends `api_key` (empty: none) with every later call on `connection` (borrowed), polls of its
/// workers included. Any thread.
///
/// # Safety
/// `connection` is live; `api_key` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_connection_set_api_key(
    connection: *const HgConnection,
    api_key: HgBytesRef,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgConnection::read(connection) }?;
        // SAFETY: upheld by the caller.
        let api_key = unsafe { read_api_key(api_key) }?;
        let mut state = shared.state.lock();
        state.options.api_key.clone_from(&api_key);
        if let Some(connection) = &state.connection {
            connection.set_api_key(api_key);
        }
        Ok(Vec::new())
    })
}

/// Sends these entries, and no others, with every later call on `connection` (borrowed). Any thread.
///
/// # Safety
/// `connection` is live; `metadata` points to `metadata_len` readable entries.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_connection_set_metadata(
    connection: *const HgConnection,
    metadata: *const HgMetadata,
    metadata_len: usize,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgConnection::read(connection) }?;
        // SAFETY: upheld by the caller.
        let metadata = unsafe { Metadata::read(metadata, metadata_len) }?;
        let mut state = shared.state.lock();
        state.options.headers = Some(metadata.text.clone());
        state.options.binary_headers = Some(metadata.binary.clone());
        if let Some(connection) = &state.connection {
            let checked = connection.set_headers(metadata.text);
            checked.map_err(|error| Failure::invalid(error.to_string()))?;
            let checked = connection.set_binary_headers(metadata.binary);
            checked.map_err(|error| Failure::invalid(error.to_string()))?;
        }
        Ok(Vec::new())
    })
}

/// Ends `connection`; calls under way and workers go on. Stale or null is fine.
///
/// # Safety
/// `connection` is null or came from `hg_connect` and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_connection_free(connection: *mut HgConnection) {
    if connection.is_null() {
        return;
    }
    call::catch_free(|| {
        // SAFETY: it was made by `Box::into_raw`, and the caller gives it up.
        let connection = unsafe { Box::from_raw(connection) };
        if let Some(shared) = connection.0.into_content() {
            shared.runtime.clone().enter(|| drop(shared));
        }
    });
}
