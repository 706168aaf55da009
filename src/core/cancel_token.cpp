#include "src/core/cancel_token.hpp"

#include "src/core/bridge.hpp"

namespace hourglass::core {

CancelToken CancelToken::create() {
    const Bridge& from = bridge();
    return {{from.cancel_token_new(), from.cancel_token_free}, from};
}

void CancelToken::cancel() const noexcept {
    if (handle_ != nullptr) {
        // A stale token has no calls left to cancel, so there is nothing to tell.
        from_->result_free(from_->cancel_token_cancel(handle_.get()));
    }
}

}  // namespace hourglass::core
