#include "src/activity/isolation/server_handle.hpp"

#include "hourglass/activity/isolation.hpp"
#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"
#include "src/activity/isolation/failures.hpp"
#include "src/activity/isolation/server.hpp"
#include "src/base/fork.hpp"

#include <poll.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace hourglass::activity::isolation {
namespace {

struct Handle {
    pid_t program = 0;
    pid_t server = 0;
    UniqueFd control;
    /// Else a forked child would keep it open when the program is gone.
    fork::ClosedInChild closed_in_child{control.get()};
    std::atomic<bool> gone{false};
};

// Never destroyed: an attempt may run while the program's statics are torn down. Set once, while
// there is one thread.
Handle* handle = nullptr;

// ThreadSanitizer keeps a thread of its own, and looks after it in a fork.
#if defined(__SANITIZE_THREAD__)
constexpr std::ptrdiff_t kThreadsAllowed = 2;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr std::ptrdiff_t kThreadsAllowed = 2;
#else
constexpr std::ptrdiff_t kThreadsAllowed = 1;
#endif
#else
constexpr std::ptrdiff_t kThreadsAllowed = 1;
#endif

void require_one_thread() {
    std::error_code error;
    const std::filesystem::directory_iterator tasks{"/proc/self/task", error};
    if (error) {
        throw ConfigurationError{
            "isolated activities need /proc, to see that no thread is there yet: " + error.message()
        };
    }
    const auto threads = std::distance(tasks, std::filesystem::directory_iterator{});
    if (threads > kThreadsAllowed) {
        throw ConfigurationError{
            "isolated activities need a process that was forked before there was a thread, and "
            "this "
            "program has " +
            std::to_string(threads) +
            " threads already; call hourglass::isolation::start() first in main"
        };
    }
}

[[noreturn]] void refuse(const char* what) {
    throw Error{
        std::string{"isolation::start(): "} + what + ": " + std::generic_category().message(errno)
    };
}

bool server_lives() {
    pollfd control{handle->control.get(), POLLRDHUP, 0};
    int events = 0;
    do {
        events = ::poll(&control, 1, 0);
    } while (events == -1 && errno == EINTR);
    return events == 0;
}

NoProcess not_made(int error) {
    return {
        kNoProcess,
        "the system gave no process for an isolated activity: " +
            std::generic_category().message(error)
    };
}

}  // namespace

std::variant<MadeProcess, NoProcess> make_process() {
    if (server_pid() == 0) {
        return NoProcess{
            kNoServer,
            "isolated activities cannot run: this program has not called "
            "hourglass::isolation::start(); call it first in main"
        };
    }
    auto channel = socket_pair(SOCK_STREAM);
    auto lease = channel ? socket_pair(SOCK_SEQPACKET) : std::nullopt;
    if (!lease) {
        return not_made(errno);
    }
    if (!send_request(handle->control.get(), channel->there.get(), lease->there.get())) {
        return errno == EPIPE || errno == ECONNRESET ? server_is_gone() : not_made(errno);
    }
    channel->there.reset();
    lease->there.reset();
    const auto notice = receive_notice(lease->here.get());
    if (!notice) {
        // A server without a descriptor to spare could not take the request.
        return server_lives() ? not_made(EMFILE) : server_is_gone();
    }
    if (notice->kind != Notice::Kind::Made) {
        return not_made(notice->value);
    }
    return MadeProcess{notice->value, std::move(channel->here), std::move(lease->here)};
}

NoProcess server_is_gone() {
    NoProcess why{
        kNoServer,
        "the isolation server (process " + std::to_string(server_pid()) +
            ") is gone, and with it every process of an isolated activity. Another one cannot be "
            "forked beside this program's threads: until the program is restarted, its isolated "
            "activities fail"
    };
    if (!handle->gone.exchange(true)) {
        log::error(why.text);
        // Its sockets are closed, so it is on its way out: this does not wait long.
        while (::waitpid(handle->server, nullptr, 0) == -1 && errno == EINTR) {
        }
    }
    return why;
}

pid_t server_pid() noexcept {
    return handle != nullptr && handle->program == ::getpid() ? handle->server : 0;
}

bool had_server() noexcept {
    return handle != nullptr;
}

}  // namespace hourglass::activity::isolation

namespace hourglass::isolation {

namespace inside = activity::isolation;

bool started() noexcept {
    return inside::server_pid() != 0;
}

void start() {
    if (started()) {
        return;
    }
    inside::require_one_thread();
    auto control = inside::socket_pair(SOCK_SEQPACKET);
    if (!control) {
        inside::refuse("no socket");
    }
    // What is still in a buffer would be written by each process.
    std::fflush(nullptr);
    std::cout.flush();
    sigset_t signals;
    ::sigprocmask(SIG_SETMASK, nullptr, &signals);
    const pid_t program = ::getpid();
    const pid_t server = ::fork();
    if (server < 0) {
        inside::refuse("no process");
    }
    if (server == 0) {
        control->here.reset();
        inside::serve(std::move(control->there), program, signals);
    }
    // One of a process that this one was forked from belongs to that.
    inside::handle = new inside::Handle{program, server, std::move(control->here)};
}

}  // namespace hourglass::isolation
