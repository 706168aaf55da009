#include "flows.hpp"

#include <chrono>
#include <cstdlib>
#include <exception>
#include <utility>

namespace flows {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

namespace {

// The gates hold workflow code for as long as a test likes; the worker must not give it up.
[[maybe_unused]] const int kNoDeadlockDetection = ::setenv("TEMPORAL_DEBUG", "1", 1);

}  // namespace

void Gate::close() {
    const std::lock_guard lock{mutex_};
    open_ = false;
    arrived_ = 0;
}

void Gate::open() {
    {
        const std::lock_guard lock{mutex_};
        open_ = true;
    }
    changed_.notify_all();
}

void Gate::pass() {
    std::unique_lock lock{mutex_};
    if (open_) {
        return;
    }
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
}

bool Gate::wait_for_arrivals(int count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, 20s, [&] { return arrived_ >= count; });
}

Gate& activity_gate() {
    static Gate gate;
    return gate;
}

Gate& workflow_gate() {
    static Gate gate;
    return gate;
}

std::atomic<int>& gated_activity_runs() {
    static std::atomic<int> runs{0};
    return runs;
}

std::string gated_activity(std::string text) {
    ++gated_activity_runs();
    activity_gate().pass();
    return text + " done";
}

std::string echo(std::string text) {
    return text;
}

int fail_until(int attempt) {
    const int now = static_cast<int>(hg::activity::info().attempt);
    if (now < attempt) {
        throw std::runtime_error{"not yet"};
    }
    return now;
}

void fail_for_good(std::string type) {
    throw hg::ApplicationError{"no use", {.type = std::move(type), .non_retryable = true}};
}

int throw_an_int() {
    throw 42;
}

void until_cancelled() {
    while (!hg::activity::is_cancelled()) {
        hg::activity::heartbeat();
        hg::activity::wait_for_cancellation(50ms);
    }
    hg::activity::throw_if_cancelled();
}

namespace {

wf::ActivityOptions quick() {
    return {
        .start_to_close_timeout = 30s, .retry_policy = hg::RetryPolicy{.initial_interval = 10ms}
    };
}

}  // namespace

hg::Task<std::string> CallsGatedActivity::run(std::string text) {
    const wf::ActivityOptions options = quick();
    std::string answer = co_await wf::execute_activity<&gated_activity>(options, text);
    co_return answer;
}

hg::Task<std::string> GatedWorkflow::run(std::string text) {
    workflow_gate().pass();
    const wf::ActivityOptions options = quick();
    std::string answer = co_await wf::execute_activity<&echo>(options, text);
    co_return answer;
}

hg::Task<std::string> Echo::run(std::string text) {
    co_return text;
}

hg::Task<int> Collector::run(int wanted) {
    co_await wf::wait_condition([this, wanted] { return count_ >= wanted; });
    co_return sum_;
}

void Collector::add(int value) {
    sum_ += value;
    ++count_;
}

int Collector::sum() const {
    return sum_;
}

int Collector::add_and_sum(int value) {
    add(value);
    return sum_;
}

void Collector::check(int value) const {
    if (value < 0) {
        throw hg::ApplicationError{"negative", {.type = "Negative"}};
    }
}

hg::Task<int> Retries::run(int attempts) {
    const wf::ActivityOptions options = quick();
    const int attempt = co_await wf::execute_activity<&fail_until>(options, attempts);
    co_return attempt;
}

hg::Task<void> FailsActivity::run(std::string type) {
    const wf::ActivityOptions options = quick();
    co_await wf::execute_activity<&fail_for_good>(options, type);
}

hg::Task<int> ThrowsInt::run() {
    wf::ActivityOptions options = quick();
    options.retry_policy = hg::RetryPolicy{.maximum_attempts = 1};
    const int never = co_await wf::execute_activity<&throw_an_int>(options);
    co_return never;
}

hg::Task<std::string> CountsDown::run(int n) {
    co_await wf::sleep(1ms);
    if (n > 0) {
        wf::continue_as_new<&CountsDown::run>({}, n - 1);
    }
    co_return "lift off";
}

hg::Task<std::string> Saga::run() {
    bool cancelled = false;
    try {
        co_await wf::sleep(1h);
    } catch (const hg::CancelledError&) {
        cancelled = true;
    }
    const wf::ActivityOptions options = quick();
    std::string undone = co_await wf::shield([](wf::ActivityOptions with) -> hg::Task<std::string> {
        std::string text = co_await wf::execute_activity<&echo>(with, "undone");
        co_return text;
    }(options));
    co_return cancelled ? undone : "not cancelled";
}

hg::Task<std::string> CancelsActivity::run() {
    wf::ActivityOptions options = quick();
    options.heartbeat_timeout = 5s;
    options.cancellation_type = wf::ActivityCancellationType::WaitCancellationCompleted;
    auto running = wf::execute_activity<&until_cancelled>(options);
    co_await wf::sleep(200ms);
    running.cancel();
    std::string outcome = "completed";
    try {
        co_await running;
    } catch (const hg::ActivityError& error) {
        outcome = error.find_cause<hg::CancelledError>() != nullptr ? "cancelled" : "failed";
    }
    co_return outcome;
}

}  // namespace flows

HOURGLASS_WORKFLOW(flows::CallsGatedActivity, run);
HOURGLASS_WORKFLOW(flows::GatedWorkflow, run);
HOURGLASS_WORKFLOW(flows::Echo, run);
HOURGLASS_WORKFLOW(
    flows::Collector, run, signals(add), queries(sum), updates(validated(add_and_sum, check))
);
HOURGLASS_WORKFLOW(flows::Retries, run);
HOURGLASS_WORKFLOW(flows::FailsActivity, run);
HOURGLASS_WORKFLOW(flows::ThrowsInt, run);
HOURGLASS_WORKFLOW(flows::CountsDown, run);
HOURGLASS_WORKFLOW(flows::Saga, run);
HOURGLASS_WORKFLOW(flows::CancelsActivity, run);
HOURGLASS_ACTIVITY(flows::gated_activity);
HOURGLASS_ACTIVITY(flows::echo);
HOURGLASS_ACTIVITY(flows::fail_until);
HOURGLASS_ACTIVITY(flows::fail_for_good);
HOURGLASS_ACTIVITY(flows::throw_an_int);
HOURGLASS_ACTIVITY(flows::until_cancelled);
