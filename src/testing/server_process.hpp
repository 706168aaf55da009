#pragma once

#include "hourglass/client/client.hpp"
#include "src/testing/child_process.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::testing {

/// How a server is started.
struct ServerCommand {
    /// Looked for as `find_program` says, unless there is a slash in it.
    std::string program;
    std::string workflow_namespace;
    /// The arguments for a port.
    std::function<std::vector<std::string>(const std::string& port)> arguments;
    /// Asks the server for something that it can do only when it is ready; throws if it cannot.
    std::function<void(const Client&)> ask;
    std::chrono::milliseconds start_within;
};

/// A server on a free port of this machine. It ends with the object.
struct ServerProcess {
    std::string address;
    std::unique_ptr<ChildProcess> process;
    /// Removed when the server has ended in good order.
    std::filesystem::path log;

    ServerProcess() = default;
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;
    ~ServerProcess();
};

/// Starts a server and waits until it is ready.
/// @throws ConfigurationError if the program is not found; Error if it does not get ready, with the
/// end of its output.
[[nodiscard]] std::unique_ptr<ServerProcess> start_server(const ServerCommand& command);

/// The program in the folder `bin` of HOURGLASS_CACHE (`~/.cache/hourglass` by default), else on
/// the PATH.
/// @throws ConfigurationError if it is in neither.
[[nodiscard]] std::filesystem::path find_program(const std::string& name);

}  // namespace hourglass::testing
