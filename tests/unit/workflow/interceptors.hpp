#pragma once

// What the tests of interceptors have in common.

#include "tests/unit/workflow/harness.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace hourglass::workflow::testing {

/// Gives each run the interceptors that the functions make, in their order.
template <class... Make>
std::function<Interceptors(const WorkflowInfo&)> made_by(Make... make) {
    return [make...](const WorkflowInfo&) {
        Interceptors made;
        (made.push_back(make()), ...);
        return made;
    };
}

/// The text of a header; empty if there is none.
template <class Map>
std::string header(const Map& headers, const std::string& name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string{} : convert::from_proto(found->second).data;
}

/// An argument, with a text behind it.
inline void append(Payload& argument, const std::string& text) {
    argument = to_payload(from_payload<std::string>(argument) + text);
}

}  // namespace hourglass::workflow::testing
