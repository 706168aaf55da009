use crate::support::{Outcome, Runtime, call, on_answer, text};
use hourglass_bridge::{
    bytes::HgBytesRef,
    replay::{HgHistoryFeeder, hg_replayer_feeder_free, hg_replayer_new, hg_replayer_push},
    status::HgStatus,
    worker::{
        HgWorker, hg_worker_complete_workflow_activation, hg_worker_finalize_shutdown,
        hg_worker_free, hg_worker_poll_activity_task, hg_worker_poll_workflow_activation,
        hg_worker_request_workflow_eviction,
    },
    worker_options::hg_worker_options_default,
};
use prost::Message;
use std::{ptr, time::SystemTime};
use temporalio_common::protos::{
    coresdk::{
        workflow_activation::{WorkflowActivation, workflow_activation_job::Variant},
        workflow_commands::{CompleteWorkflowExecution, workflow_command},
        workflow_completion::WorkflowActivationCompletion,
    },
    temporal::api::{
        common::v1::WorkflowType,
        enums::v1::EventType,
        history::v1::{
            History, HistoryEvent, WorkflowExecutionCompletedEventAttributes,
            WorkflowExecutionStartedEventAttributes, WorkflowTaskCompletedEventAttributes,
            WorkflowTaskScheduledEventAttributes, WorkflowTaskStartedEventAttributes,
            history_event::Attributes,
        },
        taskqueue::v1::TaskQueue,
    },
};

pub const RUN_ID: &str = "6a3e8bb4-5b3f-4f0c-9d4d-0c8d9f3a1b2c";

/// The shortest life a workflow can have: it starts, and completes in its first task.
pub fn history(run_id: &str) -> Vec<u8> {
    let queue = Some(TaskQueue {
        name: "replay".to_owned(),
        ..Default::default()
    });
    let events: [(_, Attributes); 5] = [
        (
            EventType::WorkflowExecutionStarted,
            WorkflowExecutionStartedEventAttributes {
                workflow_type: Some(WorkflowType {
                    name: "Brief".to_owned(),
                }),
                original_execution_run_id: run_id.to_owned(),
                first_execution_run_id: run_id.to_owned(),
                task_queue: queue.clone(),
                attempt: 1,
                ..Default::default()
            }
            .into(),
        ),
        (
            EventType::WorkflowTaskScheduled,
            WorkflowTaskScheduledEventAttributes {
                task_queue: queue,
                attempt: 1,
                ..Default::default()
            }
            .into(),
        ),
        (
            EventType::WorkflowTaskStarted,
            WorkflowTaskStartedEventAttributes {
                scheduled_event_id: 2,
                ..Default::default()
            }
            .into(),
        ),
        (
            EventType::WorkflowTaskCompleted,
            WorkflowTaskCompletedEventAttributes {
                scheduled_event_id: 2,
                started_event_id: 3,
                ..Default::default()
            }
            .into(),
        ),
        (
            EventType::WorkflowExecutionCompleted,
            WorkflowExecutionCompletedEventAttributes {
                workflow_task_completed_event_id: 4,
                ..Default::default()
            }
            .into(),
        ),
    ];
    let events = (1..)
        .zip(events)
        .map(|(event_id, (kind, attributes))| HistoryEvent {
            event_id,
            event_type: kind as i32,
            event_time: Some(SystemTime::UNIX_EPOCH.into()),
            attributes: Some(attributes),
            ..Default::default()
        });
    History {
        events: events.collect(),
    }
    .encode_to_vec()
}

pub struct Replayer {
    pub worker: *mut HgWorker,
    pub feeder: *mut HgHistoryFeeder,
}

impl Replayer {
    pub fn new(runtime: &Runtime) -> Self {
        let mut options = hg_worker_options_default();
        options.namespace_ = text("replay");
        options.task_queue = text("replay");
        let (mut worker, mut feeder) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: everything is alive.
        let made =
            unsafe { hg_replayer_new(runtime.0, &options, &raw mut worker, &raw mut feeder) };
        let made = Outcome::from(made);
        assert_eq!(made.status, HgStatus::Ok, "{}", made.message);
        Self { worker, feeder }
    }

    fn push(&self, history: &[u8]) -> Outcome {
        // SAFETY: the feeder lives until `close`.
        call(|to| unsafe {
            hg_replayer_push(
                self.feeder,
                text("brief"),
                HgBytesRef::of(history),
                Some(on_answer),
                to,
            );
        })
    }

    fn poll(&self) -> Outcome {
        // SAFETY: the worker is alive.
        call(|to| unsafe { hg_worker_poll_workflow_activation(self.worker, Some(on_answer), to) })
    }

    fn activation(&self) -> WorkflowActivation {
        let polled = self.poll();
        assert_eq!(polled.status, HgStatus::Ok, "{}", polled.message);
        WorkflowActivation::decode(polled.bytes.as_slice()).unwrap()
    }

