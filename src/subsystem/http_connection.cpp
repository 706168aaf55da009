#include "src/subsystem/http_connection.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <sys/socket.h>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;

// Room for the cookies that a browser has collected from other servers of this machine.
constexpr std::size_t kMaxHead = 16 * 1024;
constexpr auto kLinger = 500ms;
constexpr std::size_t kMaxUnreadBody = 64 * 1024;
constexpr std::string_view kEndOfHead = "\r\n\r\n";

bool is_range(std::string_view line) {
    constexpr std::string_view kName = "range";
    return line.size() >= kName.size() &&
           std::ranges::equal(line.substr(0, kName.size()), kName, [](char mine, char wanted) {
               return (mine | 0x20) == wanted;  // ASCII's lower case
           });
}

}  // namespace

std::string without_ranges(const std::string& head) {
    std::string kept;
    for (std::size_t begin = 0; begin < head.size();) {
        const std::size_t end = std::min(head.find('\n', begin), head.size() - 1) + 1;
        const std::string_view line{head.data() + begin, end - begin};
        if (!is_range(line)) {
            kept += line;
        }
        begin = end;
    }
    return kept;
}

bool HttpConnection::wait_for(short event, TimePoint deadline) const {
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now()
        );
        if (left <= 0ms) {
            return false;
        }
        pollfd waiting{.fd = socket_, .events = event, .revents = 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
        if (ready > 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            return false;
        }
    }
}

bool HttpConnection::read_head() {
    std::array<char, 4096> buffer;
    while (head_.find(kEndOfHead) == std::string::npos) {
        if (head_.size() > kMaxHead || !wait_for(POLLIN, deadline_)) {
            return false;
        }
        const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got > 0) {
            head_.append(buffer.data(), static_cast<std::size_t>(got));
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            return false;
        }
    }
    head_ = without_ranges(head_.substr(0, head_.find(kEndOfHead) + kEndOfHead.size()));
    return true;
}

ssize_t HttpConnection::read(char* to, size_t size) {
    const std::size_t taken = head_.copy(to, size, read_);
    read_ += taken;
    return static_cast<ssize_t>(taken);
}

ssize_t HttpConnection::write(const char* from, size_t size) {
    while (wait_for(POLLOUT, deadline_)) {
        const ssize_t sent = ::send(socket_, from, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            return sent;
        }
        if (errno != EAGAIN && errno != EINTR) {
            return -1;
        }
    }
    return -1;
}

void HttpConnection::linger() {
    ::shutdown(socket_, SHUT_WR);
    const auto deadline = std::min(deadline_, std::chrono::steady_clock::now() + kLinger);
    std::array<char, 4096> buffer;
    for (std::size_t dropped = 0; dropped < kMaxUnreadBody && wait_for(POLLIN, deadline);) {
        const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            return;
        }
        dropped += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
}

}  // namespace hourglass::subsystem
