//! How a worker works, as C writes it and as Core wants it.

use crate::{bytes::HgBytesRef, status::Failure};
use std::{
    collections::{HashMap, HashSet},
    slice,
    time::Duration,
};
use temporalio_common::worker::{
    VersioningBehavior, WorkerDeploymentOptions, WorkerDeploymentVersion, WorkerTaskTypes,
};
use temporalio_sdk_core::{
    PollerBehavior, WorkerConfig, WorkerVersioningStrategy, WorkflowErrorType,
};

/// How many polls a worker keeps open: a value of `HgPollerBehavior.kind`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HgPollerKind {
    /// As Core decides for the namespace.
    Default = 0,
    /// At most `maximum`.
    SimpleMaximum = 1,
    /// Between `minimum` and `maximum`, as the server suggests.
    Autoscaling = 2,
}

/// How many polls of one kind of task a worker keeps open.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct HgPollerBehavior {
    /// A value of `HgPollerKind`.
    pub kind: i32,
    /// The most; workflow tasks with a cache need 2 or more.
    pub maximum: u32,
    /// The fewest; for autoscaling.
    pub minimum: u32,
    /// How many to begin with; for autoscaling.
    pub initial: u32,
}

/// How a worker takes part in versioning: a value of `HgWorkerOptions.versioning`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HgVersioning {
    /// Not at all; the build id, if any, is for people.
    None = 0,
    /// By worker deployments.
    Deployment = 1,
    /// By build ids of a whole worker, the older way.
    LegacyBuildId = 2,
}

/// What becomes of a workflow when a new version is deployed: a value of
/// `HgWorkerOptions.default_versioning_behavior`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HgVersioningBehavior {
    /// The worker has no default.
    Unspecified = 0,
    /// It stays with its version.
    Pinned = 1,
    /// It moves to the new one.
    AutoUpgrade = 2,
}

/// How a worker works. Where 0 is no sensible value, it means: as Core decides.
#[repr(C)]
#[derive(Debug)]
pub struct HgWorkerOptions {
    /// Namespace; required.
    pub namespace_: HgBytesRef,
    /// Task queue; required.
    pub task_queue: HgBytesRef,
    /// Overrides the connection's identity; empty: does not.
    pub identity: HgBytesRef,
    /// A value of `HgVersioning`.
    pub versioning: i32,
    /// For deployments.
    pub deployment_name: HgBytesRef,
    /// The version of the code.
    pub build_id: HgBytesRef,
    /// For deployments: whether to take tasks of this version only.
    pub use_worker_versioning: bool,
    /// For deployments: a value of `HgVersioningBehavior`, for workflows that do not say.
    pub default_versioning_behavior: i32,
    /// Whether to poll workflow tasks.
    pub poll_workflows: bool,
    /// Whether workflows may run local activities here.
    pub run_local_activities: bool,
    /// Whether to poll activity tasks.
    pub poll_activities: bool,
    /// Whether to poll Nexus tasks.
    pub poll_nexus: bool,
    /// Number of workflow runs to keep; 0: none, every task replays its history.
    pub max_cached_workflows: u32,
    /// Number of workflow tasks at a time.
    pub max_workflow_tasks: u32,
    /// Number of activities at a time.
    pub max_activities: u32,
    /// Number of local activities at a time.
    pub max_local_activities: u32,
    /// Number of Nexus tasks at a time.
    pub max_nexus_tasks: u32,
    /// Polls for workflow tasks.
    pub workflow_pollers: HgPollerBehavior,
    /// Polls for activity tasks.
    pub activity_pollers: HgPollerBehavior,
    /// Polls for Nexus tasks.
    pub nexus_pollers: HgPollerBehavior,
    /// Part of the workflow polls that go to the queue all workers share.
    pub nonsticky_to_sticky_poll_ratio: f32,
    /// How long a workflow task waits for this worker before any other may take it.
    pub sticky_queue_schedule_to_start_timeout_ms: u64,
    /// Longest pause between two heartbeats of an activity to the server.
    pub max_heartbeat_throttle_interval_ms: u64,
    /// That pause for activities without a heartbeat timeout.
    pub default_heartbeat_throttle_interval_ms: u64,
    /// How many activities this worker starts in a second; 0: no limit.
    pub max_worker_activities_per_second: f64,
    /// How many activities the server hands out in a second for the whole queue; 0: no limit.
    pub max_task_queue_activities_per_second: f64,
    /// How many activities may be started with the answer to a workflow task; 0: none.
    pub max_eager_activities: u32,
    /// How long after the beginning of shutdown activities are cancelled; 0: at once.
    pub graceful_shutdown_period_ms: u64,
    /// Whether nondeterminism fails the workflow instead of its task.
    pub nondeterminism_fails_workflow: bool,
    /// Workflow types that it fails even if the field above says no.
    pub nondeterminism_fails_types: *const HgBytesRef,
    /// Number of entries in `nondeterminism_fails_types`.
    pub nondeterminism_fails_types_len: usize,
}

