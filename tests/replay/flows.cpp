#include "tests/replay/flows.hpp"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace recorded {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

std::string echo(std::string text) {
    return text;
}

int succeed_at(int attempt) {
    const int now = static_cast<int>(hg::activity::info().attempt);
    if (now < attempt) {
        throw std::runtime_error{"not yet"};
    }
    return now;
}

void never_succeed() {
    throw hg::ApplicationError{"no use", {.type = "NoUse", .non_retryable = true}};
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

hg::Task<void> undo() {
    const wf::ActivityOptions options = quick();
    co_await wf::execute_activity<&echo>(options, "undone");
}

}  // namespace

hg::Task<std::string> Activities::run(std::string text) {
    const wf::ActivityOptions options = quick();
    std::string first = co_await wf::execute_activity<&echo>(options, text);
    std::vector<wf::ActivityHandle<std::string>> side_by_side;
    for (const char* each : {"a", "b", "c"}) {
        side_by_side.push_back(wf::execute_activity<&echo>(options, each));
    }
    co_await wf::all(std::move(side_by_side));
    const int attempts = co_await wf::execute_activity<&succeed_at>(options, 3);
    std::string outcome = first + std::to_string(attempts);
    try {
        co_await wf::execute_activity<&never_succeed>(options);
    } catch (const hg::ActivityError&) {
        outcome += " and a failure";
    }
    co_return outcome;
}

hg::Task<int> Timers::run() {
    co_await wf::sleep(20ms);
    const wf::TimerHandle quickly = wf::start_timer(20ms);
    const wf::TimerHandle never = wf::start_timer(24h);
    const std::size_t winner = co_await wf::race(quickly, never);
    never.cancel();
    co_await wf::sleep(10ms);
    co_return static_cast<int>(winner);
}

hg::Task<int> Messages::run(int wanted) {
    co_await wf::wait_condition([this, wanted] { return count_ >= wanted; }, {.timeout = 24h});
    co_return sum_;
}

void Messages::add(int value) {
    ++count_;
    sum_ += value;
}

int Messages::add_and_sum(int value) {
    add(value);
    return sum_;
}

void Messages::check(int value) const {
    if (value < 0) {
        throw hg::ApplicationError{"negative", {.type = "Negative"}};
    }
}

int Messages::sum() const {
    return sum_;
}

hg::Task<std::string> EndsFirst::run() {
    co_await wf::wait_condition([this] { return ended_; });
    co_return "ended";
}

hg::Task<void> EndsFirst::follow() {
    co_await wf::wait_condition([this] { return ended_; });
    co_await wf::execute_activity<&echo>({.start_to_close_timeout = 10s}, "too late");
}

void EndsFirst::end() {
    ended_ = true;
}

hg::Task<void> Cancelled::run() {
    std::exception_ptr cancelled;
    try {
        co_await wf::sleep(24h);
    } catch (const hg::CancelledError&) {
        cancelled = std::current_exception();
    }
    co_await wf::shield(undo());
    std::rethrow_exception(cancelled);
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
    } catch (const hg::ActivityError&) {
        outcome = "cancelled";
    }
    co_return outcome;
}

hg::Task<int> Continues::run(int left) {
    co_await wf::sleep(1ms);
    if (left > 0) {
        wf::continue_as_new<&Continues::run>({}, left - 1);
    }
    co_return left;
}

hg::Task<void> Fails::run(std::string why) {
    throw hg::ApplicationError{why, {.type = "Wanted", .non_retryable = true}};
    co_return;
}

hg::Task<std::vector<int>> Random::run() {
    std::vector<int> drawn;
    const auto began = wf::now();
    for (int rounds = static_cast<int>(wf::random().uniform(2, 5)); rounds > 0; --rounds) {
        const int number = static_cast<int>(wf::random().uniform(0, 1));
        drawn.push_back(number);
        if (number == 0) {
            co_await wf::sleep(5ms);
        } else {
            const wf::ActivityOptions options = quick();
            co_await wf::execute_activity<&echo>(options, std::to_string(number));
        }
    }
    if (wf::now() - began >= 0s) {
        co_await wf::sleep(5ms);
    }
    co_return drawn;
}

hg::Task<std::string> Mended::run() {
    static std::atomic<bool> mended{false};
    if (recording() && !mended.exchange(true)) {
        throw std::logic_error{"a mistake"};
    }
    const wf::ActivityOptions options = quick();
    std::string text = co_await wf::execute_activity<&echo>(options, "mended");
    co_return text;
}

bool& recording() {
    static bool recording = false;
    return recording;
}

}  // namespace recorded

HOURGLASS_WORKFLOW(recorded::Activities, run);
HOURGLASS_WORKFLOW(recorded::Timers, run);
HOURGLASS_WORKFLOW(
    recorded::Messages, run, signals(add), queries(sum), updates(validated(add_and_sum, check))
);
HOURGLASS_WORKFLOW(recorded::EndsFirst, run, signals(follow, end), abandonable(follow));
HOURGLASS_WORKFLOW(recorded::Cancelled, run);
HOURGLASS_WORKFLOW(recorded::CancelsActivity, run);
HOURGLASS_WORKFLOW(recorded::Continues, run);
HOURGLASS_WORKFLOW(recorded::Fails, run);
HOURGLASS_WORKFLOW(recorded::Random, run);
HOURGLASS_WORKFLOW(recorded::Mended, run);
HOURGLASS_ACTIVITY(recorded::echo);
HOURGLASS_ACTIVITY(recorded::succeed_at);
HOURGLASS_ACTIVITY(recorded::never_succeed);
HOURGLASS_ACTIVITY(recorded::until_cancelled);
