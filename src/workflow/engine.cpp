#include "src/workflow/engine.hpp"

#include "hourglass/workflow/errors.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_time.hpp"
#include "src/workflow/context.hpp"
#include "src/workflow/update_job.hpp"

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::workflow {
namespace {

// Read through functions of this file only: a coroutine may go on on another thread, and a compiler
// may keep the address of a thread's variable across the suspension.
thread_local Engine* running_engine = nullptr;

}  // namespace

Engine::Context::Context(Engine& engine) noexcept
    : engine_{engine}, previous_{std::exchange(running_engine, &engine)}, scope_{this} {}
Engine::Context::~Context() {
    running_engine = previous_;
}

Engine* Engine::running() noexcept {
    return running_engine;
}

Engine& Engine::current(const char* api) {
    if (running_engine == nullptr) {
        throw OutsideWorkflowError{
            std::string{api} +
            " was called outside of a workflow: it works only in code that a workflow's run method "
            "or handlers run, on the "
            "thread that the worker runs them on"
        };
    }
    return *running_engine;
}

Engine::Engine(const Definition& definition, std::string run_id, SharedRunOptions options)
    : definition_{definition},
      options_{std::move(options)},
      info_{std::move(run_id), definition.name},
      root_scope_{detail::make_ref<detail::Scope>(detail::Ref<detail::Scope>{})},
      instance_{nullptr, [](void* /*none*/) {}} {
    if (options_->places_commands) {
        places_ = std::make_unique<CommandPlaces>();
        scheduler_.observe_stops(places_.get());
    }
}

Engine::~Engine() {
    const Context context{*this};
    evict();
}

WorkflowInfo& Engine::info() {
    const Context context{*this};  // what it has of a failure is the workflow's, whoever asks
    return info_.whole(*options_);
}

RunState Engine::activate(const Activation& activation, Completion& completion) {
    const Context context{*this};
    completion.set_run_id(run_id());
    if (places_) {
        places_->clear();
    }
    commands_ = completion.mutable_successful();
    if (options_->versioned) {
        commands_->set_versioning_behavior(
            static_cast<temporal::api::enums::v1::VersioningBehavior>(definition_.versioning)
        );
    }
    if (is_eviction(activation)) {
        evict();
        state_ = RunState::Evicted;
        return state_;
    }
    try {
        work(activation);
    } catch (...) {
        fail_task("activation", std::current_exception());
    }
    info_.end_task();
    commands_ = nullptr;
    if (task_error_) {
        state_ = RunState::Failed;
        write_task_failure(completion);
    }
    return state_;
}

void Engine::work(const Activation& activation) {
    replaying_ = activation.is_replaying();
    info_.begin_task(activation);
    if (activation.has_timestamp()) {
        now_ = convert::from_proto(activation.timestamp());
    }
    bool only_queries = true;
    for (const auto& job : activation.jobs()) {
        if (!job.has_query_workflow()) {
            only_queries = false;
            if (state_ == RunState::Open) {
                apply(job);
            }
        }
    }
    if (!only_queries && state_ == RunState::Open) {
        // After all jobs, so that what ended in the same activation counts as ended, not as
        // cancelled.
        if (std::exchange(cancel_pending_, false)) {
            root_scope_->cancel(seldom_->cancel_reason);
        }
        // Signals and updates of the first activation come before the main routine.
        if (std::exchange(main_pending_, false)) {
            start_main();
        }
        run_until_idle();
        reject_unhandled_updates();
        if (state_ == RunState::Closed) {
            warn_of_unfinished();
        }
    }
    for (const auto& job : activation.jobs()) {
        if (job.has_query_workflow()) {
            answer_query(job.query_workflow());
        }
    }
}

void Engine::run_until_idle() {
    scheduler_.drain();
    bool progress = true;
    while (progress && !scheduler_.stopped()) {
        progress = false;
        test_conditions(progress);
    }
}

void Engine::test_conditions(bool& progress) {
    // The mark keeps the place while coroutines run that add and remove conditions.
    detail::ConditionSlot mark;
    detail::ConditionSlot* slot = conditions_.empty() ? nullptr : &conditions_.front();
    while (slot != nullptr && !scheduler_.stopped()) {
        conditions_.insert_after(*slot, mark);
        const detail::Ref<detail::ConditionOperation> condition{slot->condition};
        bool is_true = true;
        std::exception_ptr error;
        try {
            const ReadOnly read_only{*this, "a condition of wait_condition()"};
            is_true = condition->test();
        } catch (...) {
            error = std::current_exception();  // for whoever awaits the condition
        }
        if (is_true) {
            progress = true;
            condition->withdraw();
            condition->settle(std::move(error));
            scheduler_.drain();
        }
        slot = conditions_.after(mark);
        mark.unlink();
    }
}

void Engine::evict() noexcept {
    // Destructors of the workflow's objects run here: what they ask for is not sent.
    coresdk::workflow_completion::Success discarded;
    commands_ = &discarded;
    evicting_ = true;
    read_only_ = {};
    const Doing doing{*this, "a destructor, at the end of the run"};
    scheduler_.stop();
    scheduler_.forget_ready();
    while (!roots_.empty()) {
        roots_.back().abandon();
        scheduler_.forget_ready();
    }
    instance_.reset();
    while (!roots_.empty()) {
        roots_.back().abandon();
    }
    scheduler_.forget_ready();
    conditions_.clear();
    activities_.clear();
    timers_.clear();
    seldom_.clear();
    signal_handlers_ = {};
    query_handlers_ = {};
    update_handlers_ = {};
    // Last: their coroutines and the workflow's are gone. What their destructors ask for, none
    // sees.
    std::exchange(interceptors_, {}).clear();
    commands_ = nullptr;
}

void Engine::fail_task(std::string where, std::exception_ptr error) {
    if (!task_error_) {
        seldom_->task_error_stack = path_of(error);
        const std::string& stack = seldom_->task_error_stack;
        seldom_->task_error_place =
            std::move(where) +
            (stack.empty() ? "" : ", after the await " + stack.substr(0, stack.find('\n')));
        task_error_ = std::move(error);
    }
    scheduler_.stop();
}

void Engine::write_task_failure(Completion& completion) {
    auto* failed = completion.mutable_failed();
    Failure& failure = *failed->mutable_failure();
    convert::to_failure(task_error_, &failure);
    const std::string& type = failure.application_failure_info().type();
    failure.set_message(
        "workflow '" + std::string{definition_.name} + "', " + seldom_->task_error_place + ": " +
        (type.empty() ? "" : type + ": ") + failure.message()
    );
    if (failure.stack_trace().empty()) {
        failure.set_stack_trace(seldom_->task_error_stack);
    }
    failed->set_force_cause(
        temporal::api::enums::v1::WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE
    );
}

void Engine::require_writable(const char* api) const {
    if (read_only_.kind != nullptr) {
        std::string place = read_only_.kind;
        if (!read_only_.name.empty()) {
            place.append(" '").append(read_only_.name).append("'");
        }
        throw ReadOnlyError{
            std::string{api} + " was called in " + place + " of workflow '" + workflow_type() +
            "', which may only read the workflow's state: it must not start, cancel or change "
            "anything"
        };
    }
}

bool Engine::intercepts(const char* api, bool when_cancelled) const {
    if (interceptors_.empty() || evicting_) {
        return false;
    }
    require_writable(api);
    return when_cancelled || !current_scope()->cancelled();  // else nothing becomes of it
}

detail::Ref<detail::Scope> Engine::current_scope() const {
    const detail::Frame* frame = scheduler_.current();
    return frame == nullptr ? root_scope_ : frame->scope;
}

void Engine::start(detail::TaskStateBase& task) {
    task.retain();  // released when it finishes or is abandoned
    roots_.push_back(task);
    detail::Frame& frame = *task.frame();
    frame.state = &task;
    frame.scheduler = &scheduler_;
    frame.scope = task.scope();
    if (!frame.group) {
        frame.group = current_event_group();
    }
    scheduler_.make_ready(frame);
}

}  // namespace hourglass::workflow
