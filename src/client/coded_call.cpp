#include "src/client/coded_call.hpp"

#include "google/rpc/status.pb.h"
#include "src/codec/payload_pipeline.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace hourglass::client {
namespace {

using codec::Party;
using codec::PayloadPipeline;
using google::protobuf::Message;
using std::chrono::milliseconds;

RpcFailure not_coded(std::exception_ptr error) {
    return {
        .code = RpcCode::Internal,
        .message = "its payloads could not be encoded or decoded",
        .final = true,
        .error = std::move(error)
    };
}

bool decode_message(
    const PayloadPipeline& payloads,
    const Message& type,
    const PayloadContext& context,
    std::string& bytes
) {
    const std::unique_ptr<Message> message{type.New()};
    if (!message->ParseFromString(bytes)) {
        return false;  // whoever parses it next says so
    }
    payloads.decode({{message.get(), context}}, Party::Client);
    bytes = message->SerializeAsString();
    return true;
}

/// The answer with its payloads decoded.
RpcAnswer decoded(
    const PayloadPipeline& payloads,
    const Message& response,
    const PayloadContext& context,
    RpcAnswer answer
) {
    try {
        decode_message(payloads, response, context, *answer);
        return answer;
    } catch (const std::exception&) {
        return failure(not_coded(std::current_exception()));
    }
}

/// The failure with the payloads in its details decoded. If they cannot be, it is what it was: why
/// the call failed matters more.
RpcAnswer decoded_failure(
    const PayloadPipeline& payloads, const PayloadContext& context, RpcAnswer answer
) {
    RpcFailure& failed = answer.error();
    if (failed.details.empty()) {
        return answer;
    }
    try {
        decode_message(payloads, google::rpc::Status::default_instance(), context, failed.details);
    } catch (const std::exception& error) {
        failed.message += std::string{" (the payloads in its details could not be decoded: "} +
                          error.what() + ")";
    }
    return answer;
}

/// Whose the payloads are in the answer: what the request says, or what it says of its first
/// payload.
PayloadContext whose(Message& request) {
    PayloadContext context = codec::whose(request, {});
    if (context.workflow_id.empty()) {
        codec::FoundPayloads found;
        found.find(request, context, false);
        if (!found.empty()) {
            context = found.groups().front().context;
        }
    }
    return context;
}

}  // namespace

void coded_call(
    const CallSettings& settings, CallSpec spec, const Message& response, RpcCallback callback
) {
    // Details of failures are decoded too; only queries and updates have any with payloads.
    if (!settings.payloads || spec.coded_as == nullptr ||
        (!codec::may_have_payloads(*spec.coded_as->GetDescriptor()) &&
         !codec::may_have_payloads(*response.GetDescriptor()))) {
        call(settings, std::move(spec), std::move(callback));
        return;
    }
    const auto began = CallbackPool::Clock::now();
    CallbackPool::codecs().post([settings,
                                 spec = std::move(spec),
                                 response = &response,
                                 callback = std::move(callback),
                                 began]() mutable {
        PayloadContext context;
        try {
            const std::unique_ptr<Message> request{spec.coded_as->New()};
            request->ParseFromString(spec.body);  // it was written here
            context = whose(*request);
            settings.payloads->encode({{request.get(), {}}}, Party::Client);
            spec.body = request->SerializeAsString();
        } catch (const std::exception&) {
            callback(failure(not_coded(std::current_exception())));
            return;
        }
        if (spec.timeout && *spec.timeout > milliseconds{0}) {
            const auto took =
                std::chrono::duration_cast<milliseconds>(CallbackPool::Clock::now() - began);
            spec.timeout = std::max(*spec.timeout - took, milliseconds{0});
        }
        call(
            settings,
            std::move(spec),
            [payloads = settings.payloads,
             response,
             context = std::move(context),
             callback = std::move(callback)](RpcAnswer answer) {
                // Not here: it may be a thread of Core.
                CallbackPool::codecs().post(
                    [payloads, response, context, callback, answer = std::move(answer)]() mutable {
                        callback(
                            answer ? decoded(*payloads, *response, context, std::move(answer))
                                   : decoded_failure(*payloads, context, std::move(answer))
                        );
                    }
                );
            }
        );
    });
}

}  // namespace hourglass::client
