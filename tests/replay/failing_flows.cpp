#include "tests/replay/failing_flows.hpp"

#include "tests/replay/flows.hpp"
#include "tests/replay/outward_flows.hpp"

#include <chrono>
#include <stdexcept>

namespace recorded {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

namespace {

void local_until_cancelled() {
    while (!hg::activity::is_cancelled()) {
        hg::activity::wait_for_cancellation(50ms);
    }
    hg::activity::throw_if_cancelled();
}

std::string local_brief() {
    return "brief";
}

int local_twice() {
    const int attempt = static_cast<int>(hg::activity::info().attempt);
    if (attempt < 2) {
        throw std::runtime_error{"not yet"};
    }
    return attempt;
}

}  // namespace

hg::Task<std::string> LocalsThatWait::run() {
    const wf::LocalActivityOptions options{.start_to_close_timeout = 10s};
    const auto running = wf::execute_local_activity<&local_until_cancelled>(options);
    std::string said = co_await wf::execute_local_activity<&local_brief>(options);
    running.cancel();
    try {
        co_await running;
    } catch (const hg::ActivityError&) {
        said += ", cancelled";
    }
    const wf::LocalActivityOptions waits{
        .start_to_close_timeout = 10s,
        .retry_policy = hg::RetryPolicy{.initial_interval = 50ms, .backoff_coefficient = 1},
        .local_retry_threshold = 10ms
    };
    const int attempt = co_await wf::execute_local_activity<&local_twice>(waits);
    co_return said + ", attempt " + std::to_string(attempt);
}

hg::Task<std::string> ChildrenThatFail::run() {
    const std::string id = wf::info().workflow_id;
    std::string said;
    const wf::ChildWorkflowOptions failing{.id = id + "-fails"};
    try {
        co_await wf::execute_child<&Fails::run>(failing, "as wanted");
    } catch (const hg::ChildWorkflowError&) {
        said += "failed";
    }
    const wf::ChildWorkflowOptions taken{.id = id};
    try {
        co_await wf::execute_child<&Child::run>(taken, false);
    } catch (const wf::ChildAlreadyStartedError&) {
        said += ", taken";
    }
    for (const auto type :
         {wf::ChildWorkflowCancellationType::TryCancel, wf::ChildWorkflowCancellationType::Abandon
         }) {
        const bool tries = type == wf::ChildWorkflowCancellationType::TryCancel;
        const wf::ChildWorkflowOptions options{
            .id = id + (tries ? "-cancelled" : "-abandoned"), .cancellation_type = type
        };
        const auto child = wf::execute_child<&Child::run>(options, true);
        co_await child.started();
        child.cancel("enough");
        try {
            co_await child;
        } catch (const hg::ChildWorkflowError&) {
            said += tries ? ", cancelled" : ", abandoned";
        }
    }
    co_await wf::sleep(5ms);
    co_return said;
}

hg::Task<void> Refuses::signal_nobody() {
    const auto nobody = wf::external_workflow("nobody");
    co_await nobody.signal("poke", "too late");
}

hg::Task<std::string> Refuses::run() {
    const auto sending = wf::spawn(signal_nobody());
    sending.cancel();
    std::string said = "sent";
    try {
        co_await sending;
    } catch (const hg::CancelledError&) {
        said = "taken back";
    }
    co_await wf::wait_condition([this] { return updates_ == 2; });
    co_return said;
}

hg::Task<int> Refuses::half(int number) {
    co_await wf::sleep(5ms);
    ++updates_;
    if (number % 2 != 0) {
        throw hg::ApplicationError{"odd", {.type = "Odd"}};
    }
    co_return number / 2;
}

}  // namespace recorded

HOURGLASS_WORKFLOW(recorded::LocalsThatWait, run);
HOURGLASS_WORKFLOW(recorded::ChildrenThatFail, run);
HOURGLASS_WORKFLOW(recorded::Refuses, run, updates(half));
HOURGLASS_ACTIVITY(recorded::local_until_cancelled);
HOURGLASS_ACTIVITY(recorded::local_brief);
HOURGLASS_ACTIVITY(recorded::local_twice);
