#include "peer_failures.hpp"

#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace interop::peer {
namespace {

namespace hg = hourglass;
using nlohmann::json;
using std::chrono::milliseconds;

std::string word(const json& layer, const char* key) {
    return layer.value(key, std::string{});
}

/// The value of an enumeration that its to_text calls by this name.
template <class Enumeration>
Enumeration named(const std::string& wanted) {
    for (std::uint8_t number = 0; number < 16; ++number) {
        if (hg::to_text(static_cast<Enumeration>(number)) == wanted) {
            return static_cast<Enumeration>(number);
        }
    }
    throw std::invalid_argument{"there is no " + wanted};
}

hg::Payloads details(const json& layer) {
    hg::Payloads payloads;
    for (const json& detail : layer.value("details", json::array())) {
        payloads.push_back(hg::to_payload(detail));
    }
    return payloads;
}

json values(const hg::Payloads& payloads) {
    json found = json::array();
    for (const hg::Payload& payload : payloads) {
        found.push_back(hg::from_payload<json>(payload));
    }
    return found;
}

hg::ApplicationErrorOptions application_options(const json& layer) {
    hg::ApplicationErrorOptions options{
        .type = word(layer, "type"),
        .non_retryable = layer.value("non_retryable", false),
        .details = details(layer)
    };
    if (layer.contains("next_retry_delay_ms")) {
        options.next_retry_delay = milliseconds{layer.at("next_retry_delay_ms").get<int>()};
    }
    if (word(layer, "category") == "benign") {
        options.category = hg::ErrorCategory::Benign;
    }
    return options;
}

json application(const hg::ApplicationError& error) {
    json layer{
        {"kind", "application"},
        {"type", error.type()},
        {"details", values(error.details())},
        {"non_retryable", error.non_retryable()}
    };
    if (error.next_retry_delay()) {
        layer["next_retry_delay_ms"] =
            std::chrono::duration_cast<milliseconds>(*error.next_retry_delay()).count();
    }
    if (error.category() == hg::ErrorCategory::Benign) {
        layer["category"] = "benign";
    }
    return layer;
}

/// What an operation says of itself; the message is each SDK's own.
json operation(const hg::FailureError& error) {
    if (const auto* activity = dynamic_cast<const hg::ActivityError*>(&error)) {
        return {
            {"kind", "activity"},
            {"activity", activity->activity_type()},
            {"id", activity->activity_id()},
            {"retry_state", hg::to_text(activity->retry_state())}
        };
    }
    if (const auto* child = dynamic_cast<const hg::ChildWorkflowError*>(&error)) {
        return {
            {"kind", "child"},
            {"workflow", child->workflow_type()},
            {"id", child->workflow_id()},
            {"retry_state", hg::to_text(child->retry_state())}
        };
    }
    return nullptr;
}

json with_message(const hg::FailureError& error) {
    if (const auto* failed = dynamic_cast<const hg::ApplicationError*>(&error)) {
        return application(*failed);
    }
    if (const auto* cancelled = dynamic_cast<const hg::CancelledError*>(&error)) {
        return {{"kind", "cancelled"}, {"details", values(cancelled->details())}};
    }
    if (const auto* timeout = dynamic_cast<const hg::TimeoutError*>(&error)) {
        return {
            {"kind", "timeout"},
            {"type", hg::to_text(timeout->type())},
            {"details", values(timeout->last_heartbeat_details())}
        };
    }
    if (dynamic_cast<const hg::TerminatedError*>(&error) != nullptr) {
        return {{"kind", "terminated"}};
    }
    if (const auto* server = dynamic_cast<const hg::ServerError*>(&error)) {
        return {{"kind", "server"}, {"non_retryable", server->non_retryable()}};
    }
    if (const auto* nexus = dynamic_cast<const hg::NexusOperationError*>(&error)) {
        return {
            {"kind", "nexus_operation"},
            {"endpoint", nexus->endpoint()},
            {"service", nexus->service()},
            {"operation", nexus->operation()},
            {"id", nexus->operation_token()}
        };
    }
    if (const auto* handler = dynamic_cast<const hg::NexusHandlerError*>(&error)) {
        const bool final = handler->retry_behavior() == hg::NexusRetryBehavior::NonRetryable;
        return {{"kind", "nexus_handler"}, {"type", handler->type()}, {"non_retryable", final}};
    }
    return {{"kind", "unknown"}};
}

/// failures.json says only what there is.
void drop_empty(json& layer) {
    for (auto item = layer.begin(); item != layer.end();) {
        const json& value = item.value();
        const bool empty = value == "" || value == false || value == json::array() || value == 0 ||
                           (item.key() == "retry_state" && value == "unspecified");
        item = empty ? layer.erase(item) : std::next(item);
    }
}

}  // namespace

