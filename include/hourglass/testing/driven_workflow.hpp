#pragma once

#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/client/workflow_handle.hpp"
#include "hourglass/convert/typed_calls.hpp"
#include "hourglass/testing/driven_run.hpp"
#include "hourglass/workflow/errors.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hourglass::testing {

/// An update that a DrivenWorkflow got; `R` is its result.
template <class R>
class DrivenUpdate {
public:
    DrivenUpdate(std::shared_ptr<DrivenRun> run, std::string id)
        : run_{std::move(run)}, id_{std::move(id)} {}

    [[nodiscard]] const std::string& id() const { return id_; }
    /// Whether its validator let it through.
    [[nodiscard]] bool is_accepted() const { return run_->update_is_accepted(id_); }
    /// Whether it has a result, failed or was rejected.
    [[nodiscard]] bool is_done() const { return run_->update_is_done(id_); }
    /// @throws UpdateFailedError if it was rejected or failed; Error if it is not done.
    R result() const { return decode_result<R>(run_->update_result(id_)); }

private:
    std::shared_ptr<DrivenRun> run_;
    std::string id_;
};

/// What of a driven workflow does not depend on the type of its result.
template <class Workflow>
class DrivenCalls {
public:
    explicit DrivenCalls(std::shared_ptr<DrivenRun> run) : run_{std::move(run)} {}

    [[nodiscard]] const std::string& id() const { return run_->workflow_id(); }
    [[nodiscard]] const std::string& run_id() const { return run_->run_id(); }
    /// What the last workflow task was answered with.
    [[nodiscard]] const std::vector<WorkflowCommand>& commands() const { return run_->commands(); }
    /// Everything so far, for a Replayer, say.
    [[nodiscard]] WorkflowHistory history() const { return run_->history(); }
    [[nodiscard]] bool is_closed() const { return run_->is_closed(); }
    /// The workflow's time: that of the next event.
    [[nodiscard]] std::chrono::system_clock::time_point now() const { return run_->now(); }

    /// A workflow task of what happened since the last one: of nothing, if there is nothing new.
    void run_task() { run_->run_task(); }
    /// Records what `happenings` does, and runs one workflow task of it all.
    void together(const std::function<void()>& happenings) { run_->together(happenings); }
    /// Takes the workflow out of the worker's cache: the next task replays the whole history.
    void evict() { run_->evict(); }

    template <auto Signal, class... A>
    void signal(A&&... arguments) {
        detail::check_signal<Workflow, Signal>();
        run_->signal(
            std::string{detail::kNameOfFunction<Signal>},
            detail::encode_for<Signal>(std::forward<A>(arguments)...)
        );
    }
    template <class... A>
    void signal(const std::string& name, A&&... arguments) {
        run_->signal(name, encode_arguments(std::forward<A>(arguments)...));
    }
    /// Asks the workflow to cancel itself.
    void cancel(const std::string& reason = {}) { run_->cancel(reason); }

    /// Also of a closed workflow. It is no part of the history, and asks at once, also in
    /// `together`.
    /// @throws QueryFailedError.
    template <auto Query, class... A>
    detail::ResultOf<Query> query(A&&... arguments) {
        detail::check_message<Workflow, Query>();
        static_assert(
            detail::is_query<detail::ReceiverOf<Workflow, Query>, Query>(),
            "query: this method is no query of the workflow: queries(…) of HOURGLASS_WORKFLOW does "
            "not list it, or it is not const, or returns nothing"
        );
        return decode_result<detail::ResultOf<Query>>(run_->query(
            std::string{detail::kNameOfFunction<Query>},
            detail::encode_for<Query>(std::forward<A>(arguments)...)
        ));
    }
    template <class R, class... A>
    R query(const std::string& name, A&&... arguments) {
        return decode_result<R>(run_->query(name, encode_arguments(std::forward<A>(arguments)...)));
    }

    /// Sends an update. It need not be done when this returns: its handler may wait for more.
    template <auto Update, class... A>
    DrivenUpdate<detail::ResultOf<Update>> update(A&&... arguments) {
        detail::check_message<Workflow, Update>();
        static_assert(
            detail::is_update<detail::ReceiverOf<Workflow, Update>, Update>(),
            "update: this method is no update of the workflow: updates(…) of HOURGLASS_WORKFLOW "
            "does not list it"
        );
        return {
            run_,
            run_->update(
                std::string{detail::kNameOfFunction<Update>},
                detail::encode_for<Update>(std::forward<A>(arguments)...)
            )
        };
    }
    template <class R, class... A>
    DrivenUpdate<R> update(const std::string& name, A&&... arguments) {
        return {run_, run_->update(name, encode_arguments(std::forward<A>(arguments)...))};
    }

    // Activities are named by their id or their type; of several of one type it is the first. None
    // is tried again: what is said of one is its end.

