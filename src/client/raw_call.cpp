#include "hourglass/raw.hpp"
#include "src/client/backend.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace hourglass {

namespace client {

namespace {

struct NamedService {
    std::string_view name;
    RpcService service;
};

constexpr std::array kServices{
    NamedService{"workflow", RpcService::Workflow},
    NamedService{"operator", RpcService::Operator},
    NamedService{"test", RpcService::Test},
    NamedService{"health", RpcService::Health},
};

}  // namespace

Future<std::string> RpcBackend::raw_call(
    std::string service, std::string method, std::string request
) {
    for (const auto& [name, value] : kServices) {
        if (name != service) {
            continue;
        }
        const Settling<std::string> settling{context_->calls.pool};
        CallSpec spec;
        spec.service = value;
        spec.method = method;
        spec.body = std::move(request);
        spec.timeout = context_->rpc_timeout;
        call(
            context_->calls,
            std::move(spec),
            [settling,
             target = target_of(*context_, "call " + method + " of the " + service + " service")](
                RpcAnswer answer
            ) {
                if (answer) {
                    settling.succeed(std::move(*answer));
                } else {
                    settling.fail(to_exception(target, answer.error()));
                }
            }
        );
        return settling.future();
    }
    return failed_future<std::string>(std::make_exception_ptr(ConfigurationError{
        "the server has no service \"" + service +
        "\" for a raw call; use workflow, operator, test or health"
    }));
}

}  // namespace client

std::string raw_call(
    const Client& client, std::string service, std::string method, std::string request
) {
    return raw_call_async(client, std::move(service), std::move(method), std::move(request)).get();
}

Future<std::string> raw_call_async(
    const Client& client, std::string service, std::string method, std::string request
) {
    return client.backend()->raw_call(std::move(service), std::move(method), std::move(request));
}

}  // namespace hourglass
