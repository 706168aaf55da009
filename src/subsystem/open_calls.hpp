#pragma once

#include "src/client/rpc_channel.hpp"
#include "src/core/cancel_token.hpp"

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace hourglass::subsystem {

/// The calls of clients that are under way: the end of the Subsystem answers them at once, because
/// nobody may be there any more to do what they wait for. A long poll would wait until the server
/// ends it, and keep the connection and Core's runtime alive so long.
/// @threads any; the lock is a leaf, callbacks run outside it.
class OpenCalls {
public:
    using Id = std::uint64_t;

    /// @returns 0 if `end` was called before: then `callback` is still the caller's to answer.
    [[nodiscard]] Id enter(client::RpcCallback& callback) {
        const std::lock_guard lock{mutex_};
        if (ended_) {
            return 0;
        }
        calls_.emplace(++last_, std::move(callback));
        return last_;
    }

    /// The callback of a call that is answered now; empty if `end` was first.
    [[nodiscard]] client::RpcCallback leave(Id id) {
        const std::lock_guard lock{mutex_};
        const auto found = calls_.find(id);
        if (found == calls_.end()) {
            return {};
        }
        auto callback = std::move(found->second);
        calls_.erase(found);
        return callback;
    }

    /// For the attempts of these calls: `end` cancels them.
    [[nodiscard]] const core::CancelToken& cancellation() const { return cancellation_; }

    /// Answers all calls so, and lets none in from now on. Idempotent.
    void end(const client::RpcFailure& answer) {
        std::unordered_map<Id, client::RpcCallback> open;
        {
            const std::lock_guard lock{mutex_};
            ended_ = true;
            open.swap(calls_);
        }
        for (auto& [id, callback] : open) {
            callback(failure(answer));
        }
        cancellation_.cancel();
    }

    [[nodiscard]] bool ended() const {
        const std::lock_guard lock{mutex_};
        return ended_;
    }

private:
    mutable std::mutex mutex_;
    std::unordered_map<Id, client::RpcCallback> calls_;
    Id last_ = 0;
    bool ended_ = false;
    const core::CancelToken cancellation_ = core::CancelToken::create();
};

}  // namespace hourglass::subsystem
