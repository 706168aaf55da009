#include "src/testing/time_skipping.hpp"

#include "hourglass/raw.hpp"
#include "src/client/backend.hpp"
#include "src/client/callback_pool.hpp"
#include "src/client/core_channel.hpp"
#include "src/client/make_client.hpp"
#include "src/convert/proto_time.hpp"

#include "temporal/api/testservice/v1/request_response.pb.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::testing {
namespace {

namespace service = temporal::api::testservice::v1;

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenLooks{20};

/// Whether the workflow's first task waits for a worker. The server does not wait with it, but
/// skips to the next thing that is due, which then is the workflow's timeout.
bool waits_for_a_worker(const WorkflowHistory& history) {
    const auto has = [&history](std::string_view type) {
        const auto& events = history.events();
        return std::any_of(events.begin(), events.end(), [type](const HistoryEvent& event) {
            return event.type == type;
        });
    };
    return has("WorkflowTaskScheduled") && !has("WorkflowTaskStarted");
}

/// Waits for one result: first for a worker, and then for the result, with time being skipped.
class SkippingWait : public std::enable_shared_from_this<SkippingWait> {
public:
    SkippingWait(
        std::shared_ptr<client::RpcBackend> server,
        std::shared_ptr<TimeSkipping> time,
        detail::ExecutionRef target,
        ResultOptions options
    )
        : server_{std::move(server)},
          time_{std::move(time)},
          target_{std::move(target)},
          options_{options} {
        if (options_.timeout) {
            give_up_ = steady_clock::now() + *options_.timeout;
        }
    }

    [[nodiscard]] Future<Payloads> future() const { return promise_.future(); }

    void look_for_a_worker() {
        const auto history = server_->history(target_);
        history.on_ready([self = shared_from_this(), history] {
            if (self->goes_on_looking(history)) {
                client::CallbackPool::shared().post_after(kBetweenLooks, [self] {
                    self->look_for_a_worker();
                });
            } else {
                self->wait_for_the_result();
            }
        });
    }

private:
    [[nodiscard]] bool goes_on_looking(const Future<WorkflowHistory>& history) const {
        if (give_up_ && steady_clock::now() >= *give_up_) {
            return false;
        }
        try {
            return waits_for_a_worker(history.get());
        } catch (const Error&) {
            return false;  // whatever it is, waiting for the result tells it
        }
    }

    void wait_for_the_result() {
        if (give_up_) {
            options_.timeout = std::max(
                std::chrono::milliseconds{1},
                std::chrono::ceil<std::chrono::milliseconds>(*give_up_ - steady_clock::now())
            );
        }
        try {
            time_->begin_waiting();
        } catch (const Error&) {
            promise_.set_error(std::current_exception());
            return;
        }
        const auto result = server_->result(target_, options_);
        result.on_ready([self = shared_from_this(), result] {
            detail::settle_with(self->promise_, [&] {
                self->time_->end_waiting();
                return result.get();
            });
        });
    }

    const std::shared_ptr<client::RpcBackend> server_;
    const std::shared_ptr<TimeSkipping> time_;
    const detail::ExecutionRef target_;
    ResultOptions options_;
    std::optional<steady_clock::time_point> give_up_;
    Promise<Payloads> promise_;
};

class SkippingBackend final : public client::RpcBackend {
public:
    SkippingBackend(const client::RpcContextPtr& context, std::shared_ptr<TimeSkipping> time)
        : RpcBackend{context},
          server_{std::make_shared<client::RpcBackend>(context)},
          time_{std::move(time)} {}

    Future<Payloads> result(detail::ExecutionRef target, ResultOptions options) override {
        const auto wait =
            std::make_shared<SkippingWait>(server_, time_, std::move(target), options);
        wait->look_for_a_worker();
        return wait->future();
    }

private:
    /// For the waits, which may outlive this client.
    const std::shared_ptr<client::RpcBackend> server_;
    const std::shared_ptr<TimeSkipping> time_;
};

}  // namespace

void TimeSkipping::begin_waiting() {
    const std::lock_guard lock{mutex_};
    if (waiting_ == 0) {
        static_cast<void>(raw_call(client_, "test", "UnlockTimeSkipping", {}));
    }
    ++waiting_;
}

void TimeSkipping::end_waiting() {
    const std::lock_guard lock{mutex_};
    if (--waiting_ == 0) {
        static_cast<void>(raw_call(client_, "test", "LockTimeSkipping", {}));
    }
}

void TimeSkipping::sleep(std::chrono::nanoseconds duration) {
    service::SleepRequest request;
    convert::to_proto(duration, request.mutable_duration());
    begin_waiting();
    std::exception_ptr error;
    try {
        static_cast<void>(raw_call(client_, "test", "Sleep", request.SerializeAsString()));
    } catch (const Error&) {
        error = std::current_exception();
    }
    end_waiting();
    if (error) {
        std::rethrow_exception(error);
    }
}

std::chrono::system_clock::time_point TimeSkipping::now() const {
    service::GetCurrentTimeResponse response;
    response.ParseFromString(raw_call(client_, "test", "GetCurrentTime", {}));
    return convert::from_proto(response.time());
}

Client skipping_client(const ClientOptions& options, std::shared_ptr<TimeSkipping> time) {
    auto context = detail::make_context(client::make_core_channel(options), options);
    return Client{std::make_shared<SkippingBackend>(std::move(context), std::move(time))};
}

}  // namespace hourglass::testing
