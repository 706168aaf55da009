#include "src/client/call.hpp"

#include "hourglass/base/log.hpp"
#include "src/client/rpc_errors.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

namespace hourglass::client {

namespace {

using Clock = CallbackPool::Clock;
using std::chrono::milliseconds;

/// The channel promises to answer every attempt; should it not, the call ends this long after its
/// timeout.
constexpr milliseconds kGrace{500};
/// An attempt's timeout and the call's run on different clocks, in Core's threads and here.
constexpr milliseconds kClockSlack{50};

class Call : public std::enable_shared_from_this<Call> {
public:
    Call(CallSettings settings, CallSpec spec, RpcCallback callback)
        : settings_{std::move(settings)}, spec_{std::move(spec)}, callback_{std::move(callback)} {
        if (spec_.timeout) {
            deadline_ = Clock::now() + std::min(*spec_.timeout, kLongestWait);
        }
    }

    void begin() {
        if (spec_.timeout && *spec_.timeout <= milliseconds{0}) {
            finish(failure(failure_at_deadline()));  // too late: not to be carried out any more
            return;
        }
        if (spec_.timeout) {
            const std::lock_guard lock{mutex_};
            guard_ = settings_.pool->post_after(remaining() + kGrace, [self = shared_from_this()] {
                self->finish(failure(self->failure_at_deadline()));
            });
        }
        watch_stop();
        attempt();
    }

private:
    using Watch = std::stop_callback<std::function<void()>>;

    void watch_stop() {
        if (!spec_.stop.stop_possible()) {
            return;
        }
        // Weak: the token may live on for hours. If it is stopped already, this ends the call here.
        auto watch = std::make_unique<Watch>(spec_.stop, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) {
                self->finish(failure(stopped_call()));
            }
        });
        const std::lock_guard lock{mutex_};
        if (callback_) {
            watch_ = std::move(watch);
        }
    }

    void attempt() {
        if (spec_.stop.stop_requested()) {
            return;
        }
        RpcRequest request;
        request.service = spec_.service;
        request.method = spec_.method;
        request.body = spec_.body;
        request.long_poll = spec_.long_poll;
        request.metadata = spec_.metadata;
        request.stop = spec_.stop;
        request.timeout = spec_.long_poll ? settings_.long_poll_attempt : request.timeout;
        if (deadline_) {
            const milliseconds left = remaining();
            request.timeout = spec_.long_poll ? std::min(request.timeout, left) : left;
        }
        settings_.channel->call(std::move(request), [self = shared_from_this()](RpcAnswer answer) {
            self->answered(std::move(answer));
        });
    }

    void answered(RpcAnswer answer) {
        if (answer) {
            settings_.waiting->answered(spec_.method);
            finish(std::move(answer));
            return;
        }
        const RpcFailure& failed = answer.error();
        const bool ran_out =
            failed.code == RpcCode::DeadlineExceeded || failed.code == RpcCode::Cancelled;
        if (failed.final) {
            finish(std::move(answer));
        } else if (ran_out && deadline_ && remaining() <= kClockSlack) {
            finish(failure(failure_at_deadline()));
        } else if (failed.code == RpcCode::DeadlineExceeded && spec_.long_poll) {
            forget_failures();  // the server answered: nothing happened during the poll
            again(milliseconds{0});
        } else if (is_transient(failed.code)) {
            retry(failed);
        } else {
            finish(std::move(answer));
        }
    }

    void retry(RpcFailure transient) {
        int failures = 0;
        Clock::time_point away_since;
        {
            const std::lock_guard lock{mutex_};
            failures = ++failures_;
            last_transient_ = transient;
            outage_began_ = away_since = outage_began_.value_or(Clock::now());
        }
        const bool last_attempt = spec_.maximum_attempts > 0 && failures >= spec_.maximum_attempts;
        const bool too_long =
            spec_.outage_limit && Clock::now() - away_since >= *spec_.outage_limit;
        if (last_attempt || too_long) {
            finish(failure(std::move(transient)));
            return;
        }
        const BackoffPolicy& usual = transient.code == RpcCode::ResourceExhausted
                                         ? settings_.backoff_when_exhausted
                                         : settings_.backoff;
        const BackoffPolicy& backoff = spec_.backoff ? *spec_.backoff : usual;
        milliseconds delay = backoff.after(failures);
        if (deadline_) {
            const milliseconds left = remaining();
            if (left <= backoff.first) {
                finish(failure(failure_at_deadline()));
                return;
            }
            delay = std::min(delay, left / 2);  // a last attempt still fits in
        }
        if (spec_.long_poll && failures == 2) {
            settings_.waiting->waits(spec_.method, transient);  // it may go on for hours
        }
        again(delay);
    }

