#pragma once

// Calls about what belongs to no workflow: a standalone activity, or a standalone Nexus operation.

#include "hourglass/client/calls_about_activities.hpp"
#include "hourglass/client/calls_about_nexus.hpp"
#include "src/client/checks.hpp"
#include "src/client/operations.hpp"
#include "src/client/rpc.hpp"
#include "src/convert/utf8.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::client {

inline CallTarget target_of(
    const RpcContext& context, const std::string& verb, const StandaloneActivityRef& activity
) {
    CallTarget target = target_of(context, verb + " activity \"" + activity.id + '"');
    target.of_activity = true;
    target.activity_id = activity.id;
    target.run_id = activity.run_id;
    return target;
}

inline CallTarget target_of(
    const RpcContext& context, const std::string& verb, const NexusOperationRef& operation
) {
    CallTarget target = target_of(context, verb + " Nexus operation \"" + operation.id + '"');
    target.nexus_operation_id = operation.id;
    target.run_id = operation.run_id;
    return target;
}

inline std::exception_ptr unusable_id(
    const StandaloneActivityRef& activity, const std::string& verb
) {
    return unusable_id(
        activity.id, verb, "an activity", "give client.activity(…) the activity's id"
    );
}

inline std::exception_ptr unusable_id(const NexusOperationRef& operation, const std::string& verb) {
    return unusable_id(
        operation.id, verb, "a Nexus operation", "give client.nexus_operation(…) the operation's id"
    );
}

template <class Request>
void set_id(const StandaloneActivityRef& activity, Request& request) {
    request.set_activity_id(activity.id);
}

template <class Request>
void set_id(const NexusOperationRef& operation, Request& request) {
    request.set_operation_id(operation.id);
}

/// One call about it.
/// @param verb  for texts of errors, behind "cannot ".
/// @param fill  writes what the request has beside whom it is about and whom it is from; an Error
/// that it throws is the answer, and nothing is sent.
/// @param convert  makes the answer of the response.
template <class Answer, class Request, class Response, class Ref, class Fill, class Convert>
Future<Answer> call_about(
    const RpcContextPtr& context,
    const Ref& ref,
    const std::string& verb,
    const std::string& method,
    Fill fill,
    Convert convert
) {
    if (auto error = unusable_id(ref, verb)) {
        return failed_future<Answer>(error);
    }
    Request request;
    request.set_namespace_(context->namespace_name);
    set_id(ref, request);
    request.set_run_id(ref.run_id);
    if constexpr (requires { request.set_request_id(std::string{}); }) {  // it changes something
        request.set_identity(context->identity);
        request.set_request_id(new_uuid());
    }
    try {
        fill(request);
    } catch (const Error&) {
        return failed_future<Answer>(std::current_exception());
    }
    return unary<Answer, Response>(
        context, target_of(*context, verb, ref), spec_of(*context, method, request), convert
    );
}

/// One whose answer says nothing.
template <class Request, class Response, class Ref, class Fill>
Future<void> command(
    const RpcContextPtr& context,
    const Ref& ref,
    const std::string& verb,
    const std::string& method,
    Fill fill
) {
    return call_about<void, Request, Response>(
        context, ref, verb, method, std::move(fill), [](const Response&) {}
    );
}

/// For `fill` of a request that has a reason, and nothing else.
inline auto with_reason(std::string reason) {
    return [reason = convert::valid_utf8(std::move(reason))](auto& request) {
        request.set_reason(reason);
    };
}

}  // namespace hourglass::client