    fn complete(&self, completion: &WorkflowActivationCompletion) {
        let bytes = completion.encode_to_vec();
        // SAFETY: the worker is alive.
        let done = call(|to| unsafe {
            let bytes = HgBytesRef::of(&bytes);
            hg_worker_complete_workflow_activation(self.worker, bytes, Some(on_answer), to);
        });
        assert_eq!(done.status, HgStatus::Ok, "{}", done.message);
    }

    fn replay_one(&self) {
        let first = self.activation();
        assert_eq!(first.run_id, RUN_ID);
        let Some(Variant::InitializeWorkflow(init)) = &first.jobs[0].variant else {
            panic!("expected the workflow's beginning, got {first:?}");
        };
        assert_eq!(init.workflow_type, "Brief");
        self.complete(&WorkflowActivationCompletion::from_cmd(
            RUN_ID,
            workflow_command::Variant::CompleteWorkflowExecution(
                CompleteWorkflowExecution::default(),
            ),
        ));
        let last = self.activation();
        assert!(
            matches!(last.jobs[0].variant, Some(Variant::RemoveFromCache(_))),
            "{last:?}"
        );
        self.complete(&WorkflowActivationCompletion::empty(RUN_ID));
    }

    fn close(&mut self) {
        // SAFETY: freed here only.
        unsafe { hg_replayer_feeder_free(std::mem::replace(&mut self.feeder, ptr::null_mut())) };
    }
}

impl Drop for Replayer {
    fn drop(&mut self) {
        self.close();
        // SAFETY: freed here only.
        unsafe { hg_worker_free(self.worker) };
    }
}

#[test]
fn histories_are_replayed_one_after_the_other_until_the_feeder_is_closed() {
    let runtime = Runtime::new();
    let mut replayer = Replayer::new(&runtime);
    for _ in 0..2 {
        let pushed = replayer.push(&history(RUN_ID));
        assert_eq!(pushed.status, HgStatus::Ok, "{}", pushed.message);
        replayer.replay_one();
    }
    replayer.close();
    assert_eq!(replayer.poll().status, HgStatus::Shutdown);
    // SAFETY: the worker is alive.
    unsafe {
        let ended = call(|to| hg_worker_finalize_shutdown(replayer.worker, Some(on_answer), to));
        assert_eq!(ended.status, HgStatus::Ok, "{}", ended.message);
        let again = call(|to| hg_worker_finalize_shutdown(replayer.worker, Some(on_answer), to));
        assert_eq!(again.status, HgStatus::Shutdown);
        let evict = hg_worker_request_workflow_eviction(replayer.worker, text(RUN_ID));
        assert_eq!(Outcome::from(evict).status, HgStatus::Shutdown);
    }
    assert_eq!(replayer.poll().status, HgStatus::Shutdown);
}

#[test]
fn a_history_that_cannot_be_one_is_refused() {
    let runtime = Runtime::new();
    let replayer = Replayer::new(&runtime);
    for (bytes, about) in [
        (vec![0xff, 0xff], "no History"),
        (Vec::new(), "empty"),
        (history(""), "run id"),
        (
            History {
                events: vec![HistoryEvent::default()],
            }
            .encode_to_vec(),
            "workflow execution started",
        ),
    ] {
        let refused = replayer.push(&bytes);
        assert_eq!(
            refused.status,
            HgStatus::InvalidArgument,
            "{}",
            refused.message
        );
        assert!(
            refused.message.contains(about),
            "\"{}\" should say {about}",
            refused.message
        );
    }
}

#[test]
fn a_completion_that_is_none_is_refused_and_other_kinds_of_task_never_come() {
    let runtime = Runtime::new();
    let replayer = Replayer::new(&runtime);
    // SAFETY: the worker is alive.
    unsafe {
        let refused = call(|to| {
            let bytes = HgBytesRef::of(&[0xff]);
            hg_worker_complete_workflow_activation(replayer.worker, bytes, Some(on_answer), to);
        });
        assert_eq!(refused.status, HgStatus::InvalidArgument);
        let none = call(|to| hg_worker_poll_activity_task(replayer.worker, Some(on_answer), to));
        assert_eq!(none.status, HgStatus::Shutdown);
    }
}

#[test]
fn a_worker_freed_with_a_poll_open_answers_it() {
    let runtime = Runtime::new();
    let waiter = crate::support::Waiter::new();
    let replayer = Replayer::new(&runtime);
    // SAFETY: the worker is alive during the call.
    unsafe {
        hg_worker_poll_workflow_activation(replayer.worker, Some(on_answer), waiter.user_data());
    }
    drop(replayer);
    assert_eq!(waiter.next().status, HgStatus::Shutdown);
}
