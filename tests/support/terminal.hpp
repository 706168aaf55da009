#pragma once

#include "tests/support/command.hpp"

#include <pty.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace hourglass::test {

/// Runs a command in a shell whose input and output are a terminal of that width.
inline Outcome run_in_terminal(const std::string& command, unsigned short columns = 100) {
    winsize size{};
    size.ws_row = 25;
    size.ws_col = columns;
    int terminal = -1;
    const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
    if (child < 0) {
        throw std::runtime_error{"there is no terminal for " + command};
    }
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
        _exit(127);
    }
    Outcome outcome;
    std::array<char, 4096> buffer{};
    // Ends with an error as soon as nobody holds the other end.
    for (ssize_t got = 0; (got = read(terminal, buffer.data(), buffer.size())) > 0;) {
        outcome.output.append(buffer.data(), static_cast<std::size_t>(got));
    }
    close(terminal);
    int status = 0;
    waitpid(child, &status, 0);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
}

}  // namespace hourglass::test