std::exception_ptr made(const json& chain, std::size_t index) {
    const json& layer = chain.at(index);
    const std::string kind = word(layer, "kind");
    const std::string message = word(layer, "message");
    const std::string type = word(layer, "type");
    hg::FailureContext context;
    if (index + 1 < chain.size()) {
        context.cause = hg::as_failure(made(chain, index + 1));
    }
    if (kind == "application") {
        return std::make_exception_ptr(
            hg::ApplicationError{message, application_options(layer), std::move(context)}
        );
    }
    if (kind == "cancelled") {
        return std::make_exception_ptr(
            hg::CancelledError{message, {.details = details(layer)}, std::move(context)}
        );
    }
    if (kind == "timeout") {
        return std::make_exception_ptr(hg::TimeoutError{
            message, named<hg::TimeoutType>(type), details(layer), std::move(context)
        });
    }
    if (kind == "terminated") {
        return std::make_exception_ptr(hg::TerminatedError{message, {}, std::move(context)});
    }
    if (kind == "server") {
        return std::make_exception_ptr(
            hg::ServerError{message, layer.value("non_retryable", false), std::move(context)}
        );
    }
    if (kind == "activity") {
        const hg::ActivityFailureInfo info{
            .activity_type = word(layer, "activity"),
            .activity_id = word(layer, "id"),
            .retry_state = named<hg::RetryState>(word(layer, "retry_state"))
        };
        return std::make_exception_ptr(hg::ActivityError{message, info, std::move(context)});
    }
    if (kind == "child") {
        const hg::ChildWorkflowFailureInfo info{
            .workflow_id = word(layer, "id"),
            .workflow_type = word(layer, "workflow"),
            .retry_state = named<hg::RetryState>(word(layer, "retry_state"))
        };
        return std::make_exception_ptr(hg::ChildWorkflowError{message, info, std::move(context)});
    }
    if (kind == "nexus_operation") {
        const hg::NexusOperationFailureInfo info{
            .endpoint = word(layer, "endpoint"),
            .service = word(layer, "service"),
            .operation = word(layer, "operation"),
            .operation_token = word(layer, "id")
        };
        return std::make_exception_ptr(hg::NexusOperationError{message, info, std::move(context)});
    }
    if (kind == "nexus_handler") {
        const auto behavior = layer.value("non_retryable", false)
                                  ? hg::NexusRetryBehavior::NonRetryable
                                  : hg::NexusRetryBehavior::Retryable;
        return std::make_exception_ptr(
            hg::NexusHandlerError{message, type, behavior, std::move(context)}
        );
    }
    throw std::invalid_argument{"no failure is of the kind " + kind};
}

json described(hg::FailureCause failure) {
    json chain = json::array();
    for (; failure != nullptr; failure = failure->cause()) {
        json layer = operation(*failure);
        if (layer.is_null()) {
            layer = with_message(*failure);
            layer["message"] = failure->message();
        }
        drop_empty(layer);
        chain.push_back(std::move(layer));
    }
    return chain;
}

}  // namespace interop::peer
