#include "hourglass/activity/context.hpp"

#include "hourglass/base/error.hpp"
#include "src/activity/state.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::activity {
namespace {

detail::ActivityState& current_state() {
    detail::ActivityState* const state = detail::ActivityState::current();
    if (state == nullptr) {
        throw Error{
            "no activity runs on this thread: hourglass::activity's functions work inside of an "
            "activity's body only. "
            "For a thread that the body starts, take `const auto context = "
            "activity::Context::current();` along and call "
            "the context's functions, or context.run(...)"
        };
    }
    return *state;
}

}  // namespace

const char* to_text(CancellationReason reason) noexcept {
    switch (reason) {
        case CancellationReason::NotFound:
            return "the server no longer knows it";
        case CancellationReason::Requested:
            return "cancellation requested";
        case CancellationReason::TimedOut:
            return "timed out";
        case CancellationReason::WorkerShutdown:
            return "the worker is shutting down";
        case CancellationReason::Paused:
            return "paused";
        case CancellationReason::Reset:
            return "reset";
    }
    return "unknown reason";
}

Context Context::current() {
    return Context{current_state().shared_from_this()};
}

bool Context::has_current() noexcept {
    return detail::ActivityState::current() != nullptr;
}

const Info& Context::info() const {
    return state_->info();
}

void Context::record_heartbeat(Payloads details) const {
    state_->heartbeat(std::move(details));
}

const detail::ContextSource& Context::whose() const {
    return *state_;
}

bool Context::is_cancelled() const {
    return state_->is_cancelled();
}

std::stop_token Context::cancellation() const {
    return state_->cancellation();
}

std::optional<CancellationDetails> Context::cancellation_details() const {
    return state_->cancellation_details();
}

void Context::throw_if_cancelled() const {
    if (is_cancelled()) {
        state_->throw_cancelled();
    }
}

bool Context::wait_for_cancellation(std::chrono::nanoseconds timeout) const {
    return state_->wait_for_cancellation(timeout);
}

void Context::sleep(std::chrono::nanoseconds duration) const {
    if (state_->wait_for_cancellation(duration)) {
        state_->throw_cancelled();
    }
}

Future<void> Context::sleep_async(std::chrono::nanoseconds duration) const {
    return state_->sleep(duration);
}

std::stop_token Context::worker_shutdown() const {
    return state_->worker_shutdown();
}

std::optional<std::chrono::system_clock::time_point> Context::deadline() const {
    using std::chrono::system_clock;
    std::optional<system_clock::time_point> earliest;
    const auto ends = [&earliest](
                          system_clock::time_point from,
                          std::optional<std::chrono::nanoseconds> timeout
                      ) {
        if (timeout) {
            // Capped: a timeout of centuries does not wrap around into the past.
            const auto longest = system_clock::time_point::max() - from;
            const auto end = from + std::min<system_clock::duration>(*timeout, longest);
            earliest = earliest ? std::min(*earliest, end) : end;
        }
    };
    ends(info().started_time, info().start_to_close_timeout);
    ends(info().scheduled_time, info().schedule_to_close_timeout);
    return earliest;
}

Logger Context::logger() const {
    std::vector<log::Field> fields{
        {"activity", info().activity_type},
        {"activity_id", info().activity_id},
        {"attempt", std::to_string(info().attempt)},
        {"task_queue", info().task_queue},
    };
    if (info().workflow_id) {
        fields.push_back({"workflow_id", *info().workflow_id});
    }
    if (info().workflow_run_id) {
        fields.push_back({"run_id", *info().workflow_run_id});
    }
    return Logger{std::move(fields)};
}

MetricMeter Context::meter() const {
    if (!state_->metrics()) {
        return {};
    }
    return MetricMeter{
        state_->metrics(),
        {{"namespace", info().workflow_namespace},
         {"task_queue", info().task_queue},
         {"activity_type", info().activity_type}}
    };
}

void Context::complete_async() const {
    if (info().is_local) {
        throw Error{
            "activity '" + info().activity_type +
            "' is a local activity, which cannot be completed from outside; call it as an ordinary "
            "one for that"
        };
    }
    throw detail::WillCompleteAsync{};
}

const Info& info() {
    return current_state().info();
}

bool is_cancelled() {
    return current_state().is_cancelled();
}

std::stop_token cancellation() {
    return current_state().cancellation();
}

std::optional<CancellationDetails> cancellation_details() {
    return current_state().cancellation_details();
}

void throw_if_cancelled() {
    Context::current().throw_if_cancelled();
}

bool wait_for_cancellation(std::chrono::nanoseconds timeout) {
    return current_state().wait_for_cancellation(timeout);
}

void sleep(std::chrono::nanoseconds duration) {
    Context::current().sleep(duration);
}

Future<void> sleep_async(std::chrono::nanoseconds duration) {
    return current_state().sleep(duration);
}

std::stop_token worker_shutdown() {
    return current_state().worker_shutdown();
}

std::optional<std::chrono::system_clock::time_point> deadline() {
    return Context::current().deadline();
}

Logger logger() {
    return Context::current().logger();
}

MetricMeter meter() {
    return Context::current().meter();
}

void complete_async() {
    Context::current().complete_async();
}

}  // namespace hourglass::activity
