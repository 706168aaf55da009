#include "src/testing/child_process.hpp"

#include "hourglass/base/error.hpp"

#include <poll.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <future>
#include <string_view>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

extern "C" char** environ;

namespace hourglass::testing {
namespace {

constexpr std::chrono::seconds kEndsWithin{10};

/// What execve wants; it points into the strings.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> clean_environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (!std::string_view{*variable}.starts_with("TEMPORAL_")) {
            variables.emplace_back(*variable);
        }
    }
    return variables;
}

struct Started {
    pid_t pid = -1;
    /// errno of what went wrong, or 0.
    int error = 0;
};

/// Only what is safe between fork and exec in a program with threads.
[[noreturn]] void become(
    const char* program, char* const* arguments, char* const* variables, int output, int failed
) noexcept {
    // The thread that forked lives as long as the child is to, so this tells of the program's end.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execve(program, arguments, variables);
    const int error = errno;
    [[maybe_unused]] const auto written = write(failed, &error, sizeof error);
    _exit(127);
}

Started start(const ChildProcess::Command& command) {
    std::vector<std::string> words{command.program.string()};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    std::vector<std::string> variables = clean_environment();
    const auto arguments = pointers_to(words);
    const auto environment = pointers_to(variables);
    const int output = open(command.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int failed[2];
    if (output == -1 || pipe2(failed, O_CLOEXEC) == -1) {
        return {.error = errno};
    }
    Started started{.pid = fork()};
    if (started.pid == 0) {
        become(words[0].c_str(), arguments.data(), environment.data(), output, failed[1]);
    }
    started.error = started.pid == -1 ? errno : 0;
    close(output);
    close(failed[1]);
    // Closed by a successful exec.
    int error = 0;
    if (started.pid != -1 && read(failed[0], &error, sizeof error) == sizeof error) {
        waitpid(started.pid, nullptr, 0);
        started.error = error;
    }
    close(failed[0]);
    return started;
}

// Their libc functions are newer than Debian 12's headers in some set-ups.
int pidfd_open(pid_t pid) noexcept {
    return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}
void pidfd_send_signal(int handle, int signal) noexcept {
    syscall(SYS_pidfd_send_signal, handle, signal, nullptr, 0);
}

bool wait_until_ended(int handle, int milliseconds) noexcept {
    pollfd ended{handle, POLLIN, 0};
    int events = 0;
    do {
        events = poll(&ended, 1, milliseconds);
    } while (events == -1 && errno == EINTR);
    return events == 1;
}

}  // namespace

ChildProcess::ChildProcess(const Command& command) {
    std::promise<std::pair<int, int>> begun;
    auto beginning = begun.get_future();
    keeper_ = std::thread{[&command, begun = std::move(begun)]() mutable {
        const Started started = start(command);
        const int handle = started.error == 0 ? pidfd_open(started.pid) : -1;
        const int error = started.error != 0 ? started.error : (handle == -1 ? errno : 0);
        begun.set_value({handle, error});  // `command` is not there any more
        if (handle != -1) {
            wait_until_ended(handle, -1);
            waitpid(started.pid, nullptr, 0);  // fails where the program ignores SIGCHLD
        }
    }};
    const auto [handle, error] = beginning.get();
    if (error != 0) {
        keeper_.join();
        throw Error{
            "cannot start " + command.program.string() + ": " +
            std::generic_category().message(error)
        };
    }
    handle_ = handle;
}

ChildProcess::~ChildProcess() {
    pidfd_send_signal(handle_, SIGTERM);
    if (!ends_within(kEndsWithin)) {
        pidfd_send_signal(handle_, SIGKILL);
    }
    keeper_.join();
    close(handle_);
}

bool ChildProcess::running() const noexcept {
    return !ends_within(std::chrono::milliseconds{0});
}

bool ChildProcess::ends_within(std::chrono::milliseconds time) const noexcept {
    return wait_until_ended(handle_, static_cast<int>(time.count()));
}

}  // namespace hourglass::testing
