#include "hourglass/raw.hpp"
#include "src/client/backend.hpp"
#include "src/client/checks.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

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

/// A message of the workflow service, whose names are the methods' with "Request" or "Response";
/// null if there is none. The other services carry no payloads of ours.
const google::protobuf::Message* message_of(RpcService service, const std::string& name) {
    const auto* const type =
        service != RpcService::Workflow
            ? nullptr
            : google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
                  "temporal.api.workflowservice.v1." + name
              );
    return type == nullptr
               ? nullptr
               : google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
}

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
        auto done = [settling, target = target_of(*context_, action)](RpcAnswer answer) {
            if (answer) {
                settling.succeed(std::move(*answer));
            } else {
                settling.fail(to_exception(target, answer.error()));
            }
        };
        const auto* const response = message_of(value, raw.method + "Response");
        if (raw.codes_payloads && response != nullptr) {
            spec.coded_as = message_of(value, raw.method + "Request");
            coded_call(context_->calls, std::move(spec), *response, std::move(done));
        } else {
            call(context_->calls, std::move(spec), std::move(done));
        }
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
