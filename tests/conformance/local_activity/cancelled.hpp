#pragma once

#include "tests/conformance/harness/row.hpp"

/// What the rows of cancelled local activities share.
namespace conformance {

/// Starts the local activity, cancels it a little later, and says what comes of it: its result,
/// "cancelled" or "failed".
template <auto Activity>
hg::Task<std::string> start_and_cancel(wf::ActivityCancellationType type) {
    wf::LocalActivityOptions options{.start_to_close_timeout = 1min};
    options.cancellation_type = type;
    const auto running = wf::execute_local_activity<Activity>(options);
    co_await wf::sleep(100ms);
    running.cancel();
    std::string said;
    try {
        said = co_await running;
    } catch (const hg::ActivityError& error) {
        said = wf::is_cancelled_error(error) ? "cancelled" : "failed";
    }
    co_return said;
}

/// The workflow hears of its timer when the task is handed back, at four fifths of its time: so the
/// task is a short one. With the rest a busy machine has to get by: a task that is late is lost,
/// and Core cancels the local activities of a run that lost its task.
template <auto Run>
auto start_with_short_tasks(const Row& row) {
    auto options = row.options();
    options.task_timeout = 3s;
    return row.client().start<Run>(options);
}

}  // namespace conformance
