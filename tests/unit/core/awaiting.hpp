#pragma once

#include "src/core/connection.hpp"
#include "src/core/core_worker.hpp"
#include "src/core/runtime.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace hourglass::core::test {

/// The outcome of one asynchronous call. A second call of its callback ends the test: a promise is
/// kept once.
template <class Outcome>
class Awaited {
public:
    [[nodiscard]] Callback<Outcome> callback() {
        return [promise = promise_](Outcome outcome) { promise->set_value(std::move(outcome)); };
    }

    [[nodiscard]] bool ready() const {
        return future_.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
    }

    [[nodiscard]] Outcome get() {
        if (future_.wait_for(std::chrono::seconds{30}) != std::future_status::ready) {
            throw std::runtime_error{"the callback did not come within 30 s"};
        }
        return future_.get();
    }

private:
    std::shared_ptr<std::promise<Outcome>> promise_ = std::make_shared<std::promise<Outcome>>();
    std::future<Outcome> future_ = promise_->get_future();
};

/// Begins an asynchronous call and waits for its outcome.
template <class Outcome, class Begin>
Outcome await(Begin begin) {
    Awaited<Outcome> awaited;
    begin(awaited.callback());
    return awaited.get();
}

inline std::shared_ptr<Runtime> make_runtime(RuntimeOptions options = {}) {
    options.threads = 2;
    auto runtime = Runtime::create(std::move(options));
    if (!runtime) {
        throw std::runtime_error{runtime.error().message};
    }
    return *std::move(runtime);
}

/// Nobody listens there.
inline constexpr const char* kNobody = "127.0.0.1:1";

inline ConnectResult connect(
    const std::shared_ptr<Runtime>& runtime, const ConnectOptions& options
) {
    return await<ConnectResult>([&](Callback<ConnectResult> callback) {
        Connection::connect(runtime, options, std::move(callback));
    });
}

inline std::shared_ptr<Connection> lazy_connection(const std::shared_ptr<Runtime>& runtime) {
    auto connected = connect(runtime, {.target = kNobody, .identity = "test", .lazy = true});
    if (!connected) {
        throw std::runtime_error{connected.error().message};
    }
    return *std::move(connected);
}

}  // namespace hourglass::core::test
