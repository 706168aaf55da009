//! A worker that replays histories instead of polling a server.

use crate::{
    bytes::HgBytesRef,
    call,
    call::{BytesAnswer, HgCallback},
    handle,
    handle::Handle,
    runtime::{HgRuntime, RuntimeShared},
    status::{Failure, HgResult},
    worker::HgWorker,
    worker_options::HgWorkerOptions,
};
use prost::{
    DecodeError, Message,
    encoding::{DecodeContext, decode_key, skip_field},
};
use std::{ffi::c_void, sync::Arc};
use temporalio_common::protos::temporal::api::{
    enums::v1::EventType,
    history::v1::{History, HistoryEvent, history_event::Attributes},
};
use temporalio_sdk_core::{
    init_replay_worker,
    replay::{HistoryFeeder, HistoryForReplay, ReplayWorkerInput},
};

/// Feeds histories to a replaying worker.
pub struct HgHistoryFeeder(Handle<FeederShared>);

struct FeederShared {
    runtime: Arc<RuntimeShared>,
    feeder: Arc<HistoryFeeder>,
}

/// Gives a worker that replays in `*out_worker` and what feeds it in `*out_feeder`. The worker is
/// polled, completed and ended as any other, for workflow activations only; it shuts down by itself
/// once the feeder is freed and all histories are replayed. It replays one after the other: the
/// next comes when the one before was evicted. Finalize it before it is freed: Core keeps some
/// memory of one that is torn off. `runtime` and `options` are borrowed. Any thread.
///
/// # Safety
/// `runtime` is live; `options` and what it points to are readable; the `out`s are writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_replayer_new(
    runtime: *const HgRuntime,
    options: *const HgWorkerOptions,
    out_worker: *mut *mut HgWorker,
    out_feeder: *mut *mut HgHistoryFeeder,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let runtime = unsafe { HgRuntime::read(runtime) }?.clone();
        // SAFETY: upheld by the caller.
        let options = unsafe { handle::read(options, "worker's options") }?;
        if out_worker.is_null() || out_feeder.is_null() {
            return Err(Failure::invalid("out_worker or out_feeder is null"));
        }
        // SAFETY: upheld by the caller.
        let config = unsafe { options.to_core() }?;
        let (feeder, stream) = HistoryFeeder::new(1);
        let input = ReplayWorkerInput::new(config, stream);
        let worker = runtime
            .enter(|| init_replay_worker(input))
            .map_err(|error| {
                Failure::invalid(format!("cannot make the replaying worker: {error:#}"))
            })?;
        let feeder = FeederShared {
            runtime: runtime.clone(),
            feeder: Arc::new(feeder),
        };
        let feeder = HgHistoryFeeder(Handle::of_generation(runtime.generation(), feeder));
        // SAFETY: not null, and the caller says that they are writable.
        unsafe {
            out_worker.write(Box::into_raw(Box::new(HgWorker::replaying(
                runtime, worker,
            ))));
            out_feeder.write(Box::into_raw(Box::new(feeder)));
        }
        Ok(Vec::new())
    })
}

/// Adds a history (a serialized `temporal.api.history.v1.History`) of the workflow `workflow_id`;
/// answers when there is room for it. `feeder` and the bytes are borrowed for the call.
/// Asynchronous; any thread.
///
/// # Safety
/// `feeder` is live; the bytes are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_replayer_push(
    feeder: *const HgHistoryFeeder,
    workflow_id: HgBytesRef,
    history: HgBytesRef,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    call::start(BytesAnswer::completion(callback, user_data), || {
        // SAFETY: upheld by the caller.
        let shared = unsafe { handle::read(feeder, "history feeder") }?
            .0
            .get("history feeder")?;
        // SAFETY: upheld by the caller.
        let workflow_id = unsafe { workflow_id.as_text("workflow_id") }?.to_owned();
        // SAFETY: upheld by the caller.
        let history = decode(unsafe { history.as_slice() })
            .map_err(|error| Failure::invalid(format!("the bytes are no History: {error}")))?;
        // Core checks these later, in a thread of its own, with a panic.
        let wrong = |reason: String| {
            Failure::invalid(format!("the history of \"{workflow_id}\": {reason}"))
        };
        check(&history).map_err(wrong)?;
        if history
            .extract_run_id_from_start()
            .map_or(true, str::is_empty)
        {
            return Err(wrong("its first event has no run id".to_owned()));
        }
        let feeder = shared.feeder.clone();
        Ok((shared.runtime.clone(), async move {
            let pushed = feeder
                .feed(HistoryForReplay::new(history, workflow_id))
                .await;
            pushed.map_err(|_| Failure::shutdown("the replaying worker is gone"))?;
            Ok(Vec::new())
        }))
    });
}

/// In one allocation for all events: one is much larger here than it was as it came, so that a list
/// that grows as it is read moves more than it reads.
fn decode(bytes: &[u8]) -> Result<History, DecodeError> {
    let mut history = History {
        events: Vec::with_capacity(count_events(bytes)),
    };
    history.merge(bytes)?;
    Ok(history)
}

/// Those before the first byte that cannot be read.
fn count_events(mut bytes: &[u8]) -> usize {
    const EVENTS: u32 = 1;
    let mut found = 0;
    while let Ok((field, kind)) = decode_key(&mut bytes) {
        if skip_field(kind, field, &mut bytes, DecodeContext::default()).is_err() {
            break;
        }
        found += usize::from(field == EVENTS);
    }
    found
}

/// What Core takes for granted of a history; without a copy of the events, which Core's own check makes.
fn check(history: &History) -> Result<(), String> {
    let first = history.events.first().ok_or("it is empty")?;
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = &first.attributes
    else {
        return Err("its first event is not workflow execution started".to_owned());
    };
    if started.workflow_type.is_none() {
        return Err("its first event names no workflow type".to_owned());
    }
    if started.task_queue.is_none() {
        return Err("its first event names no task queue".to_owned());
    }
    let mut last_start = 0;
    for (index, event) in history.events.iter().enumerate() {
        if event.event_type() != EventType::WorkflowTaskStarted {
            continue;
        }
        let next = history.events.get(index + 1);
        if let Some(next) = next.filter(|next| !may_follow_a_start(next)) {
            return Err(format!(
                "{:?} (event {}) follows the start of a workflow task",
                next.event_type(),
                next.event_id
            ));
        }
        if next.is_none_or(|next| next.event_type() == EventType::WorkflowTaskCompleted) {
            if event.event_id == last_start {
                return Err(format!("two workflow tasks start with event {last_start}"));
            }
            last_start = event.event_id;
        }
    }
    Ok(())
}

fn may_follow_a_start(event: &HistoryEvent) -> bool {
    matches!(
        event.event_type(),
        EventType::WorkflowTaskCompleted
            | EventType::WorkflowTaskFailed
            | EventType::WorkflowTaskTimedOut
            | EventType::WorkflowExecutionTerminated
            | EventType::WorkflowExecutionTimedOut
    )
}

/// Ends `feeder`: no more histories come. Stale or null is fine.
///
/// # Safety
/// `feeder` is null or came from `hg_replayer_new` and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_replayer_feeder_free(feeder: *mut HgHistoryFeeder) {
    if feeder.is_null() {
        return;
    }
    call::catch_free(|| {
        // SAFETY: it was made by `Box::into_raw`, and the caller gives it up.
        let feeder = unsafe { Box::from_raw(feeder) };
        drop(feeder.0.into_content());
    });
}
