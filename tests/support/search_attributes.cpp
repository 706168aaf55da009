#include "tests/support/search_attributes.hpp"

#include "tests/support/test_server.hpp"
#include <hourglass/raw.hpp>

#include "temporal/api/enums/v1/common.pb.h"
#include "temporal/api/operatorservice/v1/request_response.pb.h"

#include <stdexcept>

namespace hourglass::test {
namespace {

bool make(const Client& client) {
    namespace enums = temporal::api::enums::v1;
    temporal::api::operatorservice::v1::AddSearchAttributesRequest request;
    request.set_namespace_(client.namespace_name());
    auto& types = *request.mutable_search_attributes();
    types[kCustomer.name()] = enums::INDEXED_VALUE_TYPE_KEYWORD;
    types[kTags.name()] = enums::INDEXED_VALUE_TYPE_KEYWORD_LIST;
    types[kCents.name()] = enums::INDEXED_VALUE_TYPE_INT;
    types[kPaid.name()] = enums::INDEXED_VALUE_TYPE_BOOL;
    static_cast<void>(
        raw_call(client, "operator", "AddSearchAttributes", request.SerializeAsString())
    );
    // The server's caches learn of them a moment later.
    const bool usable = eventually([&client] {
        try {
            const StartOptions options{
                .id = unique("search-attributes"),
                .task_queue = unique("nobody"),
                .search_attributes =
                    {kCustomer.set("ada"), kTags.set({"a"}), kCents.set(5), kPaid.set(true)}
            };
            client.start("Nothing", options).terminate("test");
            return true;
        } catch (const RpcError&) {
            return false;
        }
    });
    if (!usable) {
        throw std::runtime_error{"the server does not know its new search attributes after 20 s"};
    }
    return true;
}

}  // namespace

void make_search_attributes(const Client& client) {
    [[maybe_unused]] static const bool made = make(client);
}

}  // namespace hourglass::test
