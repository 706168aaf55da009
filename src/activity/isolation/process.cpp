#include "src/activity/isolation/process.hpp"

#include <poll.h>

#include <cerrno>
#include <sys/socket.h>

namespace hourglass::activity::isolation {
namespace {

constexpr int kAfterItsChannel = 1000;  // ms

}  // namespace

void Process::kill() noexcept {
    // By the server: it alone knows whether the number is still this process's.
    killed_ = true;
    ::shutdown(lease_.get(), SHUT_WR);
}

bool Process::usable() const noexcept {
    pollfd lease{lease_.get(), POLLIN, 0};
    return !killed_ && ::poll(&lease, 1, 0) == 0;
}

Process::End Process::end() {
    pollfd lease{lease_.get(), POLLIN, 0};
    int events = 0;
    do {
        events = ::poll(&lease, 1, kAfterItsChannel);
    } while (events == -1 && errno == EINTR);
    if (events == 0) {
        kill();
    }
    return {receive_notice(lease_.get()), killed_};
}

}  // namespace hourglass::activity::isolation
