#pragma once

#include "hourglass/client/client_backend.hpp"
#include "src/client/rpc.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::client {

/// The backend that talks to a server over a channel. Its methods are in several files, by topic.
class RpcBackend : public detail::ClientBackend {
public:
    explicit RpcBackend(RpcContextPtr context) : context_{std::move(context)} {}

    [[nodiscard]] const std::string& address() const override { return context_->address; }
    [[nodiscard]] const std::string& namespace_name() const override {
        return context_->namespace_name;
    }
    [[nodiscard]] const std::string& identity() const override { return context_->identity; }
    [[nodiscard]] std::shared_ptr<detail::ClientBackend> with(CallOptions options) const override;
    /// The context with the options on top.
    /// @throws ConfigurationError.
    [[nodiscard]] RpcContextPtr context_with(CallOptions options) const;

    /// Calls the server once and says whether it answers.
    Future<void> connect();

    // backend.cpp
    Future<detail::ExecutionRef> start(std::string type, StartOptions options, Payloads arguments)
        override;
    Future<detail::ExecutionRef> signal_with_start(
        detail::StartCall start, detail::MessageCall signal
    ) override;
    Future<detail::StartedWithUpdate> update_with_start(
        detail::StartCall start, detail::MessageCall update, StartUpdateOptions options
    ) override;
    Future<void> signal(detail::ExecutionRef target, std::string name, Payloads arguments) override;
    Future<Payloads> query(
        detail::ExecutionRef target, std::string name, QueryOptions options, Payloads arguments
    ) override;
    Future<detail::UpdateRef> start_update(
        detail::ExecutionRef target,
        std::string name,
        StartUpdateOptions options,
        Payloads arguments
    ) override;
    Future<Payloads> update_result(detail::UpdateRef update, UpdateResultOptions options) override;
    Future<Payloads> update(
        detail::ExecutionRef target, std::string name, UpdateOptions options, Payloads arguments
    ) override;
    Future<WorkflowDescription> describe(detail::ExecutionRef target) override;
    Future<Payloads> result(detail::ExecutionRef target, ResultOptions options) override;
    Future<WorkflowHistory> history(detail::ExecutionRef target) override;
    Future<Page<WorkflowExecution>> list_page(
        std::string query, int page_size, std::string page_token
    ) override;
    Future<Count> count(std::string query) override;

    // workflow_admin.cpp
    Future<void> cancel(detail::ExecutionRef target, std::string reason) override;
    Future<void> terminate(detail::ExecutionRef target, std::string reason, Payloads details)
        override;
    Future<void> pause(detail::ExecutionRef target, std::string reason) override;
    Future<void> unpause(detail::ExecutionRef target, std::string reason) override;
    Future<std::string> reset(detail::ExecutionRef target, ResetOptions options) override;
    Future<ExecutionOptions> update_options(
        detail::ExecutionRef target, ExecutionOptionsUpdate update
    ) override;
    Future<void> remove(detail::ExecutionRef target) override;

    // schedules.cpp
    Future<void> create_schedule(std::string id, Schedule schedule, CreateScheduleOptions options)
        override;
    Future<ScheduleDescription> describe_schedule(std::string id) override;
    Future<void> update_schedule(std::string id, ScheduleUpdater updater) override;
    Future<void> backfill_schedule(std::string id, std::vector<ScheduleBackfill> backfill) override;
    Future<void> pause_schedule(std::string id, std::string note) override;
    Future<void> unpause_schedule(std::string id, std::string note) override;
    Future<void> trigger_schedule(std::string id, ScheduleOverlapPolicy overlap) override;
    Future<void> remove_schedule(std::string id) override;
    Future<std::vector<std::chrono::system_clock::time_point>> schedule_times(
        std::string id,
        std::chrono::system_clock::time_point from,
        std::chrono::system_clock::time_point to
    ) override;
    Future<Page<ScheduleListEntry>> list_schedules_page(
        std::string query, int page_size, std::string page_token
    ) override;
    Future<Count> count_schedules(std::string query) override;

    // async_activities.cpp
    Future<detail::HeartbeatReply> heartbeat_activity(
        detail::ActivityTaskRef task, Payloads details
    ) override;
    Future<void> complete_activity(detail::ActivityTaskRef task, Payloads result) override;
    Future<void> fail_activity(
        detail::ActivityTaskRef task, std::exception_ptr error, Payloads last_heartbeat_details
    ) override;
    Future<void> report_activity_cancelled(detail::ActivityTaskRef task, Payloads details) override;

    // standalone_activities.cpp
    Future<detail::ActivityRef> start_activity(
        std::string type, StartActivityOptions options, Payloads arguments
    ) override;
    Future<Payloads> activity_result(detail::ActivityRef activity, ActivityResultOptions options)
        override;
    Future<ActivityDescription> describe_activity(detail::ActivityRef activity) override;
    Future<void> cancel_activity(detail::ActivityRef activity, std::string reason) override;
    Future<void> terminate_activity(detail::ActivityRef activity, std::string reason) override;
    Future<void> remove_activity(detail::ActivityRef activity) override;
    Future<Page<ActivityExecution>> list_activities_page(
        std::string query, int page_size, std::string page_token
    ) override;
    Future<Count> count_activities(std::string query) override;

    // raw_call.cpp
    Future<std::string> raw_call(detail::RawCall call) override;

private:
    RpcContextPtr context_;
};

}  // namespace hourglass::client
