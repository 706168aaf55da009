#pragma once

#include "hourglass/client/workflow_policies.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/retry_policy.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/convert/versioning.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace hourglass {

/// How a workflow is started. What is not set is left to the server.
struct StartOptions {
    /// Unique among the namespace's running executions; required.
    std::string id = {};
    /// Unset: "default", and for `nexus::workflow_run` the queue of the handler's worker.
    std::optional<std::string> task_queue = {};
    WorkflowIdReusePolicy id_reuse_policy = WorkflowIdReusePolicy::AllowDuplicate;
    WorkflowIdConflictPolicy id_conflict_policy = WorkflowIdConflictPolicy::Fail;
    /// Of all runs together, retries and continue-as-new included.
    std::optional<std::chrono::milliseconds> execution_timeout = {};
    /// Of one run.
    std::optional<std::chrono::milliseconds> run_timeout = {};
    /// Of one workflow task; the server's default is 10 s.
    std::optional<std::chrono::milliseconds> task_timeout = {};
    /// Runs the workflow again after a failure; without one it fails at once.
    std::optional<RetryPolicy> retry_policy = {};
    /// Five fields, or `@every 1h`; a new run starts whenever it is due.
    std::string cron_schedule = {};
    /// The first task waits that long, or until a signal. Not together with `cron_schedule`.
    std::optional<std::chrono::milliseconds> start_delay = {};
    /// Shown by `describe` and `list`: `{{"customer", to_payload("ada")}}`.
    std::map<std::string, Payload> memo = {};
    /// What the workflow can be found by: `{kCustomer.set("ada")}`.
    SearchAttributes search_attributes = {};
    /// One line for user interfaces.
    std::string static_summary = {};
    /// Several lines for user interfaces, Markdown.
    std::string static_details = {};
    Priority priority = {};
    /// Instead of the version that the workflow's type and deployment would get.
    std::optional<VersioningOverride> versioning_override = {};
    /// Hands the first task to a worker of this process without a way through the server, if the
    /// client shares its connection with one that has a free slot: that of an Application does. Not
    /// for a start together with a signal or an update.
    bool request_eager_start = false;
};

/// How an outcome is waited for.
struct ResultOptions {
    /// Limit of the wait; none: for as long as the workflow runs, outages of the server included.
    std::optional<std::chrono::milliseconds> timeout = {};
    /// Whether continue-as-new, retries and cron runs are followed to the last one.
    bool follow_runs = true;
};

/// How an update is sent.
struct UpdateOptions {
    /// Unique within the workflow: the same id twice is one update. Made up if empty.
    std::string id = {};
    /// Limit of the wait for the outcome; none: for as long as it takes, outages of the server
    /// included.
    std::optional<std::chrono::milliseconds> timeout = {};
};

/// How far an update has come. The server knows of one that no worker has seen, too, but nobody can
/// wait for that.
enum class UpdateStage : std::uint8_t {
    /// A worker has it, and its validator did not reject it.
    Accepted = 2,
    Completed = 3,
};

/// How an update is started.
struct StartUpdateOptions {
    /// Unique within the workflow: the same id twice is one update. Made up if empty.
    std::string id = {};
    UpdateStage wait_for_stage = UpdateStage::Accepted;
    /// Limit of the wait for the stage; none: for as long as it takes.
    std::optional<std::chrono::milliseconds> timeout = {};
};

/// How the outcome of an update that was started is waited for.
struct UpdateResultOptions {
    /// None: for as long as it takes, outages of the server included.
    std::optional<std::chrono::milliseconds> timeout = {};
};

/// How a query is put.
struct QueryOptions {
    QueryRejectCondition reject_condition = QueryRejectCondition::None;
};

}  // namespace hourglass
