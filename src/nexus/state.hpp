#pragma once

#include "hourglass/base/metric_recorder.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "hourglass/nexus/context.hpp"
#include "src/client/rpc.hpp"

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace hourglass::nexus::detail {

/// What a handler sees of its request.
/// @threads any.
class RequestState : public std::enable_shared_from_this<RequestState>,
                     public hourglass::detail::ContextSource {
public:
    struct Setup {
        Info info;
        std::stop_token worker_shutdown;
        /// Where the handler measures; null: nowhere.
        std::shared_ptr<hourglass::detail::MetricRecorder> metrics{};
    };

    explicit RequestState(Setup setup) : setup_{std::move(setup)} {}
    virtual ~RequestState() = default;
    RequestState(const RequestState&) = delete;
    RequestState& operator=(const RequestState&) = delete;

    [[nodiscard]] SerializationContext context() const override;

    /// The request that is handled on this thread, or null.
    [[nodiscard]] static RequestState* current() noexcept;

    /// What it refers to stays as it is, even when `replace_headers` makes another one current.
    [[nodiscard]] const Info& info() const noexcept { return *info_.load(); }
    [[nodiscard]] std::stop_token worker_shutdown() const noexcept {
        return setup_.worker_shutdown;
    }
    [[nodiscard]] const std::shared_ptr<hourglass::detail::MetricRecorder>& metrics(
    ) const noexcept {
        return setup_.metrics;
    }
    /// For calls that end with the request; made when somebody asks.
    [[nodiscard]] virtual client::RpcContextPtr client() = 0;
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

protected:
    /// From now on `info()` has these: those of the call that reaches the handler.
    void replace_headers(const std::map<std::string, std::string>& headers) {
        if (headers == info().headers) {
            return;
        }
        Info replaced = info();
        replaced.headers = headers;
        const std::lock_guard lock{mutex_};
        info_ = &replaced_.emplace_back(std::move(replaced));
    }

private:
    const Setup setup_;
    /// With other headers; all are kept, since any thread may still read an earlier one.
    std::list<Info> replaced_;
    std::atomic<const Info*> info_ = &setup_.info;
    std::stop_source cancelled_;
    mutable std::mutex mutex_;
    std::optional<CancellationReason> reason_;
};

}  // namespace hourglass::nexus::detail
