#include "src/testing/server_process.hpp"

#include "hourglass/base/error.hpp"

#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace hourglass::testing {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenQuestions{50};
constexpr std::size_t kShownOfItsOutput = 2000;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

fs::path cache() {
    if (const auto own = variable("HOURGLASS_CACHE"); !own.empty()) {
        return own;
    }
    const auto base = variable("XDG_CACHE_HOME");
    return (base.empty() ? fs::path{variable("HOME")} / ".cache" : fs::path{base}) / "hourglass";
}

std::string free_port() {
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool found = probe != -1 &&
                       bind(probe, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                       getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    const int error = errno;
    if (probe != -1) {
        close(probe);
    }
    if (!found) {
        throw Error{"no free port for a server: " + std::generic_category().message(error)};
    }
    return std::to_string(ntohs(address.sin_port));
}

fs::path log_file() {
    static std::atomic<int> count{0};
    return fs::temp_directory_path() / ("hourglass-server-" + std::to_string(getpid()) + "-" +
                                        std::to_string(++count) + ".log");
}

std::string end_of(const fs::path& log) {
    std::ifstream file{log};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (text.size() > kShownOfItsOutput) {
        text.erase(0, text.size() - kShownOfItsOutput);
    }
    return "; the end of its output, " + log.string() + ":\n" + text;
}

/// @returns false if the server ended by itself.
bool wait_until_ready(const ServerCommand& command, const ServerProcess& server) {
    const auto give_up = steady_clock::now() + command.start_within;
    const Client client = Client::connect(
        {.address = server.address,
         .namespace_ = command.workflow_namespace,
         .rpc_timeout = std::chrono::seconds{5},
         .lazy = true}
    );
    std::string why;
    while (steady_clock::now() < give_up) {
        if (!server.process->running()) {
            return false;
        }
        try {
            command.ask(client);
            return true;
        } catch (const Error& error) {
            why = error.what();
        }
        std::this_thread::sleep_for(kBetweenQuestions);
    }
    throw Error{
        command.program + " at " + server.address + " was not ready within " +
        std::to_string(command.start_within.count()) + " ms: " + why + end_of(server.log)
    };
}

}  // namespace

ServerProcess::~ServerProcess() {
    const bool ran = process && process->running();
    process.reset();
    if (ran) {
        std::error_code ignored;  // a file that stays behind in the temporary folder does no harm
        fs::remove(log, ignored);
    }
}

fs::path find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        return name;
    }
    std::istringstream folders{(cache() / "bin").string() + ":" + variable("PATH")};
    for (std::string folder; std::getline(folders, folder, ':');) {
        const fs::path candidate = fs::path{folder} / name;
        if (access(candidate.c_str(), X_OK) == 0 && fs::is_regular_file(candidate)) {
            return candidate;
        }
    }
    throw ConfigurationError{
        "the program `" + name + "` is neither in " + (cache() / "bin").string() +
        " nor on the PATH; scripts/setup of Hourglass installs it"
    };
}

std::unique_ptr<ServerProcess> start_server(const ServerCommand& command) {
    const fs::path program = find_program(command.program);
    std::string output;
    for (int attempt = 0; attempt < 3; ++attempt) {  // somebody else may take the port first
        const std::string port = free_port();
        auto server = std::make_unique<ServerProcess>();
        server->address = "127.0.0.1:" + port;
        server->log = log_file();
        server->process = std::make_unique<ChildProcess>(
            ChildProcess::Command{program, command.arguments(port), server->log}
        );
        if (wait_until_ready(command, *server)) {
            return server;
        }
        output = end_of(server->log);
    }
    throw Error{command.program + " ended at once, three times" + output};
}

}  // namespace hourglass::testing
