#pragma once

#include "src/client/rpc_channel.hpp"
#include "src/core/cancel_token.hpp"
#include "src/core/generation.hpp"

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

    /// For the attempts of these calls: `end` cancels them. Of the bridge's current generation: a
    /// stale one would end a call over a connection that is not.
    [[nodiscard]] core::CancelToken cancellation() {
        const std::lock_guard lock{mutex_};
        if (const auto now = core::generation::current(); now != generation_) {
            generation_ = now;
            cancellation_ = core::CancelToken::create();
            if (ended_) {
                cancellation_.cancel();
            }
        }
        return cancellation_;
    }

    /// Answers all calls so, and lets none in from now on. Idempotent.
    void end(const client::RpcFailure& answer) {
        std::unordered_map<Id, client::RpcCallback> open;
        core::CancelToken cancellation;
        {
            const std::lock_guard lock{mutex_};
            ended_ = true;
            open.swap(calls_);
            cancellation = cancellation_;
        }
        for (auto& [id, callback] : open) {
            callback(failure(answer));
        }
        cancellation.cancel();
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
    std::uint64_t generation_ = 0;  // of the token; there is none before the first call
    core::CancelToken cancellation_;
};

}  // namespace hourglass::subsystem
