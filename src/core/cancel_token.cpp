#include "src/core/cancel_token.hpp"

#include "hourglass_bridge.h"

namespace hourglass::core {

CancelToken CancelToken::create() {
    return CancelToken{std::shared_ptr<HgCancelToken>{hg_cancel_token_new(), &hg_cancel_token_free}
    };
}

void CancelToken::cancel() const noexcept {
    if (handle_ != nullptr) {
        // A stale token has no calls left to cancel, so there is nothing to tell.
        hg_result_free(hg_cancel_token_cancel(handle_.get()));
    }
}

}  // namespace hourglass::core
