// What a client does with its connection.
#include "hourglass/client/connection_calls.hpp"

#include "hourglass/base/error.hpp"
#include "src/client/backend.hpp"
#include "src/client/rpc_channel.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace hourglass::client {

void RpcChannel::replace_credentials(Credentials /*credentials*/, ReplacedCallback /*replaced*/) {
    throw ConfigurationError{
        "this client's connection is not its own; change the credentials where it is made: "
        "Application::replace_credentials"
    };
}

void RpcChannel::replace_headers(std::map<std::string, std::string> /*headers*/) {
    throw ConfigurationError{
        "this client's connection is not its own; change the headers where it is made: "
        "Application::replace_headers"
    };
}

std::shared_ptr<detail::ClientBackend> RpcBackend::in_namespace(std::string name) const {
    return std::make_shared<RpcBackend>(context_in(std::move(name)));
}

RpcContextPtr RpcBackend::context_in(std::string name) const {
    if (name.empty()) {
        throw ConfigurationError{
            "Client::in_namespace was given no name; name a namespace of the server, such as "
            "\"default\""
        };
    }
    auto context = std::make_shared<RpcContext>(*context_);
    context->namespace_name = std::move(name);
    return context;
}

Future<void> RpcBackend::replace_credentials(Credentials credentials) {
    const Settling<void> settling{context_->calls.pool};
    try {
        context_->calls.channel->replace_credentials(
            std::move(credentials),
            [settling, target = target_of(*context_, "connect with the new credentials")](
                const Result<void, RpcFailure>& replaced
            ) {
                if (replaced) {
                    settling.succeed();
                } else {
                    settling.fail(to_exception(target, replaced.error()));
                }
            }
        );
    } catch (const Error&) {
        return failed_future<void>(std::current_exception());
    }
    return settling.future();
}

void RpcBackend::replace_headers(std::map<std::string, std::string> headers) {
    context_->calls.channel->replace_headers(std::move(headers));
}

}  // namespace hourglass::client
