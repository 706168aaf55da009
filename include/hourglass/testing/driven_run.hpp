#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/client/workflow_history.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/testing/workflow_command.hpp"
#include "hourglass/workflow/errors.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::testing {

/// The workflow could not do a workflow task: its code threw what fails no workflow, does not fit
/// the history, is unknown to the worker, or does not come to an await. The workflow is open; its
/// next task has the whole history.
class WorkflowTaskFailedError : public Error {
public:
    WorkflowTaskFailedError(const std::string& text, std::string cause, bool nondeterminism)
        : Error{text}, cause_{std::move(cause)}, nondeterminism_{nondeterminism} {}
    /// What the worker said.
    [[nodiscard]] const std::string& cause() const noexcept { return cause_; }
    /// Whether the code took another way than the history.
    [[nodiscard]] bool is_nondeterminism() const noexcept { return nondeterminism_; }

private:
    std::string cause_;
    bool nondeterminism_;
};

/// One run of a workflow in a WorkflowDriver, its values encoded: what DrivenWorkflow is a typed
/// shell of.
///
/// Each function of what happens to the workflow records it and runs a workflow task, unless it is
/// called in `together`. A command that is not served here, such as a Nexus operation's, fails the
/// task: an Error names it.
/// @throws Error if that cannot happen: the workflow has closed, or waits for no such thing, whose
/// alternatives the text names; WorkflowTaskFailedError; WaitTimeoutError if the worker does not
/// answer in time.
class DrivenRun {
public:
    struct Impl;

    explicit DrivenRun(std::unique_ptr<Impl> impl);
    ~DrivenRun();
    DrivenRun(const DrivenRun&) = delete;
    DrivenRun& operator=(const DrivenRun&) = delete;

    [[nodiscard]] const std::string& workflow_id() const;
    [[nodiscard]] const std::string& run_id() const;
    [[nodiscard]] const std::vector<WorkflowCommand>& commands() const;
    [[nodiscard]] WorkflowHistory history() const;
    [[nodiscard]] bool is_closed() const;
    [[nodiscard]] std::chrono::system_clock::time_point now() const;
    [[nodiscard]] Payloads result() const;

    void run_task();
    void together(const std::function<void()>& happenings);
    void evict();

    void signal(const std::string& name, Payloads arguments);
    void cancel(const std::string& reason);
    [[nodiscard]] Payloads query(const std::string& name, Payloads arguments);
    /// @returns the update's id.
    [[nodiscard]] std::string update(const std::string& name, Payloads arguments);
    [[nodiscard]] bool update_is_accepted(const std::string& id) const;
    [[nodiscard]] bool update_is_done(const std::string& id) const;
    [[nodiscard]] Payloads update_result(const std::string& id) const;

    void complete_activity(std::string_view activity, Payloads result);
    void fail_activity(std::string_view activity, const std::exception_ptr& error);
    void cancel_activity(std::string_view activity, Payloads details);
    void start_child(std::string_view child);
    void complete_child(std::string_view child, Payloads result);
    void fail_child(std::string_view child, const std::exception_ptr& error);
    void cancel_child(std::string_view child, Payloads details);
    void confirm_signal(std::string_view workflow_id_or_signal);
    void confirm_cancel_request(std::string_view workflow_id);
    void refuse_child(std::string_view child, workflow::ChildStartFailure why);
    void refuse_signal(std::string_view workflow_id_or_signal, workflow::ExternalFailure why);
    void refuse_cancel_request(std::string_view workflow_id, workflow::ExternalFailure why);
    void fire_timer();
    void fire_timer(std::string_view id);
    void advance(std::chrono::nanoseconds duration);

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace hourglass::testing
