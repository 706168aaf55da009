#include "hourglass/raw.hpp"
#include "src/client/backend.hpp"
#include "src/client/checks.hpp"

#include <array>
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
    NamedService{"cloud", RpcService::Cloud},
    NamedService{"test", RpcService::Test},
    NamedService{"health", RpcService::Health},
};

}  // namespace

Future<std::string> RpcBackend::raw_call(detail::RawCall raw) {
    for (const auto& [name, value] : kServices) {
        if (name != raw.service) {
            continue;
        }
        const Settling<std::string> settling{context_->calls.pool};
        CallSpec spec = spec_of(*context_, raw.method, std::move(raw.request));
        spec.service = value;
        const std::string action =
            raw.action.empty() ? "call " + raw.method + " of the " + raw.service + " service"
                               : raw.action;
        call(
            context_->calls,
            std::move(spec),
            [settling, target = target_of(*context_, action)](RpcAnswer answer) {
                if (answer) {
                    settling.succeed(std::move(*answer));
                } else {
                    settling.fail(to_exception(target, answer.error()));
                }
            }
        );
        return settling.future();
    }
    return failed_future<std::string>(configuration_error(
        "the server has no service \"" + raw.service +
        "\" for a raw call; use workflow, operator, cloud, test or health"
    ));
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
    return client.backend()->raw_call(
        {.service = std::move(service), .method = std::move(method), .request = std::move(request)}
    );
}

}  // namespace hourglass
