#pragma once

#include "hourglass/workflow/activity.hpp"
#include "hourglass/workflow/child.hpp"
#include "hourglass/workflow/definition.hpp"
#include "hourglass/workflow/detail/task_state.hpp"
#include "hourglass/workflow/event_group.hpp"
#include "hourglass/workflow/external.hpp"
#include "hourglass/workflow/handlers.hpp"
#include "hourglass/workflow/local_activity.hpp"
#include "hourglass/workflow/nexus.hpp"
#include "hourglass/workflow/random.hpp"
#include "src/workflow/command_places.hpp"
#include "src/workflow/handler_run.hpp"
#include "src/workflow/handler_table.hpp"
#include "src/workflow/local_activity.hpp"
#include "src/workflow/on_demand.hpp"
#include "src/workflow/operations.hpp"
#include "src/workflow/run_info.hpp"
#include "src/workflow/seldom.hpp"
#include "src/workflow/sent.hpp"
#include "src/workflow/sequences.hpp"
#include "src/workflow/workflow_run.hpp"

#include "temporal/sdk/core/workflow_commands/workflow_commands.pb.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::workflow {

using Command = coresdk::workflow_commands::WorkflowCommand;
using Failure = temporal::api::failure::v1::Failure;

/// The inside of a WorkflowRun: its state, and what the functions of the public headers do to it.
class Engine {
public:
    Engine(const Definition& definition, std::string run_id, SharedRunOptions options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// The engine whose workflow runs on this thread, or null.
    [[nodiscard]] static Engine* running() noexcept;
    /// @throws OutsideWorkflowError naming `api`.
    [[nodiscard]] static Engine& current(const char* api);

    RunState activate(const Activation& activation, Completion& completion);
    [[nodiscard]] RunState state() const noexcept { return state_; }
    [[nodiscard]] const std::string& run_id() const noexcept { return info_.run_id(); }
    [[nodiscard]] const std::string& workflow_id() const noexcept { return info_.workflow_id(); }
    [[nodiscard]] const std::string& workflow_type() const { return info_.workflow_type(); }
    /// What runs now, a line a coroutine; empty if nothing of the workflow does.
    /// @threads any, while the run lives; one at a time.
    [[nodiscard]] std::string running_place();
    [[nodiscard]] std::vector<CommandPlace> command_places() const;

    // For the functions of the public headers.
    /// Whether interceptors see what the running coroutine is about to ask for.
    /// @throws ReadOnlyError, as above, if there are any.
    [[nodiscard]] bool intercepts(const char* api, bool when_cancelled = false) const;
    /// Shows them a call, innermost first, which they may change; throws what they throw.
    template <class Call>
    void intercept(void (WorkflowInterceptor::*hook)(Call&), Call& call) const {
        for (auto each = interceptors_.rbegin(); each != interceptors_.rend(); ++each) {
            (each->get()->*hook)(call);
        }
    }
    /// @throws ReadOnlyError naming `api` and where it was called.
    void require_writable(const char* api) const;
    [[nodiscard]] detail::Ref<detail::Scope> current_scope() const;
    [[nodiscard]] detail::Ref<detail::EventGroupMark> current_event_group() const;
    [[nodiscard]] detail::Ref<detail::EventGroupMark> new_event_group(const std::string& label);
    [[nodiscard]] detail::Scope& root_scope() const noexcept { return *root_scope_; }
    void start(detail::TaskStateBase& task);
    [[nodiscard]] detail::Ref<detail::ActivityOperation> schedule(
        std::string_view name, const ActivityOptions& options, ArgumentsAndHeaders sent
    );
    [[nodiscard]] detail::Ref<detail::ActivityOperation> schedule_local(
        std::string_view name, const LocalActivityOptions& options, ArgumentsAndHeaders sent
    );
    void request_local_activity_cancel(std::uint32_t sequence);
    void cancel_backoff(std::uint32_t timer);
    [[nodiscard]] detail::Ref<detail::TimerOperation> start_timer(
        std::chrono::nanoseconds duration, const std::string& summary
    );
    [[nodiscard]] detail::Ref<detail::ChildWorkflowOperation> start_child(
        std::string_view type, const ChildWorkflowOptions& options, ArgumentsAndHeaders sent
    );
    void request_child_cancel(std::uint32_t sequence, const std::string& reason);
    [[nodiscard]] detail::Ref<detail::NexusOperation> start_nexus_operation(
        const detail::NexusTarget& target,
        std::string_view operation,
        const NexusOperationOptions& options,
        Payload input
    );
    void request_nexus_cancel(std::uint32_t sequence);
    [[nodiscard]] detail::Ref<detail::SignalOperation> signal(
        const detail::ChildWorkflowOperation& child, SentSignal what
    );
    [[nodiscard]] detail::Ref<detail::SignalOperation> signal(
        const detail::ExternalTarget& target, SentSignal what
    );
    void cancel_signal(std::uint32_t sequence);
    void set_handler(
        std::optional<std::string> name, detail::PrepareSignal handler, HandlerOptions options
    );
    void set_handler(
        std::optional<std::string> name, detail::AnswerQuery handler, HandlerOptions options
    );
    void set_handler(
        std::optional<std::string> name, detail::PrepareUpdate handler, HandlerOptions options
    );
    void set_current_details(std::string details) { seldom_->current_details = std::move(details); }
    [[nodiscard]] const std::string& current_details() const { return seldom_->current_details; }
    [[nodiscard]] bool all_handlers_finished() const noexcept { return running_handlers_.empty(); }
    [[nodiscard]] std::optional<UpdateInfo> current_update() const;
    [[nodiscard]] bool patch(const std::string& id, bool deprecated, const char* api);
    void upsert(const std::vector<SearchAttributeUpdate>& updates);
    void upsert(const std::map<std::string, Payload>& changes);
    [[nodiscard]] detail::Ref<detail::CancelRequestOperation> request_cancel(
        const detail::ExternalTarget& target, const std::string& reason
    );
    [[nodiscard]] detail::Ref<detail::ConditionOperation> add_condition(
        const std::function<bool()>& test
    );
    [[nodiscard]] bool test(const std::function<bool()>& condition);
    void request_activity_cancel(std::uint32_t sequence);
    void cancel_timer(std::uint32_t sequence);
    void note_continue_as_new() { seldom_->continues_as_new = true; }
    [[nodiscard]] const RunOptions& options() const noexcept { return *options_; }
    [[nodiscard]] WorkflowInfo& info();
    [[nodiscard]] const Sequences& last() const noexcept { return last_; }
    [[nodiscard]] Random& random() noexcept { return random_; }
    [[nodiscard]] Random& random_stream(std::string_view name);
    [[nodiscard]] std::chrono::system_clock::time_point now() const noexcept { return now_; }
    [[nodiscard]] bool replaying() const noexcept { return replaying_; }
    [[nodiscard]] bool read_only() const noexcept { return read_only_.kind != nullptr; }
    /// Whether nothing is logged or measured: it was before, or it is the end.
    [[nodiscard]] bool silent() const noexcept { return replaying_ || evicting_; }
    /// Says in the log that `what` failed and that nobody will ever see it.
    void warn_of_lost_error(std::string_view what, const std::exception_ptr& error) const;

private:
    class Context;
    class Doing;
    class ReadOnly;
    class Inbound;
    using Job = coresdk::workflow_activation::WorkflowActivationJob;
    struct UpdateJob;

    // engine.cpp: the course of an activation.
    void work(const Activation& activation);
    void run_until_idle();
    void test_conditions(bool& progress);
    void evict() noexcept;
    void write_task_failure(Completion& completion);
    /// In the groups around the running coroutine.
    [[nodiscard]] Command& add_command();
    /// For cancellations: Core shows them in the groups of what they cancel.
    [[nodiscard]] Command& add_ungrouped_command();
    void mark_groups(Command& command) const;
    /// Ends the activation with a failure of the workflow task; of several the first one counts.
    void fail_task(std::string where, std::exception_ptr error);

    // jobs.cpp: one function a kind of job.
    void apply(const Job& job);
    [[noreturn]] static void refuse(const std::string& what);
    void initialize(const coresdk::workflow_activation::InitializeWorkflow& job);
    void signal(WaitingMessage message);
    [[nodiscard]] HandlerTable<detail::PrepareSignal>::Entry signal_handler(const std::string& name
    ) const;
    void update(const coresdk::workflow_activation::DoUpdate& job);
    void start_update(UpdateJob update);
    [[nodiscard]] HandlerTable<detail::PrepareUpdate>::Entry update_handler(const std::string& name
    ) const;
    void reject_unhandled_updates();
    void resolve(const coresdk::workflow_activation::ResolveActivity& job);
    void fire(const coresdk::workflow_activation::FireTimer& job);
    void reseed(std::uint64_t seed);

    // local_activities.cpp
    void hand_out(detail::LocalActivityOperation& activity);
    void back_off(
        detail::ActivityOperation& given_back, const coresdk::activity_result::DoBackoff& backoff
    );
    [[nodiscard]] bool ends_backoff(std::uint32_t timer);

    // children.cpp, external.cpp
    using SignalCommand = coresdk::workflow_commands::SignalExternalWorkflowExecution;
    void resolve(const coresdk::workflow_activation::ResolveChildWorkflowExecutionStart& job);
    void resolve(const coresdk::workflow_activation::ResolveChildWorkflowExecution& job);
    void resolve(const coresdk::workflow_activation::ResolveSignalExternalWorkflow& job);
    void resolve(const coresdk::workflow_activation::ResolveRequestCancelExternalWorkflow& job);
    void end_child(std::uint32_t sequence, const std::exception_ptr& error);
    void send(detail::SignalOperation& signal, SignalCommand command);
    void send_waiting_signals(std::uint32_t child);
    void drop_waiting_signals(std::uint32_t child, const std::exception_ptr& error);

    // nexus.cpp
    [[nodiscard]] detail::Ref<detail::NexusOperation> nexus_operation(std::uint32_t sequence) const;
    void resolve(const coresdk::workflow_activation::ResolveNexusOperationStart& job);
    void resolve(const coresdk::workflow_activation::ResolveNexusOperation& job);

    // handlers.cpp: the coroutines that run the user's.
    class MainRoutine;
    class RunningHandler;
    void start_main();
    detail::TaskStateBase& start_routine(
        Task<void> routine, detail::Ref<detail::EventGroupMark> group = {}
    );
    [[nodiscard]] Task<Payload> call_run_method();
    Task<void> run_signal(
        std::string name, detail::PrepareSignal handler, Payloads arguments, RunningHandler running
    );
    Task<void> run_intercepted_signal(WaitingMessage message, RunningHandler running);
    Task<void> run_update(UpdateJob job, RunningHandler running);
    void warn_of_unfinished() const;
    void answer_query(const coresdk::workflow_activation::QueryWorkflow& job);
    [[nodiscard]] Payload metadata() const;

    // stack_trace.cpp
    /// What a routine is for: "run method", "signal 'approve'", "spawned Task".
    [[nodiscard]] std::string purpose_of(const detail::TaskStateBase& routine) const;
    /// Where the coroutines stood that the error has left, a line each, innermost first; empty if
    /// it was thrown by no coroutine, or before the first await.
    [[nodiscard]] std::string path_of(const std::exception_ptr& error) const;
    [[nodiscard]] Payload stack_trace();
    [[nodiscard]] Payload enhanced_stack_trace();

    [[nodiscard]] Payload call_query(const coresdk::workflow_activation::QueryWorkflow& job);
    [[nodiscard]] Payload call_query_handler(const HandleQueryCall& call);
    [[nodiscard]] std::unique_ptr<UpdateCall> prepare_update(const HandleUpdateCall& call) const;
    [[nodiscard]] std::unique_ptr<UpdateCall> accept_update(const UpdateJob& job);
    void reject_update(const std::string& protocol_instance_id, const std::exception_ptr& error);

    // outcome.cpp: what the end of a routine means.
    void complete(Payload result);
    /// Whether the exception is one that the workflow or its worker wants it to fail with.
    [[nodiscard]] bool fails_workflow(const std::exception_ptr& error) const;
    void end_with(const std::exception_ptr& error, const std::string& where);
    void end_signal(const std::exception_ptr& error, const std::string& name);
    void end_update(const UpdateJob& job, const std::exception_ptr& error);
    /// As a failure, with the path of an error that was made here.
    void write_failure(const std::exception_ptr& error, Failure& failure) const;
    /// The command that closes the workflow, or null if it is closed already.
    [[nodiscard]] Command* closing_command();

    const Definition& definition_;
    const SharedRunOptions options_;
    RunState state_ = RunState::Open;
    RunInfo info_;
    std::uint64_t seed_ = 0;
    Random random_{0};
    std::chrono::system_clock::time_point now_{};
    bool replaying_ = false;
    bool evicting_ = false;
    ReadOnlyPlace read_only_;  // of the code that runs, if it must not change anything
    /// What of the workflow's runs that is no coroutine; for other threads.
    std::atomic<const char*> doing_{nullptr};

    coresdk::workflow_completion::Success* commands_{};  // of the activation that is worked on
    std::unique_ptr<CommandPlaces> places_;  // of its commands; null: nobody wants to know
    std::exception_ptr task_error_;

    detail::Scheduler scheduler_;
    detail::Ref<detail::Scope> root_scope_;
    detail::List<detail::TaskStateBase, detail::RootTag> roots_;
    detail::List<detail::ConditionSlot, detail::ConditionTag> conditions_;
    OnDemand<BySequence<detail::ActivityOperation>> activities_;
    OnDemand<BySequence<detail::TimerOperation>> timers_;
    OnDemand<Seldom> seldom_;
    Sequences last_;

    HandlerTable<detail::PrepareSignal> signal_handlers_;
    HandlerTable<detail::AnswerQuery> query_handlers_;
    HandlerTable<detail::PrepareUpdate> update_handlers_;
    std::list<HandlerRun> running_handlers_;
    /// Of the activation that is worked on; its end rejects them.
    std::vector<UpdateJob> unhandled_updates_;

    Interceptors interceptors_;
    Instance instance_;
    const detail::TaskStateBase* main_routine_ = nullptr;
    Payloads run_arguments_;
    bool main_pending_ = false;
    bool cancel_pending_ = false;
};

}  // namespace hourglass::workflow