/// All task types, a cache of 1000 runs, activities cancelled at once on shutdown, all else as Core
/// decides; `namespace_` and `task_queue` are left to set.
#[unsafe(no_mangle)]
pub extern "C" fn hg_worker_options_default() -> HgWorkerOptions {
    const AS_CORE_DECIDES: HgPollerBehavior = HgPollerBehavior {
        kind: HgPollerKind::Default as i32,
        maximum: 0,
        minimum: 0,
        initial: 0,
    };
    HgWorkerOptions {
        namespace_: HgBytesRef::EMPTY,
        task_queue: HgBytesRef::EMPTY,
        identity: HgBytesRef::EMPTY,
        versioning: HgVersioning::None as i32,
        deployment_name: HgBytesRef::EMPTY,
        build_id: HgBytesRef::EMPTY,
        use_worker_versioning: false,
        default_versioning_behavior: HgVersioningBehavior::Unspecified as i32,
        poll_workflows: true,
        run_local_activities: true,
        poll_activities: true,
        poll_nexus: true,
        max_cached_workflows: 1000,
        max_workflow_tasks: 0,
        max_activities: 0,
        max_local_activities: 0,
        max_nexus_tasks: 0,
        workflow_pollers: AS_CORE_DECIDES,
        activity_pollers: AS_CORE_DECIDES,
        nexus_pollers: AS_CORE_DECIDES,
        nonsticky_to_sticky_poll_ratio: 0.0,
        sticky_queue_schedule_to_start_timeout_ms: 0,
        max_heartbeat_throttle_interval_ms: 0,
        default_heartbeat_throttle_interval_ms: 0,
        max_worker_activities_per_second: 0.0,
        max_task_queue_activities_per_second: 0.0,
        max_eager_activities: 3,
        graceful_shutdown_period_ms: 0,
        nondeterminism_fails_workflow: false,
        nondeterminism_fails_types: std::ptr::null(),
        nondeterminism_fails_types_len: 0,
    }
}

fn slots(value: u32) -> Option<usize> {
    (value > 0).then_some(value as usize)
}

fn rate(name: &str, value: f64) -> Result<Option<f64>, Failure> {
    if !value.is_finite() || value < 0.0 {
        return Err(Failure::invalid(format!(
            "{name} is {value}, expected 0 or more"
        )));
    }
    Ok((value > 0.0).then_some(value))
}

fn nondeterminism() -> HashSet<WorkflowErrorType> {
    HashSet::from([WorkflowErrorType::Nondeterminism])
}

impl HgPollerBehavior {
    fn to_core(self) -> Result<Option<PollerBehavior>, Failure> {
        match self.kind {
            0 => Ok(None),
            1 => Ok(Some(PollerBehavior::SimpleMaximum(self.maximum as usize))),
            2 => Ok(Some(PollerBehavior::Autoscaling {
                minimum: self.minimum as usize,
                maximum: self.maximum as usize,
                initial: self.initial as usize,
            })),
            kind => Err(Failure::invalid(format!(
                "a poller's kind is {kind}, expected a value of HgPollerKind"
            ))),
        }
    }
}

