#include "src/activity/state.hpp"

#include "hourglass/activity/context.hpp"
#include "hourglass/activity/task.hpp"
#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"
#include "hourglass/convert/failures.hpp"
#include "src/activity/steady_deadline.hpp"
#include "src/convert/proto_payload.hpp"

#include "temporal/sdk/core/core_interface.pb.h"

#include <exception>
#include <utility>

namespace hourglass::detail {
namespace {

thread_local ActivityState* current_state = nullptr;

CancelledError cancelled(const activity::Info& info, const activity::CancellationDetails& details) {
    return CancelledError{
        "activity '" + info.activity_type + "' was cancelled: " + activity::to_text(details.reason)
    };
}

}  // namespace

ActivityScope::ActivityScope(ActivityState* state) noexcept
    : previous_{std::exchange(current_state, state)}, scope_{state} {}

ActivityScope::~ActivityScope() {
    current_state = previous_;
}

std::function<void()> activity_resumer(ActivityPromiseBase& waiting) {
    ActivityState* const state = ActivityState::current();
    if (state == nullptr) {
        throw Error{
            "an activity's coroutine awaited outside of an attempt; only a worker can run it, or a "
            "thread inside of "
            "Context::run()"
        };
    }
    return [state = state->shared_from_this(), &waiting] { state->resume(waiting); };
}

void reject_awaited_activity_task() {
    throw ConfigurationError{
        "this activity::Task has nothing to run: it was awaited or moved away before. A Task is "
        "awaited once; keep its result in a variable"
    };
}

SerializationContext ActivityState::context() const {
    const activity::Info& known = info();
    SerializationContext context{
        .workflow_namespace = known.workflow_namespace,
        .activity_id = known.activity_id,
        .activity_type = known.activity_type,
        .is_local_activity = known.is_local
    };
    if (known.workflow_id) {
        context.workflow_id = *known.workflow_id;
    }
    if (known.workflow_type) {
        context.workflow_type = *known.workflow_type;
    }
    return context;
}

ActivityState* ActivityState::current() noexcept {
    return current_state;
}

std::optional<activity::CancellationDetails> ActivityState::cancellation_details() const {
    const std::lock_guard lock{mutex_};
    return details_;
}

void ActivityState::heartbeat(Payloads details) noexcept {
    try {
        {
            const std::lock_guard lock{mutex_};
            if (closed_ || info().is_local || !setup_.heartbeat) {
                return;
            }
        }
        const auto& outermost_first = setup_.interceptors;
        for (auto each = outermost_first.rbegin(); each != outermost_first.rend(); ++each) {
            (*each)->heartbeat(info(), details);
        }
        coresdk::ActivityHeartbeat heartbeat;
        heartbeat.set_task_token(info().task_token);
        convert::to_proto(std::move(details), heartbeat.mutable_details());
        setup_.heartbeat(heartbeat.SerializeAsString());
    } catch (const std::exception& error) {
        log::warn(
            "a heartbeat could not be sent",
            {{"activity", info().activity_type}, {"error", error.what()}}
        );
    } catch (...) {
        log::warn("a heartbeat could not be sent", {{"activity", info().activity_type}});
    }
}

bool ActivityState::wait_for_cancellation(std::chrono::nanoseconds timeout) const {
    std::unique_lock lock{mutex_};
    changed_.wait_until(lock, activity::deadline_after(timeout), [this] {
        return details_ || closed_;
    });
    return details_.has_value();
}

Future<void> ActivityState::sleep(std::chrono::nanoseconds duration) {
    Promise<void> promise;
    Future<void> over = promise.future();
    std::uint64_t id = 0;
    {
        const std::lock_guard lock{mutex_};
        if (details_) {
            promise.set_error(std::make_exception_ptr(cancelled(info(), *details_)));
            return over;
        }
        id = next_sleeper_++;
        sleepers_.emplace(id, Sleeper{std::move(promise)});
    }
    // Not under the lock: a timer may be due at once.
    const auto timer = setup_.timers->after(duration, [weak = weak_from_this(), id] {
        if (const auto self = weak.lock()) {
            self->wake(id);
        }
    });
    {
        const std::lock_guard lock{mutex_};
        if (const auto sleeper = sleepers_.find(id); sleeper != sleepers_.end()) {
            sleeper->second.timer = timer;
            return over;
        }
    }
    setup_.timers->cancel(timer);  // a cancellation came in between
    return over;
}

void ActivityState::wake(std::uint64_t sleeper) {
    std::map<std::uint64_t, Sleeper>::node_type node;
    {
        const std::lock_guard lock{mutex_};
        node = sleepers_.extract(sleeper);
    }
    if (node) {
        node.mapped().promise.set_value();
    }
}

void ActivityState::throw_cancelled() const {
    throw cancelled(info(), cancellation_details().value_or(activity::CancellationDetails{}));
}

void ActivityState::request_cancellation(const activity::CancellationDetails& details) {
    std::map<std::uint64_t, Sleeper> sleepers;
    {
        const std::lock_guard lock{mutex_};
        if (closed_) {
            return;
        }
        const bool requested = details.requested || (details_ && details_->requested);
        details_ = details;
        details_->requested = requested;  // a worker that stops later takes nothing of it back
        sleepers.swap(sleepers_);
    }
    changed_.notify_all();
    cancelled_.request_stop();
    for (auto& [id, sleeper] : sleepers) {
        if (sleeper.timer) {
            setup_.timers->cancel(*sleeper.timer);
        }
        sleeper.promise.set_error(std::make_exception_ptr(cancelled(info(), details)));
    }
}

void ActivityState::replace_headers(const Headers& headers) {
    if (headers == info().headers) {
        return;
    }
    activity::Info replaced = info();
    replaced.headers = headers;
    const std::lock_guard lock{mutex_};
    info_ = &replaced_.emplace_back(std::move(replaced));
}

void ActivityState::close() noexcept {
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    changed_.notify_all();
}

}  // namespace hourglass::detail
