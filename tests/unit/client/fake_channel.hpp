#pragma once

#include "google/rpc/status.pb.h"
#include "hourglass/client/client.hpp"
#include "src/client/backend.hpp"
#include "src/client/rpc_channel.hpp"

#include <google/protobuf/any.pb.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::client {

/// A server of a test's making: it answers the calls in the order in which the test wrote its
/// answers.
class FakeChannel : public RpcChannel {
public:
    void call(RpcRequest request, RpcCallback callback) override {
        std::function<RpcAnswer()> answer;
        {
            const std::lock_guard lock{mutex_};
            requests_.push_back(std::move(request));
            if (answers_.empty()) {
                held_.push_back(std::move(callback));  // kept open: a server that does not answer
                return;
            }
            answer = std::move(answers_.front());
            answers_.pop_front();
        }
        callback(answer());
    }

    template <class Message>
    FakeChannel& answer(const Message& message) {
        const std::lock_guard lock{mutex_};
        answers_.push_back([bytes = message.SerializeAsString()] { return RpcAnswer{bytes}; });
        return *this;
    }

    FakeChannel& fail(RpcFailure failed) {
        const std::lock_guard lock{mutex_};
        answers_.push_back([failed = std::move(failed)] { return RpcAnswer{failure(failed)}; });
        return *this;
    }
    FakeChannel& fail(RpcCode code, std::string message) {
        return fail(RpcFailure{.code = code, .message = std::move(message)});
    }
    /// With a detail, as the server sends them.
    template <class Detail>
    FakeChannel& fail(RpcCode code, std::string message, const Detail& detail) {
        google::rpc::Status status;
        status.set_code(static_cast<int>(code));
        status.set_message(message);
        status.add_details()->PackFrom(detail);
        return fail(RpcFailure{
            .code = code, .message = std::move(message), .details = status.SerializeAsString()
        });
    }

    [[nodiscard]] std::size_t calls() const {
        const std::lock_guard lock{mutex_};
        return requests_.size();
    }
    [[nodiscard]] RpcRequest call_at(std::size_t index) const {
        const std::lock_guard lock{mutex_};
        return requests_.at(index);
    }
    /// The body of a call, parsed.
    template <class Message>
    [[nodiscard]] Message request(std::size_t index) const {
        Message message;
        if (!message.ParseFromString(call_at(index).body)) {
            throw std::runtime_error{"the request is of another type"};
        }
        return message;
    }

    /// Lets go of the calls that were kept open: they hold their client, and that this channel.
    void forget_open_calls() {
        std::vector<RpcCallback> gone;
        const std::lock_guard lock{mutex_};
        gone.swap(held_);
    }

private:
    mutable std::mutex mutex_;
    std::vector<RpcRequest> requests_;
    std::deque<std::function<RpcAnswer()>> answers_;
    std::vector<RpcCallback> held_;
};

/// A client of a fake server that retries fast.
struct FakeServer {
    FakeServer() = default;
    FakeServer(const FakeServer&) = delete;
    FakeServer& operator=(const FakeServer&) = delete;
    ~FakeServer() { channel->forget_open_calls(); }

    std::shared_ptr<FakeChannel> channel = std::make_shared<FakeChannel>();
    std::shared_ptr<RpcContext> context = [this] {
        auto made = std::make_shared<RpcContext>();
        made->address = "temporal.test:7233";
        made->namespace_name = "orders";
        made->identity = "tester";
        made->calls.channel = channel;
        made->calls.backoff = {
            .first = std::chrono::milliseconds{1}, .longest = std::chrono::milliseconds{1}
        };
        made->calls.backoff_when_exhausted = made->calls.backoff;
        return made;
    }();
    Client client{std::make_shared<RpcBackend>(context)};
};

/// The exception of type E that `call` throws; fails the test with another one or none.
template <class E, class F>
E thrown_by(F call) {
    try {
        call();
    } catch (const E& error) {
        return error;
    }
    throw std::runtime_error{"nothing was thrown"};
}

}  // namespace hourglass::client
