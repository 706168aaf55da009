#include "hourglass/nexus/services.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/nexus/errors.hpp"
#include "src/convert/utf8.hpp"

#include <exception>

namespace hourglass::nexus {
namespace {

template <class Map>
std::string listed(const Map& map) {
    std::string text;
    for (const auto& [name, value] : map) {
        text.append(text.empty() ? "" : ", ").append(name);
    }
    return text.empty() ? "none" : text;
}

}  // namespace

void detail::rethrow_input_error() {
    const auto error = std::current_exception();
    throw HandlerError{
        "the input does not fit the operation",
        ErrorType::BadRequest,
        false,
        {.cause = as_failure(error)}
    };
}

std::vector<std::string> Services::names() const {
    std::vector<std::string> names;
    for (const auto& [name, operations] : services_) {
        names.push_back(name);
    }
    return names;
}

const Handler& Services::find(std::string_view service, std::string_view operation) const {
    const auto found = services_.find(service);
    if (found == services_.end()) {
        throw HandlerError{
            "Nexus service '" + std::string{service} +
                "' is not registered on this worker; available services: " + listed(services_) +
                ". Add it to WorkerOptions::nexus_services",
            ErrorType::NotFound
        };
    }
    const auto handler = found->second.find(operation);
    if (handler == found->second.end()) {
        throw HandlerError{
            "Nexus service '" + std::string{service} + "' has no operation '" +
                std::string{operation} + "'; available operations: " + listed(found->second),
            ErrorType::NotFound
        };
    }
    return handler->second;
}

void Services::require_new(const std::string& service, bool has_object) const {
    if (!has_object) {
        throw ConfigurationError{
            "the object of Nexus service '" + service + "' is null; give the one that handles it"
        };
    }
    if (services_.contains(service)) {
        throw DuplicateRegistrationError{
            "Nexus service '" + service +
            "' is registered twice; leave one of them out, or name "
            "one of them otherwise with name(\"…\") in its HOURGLASS_NEXUS_SERVICE"
        };
    }
}

void Services::add_handler(const std::string& service, std::string operation, Handler handler) {
    for (const std::string& name : {service, operation}) {
        if (name.empty() || !convert::is_utf8(name)) {
            throw ConfigurationError{
                "a Nexus operation of service '" + convert::valid_utf8(service) +
                "' has a name that is empty or not valid UTF-8; name service and operation"
            };
        }
    }
    if (!services_[service].emplace(operation, std::move(handler)).second) {
        throw DuplicateRegistrationError{
            "Nexus service '" + service + "' has two operations '" + operation +
            "'; leave one of them out, or name it otherwise"
        };
    }
}

}  // namespace hourglass::nexus
