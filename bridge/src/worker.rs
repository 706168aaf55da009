//! Workers: polls, answers, and their end.

use crate::{
    bytes::HgBytesRef,
    call,
    call::{BytesAnswer, HgCallback},
    connection::HgConnection,
    handle,
    handle::Handle,
    runtime::RuntimeShared,
    status::{Failure, HgResult, HgStatus},
    worker_options::HgWorkerOptions,
};
use parking_lot::RwLock;
use prost::Message;
use std::{
    ffi::c_void,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use temporalio_common::protos::coresdk::{
    ActivityHeartbeat, ActivityTaskCompletion, nexus::NexusTaskCompletion,
    workflow_completion::WorkflowActivationCompletion,
};
use temporalio_sdk_core::{PollError, Worker, init_worker};

/// A worker of one task queue.
pub struct HgWorker(Handle<Arc<WorkerShared>>);

struct WorkerShared {
    runtime: Arc<RuntimeShared>,
    /// Empty once the worker is finalized.
    worker: RwLock<Option<Arc<Worker>>>,
    finalizing: AtomicBool,
    replays: bool,
}

impl HgWorker {
    /// A handle of `worker`.
    pub(crate) fn new(runtime: Arc<RuntimeShared>, worker: Worker) -> Self {
        Self::made(runtime, worker, false)
    }

    /// A handle of one that replays.
    pub(crate) fn replaying(runtime: Arc<RuntimeShared>, worker: Worker) -> Self {
        Self::made(runtime, worker, true)
    }

    fn made(runtime: Arc<RuntimeShared>, worker: Worker, replays: bool) -> Self {
        Self(Handle::of_generation(
            runtime.generation(),
            Arc::new(WorkerShared {
                runtime,
                worker: RwLock::new(Some(Arc::new(worker))),
                finalizing: AtomicBool::new(false),
                replays,
            }),
        ))
    }

    /// # Safety
    /// `pointer` is null or a live worker.
    unsafe fn read<'a>(pointer: *const Self) -> Result<&'a Arc<WorkerShared>, Failure> {
        // SAFETY: upheld by the caller.
        unsafe { handle::read(pointer, "worker") }?.0.get("worker")
    }

    /// # Safety
    /// `pointer` is null or a live worker.
    unsafe fn open(pointer: *const Self) -> Result<(Arc<RuntimeShared>, Arc<Worker>), Failure> {
        // SAFETY: upheld by the caller.
        let shared = unsafe { Self::read(pointer) }?;
        let worker = shared.worker.read().clone();
        match worker {
            Some(worker) => Ok((shared.runtime.clone(), worker)),
            None => Err(Failure::shutdown("the worker is finalized")),
        }
    }
}

/// Gives a worker in `*out`. It polls nothing until it is asked to. `connection` (borrowed) must be
/// connected: a lazy one by `hg_connection_ensure`. A second worker of the same namespace, task
/// queue and build id needs another connection. Any thread.
///
/// # Safety
/// `connection` is live; `options` and what it points to are readable; `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_new(
    connection: *const HgConnection,
    options: *const HgWorkerOptions,
    out: *mut *mut HgWorker,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgConnection::read(connection) }?;
        // SAFETY: upheld by the caller.
        let options = unsafe { handle::read(options, "worker's options") }?;
        if out.is_null() {
            return Err(Failure::invalid("out is null"));
        }
        // SAFETY: upheld by the caller.
        let config = unsafe { options.to_core() }?;
        let runtime = shared.runtime().clone();
        if runtime.is_closed() {
            return Err(Failure::shutdown("the runtime is shut down"));
        }
        let Some(connection) = shared.connected() else {
            return Err(Failure::new(
                HgStatus::ConnectFailed,
                format!(
                    "the lazy connection to {} is not connected yet",
                    shared.target()
                ),
            )
            .with_code(tonic::Code::Unavailable));
        };
        let worker = runtime
            .enter(|| init_worker(runtime.core(), config, connection.clone()))
            .map_err(|error| Failure::invalid(format!("cannot make the worker: {error:#}")))?;
        // A new worker has Core's own retries, after 10 s of which the answer to a task is dropped; a
        // connection that takes the place of another keeps those that it was made with.
        if let Err(error) = runtime.enter(|| worker.replace_client(connection)) {
            runtime.enter(|| tear_off(&worker));
            return Err(Failure::invalid(format!(
                "cannot make the worker: {error:#}"
            )));
        }
        // SAFETY: not null, and the caller says that it is writable.
        unsafe { out.write(Box::into_raw(Box::new(HgWorker::new(runtime, worker)))) };
        Ok(Vec::new())
    })
}