impl HgWorkerOptions {
    /// The same as Core wants it.
    ///
    /// # Safety
    /// All pointers are null or readable.
    pub unsafe fn to_core(&self) -> Result<WorkerConfig, Failure> {
        // SAFETY: upheld by the caller.
        let (namespace, task_queue, identity) = unsafe {
            (
                self.namespace_.as_text("namespace")?,
                self.task_queue.as_text("task_queue")?,
                self.identity.as_optional_text("identity")?,
            )
        };
        if namespace.is_empty() {
            return Err(Failure::invalid(
                "the worker's namespace is empty, expected its name",
            ));
        }
        if task_queue.is_empty() {
            return Err(Failure::invalid(
                "the worker's task_queue is empty, expected its name",
            ));
        }
        let task_types = WorkerTaskTypes {
            enable_workflows: self.poll_workflows,
            enable_local_activities: self.poll_workflows && self.run_local_activities,
            enable_remote_activities: self.poll_activities,
            enable_nexus: self.poll_nexus,
        };
        let everywhere = if self.nondeterminism_fails_workflow {
            nondeterminism()
        } else {
            HashSet::new()
        };
        let mut config = WorkerConfig::builder()
            .namespace(namespace)
            .task_queue(task_queue)
            .maybe_client_identity_override(identity)
            // SAFETY: upheld by the caller.
            .versioning_strategy(unsafe { self.versioning() }?)
            .task_types(task_types)
            .max_cached_workflows(self.max_cached_workflows as usize)
            .maybe_max_outstanding_workflow_tasks(slots(self.max_workflow_tasks))
            .maybe_max_outstanding_activities(slots(self.max_activities))
            .maybe_max_outstanding_local_activities(slots(self.max_local_activities))
            .maybe_max_outstanding_nexus_tasks(slots(self.max_nexus_tasks))
            .maybe_workflow_task_poller_behavior(self.workflow_pollers.to_core()?)
            .maybe_activity_task_poller_behavior(self.activity_pollers.to_core()?)
            .maybe_nexus_task_poller_behavior(self.nexus_pollers.to_core()?)
            .maybe_max_worker_activities_per_second(rate(
                "max_worker_activities_per_second",
                self.max_worker_activities_per_second,
            )?)
            .maybe_max_task_queue_activities_per_second(rate(
                "max_task_queue_activities_per_second",
                self.max_task_queue_activities_per_second,
            )?)
            .max_eager_activity_reservations_per_workflow_task(self.max_eager_activities as usize)
            .graceful_shutdown_period(Duration::from_millis(self.graceful_shutdown_period_ms))
            .workflow_failure_errors(everywhere)
            // SAFETY: upheld by the caller.
            .workflow_types_to_failure_errors(unsafe { self.failing_types() }?)
            .build()
            .map_err(|error| Failure::invalid(format!("the worker's options: {error}")))?;
        if self.nonsticky_to_sticky_poll_ratio != 0.0 {
            if !(0.0..=1.0).contains(&self.nonsticky_to_sticky_poll_ratio) {
                return Err(Failure::invalid(format!(
                    "nonsticky_to_sticky_poll_ratio is {}, expected more than 0 and at most 1",
                    self.nonsticky_to_sticky_poll_ratio
                )));
            }
            config.nonsticky_to_sticky_poll_ratio = self.nonsticky_to_sticky_poll_ratio;
        }
        for (given, into) in [
            (
                self.sticky_queue_schedule_to_start_timeout_ms,
                &mut config.sticky_queue_schedule_to_start_timeout,
            ),
            (
                self.max_heartbeat_throttle_interval_ms,
                &mut config.max_heartbeat_throttle_interval,
            ),
            (
                self.default_heartbeat_throttle_interval_ms,
                &mut config.default_heartbeat_throttle_interval,
            ),
        ] {
            if given > 0 {
                *into = Duration::from_millis(given);
            }
        }
        Ok(config)
    }

    /// # Safety
    /// All pointers are null or readable.
    unsafe fn failing_types(&self) -> Result<HashMap<String, HashSet<WorkflowErrorType>>, Failure> {
        if self.nondeterminism_fails_types.is_null() || self.nondeterminism_fails_types_len == 0 {
            return Ok(HashMap::new());
        }
        // SAFETY: upheld by the caller; the null case is answered above.
        let names = unsafe {
            slice::from_raw_parts(
                self.nondeterminism_fails_types,
                self.nondeterminism_fails_types_len,
            )
        };
        names
            .iter()
            .map(|name| {
                // SAFETY: upheld by the caller.
                let name = unsafe { name.as_text("a workflow type") }?;
                Ok((name.to_owned(), nondeterminism()))
            })
            .collect()
    }

    /// # Safety
    /// All pointers are null or readable.
    unsafe fn versioning(&self) -> Result<WorkerVersioningStrategy, Failure> {
        // SAFETY: upheld by the caller.
        let (name, build_id) = unsafe {
            (
                self.deployment_name.as_text("deployment_name")?.to_owned(),
                self.build_id.as_text("build_id")?.to_owned(),
            )
        };
        match self.versioning {
            0 => Ok(WorkerVersioningStrategy::None { build_id }),
            1 => {
                let version = WorkerDeploymentVersion::builder()
                    .deployment_name(name)
                    .build_id(build_id)
                    .build();
                let mut options = WorkerDeploymentOptions::new(version)
                    .use_worker_versioning(self.use_worker_versioning)
                    .build();
                options.default_versioning_behavior = self.default_behavior()?;
                Ok(WorkerVersioningStrategy::WorkerDeploymentBased(options))
            }
            2 => Ok(WorkerVersioningStrategy::LegacyBuildIdBased { build_id }),
            value => Err(Failure::invalid(format!(
                "versioning is {value}, expected a value of HgVersioning"
            ))),
        }
    }

    fn default_behavior(&self) -> Result<Option<VersioningBehavior>, Failure> {
        match self.default_versioning_behavior {
            0 => Ok(None),
            1 => Ok(Some(VersioningBehavior::Pinned)),
            2 => Ok(Some(VersioningBehavior::AutoUpgrade)),
            value => Err(Failure::invalid(format!(
                "default_versioning_behavior is {value}, expected a value of HgVersioningBehavior"
            ))),
        }
    }
}
