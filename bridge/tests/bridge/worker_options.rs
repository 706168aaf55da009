//! What the bridge makes of a worker's options for Core.

use crate::support::text;
use hourglass_bridge::worker_options::{
    HgPollerBehavior, HgPollerKind, HgVersioning, HgVersioningBehavior, HgWorkerOptions,
    hg_worker_options_default,
};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use temporalio_common::worker::{VersioningBehavior, WorkerTaskTypes};
use temporalio_sdk_core::{
    PollerBehavior, WorkerConfig, WorkerVersioningStrategy, WorkflowErrorType,
};

fn nondeterminism() -> HashSet<WorkflowErrorType> {
    HashSet::from([WorkflowErrorType::Nondeterminism])
}

fn config_of(options: &HgWorkerOptions) -> WorkerConfig {
    // SAFETY: the texts are static, and so is the list of types where there is one.
    unsafe { options.to_core() }.expect("the options are valid")
}

fn smallest() -> HgWorkerOptions {
    HgWorkerOptions {
        namespace_: text("namespace"),
        task_queue: text("queue"),
        ..hg_worker_options_default()
    }
}

#[test]
fn each_field_gets_to_its_place_in_core() {
    let types = [text("One"), text("Two")];
    // Without `..`: a field more does not compile.
    let options = HgWorkerOptions {
        namespace_: text("namespace"),
        task_queue: text("queue"),
        identity: text("identity"),
        versioning: HgVersioning::Deployment as i32,
        deployment_name: text("deployment"),
        build_id: text("build"),
        use_worker_versioning: true,
        default_versioning_behavior: HgVersioningBehavior::AutoUpgrade as i32,
        poll_workflows: true,
        run_local_activities: true,
        poll_activities: true,
        poll_nexus: true,
        max_cached_workflows: 11,
        max_workflow_tasks: 12,
        max_activities: 13,
        max_local_activities: 14,
        max_nexus_tasks: 15,
        workflow_pollers: HgPollerBehavior {
            kind: HgPollerKind::SimpleMaximum as i32,
            maximum: 16,
            minimum: 0,
            initial: 0,
        },
        activity_pollers: HgPollerBehavior {
            kind: HgPollerKind::Autoscaling as i32,
            maximum: 19,
            minimum: 17,
            initial: 18,
        },
        nexus_pollers: HgPollerBehavior {
            kind: HgPollerKind::SimpleMaximum as i32,
            maximum: 20,
            minimum: 0,
            initial: 0,
        },
        nonsticky_to_sticky_poll_ratio: 0.25,
        sticky_queue_schedule_to_start_timeout_ms: 23,
        max_heartbeat_throttle_interval_ms: 24,
        default_heartbeat_throttle_interval_ms: 25,
        max_worker_activities_per_second: 26.5,
        max_task_queue_activities_per_second: 27.5,
        max_eager_activities: 28,
        graceful_shutdown_period_ms: 29,
        nondeterminism_fails_workflow: true,
        nondeterminism_fails_types: types.as_ptr(),
        nondeterminism_fails_types_len: types.len(),
    };
    let config = config_of(&options);
    assert_eq!(config.namespace, "namespace");
    assert_eq!(config.task_queue, "queue");
    assert_eq!(config.client_identity_override.as_deref(), Some("identity"));
    let WorkerVersioningStrategy::WorkerDeploymentBased(versioning) = &config.versioning_strategy
    else {
        panic!("it is versioned by deployments");
    };
    assert_eq!(versioning.version.deployment_name, "deployment");
    assert_eq!(versioning.version.build_id, "build");
    assert!(versioning.use_worker_versioning);
    assert_eq!(
        versioning.default_versioning_behavior,
        Some(VersioningBehavior::AutoUpgrade)
    );
    assert_eq!(config.task_types, WorkerTaskTypes::all());
    assert_eq!(config.max_cached_workflows, 11);
    assert_eq!(config.max_outstanding_workflow_tasks, Some(12));
    assert_eq!(config.max_outstanding_activities, Some(13));
    assert_eq!(config.max_outstanding_local_activities, Some(14));
    assert_eq!(config.max_outstanding_nexus_tasks, Some(15));
    assert_eq!(
        config.workflow_task_poller_behavior,
        Some(PollerBehavior::SimpleMaximum(16))
    );
    assert_eq!(
        config.activity_task_poller_behavior,
        Some(PollerBehavior::Autoscaling {
            minimum: 17,
            maximum: 19,
            initial: 18,
        })
    );
    assert_eq!(
        config.nexus_task_poller_behavior,
        Some(PollerBehavior::SimpleMaximum(20))
    );
    assert!((config.nonsticky_to_sticky_poll_ratio - 0.25).abs() < f32::EPSILON);
    let milliseconds = Duration::from_millis;
    assert_eq!(
        config.sticky_queue_schedule_to_start_timeout,
        milliseconds(23)
    );
    assert_eq!(config.max_heartbeat_throttle_interval, milliseconds(24));
    assert_eq!(config.default_heartbeat_throttle_interval, milliseconds(25));
    assert_eq!(config.max_worker_activities_per_second, Some(26.5));
    assert_eq!(config.max_task_queue_activities_per_second, Some(27.5));
    assert_eq!(config.max_eager_activity_reservations_per_workflow_task, 28);
    assert_eq!(config.graceful_shutdown_period, Some(milliseconds(29)));
    assert_eq!(config.workflow_failure_errors, nondeterminism());
    assert_eq!(
        config.workflow_types_to_failure_errors,
        HashMap::from([
            ("One".to_owned(), nondeterminism()),
            ("Two".to_owned(), nondeterminism()),
        ])
    );
}

#[test]
fn each_kind_of_task_is_switched_off_alone() {
    let without = |change: &dyn Fn(&mut HgWorkerOptions)| {
        let mut options = smallest();
        change(&mut options);
        config_of(&options).task_types
    };
    let all = WorkerTaskTypes::all();
    assert_eq!(without(&|_| ()), all);
    assert_eq!(
        without(&|o| o.poll_activities = false),
        WorkerTaskTypes {
            enable_remote_activities: false,
            ..all
        }
    );
    assert_eq!(
        without(&|o| o.poll_nexus = false),
        WorkerTaskTypes {
            enable_nexus: false,
            ..all
        }
    );
    assert_eq!(
        without(&|o| o.run_local_activities = false),
        WorkerTaskTypes {
            enable_local_activities: false,
            ..all
        }
    );
    assert_eq!(
        without(&|o| {
            o.poll_workflows = false;
            o.max_cached_workflows = 0;
        }),
        WorkerTaskTypes {
            enable_workflows: false,
            enable_local_activities: false,
            ..all
        }
    );
}