    template <auto Activity, class... R>
    void complete_activity(R&&... result) {
        using Result = detail::ResultOf<Activity>;
        const auto name = detail::kNameOfFunction<Activity>;
        if constexpr (std::is_void_v<Result>) {
            static_assert(sizeof...(R) == 0, "complete_activity: this activity has no result");
            run_->complete_activity(name, {});
        } else {
            const Result value{std::forward<R>(result)...};
            run_->complete_activity(name, encode_arguments(value));
        }
    }
    /// Without a result: an activity that returns void.
    template <class... R>
    void complete_activity(std::string_view activity, R&&... result) {
        run_->complete_activity(activity, encode_arguments(std::forward<R>(result)...));
    }
    /// @param error  what its body threw: an ApplicationError, say, or a pointer to it.
    template <class E>
    void fail_activity(std::string_view activity, E error) {
        run_->fail_activity(activity, pointer_to(std::move(error)));
    }
    /// The activity has complied with the workflow's request.
    template <class... D>
    void cancel_activity(std::string_view activity, D&&... details) {
        run_->cancel_activity(activity, encode_arguments(std::forward<D>(details)...));
    }

    // Child workflows are named by their workflow id or their type.

    void start_child(std::string_view child) { run_->start_child(child); }
    /// The server does not start it: the workflow sees a ChildAlreadyStartedError, or the
    /// ChildWorkflowStartError for another reason.
    void refuse_child(
        std::string_view child,
        workflow::ChildStartFailure why = workflow::ChildStartFailure::AlreadyStarted
    ) {
        run_->refuse_child(child, why);
    }
    /// One that has not started does so first.
    template <class... R>
    void complete_child(std::string_view child, R&&... result) {
        run_->complete_child(child, encode_arguments(std::forward<R>(result)...));
    }
    template <class E>
    void fail_child(std::string_view child, E error) {
        run_->fail_child(child, pointer_to(std::move(error)));
    }
    /// The child has complied with a request to cancel.
    template <class... D>
    void cancel_child(std::string_view child, D&&... details) {
        run_->cancel_child(child, encode_arguments(std::forward<D>(details)...));
    }
    /// The signal that the workflow sent to another one has arrived.
    void confirm_signal(std::string_view workflow_id_or_signal) {
        run_->confirm_signal(workflow_id_or_signal);
    }
    /// Another workflow has got this one's request to cancel.
    void confirm_cancel_request(std::string_view workflow_id) {
        run_->confirm_cancel_request(workflow_id);
    }
    // What was sent to another workflow does not arrive: the workflow sees an
    // ExternalWorkflowError.
    void refuse_signal(
        std::string_view workflow_id_or_signal,
        workflow::ExternalFailure why = workflow::ExternalFailure::WorkflowNotFound
    ) {
        run_->refuse_signal(workflow_id_or_signal, why);
    }
    void refuse_cancel_request(
        std::string_view workflow_id,
        workflow::ExternalFailure why = workflow::ExternalFailure::WorkflowNotFound
    ) {
        run_->refuse_cancel_request(workflow_id, why);
    }

    /// Moves the clock to the moment when the next timer is due.
    /// @throws Error if there is none.
    void fire_timer() { run_->fire_timer(); }
    void fire_timer(std::string_view id) { run_->fire_timer(id); }
    /// Moves the clock, by way of each timer that is due until then, those started on the way too.
    /// Each has a workflow task of its own; not in `together`.
    void advance(std::chrono::nanoseconds duration) { run_->advance(duration); }

protected:
    template <class R>
    R result_as() const {
        return decode_result<R>(run_->result());
    }

private:
    template <class E>
    static std::exception_ptr pointer_to(E error) {
        if constexpr (std::is_same_v<E, std::exception_ptr>) {
            return error;
        } else {
            return std::make_exception_ptr(std::move(error));
        }
    }

    std::shared_ptr<DrivenRun> run_;
};

/// A workflow in a WorkflowDriver: `DrivenWorkflow<&Checkout::run>`, or `DrivenWorkflow<>` of one
/// known by name only. Copies are of the same workflow. It keeps the driver's worker. What its
/// functions throw: see DrivenRun.
/// @threads one at a time, together with its driver.
template <auto Run = nullptr>
class DrivenWorkflow : public DrivenCalls<detail::WorkflowClassOf<Run>> {
public:
    using Result = detail::ResultOf<Run>;
    using DrivenCalls<detail::WorkflowClassOf<Run>>::DrivenCalls;

    /// @throws WorkflowFailedError if it ended otherwise than with a result, as new for one, which
    /// is not followed; Error if it is open.
    Result result() const { return this->template result_as<Result>(); }
};

template <>
class DrivenWorkflow<nullptr> : public DrivenCalls<void> {
public:
    using DrivenCalls<void>::DrivenCalls;

    template <class R>
    R result() const {
        return result_as<R>();
    }
};

}  // namespace hourglass::testing
