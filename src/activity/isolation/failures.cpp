#include "src/activity/isolation/failures.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>
#include <string_view>
#include <sys/wait.h>

namespace hourglass::activity::isolation {
namespace {

std::string signal_text(int signal) {
    const char* const name = ::sigabbrev_np(signal);
    const char* const description = ::sigdescr_np(signal);
    if (name == nullptr || description == nullptr) {
        return "signal " + std::to_string(signal);
    }
    return "SIG" + std::string{name} + " (" + description + ")";
}

std::string how_it_ended(int status) {
    if (!WIFSIGNALED(status)) {
        return "ended with exit code " + std::to_string(WEXITSTATUS(status));
    }
    std::string text = "was ended by " + signal_text(WTERMSIG(status));
    if (WTERMSIG(status) == SIGKILL) {
        text += ", which came from outside; a system that is out of memory sends it";
    }
    return text;
}

/// "program(_ZN4shop5crashEv+0x12) [0x5581]" with the name as C++ spells it.
std::string demangled(const std::string& line) {
    const auto open = line.find("(_Z");
    const auto plus = line.find('+', open);
    if (open == std::string::npos || plus == std::string::npos) {
        return line;
    }
    const std::string name = line.substr(open + 1, plus - open - 1);
    const std::unique_ptr<char, decltype(&std::free)> spelled{
        abi::__cxa_demangle(name.c_str(), nullptr, nullptr, nullptr), &std::free
    };
    return spelled ? line.substr(0, open + 1) + spelled.get() + line.substr(plus) : line;
}

std::string demangled_lines(const std::string& backtrace) {
    std::istringstream lines{backtrace};
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        text += demangled(line) + "\n";
    }
    return text;
}

}  // namespace

ApplicationError memory_limit_reached(const std::string& activity, std::uint64_t bytes) {
    return ApplicationError{
        "isolated activity '" + activity + "' wanted more memory than its memory_limit of " +
            std::to_string(bytes) + " bytes allows",
        {.type = kMemoryLimit}
    };
}

ApplicationError crashed(
    const std::string& activity,
    int pid,
    int status,
    const std::string& backtrace,
    const Isolation& bounds
) {
    std::string message = "isolated activity '" + activity + "': its process " +
                          std::to_string(pid) + " " + how_it_ended(status);
    if (bounds.memory_limit) {
        message += "; its memory_limit is " + std::to_string(*bounds.memory_limit) + " bytes";
    }
    return ApplicationError{
        message, {.type = kCrashed}, {.stack_trace = demangled_lines(backtrace)}
    };
}

ApplicationError lost(const std::string& activity, int pid) {
    return ApplicationError{
        "isolated activity '" + activity + "': its process " + std::to_string(pid) +
            " could no longer be understood, because it wrote where it must not or closed a file "
            "descriptor that was not its own; it was killed",
        {.type = kCrashed}
    };
}

ApplicationError ignored_cancellation(
    const std::string& activity, int pid, const Isolation& bounds
) {
    return ApplicationError{
        "isolated activity '" + activity + "' ignored its cancellation: its process " +
            std::to_string(pid) + " was killed after the cancellation_grace of " +
            std::to_string(bounds.cancellation_grace.count()) + " ms",
        {.type = kIgnoredCancellation}
    };
}

std::string code_not_loaded_text(const std::string& activity) {
    return "isolated activity '" + activity +
           "' is in a library that was loaded after isolation::start(), so its process does not "
           "have it; load the library first";
}

}  // namespace hourglass::activity::isolation
