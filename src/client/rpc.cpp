#include "src/client/rpc.hpp"

namespace hourglass::client {

const RpcContext& RpcContextPtr::Shared::here() {
    if (epoch_ == fork::process_epoch()) {
        return *made_;
    }
    return in_child_.get([this] {
        RpcContext context = *made_;
        context.identity = identity_in_child(identity_is_default_ ? "" : made_->identity);
        return context;
    });
}

}  // namespace hourglass::client
