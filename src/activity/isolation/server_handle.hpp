#pragma once

#include "src/activity/isolation/lease.hpp"

#include <memory>
#include <string>
#include <sys/types.h>
#include <variant>

namespace hourglass::activity::isolation {

/// Why there is no process: a failure's type and text.
struct NoProcess {
    const char* type = nullptr;
    std::string text;
};

/// A process as the server hands it out.
struct MadeProcess {
    pid_t pid = 0;
    UniqueFd channel;
    UniqueFd lease;
};

/// Asks the server of this process for another one. Blocks for a fork.
/// @threads any.
[[nodiscard]] std::variant<MadeProcess, NoProcess> make_process();

/// What an attempt says whose server went away, and the process with it. Logs it the first time.
/// @threads any.
[[nodiscard]] NoProcess server_is_gone();

/// The server's process id; 0 if there is none.
/// @threads any.
[[nodiscard]] pid_t server_pid() noexcept;

/// Whether this process has a server, or one that it was forked from had.
[[nodiscard]] bool had_server() noexcept;

}  // namespace hourglass::activity::isolation
