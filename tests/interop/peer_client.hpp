#pragma once

#include "cpp_side.hpp"

#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace interop::peer {

using nlohmann::json;

/// The first thing that is wrong ends the test.
inline void expect_equal(const std::string& what, const json& got, const json& wanted) {
    if (got != wanted) {
        throw std::runtime_error{
            what + ":\n  got    " + got.dump() + "\n  wanted " + wanted.dump()
        };
    }
    std::cout << "ok: " << what << std::endl;
}

/// What `call` throws, which must be an E.
template <class E, class Call>
E error_of(const std::string& what, Call call) {
    try {
        call();
    } catch (const E& error) {
        return error;
    } catch (const std::exception& error) {
        throw std::runtime_error{what + ": failed otherwise: " + error.what()};
    }
    throw std::runtime_error{what + ": nothing failed"};
}

inline hg::StartOptions options(const std::string& id) {
    return {
        .id = "interop-cpp-client-" + id,
        .task_queue = peer_queue(),
        .id_conflict_policy = hg::WorkflowIdConflictPolicy::UseExisting,
        .execution_timeout = std::chrono::minutes{1}
    };
}

/// The cases of failures.json.
[[nodiscard]] json failure_cases();
/// Go's SDK differs in what it tells and in how a workflow ends: README.md.
inline bool peer_is_go() {
    return peer_name() == "go";
}
/// What the peer's SDK has, and passes on, but does not tell, is left out.
[[nodiscard]] json as_peer_sees(json chain);

void check_values(const hg::Client& client);
void check_context(const hg::Client& client);
void check_messages(const hg::Client& client);
void check_failures(const hg::Client& client);
void check_ends(const hg::Client& client);
void check_timeouts(const hg::Client& client);

}  // namespace interop::peer