/// # Safety
/// `worker` is null or a live worker.
pub(crate) unsafe fn with_worker<F>(
    worker: *const HgWorker,
    callback: HgCallback,
    user_data: *mut c_void,
    make: impl FnOnce(Arc<Worker>) -> Result<F, Failure>,
) where
    F: Future<Output = Result<Vec<u8>, Failure>> + Send + 'static,
{
    call::start(BytesAnswer::completion(callback, user_data), || {
        // SAFETY: upheld by the caller.
        let (runtime, worker) = unsafe { HgWorker::open(worker) }?;
        Ok((runtime, make(worker)?))
    });
}

fn poll_failed(what: &str, error: &PollError) -> Failure {
    match error {
        PollError::ShutDown => Failure::shutdown(format!("no more {what} will come")),
        PollError::TonicError(status) => {
            Failure::grpc(HgStatus::Rpc, &format!("polling for {what}"), status)
        }
    }
}

/// Core's futures take kilobytes. In a box from the beginning they are not moved with what waits for
/// them, which is moved several times before it runs, and keeps room for each twice.
fn boxed<F: Future>(future: F) -> Pin<Box<F>> {
    Box::pin(future)
}

fn decode<M: Message + Default>(what: &str, bytes: &[u8]) -> Result<M, Failure> {
    M::decode(bytes).map_err(|error| Failure::invalid(format!("the bytes are no {what}: {error}")))
}

/// Answers with the next `coresdk.workflow_activation.WorkflowActivation`, or `Shutdown` when none
/// will come. Every activation has to be completed. One such poll at a time. `worker` is borrowed.
/// Asynchronous; any thread.
///
/// # Safety
/// `worker` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_poll_workflow_activation(
    worker: *const HgWorker,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    // SAFETY: upheld by the caller.
    unsafe {
        with_worker(worker, callback, user_data, |worker| {
            Ok(async move {
                let polled = boxed(worker.poll_workflow_activation()).await;
                let task = polled.map_err(|error| poll_failed("workflow activations", &error))?;
                Ok(task.encode_to_vec())
            })
        });
    }
}

/// Answers with the next `coresdk.activity_task.ActivityTask`, or `Shutdown` when none will come.
/// Every task that starts an activity has to be completed. One such poll at a time. `worker` is
/// borrowed. Asynchronous; any thread.
///
/// # Safety
/// `worker` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_poll_activity_task(
    worker: *const HgWorker,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    // SAFETY: upheld by the caller.
    unsafe {
        with_worker(worker, callback, user_data, |worker| {
            Ok(async move {
                let polled = boxed(worker.poll_activity_task()).await;
                let task = polled.map_err(|error| poll_failed("activity tasks", &error))?;
                Ok(task.encode_to_vec())
            })
        });
    }
}

/// Answers with the next `coresdk.nexus.NexusTask`, or `Shutdown` when none will come. Every task
/// has to be completed. One such poll at a time. `worker` is borrowed. Asynchronous; any thread.
///
/// # Safety
/// `worker` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_poll_nexus_task(
    worker: *const HgWorker,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    // SAFETY: upheld by the caller.
    unsafe {
        with_worker(worker, callback, user_data, |worker| {
            Ok(async move {
                let polled = worker.poll_nexus_task().await;
                let task = polled.map_err(|error| poll_failed("Nexus tasks", &error))?;
                Ok(task.encode_to_vec())
            })
        });
    }
}

