#pragma once

#include "hourglass/client/count.hpp"
#include "hourglass/client/paged.hpp"
#include "src/client/checks.hpp"
#include "src/client/rpc.hpp"
#include "src/convert/proto_payload.hpp"

#include <string>
#include <utility>

namespace hourglass::client {

// What a query matches: workflows, schedules, activities, Nexus operations. The service lists and
// counts them alike, but for the names of the messages.

/// One page.
/// @param what  in the plural, for errors: "the schedules".
/// @param read  adds what is in a Response to a vector of Items.
template <class Request, class Response, class Item, class Call, class Read>
[[nodiscard]] Future<Page<Item>> list_matching(
    const RpcContextPtr& context, const std::string& what, std::string method, Call call, Read read
) {
    for (const auto& error : {unusable_page_size(call.page_size), unusable_query(call.query)}) {
        if (error) {
            return failed_future<Page<Item>>(error);
        }
    }
    Request request;
    request.set_namespace_(context->namespace_name);
    request.set_query(call.query);
    if constexpr (requires { request.set_page_size(0); }) {
        request.set_page_size(call.page_size);
    } else {
        request.set_maximum_page_size(call.page_size);
    }
    request.set_next_page_token(std::move(call.page_token));
    return unary<Page<Item>, Response>(
        context,
        target_of(*context, "list " + what + " that match \"" + call.query + '"'),
        spec_of(*context, std::move(method), request),
        [read](const Response& response) {
            Page<Item> page;
            read(response, page.items);
            page.next_page_token = response.next_page_token();
            return page;
        }
    );
}

/// How many, in groups if the query says so.
/// @param what  as above.
template <class Request, class Response>
[[nodiscard]] Future<Count> count_matching(
    const RpcContextPtr& context, const std::string& what, std::string method, std::string query
) {
    if (const auto error = unusable_query(query)) {
        return failed_future<Count>(error);
    }
    Request request;
    request.set_namespace_(context->namespace_name);
    request.set_query(query);
    return unary<Count, Response>(
        context,
        target_of(*context, "count " + what + " that match \"" + query + '"'),
        spec_of(*context, std::move(method), request),
        [](const Response& response) {
            Count count;
            count.total = response.count();
            for (const auto& group : response.groups()) {
                count.groups.push_back(
                    {.values = convert::from_proto(group.group_values()), .count = group.count()}
                );
            }
            return count;
        }
    );
}

}  // namespace hourglass::client
