#pragma once

#include "tests/support/processes.hpp"

#include <poll.h>
#include <spawn.h>

#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <sys/types.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace hourglass::test {

/// Waits for what another process does. Yields and does not sleep: it is a matter of microseconds.
template <class Condition>
[[nodiscard]] bool eventually(
    Condition condition, std::chrono::seconds timeout = std::chrono::seconds{20}
) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

/// This test's program once more, with an argument; its output goes into a pipe, which all that it
/// forks hold open too.
class Program {
public:
    explicit Program(const std::string& argument) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) {
            throw std::runtime_error{"no pipe"};
        }
        output_ = ends[0];
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        std::string path = std::filesystem::read_symlink("/proc/self/exe");
        std::string given = argument;
        char* const arguments[] = {path.data(), given.data(), nullptr};
        const int error =
            ::posix_spawn(&pid_, path.c_str(), &actions, nullptr, arguments, ::environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        if (error != 0) {
            throw std::runtime_error{"the program cannot be started"};
        }
    }
    ~Program() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        ::close(output_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }

    std::string read_line() const {
        std::string line;
        for (char next = 0; ::read(output_, &next, 1) == 1 && next != '\n';) {
            line += next;
        }
        return line;
    }

    /// Whether nobody has the output open any more.
    [[nodiscard]] bool all_ended(std::chrono::milliseconds timeout) const {
        pollfd output{output_, POLLIN, 0};
        char byte = 0;
        return ::poll(&output, 1, static_cast<int>(timeout.count())) == 1 &&
               ::read(output_, &byte, 1) == 0;
    }

private:
    pid_t pid_ = 0;
    int output_ = -1;
};

}  // namespace hourglass::test
