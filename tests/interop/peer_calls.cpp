// Workflows and activities of the C++ worker that fail as they are told, that end only when
// somebody ends them, and that call those of the worker with another SDK.
#include "cpp_side.hpp"
#include "peer_failures.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace interop::peer {

using namespace std::chrono_literals;
namespace wf = hg::workflow;
using nlohmann::json;

void fail(json chain) {
    std::rethrow_exception(made(chain));
}

/// Does not end by itself soon. It tells its workflow that it is under way.
void slow(std::string how) {
    if (how != "until cancelled") {
        if (how == "one beat") {
            hg::activity::heartbeat("beat", 1);
        }
        static_cast<void>(hg::activity::wait_for_cancellation(5s));
        return;
    }
    static const auto client = hg::Client::connect(client_options());
    const auto& info = hg::activity::info();
    client.handle(*info.workflow_id, *info.workflow_run_id).signal("under_way");
    do {
        hg::activity::heartbeat();
    } while (!hg::activity::wait_for_cancellation(100ms));
    throw hg::CancelledError{"stopped", {.details = hg::encode_arguments(3)}};
}

class Fail {
public:
    hg::Task<void> run(json chain) {
        std::rethrow_exception(made(chain));
        co_return;
    }
};

/// Ends when it is cancelled, and says then which notes it got.
class Wait {
public:
    hg::Task<void> run() {
        try {
            co_await wf::wait_condition([] { return false; });
        } catch (const hg::CancelledError&) {
            throw hg::CancelledError{"stopped", {.details = hg::encode_arguments(notes_)}};
        }
    }
    void note(std::string text) { notes_.push_back(std::move(text)); }

private:
    std::vector<std::string> notes_;
};

/// Calls what it is told to, and passes the error on or describes it.
class Call {
public:
    hg::Task<json> run(json asked) {
        json seen;
        try {
            co_await called(asked.at("how").get<std::string>(), asked.value("chain", json{}));
        } catch (const hg::FailureError&) {
            if (asked.value("rethrow", false)) {
                throw;
            }
            seen = described(hg::as_failure(std::current_exception()));
        }
        co_return seen;
    }
    void under_way() { under_way_ = true; }
    hg::Task<std::string> child_started() {
        co_await wf::wait_condition([this] { return child_started_; });
        co_return child_id();
    }

private:
    static constexpr const char* kNobodysQueue = "interop-nobody";

    static std::string child_id() { return wf::info().workflow_id + "-child"; }

    static wf::ActivityOptions activity_options(const std::string& how) {
        wf::ActivityOptions options{
            .start_to_close_timeout = 60s,
            .retry_policy = hg::RetryPolicy{.maximum_attempts = 1},
            .task_queue = peer_queue()
        };
        if (how == "start_to_close") {
            options.start_to_close_timeout = 1s;
        } else if (how == "heartbeat") {
            options.heartbeat_timeout = 1s;
        } else if (how == "schedule_to_start") {
            options.schedule_to_start_timeout = 1s;
            options.task_queue = kNobodysQueue;
        } else if (how == "schedule_to_close") {
            options.start_to_close_timeout.reset();
            options.schedule_to_close_timeout = 1s;
        } else if (how == "cancel_activity") {
            options.heartbeat_timeout = 5s;
            options.cancellation_type = wf::ActivityCancellationType::WaitCancellationCompleted;
        }
        return options;
    }

    hg::Task<void> called(std::string how, json chain) {
        if (how == "activity") {
            co_await wf::execute_activity<&fail>(activity_options(how), chain);
        } else if (how == "cancel_activity") {
            const auto running =
                wf::execute_activity<&slow>(activity_options(how), "until cancelled");
            co_await wf::wait_condition([this] { return under_way_; });
            running.cancel();
            co_await running;
        } else if (how == "child") {
            const wf::ChildWorkflowOptions options{.id = child_id(), .task_queue = peer_queue()};
            co_await wf::execute_child<&Fail::run>(options, chain);
        } else if (how.find("child") != std::string::npos) {
            co_await child_ended(how);
        } else {
            const std::string beats = how == "heartbeat" ? "one beat" : "silent";
            co_await wf::execute_activity<&slow>(activity_options(how), beats);
        }
    }

    hg::Task<void> child_ended(std::string how) {
        wf::ChildWorkflowOptions options{.id = child_id(), .task_queue = peer_queue()};
        if (how == "child_timeout") {
            options.run_timeout = 1s;
        }
        const auto child = wf::execute_child<&Wait::run>(options);
        static_cast<void>(co_await child.started());
        child_started_ = true;
        if (how == "cancel_child") {
            child.cancel();
        } else if (how == "send_to_child") {
            const auto other = wf::external_workflow(child_id());
            co_await other.signal("note", "from cpp");
            co_await other.cancel();
        }
        co_await child;
    }

    bool under_way_ = false;
    bool child_started_ = false;
};

}  // namespace interop::peer

HOURGLASS_WORKFLOW(interop::peer::Fail, run);
HOURGLASS_WORKFLOW(interop::peer::Wait, run, signals(note));
HOURGLASS_WORKFLOW(
    interop::peer::Call, run, signals(under_way), abandonable(child_started), updates(child_started)
);
HOURGLASS_ACTIVITY(interop::peer::fail);
HOURGLASS_ACTIVITY(interop::peer::slow);
