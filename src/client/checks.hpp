#pragma once

// What is known to be wrong before anything is sent.

#include "hourglass/base/error.hpp"
#include "hourglass/client/client_backend.hpp"
#include "src/convert/utf8.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <string>

namespace hourglass::client {

inline std::exception_ptr configuration_error(const std::string& text) {
    return std::make_exception_ptr(ConfigurationError{text});
}

/// An empty id would come back from the server as an InvalidArgument that does not say who is to
/// blame. @returns null if the id is usable.
inline std::exception_ptr unusable_id(
    const std::string& id, const std::string& verb, const std::string& kind, const std::string& hint
) {
    if (id.empty()) {
        return configuration_error("cannot " + verb + " " + kind + ": its id is empty; " + hint);
    }
    if (!convert::is_utf8(id)) {
        return configuration_error(
            "cannot " + verb + " " + kind + " \"" + convert::valid_utf8(id) +
            "\": its id is not valid UTF-8"
        );
    }
    return nullptr;
}

inline std::exception_ptr unusable_id(const detail::ExecutionRef& target, const std::string& verb) {
    return unusable_id(
        target.workflow_id, verb, "a workflow", "give client.handle(…) the workflow's id"
    );
}

inline std::exception_ptr unusable_name(const std::string& name, const std::string& kind) {
    if (name.empty()) {
        return configuration_error(
            "cannot send a " + kind + " without a name; give the name that the workflow defines"
        );
    }
    if (!convert::is_utf8(name)) {
        return configuration_error(
            "cannot send the " + kind + " \"" + convert::valid_utf8(name) +
            "\": its name is not valid UTF-8"
        );
    }
    return nullptr;
}

inline std::exception_ptr unusable_page_size(int page_size) {
    if (page_size > 0) {
        return nullptr;
    }
    return configuration_error(
        "ListOptions::page_size is " + std::to_string(page_size) + "; it must be greater than 0"
    );
}

inline std::exception_ptr unusable_query(const std::string& query) {
    if (convert::is_utf8(query)) {
        return nullptr;
    }
    return configuration_error(
        "the query \"" + convert::valid_utf8(query) + "\" is not valid UTF-8"
    );
}

/// @throws ConfigurationError unless the duration is greater than 0 or not set: the server takes 0
/// for unset, which is hardly what somebody meant who wrote it.
/// @param field  with its struct: "StartOptions::run_timeout".
inline void check_positive(
    const std::string& whose,
    const std::string& field,
    const std::optional<std::chrono::milliseconds>& value
) {
    if (value && *value <= std::chrono::milliseconds{0}) {
        throw ConfigurationError{
            whose + ": " + field + " is " + std::to_string(value->count()) +
            " ms; it must be greater than 0, or not set"
        };
    }
}

}  // namespace hourglass::client
