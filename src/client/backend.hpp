#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/interceptor.hpp"
#include "src/client/rpc.hpp"

#include <chrono>
#include <cstddef>
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

    // intercepted_calls.cpp: what the interceptors stand around.
    Future<detail::ExecutionRef> start(StartWorkflowCall call) override;
    Future<detail::ExecutionRef> signal_with_start(SignalWithStartCall call) override;
    Future<StartedWithUpdate> update_with_start(UpdateWithStartCall call) override;
    Future<void> signal(SignalWorkflowCall call) override;
    Future<Payloads> query(QueryWorkflowCall call) override;
    Future<detail::UpdateRef> start_update(UpdateWorkflowCall call) override;
    Future<Payloads> update(UpdateWorkflowCall call) override;
    Future<void> cancel(detail::ExecutionRef target, std::string reason) override;
    Future<void> terminate(detail::ExecutionRef target, std::string reason, Payloads details)
        override;
    Future<WorkflowDescription> describe(detail::ExecutionRef target) override;
    Future<void> create_schedule(std::string id, Schedule schedule, CreateScheduleOptions options)
        override;
    Future<detail::ActivityRef> start_activity(
        std::string type, StartActivityOptions options, Payloads arguments
    ) override;

    // backend.cpp
    Future<Payloads> update_result(detail::UpdateRef update, UpdateResultOptions options) override;
    Future<Payloads> result(detail::ExecutionRef target, ResultOptions options) override;
    Future<WorkflowHistory> history(detail::ExecutionRef target) override;
    Future<Page<WorkflowExecution>> list_page(
        std::string query, int page_size, std::string page_token
    ) override;
    Future<Count> count(std::string query) override;

    // workflow_admin.cpp
    Future<void> pause(detail::ExecutionRef target, std::string reason) override;
    Future<void> unpause(detail::ExecutionRef target, std::string reason) override;
    Future<std::string> reset(detail::ExecutionRef target, ResetOptions options) override;
    Future<ExecutionOptions> update_options(
        detail::ExecutionRef target, ExecutionOptionsUpdate update
    ) override;
    Future<void> remove(detail::ExecutionRef target) override;

    // schedules.cpp
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
    // Each in the file of its topic: the end of its chain of interceptors.
    Future<detail::ExecutionRef> send(StartWorkflowCall call);
    Future<detail::ExecutionRef> send(SignalWithStartCall call);
    Future<StartedWithUpdate> send(UpdateWithStartCall call);
    Future<void> send(SignalWorkflowCall call);
    Future<Payloads> send(QueryWorkflowCall call);
    Future<detail::UpdateRef> send(UpdateWorkflowCall call);
    /// The same until the outcome is known, which the update that it gives has.
    Future<detail::UpdateRef> send_and_wait(UpdateWorkflowCall call);
    Future<Payloads> outcome_of(UpdateWorkflowCall call);
    Future<void> send(CancelWorkflowCall call);
    Future<void> send(TerminateWorkflowCall call);
    Future<WorkflowDescription> send(DescribeWorkflowCall call);
    Future<void> send(CreateScheduleCall call);
    Future<detail::ActivityRef> send(StartActivityCall call);

    template <class Call, class R>
    using Hook = R (ClientInterceptor::*)(Call, Next<Call, R>);
    template <class Call, class R>
    using Last = R (RpcBackend::*)(Call);
    /// Through the interceptors from `index` on.
    template <class Call, class R>
    R through(std::size_t index, Hook<Call, R> hook, Last<Call, R> last, Call call);

    RpcContextPtr context_;
};

}  // namespace hourglass::client