/// Answers an activation with a `coresdk.workflow_completion.WorkflowActivationCompletion`. `worker`
/// and `completion` are borrowed for the call. Asynchronous; any thread, several at once.
///
/// # Safety
/// `worker` is live; `completion` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_complete_workflow_activation(
    worker: *const HgWorker,
    completion: HgBytesRef,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    // SAFETY: upheld by the caller.
    unsafe {
        with_worker(worker, callback, user_data, |worker| {
            let completion: WorkflowActivationCompletion =
                decode("WorkflowActivationCompletion", completion.as_slice())?;
            Ok(async move {
                let done = boxed(worker.complete_workflow_activation(completion)).await;
                done.map_err(|error| Failure::invalid(error.to_string()))?;
                Ok(Vec::new())
            })
        });
    }
}

/// Answers an activity task with a `coresdk.ActivityTaskCompletion`. `worker` and `completion` are
/// borrowed for the call. Asynchronous; any thread, several at once.
///
/// # Safety
/// `worker` is live; `completion` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_complete_activity_task(
    worker: *const HgWorker,
    completion: HgBytesRef,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    // SAFETY: upheld by the caller.
    unsafe {
        with_worker(worker, callback, user_data, |worker| {
            let completion: ActivityTaskCompletion =
                decode("ActivityTaskCompletion", completion.as_slice())?;
            Ok(async move {
                let done = boxed(worker.complete_activity_task(completion)).await;
                done.map_err(|error| Failure::invalid(error.to_string()))?;
                Ok(Vec::new())
            })
        });
    }
}

/// Answers a Nexus task with a `coresdk.nexus.NexusTaskCompletion`. `worker` and `completion` are
/// borrowed for the call. Asynchronous; any thread, several at once.
///
/// # Safety
/// `worker` is live; `completion` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_complete_nexus_task(
    worker: *const HgWorker,
    completion: HgBytesRef,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    // SAFETY: upheld by the caller.
    unsafe {
        with_worker(worker, callback, user_data, |worker| {
            let completion: NexusTaskCompletion =
                decode("NexusTaskCompletion", completion.as_slice())?;
            Ok(async move {
                let done = worker.complete_nexus_task(completion).await;
                done.map_err(|error| Failure::invalid(error.to_string()))?;
                Ok(Vec::new())
            })
        });
    }
}

/// Records a `coresdk.ActivityHeartbeat`; Core sends it when it is time to. A cancellation that the
/// server answers with arrives as an activity task. `worker` and `heartbeat` are borrowed for the
/// call. Any thread.
///
/// # Safety
/// `worker` is live; `heartbeat` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_record_activity_heartbeat(
    worker: *const HgWorker,
    heartbeat: HgBytesRef,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let (runtime, worker) = unsafe { HgWorker::open(worker) }?;
        // SAFETY: upheld by the caller.
        let heartbeat: ActivityHeartbeat =
            decode("ActivityHeartbeat", unsafe { heartbeat.as_slice() })?;
        runtime.enter(|| worker.record_activity_heartbeat(heartbeat));
        Ok(Vec::new())
    })
}

/// Asks that the run be evicted; an activation that says so follows if it is cached. `worker` and
/// `run_id` are borrowed for the call. Any thread.
///
/// # Safety
/// `worker` is live; `run_id` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_request_workflow_eviction(
    worker: *const HgWorker,
    run_id: HgBytesRef,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let (runtime, worker) = unsafe { HgWorker::open(worker) }?;
        // SAFETY: upheld by the caller.
        let run_id = unsafe { run_id.as_text("run_id") }?;
        if !worker.get_config().task_types.enable_workflows {
            return Err(Failure::invalid(
                "this worker runs no workflows, so it cannot evict one",
            ));
        }
        runtime.enter(|| worker.request_workflow_eviction(run_id));
        Ok(Vec::new())
    })
}

