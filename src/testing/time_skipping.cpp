#include "src/testing/time_skipping.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/raw.hpp"
#include "src/client/backend.hpp"
#include "src/client/core_channel.hpp"
#include "src/client/make_client.hpp"
#include "src/convert/proto_time.hpp"

#include "temporal/api/testservice/v1/request_response.pb.h"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::testing {
namespace {

namespace service = temporal::api::testservice::v1;

class SkippingBackend final : public client::RpcBackend {
public:
    SkippingBackend(const client::RpcContextPtr& context, std::shared_ptr<TimeSkipping> time)
        : RpcBackend{context}, time_{std::move(time)} {}

    Future<Payloads> result(detail::ExecutionRef target, ResultOptions options) override {
        const auto promise = std::make_shared<Promise<Payloads>>();
        auto future = promise->future();
        time_->begin_waiting();
        const auto result = [&] {
            try {
                return RpcBackend::result(std::move(target), options);
            } catch (...) {
                time_->end_waiting();
                throw;
            }
        }();
        result.on_ready([promise, result, time = time_] {
            detail::settle_with(*promise, [&] {
                time->end_waiting();
                return result.get();
            });
        });
        return future;
    }

    [[nodiscard]] std::shared_ptr<detail::ClientBackend> with(CallOptions options) const override {
        return std::make_shared<SkippingBackend>(context_with(std::move(options)), time_);
    }
    [[nodiscard]] std::shared_ptr<detail::ClientBackend> in_namespace(std::string name
    ) const override {
        return std::make_shared<SkippingBackend>(context_in(std::move(name)), time_);
    }

private:
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

void TimeSkipping::end_waiting() noexcept {
    const std::lock_guard lock{mutex_};
    if (--waiting_ != 0) {
        return;
    }
    try {
        static_cast<void>(raw_call(client_, "test", "LockTimeSkipping", {}));
    } catch (const std::exception& error) {
        log::warn(
            "the test server was not told that nobody waits any more: it may go on skipping time",
            {{"reason", error.what()}}
        );
    }
}

void TimeSkipping::sleep(std::chrono::nanoseconds duration) {
    service::SleepRequest request;
    convert::to_proto(duration, request.mutable_duration());
    const std::lock_guard lock{mutex_};
    // In one call: between two, the server would skip to whatever is due next, further than wanted.
    const char* method = waiting_ == 0 ? "UnlockTimeSkippingWithSleep" : "Sleep";
    static_cast<void>(raw_call(client_, "test", method, request.SerializeAsString()));
}

std::chrono::system_clock::time_point TimeSkipping::now() const {
    service::GetCurrentTimeResponse response;
    response.ParseFromString(raw_call(client_, "test", "GetCurrentTime", {}));
    return convert::from_proto(response.time());
}

Client skipping_client(const ClientOptions& options, std::shared_ptr<TimeSkipping> time) {
    return skipping_client(
        detail::make_context(client::make_core_channel(options), options), std::move(time)
    );
}

Client skipping_client(const client::RpcContextPtr& context, std::shared_ptr<TimeSkipping> time) {
    return Client{std::make_shared<SkippingBackend>(context, std::move(time))};
}

}  // namespace hourglass::testing
