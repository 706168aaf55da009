#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace hourglass::test {

/// A program that runs beside the test and does not outlive it.
/// @threads one.
class ChildProcess {
public:
    /// @param output  the file that gets what it writes, at its end; empty: the test's own output.
    /// @throws std::runtime_error if there can be no process.
    explicit ChildProcess(const std::vector<std::string>& command, const std::string& output = {});
    /// Kills it if it still runs.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t id() const { return process_; }
    void signal(int number) const;
    [[nodiscard]] bool runs();
    /// Waits for its end.
    /// @returns its exit code, or 128 and the signal that ended it, as a shell says it.
    int wait();

private:
    pid_t process_ = -1;
    bool ended_ = false;
    int status_ = 0;
};

}  // namespace hourglass::test
