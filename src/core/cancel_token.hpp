#pragma once

#include <memory>
#include <utility>

struct HgCancelToken;

namespace hourglass::core {

/// Cancels calls. Copies cancel the same calls; a default-constructed one cancels nothing.
/// @threads any.
class CancelToken {
public:
    CancelToken() noexcept = default;
    [[nodiscard]] static CancelToken create();

    /// Ends the calls that were given this token, now and later, with Status::Cancelled.
    void cancel() const noexcept;

    /// For the other files of this folder; null for a default-constructed one.
    [[nodiscard]] HgCancelToken* handle() const noexcept { return handle_.get(); }

private:
    explicit CancelToken(std::shared_ptr<HgCancelToken> handle) noexcept
        : handle_{std::move(handle)} {}

    std::shared_ptr<HgCancelToken> handle_;
};

}  // namespace hourglass::core
