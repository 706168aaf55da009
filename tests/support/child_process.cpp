#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hourglass::test {

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::string& output) {
    // Everything that allocates comes before the fork.
    std::vector<char*> arguments;
    for (const auto& each : command) {
        arguments.push_back(const_cast<char*>(each.c_str()));
    }
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ < 0) {
        throw std::runtime_error{"cannot make a process for " + command.front()};
    }
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) {
            ::_exit(1);  // it has died in between
        }
        if (!output.empty()) {
            const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
            ::dup2(file, STDOUT_FILENO);
            ::dup2(file, STDERR_FILENO);
        }
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
}

ChildProcess::~ChildProcess() {
    signal(SIGKILL);
    wait();
}

void ChildProcess::signal(int number) const {
    if (!ended_) {
        ::kill(process_, number);
    }
}

bool ChildProcess::runs() {
    if (!ended_ && ::waitpid(process_, &status_, WNOHANG) == process_) {
        ended_ = true;
    }
    return !ended_;
}

int ChildProcess::wait() {
    if (!ended_) {
        ::waitpid(process_, &status_, 0);
        ended_ = true;
    }
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

}  // namespace hourglass::test
