//! What the patches make small. A path that prost does not know boxes nothing, silently; and a future
//! takes what a later one that is awaited in it does.

use std::mem::{size_of, size_of_val};
use temporalio_common::{
    protos::{
        coresdk::{
            workflow_activation::WorkflowActivationJob, workflow_commands::WorkflowCommand,
            workflow_completion::WorkflowActivationCompletion,
        },
        temporal::api::{command::v1::Command, history::v1::HistoryEvent},
    },
    worker::WorkerTaskTypes,
};
use temporalio_sdk_core::{
    WorkerConfig, WorkerVersioningStrategy, init_replay_worker,
    replay::{HistoryFeeder, ReplayWorkerInput},
};

#[test]
fn what_a_task_is_made_of_is_as_small_as_its_patch_says() {
    if std::env::var_os("HOURGLASS_CORE_PATCHED").is_none() {
        return; // Core as it is.
    }
    assert_eq!(size_of::<HistoryEvent>(), 336);
    assert_eq!(size_of::<WorkflowActivationJob>(), 328);
    assert_eq!(size_of::<WorkflowCommand>(), 408);
    assert_eq!(size_of::<Command>(), 464);
}

#[tokio::test]
async fn futures_that_are_moved_before_they_run_are_small() {
    if std::env::var_os("HOURGLASS_CORE_PATCHED").is_none() {
        return; // Core as it is.
    }
    let config = WorkerConfig::builder()
        .namespace("sizes")
        .task_queue("sizes")
        .versioning_strategy(WorkerVersioningStrategy::None {
            build_id: String::new(),
        })
        .task_types(WorkerTaskTypes::workflow_only())
        .build()
        .expect("a configuration");
    let (feeder, histories) = HistoryFeeder::new(1);
    let worker = init_replay_worker(ReplayWorkerInput::new(config, histories)).expect("a worker");
    let poll = size_of_val(&worker.poll_workflow_activation());
    let completion =
        size_of_val(&worker.complete_workflow_activation(WorkflowActivationCompletion::default()));
    assert!(poll <= 1024, "a poll takes {poll} bytes");
    assert!(completion <= 4096, "a completion takes {completion} bytes");
    drop(feeder);
    while worker.poll_workflow_activation().await.is_ok() {}
    worker.finalize_shutdown().await;
}
