#pragma once

#include <memory>
#include <utility>

struct HgCancelToken;

namespace hourglass::core {

struct Bridge;

/// Cancels calls. Copies cancel the same calls; a default-constructed one cancels nothing.
/// @threads any.
class CancelToken {
public:
    CancelToken() noexcept = default;
    [[nodiscard]] static CancelToken create();

    /// Ends the calls that were given this token, now and later, with Status::Cancelled.
    void cancel() const noexcept;

    /// For the other files of this folder; both null for a default-constructed one.
    [[nodiscard]] HgCancelToken* handle() const noexcept { return handle_.get(); }
    [[nodiscard]] const Bridge* from() const noexcept { return from_; }

private:
    CancelToken(std::shared_ptr<HgCancelToken> handle, const Bridge& from) noexcept
        : handle_{std::move(handle)}, from_{&from} {}

    std::shared_ptr<HgCancelToken> handle_;
    const Bridge* from_ = nullptr;
};

}  // namespace hourglass::core