/// Begins the end: polls stop at the server and answer `Shutdown` once nothing more comes. Go on
/// polling until they do, and complete what they give. `worker` is borrowed. Any thread, any number
/// of times.
///
/// # Safety
/// `worker` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_initiate_shutdown(worker: *const HgWorker) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let (runtime, worker) = unsafe { HgWorker::open(worker) }?;
        runtime.enter(|| worker.initiate_shutdown());
        Ok(Vec::new())
    })
}

/// Ends the worker inside `worker` (borrowed): answers when everything that it handed out has been
/// completed. Until then the worker takes completions; from then on every call with it answers
/// `Shutdown`, and freeing it is left. Call it when all polls have answered `Shutdown`.
/// Asynchronous; any thread.
///
/// # Safety
/// `worker` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_finalize_shutdown(
    worker: *const HgWorker,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    call::start(BytesAnswer::completion(callback, user_data), || {
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgWorker::read(worker) }?;
        // SAFETY: upheld by the caller.
        let (runtime, core) = unsafe { HgWorker::open(worker) }?;
        if shared.finalizing.swap(true, Ordering::AcqRel) {
            return Err(Failure::shutdown("the worker is being finalized already"));
        }
        Ok((runtime, finalize(core, shared.clone())))
    });
}

async fn finalize(core: Arc<Worker>, shared: Arc<WorkerShared>) -> Result<Vec<u8>, Failure> {
    core.shutdown().await;
    drop(shared.worker.write().take());
    let mut core = core;
    loop {
        match Arc::try_unwrap(core) {
            Ok(core) => {
                core.finalize_shutdown().await;
                return Ok(Vec::new());
            }
            // Another call is about to return; it holds the worker for a moment more.
            Err(shared) => core = shared,
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Lets `worker` (borrowed) talk to the server through `connection` (borrowed, connected) from now
/// on. Any thread.
///
/// # Safety
/// Both are live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_replace_client(
    worker: *const HgWorker,
    connection: *const HgConnection,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let (runtime, worker) = unsafe { HgWorker::open(worker) }?;
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgConnection::read(connection) }?;
        let Some(connection) = shared.connected() else {
            return Err(Failure::new(
                HgStatus::ConnectFailed,
                format!(
                    "the lazy connection to {} is not connected yet",
                    shared.target()
                ),
            ));
        };
        runtime
            .enter(|| worker.replace_client(connection))
            .map_err(|error| Failure::invalid(format!("cannot replace the client: {error:#}")))?;
        Ok(Vec::new())
    })
}

/// Ends `worker`. One that was not finalized is torn off: its polls end, its registration with the
/// connection too, and what it handed out is left to the server's timeouts. Stale or null is fine; one
/// that came through a fork leaks.
///
/// # Safety
/// `worker` is null or came from `hg_worker_new` or `hg_replayer_new` and is not freed; no call that
/// was given it is under way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_free(worker: *mut HgWorker) {
    if worker.is_null() {
        return;
    }
    call::catch_free(|| {
        // SAFETY: it was made by `Box::into_raw`, and the caller gives it up.
        let worker = unsafe { Box::from_raw(worker) };
        let was_stale = worker.0.is_stale();
        let Some(shared) = worker.0.into_content() else {
            return;
        };
        if was_stale && shared.replays {
            // It cannot be finalized any more, and without that it holds itself in a circle.
            handle::keep_for_ever(shared);
            return;
        }
        let Some(core) = shared.worker.write().take() else {
            return;
        };
        shared.runtime.enter(|| tear_off(&core));
    });
}

fn tear_off(core: &Worker) {
    core.initiate_shutdown();
    if let Some(connection) = core.get_client_connection() {
        // Core has no `Drop` for this, and refuses a successor on the connection without it.
        let _ = connection
            .workers()
            .finalize_unregister(core.worker_instance_key());
    }
}
