#pragma once

#include "hourglass/nexus/context.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace hourglass::nexus::detail {

/// What a handler sees of its request.
/// @threads any.
class RequestState : public std::enable_shared_from_this<RequestState> {
public:
    RequestState(Info info, std::stop_token worker_shutdown)
        : info_{std::move(info)}, worker_shutdown_{std::move(worker_shutdown)} {}
    virtual ~RequestState() = default;
    RequestState(const RequestState&) = delete;
    RequestState& operator=(const RequestState&) = delete;

    /// The request that is handled on this thread, or null.
    [[nodiscard]] static RequestState* current() noexcept;

    [[nodiscard]] const Info& info() const noexcept { return info_; }
    [[nodiscard]] std::stop_token worker_shutdown() const noexcept { return worker_shutdown_; }
    [[nodiscard]] std::stop_token cancellation() const noexcept { return cancelled_.get_token(); }
    [[nodiscard]] std::optional<CancellationReason> reason() const {
        const std::lock_guard lock{mutex_};
        return reason_;
    }

    /// The first reason stays.
    void request_cancellation(CancellationReason reason) {
        {
            const std::lock_guard lock{mutex_};
            if (reason_) {
                return;
            }
            reason_ = reason;
        }
        cancelled_.request_stop();
    }

private:
    const Info info_;
    const std::stop_token worker_shutdown_;
    std::stop_source cancelled_;
    mutable std::mutex mutex_;
    std::optional<CancellationReason> reason_;
};

}  // namespace hourglass::nexus::detail