    void again(milliseconds delay) {
        // Never from here: a channel that answers before its call returns would recurse.
        settings_.pool->post_after(delay, [self = shared_from_this()] { self->attempt(); });
    }

    void forget_failures() {
        const std::lock_guard lock{mutex_};
        failures_ = 0;
        last_transient_.reset();
        outage_began_.reset();
    }

    [[nodiscard]] milliseconds remaining() const {
        return std::max(
            milliseconds{1}, std::chrono::ceil<milliseconds>(*deadline_ - Clock::now())
        );
    }

    RpcFailure failure_at_deadline() {
        const std::lock_guard lock{mutex_};
        if (last_transient_) {
            return *last_transient_;
        }
        if (*spec_.timeout <= milliseconds{0}) {
            return {.code = RpcCode::DeadlineExceeded, .message = std::string{kNeverSent}};
        }
        return {
            .code = RpcCode::DeadlineExceeded,
            .message = "no answer within " + std::to_string(spec_.timeout->count()) + " ms"
        };
    }

    void finish(RpcAnswer answer) {
        RpcCallback callback;
        std::optional<CallbackPool::TimerId> guard;
        std::unique_ptr<Watch> watch;  // its end waits for the watch that runs, so not in the lock
        {
            const std::lock_guard lock{mutex_};
            callback = std::exchange(callback_, nullptr);
            watch = std::move(watch_);
            guard = std::exchange(guard_, std::nullopt);
        }
        if (guard) {
            settings_.pool->cancel(*guard);
        }
        if (callback) {  // the first end counts
            callback(std::move(answer));
        }
    }

    const CallSettings settings_;
    const CallSpec spec_;
    std::optional<Clock::time_point> deadline_;

    // Attempts follow each other, but the guard may end the call at any time.
    std::mutex mutex_;
    RpcCallback callback_;
    std::optional<CallbackPool::TimerId> guard_;
    std::unique_ptr<Watch> watch_;
    std::optional<RpcFailure> last_transient_;
    std::optional<Clock::time_point> outage_began_;
    int failures_ = 0;
};

}  // namespace

void WaitingLog::waits(const std::string& method, const RpcFailure& why) {
    if (!waiting_.exchange(true)) {
        log::warn(
            "the server does not answer; waiting for it",
            {{"method", method}, {"code", std::string{to_text(why.code)}}, {"message", why.message}}
        );
    }
}

void WaitingLog::answered(const std::string& method) {
    if (waiting_.load(std::memory_order_relaxed) && waiting_.exchange(false)) {
        log::info("the server answers again", {{"method", method}});
    }
}

bool is_transient(RpcCode code) {
    switch (code) {
        case RpcCode::Unavailable:
        case RpcCode::Cancelled:  // nobody here cancels: a connection was lost, or a proxy closed
                                  // it
        case RpcCode::Unknown:
        case RpcCode::Internal:
        case RpcCode::DataLoss:
        case RpcCode::ResourceExhausted:
        case RpcCode::Aborted:
        case RpcCode::OutOfRange:
            return true;
        default:
            return false;
    }
}

RpcFailure stopped_call() {
    return {.code = RpcCode::Cancelled, .message = "a stop was requested", .final = true};
}

void call(const CallSettings& settings, CallSpec spec, RpcCallback callback) {
    settings.channel->prepare();
    std::make_shared<Call>(settings, std::move(spec), std::move(callback))->begin();
}

}  // namespace hourglass::client
