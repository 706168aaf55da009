#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/interceptor.hpp"
#include "src/client/rpc.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <map>
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
    [[nodiscard]] std::shared_ptr<detail::ClientBackend> as_one_call() const override;
    // connection_calls.cpp
    [[nodiscard]] std::shared_ptr<detail::ClientBackend> in_namespace(std::string name
    ) const override;
    Future<void> replace_credentials(Credentials credentials) override;
    void replace_headers(std::map<std::string, std::string> headers) override;

    /// The context with the options on top.
    /// @throws ConfigurationError.
    [[nodiscard]] RpcContextPtr context_with(CallOptions options) const;
    /// The context of another namespace.
    /// @throws ConfigurationError.
    [[nodiscard]] RpcContextPtr context_in(std::string name) const;

    /// Calls the server once and says whether it answers.
    Future<void> connect();

    // Through the interceptors: intercepted_calls.cpp, …_schedules.cpp, …_activities.cpp,
    // …_nexus.cpp.
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

    Future<Payloads> update_result(detail::UpdateRef update, UpdateResultOptions options) override;
    Future<Payloads> result(detail::ExecutionRef target, ResultOptions options) override;
    Future<WorkflowHistory> history(detail::ExecutionRef target) override;
    Future<Page<WorkflowExecution>> list_page(
        std::string query, int page_size, std::string page_token
    ) override;
    Future<Count> count(std::string query) override;

    Future<void> pause(detail::ExecutionRef target, std::string reason) override;
    Future<void> unpause(detail::ExecutionRef target, std::string reason) override;
    Future<std::string> reset(detail::ExecutionRef target, ResetOptions options) override;
    Future<ExecutionOptions> update_options(
        detail::ExecutionRef target, ExecutionOptionsUpdate update
    ) override;
    Future<void> remove(detail::ExecutionRef target) override;

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

    Future<detail::HeartbeatReply> heartbeat_activity(
        detail::ActivityTaskRef task, Payloads details
    ) override;
    Future<void> complete_activity(detail::ActivityTaskRef task, Payloads result) override;
    Future<void> fail_activity(
        detail::ActivityTaskRef task, std::exception_ptr error, Payloads last_heartbeat_details
    ) override;
    Future<void> report_activity_cancelled(detail::ActivityTaskRef task, Payloads details) override;

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

    Future<void> pause_activity(PauseActivityCall call) override;
    Future<void> unpause_activity(UnpauseActivityCall call) override;
    Future<void> reset_activity(ResetActivityCall call) override;
    Future<ActivityExecutionOptions> update_activity_options(UpdateActivityOptionsCall call
    ) override;

    Future<NexusOperationRef> start_nexus_operation(StartNexusOperationCall call) override;
    Future<Payloads> nexus_operation_result(NexusOperationResultCall call) override;
    Future<NexusOperationDescription> describe_nexus_operation(DescribeNexusOperationCall call
    ) override;
    Future<void> cancel_nexus_operation(CancelNexusOperationCall call) override;
    Future<void> terminate_nexus_operation(TerminateNexusOperationCall call) override;
    Future<void> remove_nexus_operation(DeleteNexusOperationCall call) override;
    Future<Page<NexusOperationExecution>> list_nexus_operations_page(ListNexusOperationsCall call
    ) override;
    Future<Count> count_nexus_operations(CountNexusOperationsCall call) override;

    // raw_call.cpp
    Future<std::string> raw_call(detail::RawCall call) override;

private:
    // Each in the file of its topic, such as schedules.cpp: the end of its chain of interceptors.
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
    Future<Payloads> send(WorkflowResultCall call);
    Future<Payloads> send(UpdateResultCall call);
    Future<WorkflowHistory> send(FetchWorkflowHistoryCall call);
    Future<Page<WorkflowExecution>> send(ListWorkflowsCall call);
    Future<Count> send(CountWorkflowsCall call);
    Future<void> send(PauseWorkflowCall call);
    Future<void> send(UnpauseWorkflowCall call);
    Future<std::string> send(ResetWorkflowCall call);
    Future<ExecutionOptions> send(UpdateWorkflowOptionsCall call);
    Future<void> send(DeleteWorkflowCall call);
    Future<void> send(CreateScheduleCall call);
    Future<ScheduleDescription> send(DescribeScheduleCall call);
    Future<void> send(UpdateScheduleCall call);
    Future<void> send(BackfillScheduleCall call);
    Future<void> send(PauseScheduleCall call);
    Future<void> send(UnpauseScheduleCall call);
    Future<void> send(TriggerScheduleCall call);
    Future<void> send(DeleteScheduleCall call);
    Future<std::vector<std::chrono::system_clock::time_point>> send(ScheduleTimesCall call);
    Future<Page<ScheduleListEntry>> send(ListSchedulesCall call);
    Future<Count> send(CountSchedulesCall call);
    Future<detail::ActivityRef> send(StartActivityCall call);
    Future<Payloads> send(ActivityResultCall call);
    Future<ActivityDescription> send(DescribeActivityCall call);
    Future<void> send(CancelActivityCall call);
    Future<void> send(TerminateActivityCall call);
    Future<void> send(DeleteActivityCall call);
    Future<void> send(PauseActivityCall call);
    Future<void> send(UnpauseActivityCall call);
    Future<void> send(ResetActivityCall call);
    Future<ActivityExecutionOptions> send(UpdateActivityOptionsCall call);
    Future<Page<ActivityExecution>> send(ListActivitiesCall call);
    Future<Count> send(CountActivitiesCall call);
    Future<HeartbeatReply> send(HeartbeatActivityCall call);
    Future<void> send(CompleteActivityCall call);
    Future<void> send(FailActivityCall call);
    Future<void> send(ReportActivityCancelledCall call);
    Future<NexusOperationRef> send(StartNexusOperationCall call);
    Future<Payloads> send(NexusOperationResultCall call);
    Future<NexusOperationDescription> send(DescribeNexusOperationCall call);
    Future<void> send(CancelNexusOperationCall call);
    Future<void> send(TerminateNexusOperationCall call);
    Future<void> send(DeleteNexusOperationCall call);
    Future<Page<NexusOperationExecution>> send(ListNexusOperationsCall call);
    Future<Count> send(CountNexusOperationsCall call);

    /// `Part` is the ClientInterceptor, or one of its bases.
    template <class Part, class Call, class R>
    using Hook = R (Part::*)(Call, Next<Call, R>);
    template <class Call, class R>
    using Last = R (RpcBackend::*)(Call);
    /// Through the interceptors from `index` on.
    template <class Part, class Call, class R>
    R through(std::size_t index, Hook<Part, Call, R> hook, Last<Call, R> last, Call call);

    RpcContextPtr context_;
};

}  // namespace hourglass::client
