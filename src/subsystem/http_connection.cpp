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

short HttpConnection::waits_for() const {
    switch (state_) {
        case State::Reading:
        case State::Lingering:
            return POLLIN;
        case State::Writing:
            return POLLOUT;
        case State::Answering:
        case State::Over:
            break;
    }
    return 0;
}

void HttpConnection::move() {
    if (state_ == State::Reading) {
        read_head();
    } else if (state_ == State::Writing) {
        write_answer();
    } else if (state_ == State::Lingering) {
        linger();
    }
}

void HttpConnection::answered() {
    state_ = State::Writing;
    write_answer();
}

void HttpConnection::read_head() {
    std::array<char, 4096> buffer;
    while (head_.find(kEndOfHead) == std::string::npos) {
        const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EAGAIN) {
            return;
        }
        if (got > 0) {
            head_.append(buffer.data(), static_cast<std::size_t>(got));
        }
        if (got == 0 || (got < 0 && errno != EINTR) || head_.size() > kMaxHead) {
            state_ = State::Over;
            return;
        }
    }
    head_ = without_ranges(head_.substr(0, head_.find(kEndOfHead) + kEndOfHead.size()));
    state_ = State::Answering;
}

void HttpConnection::write_answer() {
    while (written_ < answer_.size()) {
        const ssize_t sent = ::send(
            socket_.get(), answer_.data() + written_, answer_.size() - written_, MSG_NOSIGNAL
        );
        if (sent < 0 && errno == EAGAIN) {
            return;
        }
        if (sent < 0 && errno != EINTR) {
            state_ = State::Over;
            return;
        }
        written_ += sent > 0 ? static_cast<std::size_t>(sent) : 0;
    }
    ::shutdown(socket_.get(), SHUT_WR);
    deadline_ = std::min(deadline_, std::chrono::steady_clock::now() + kLinger);
    state_ = State::Lingering;
    linger();
}

void HttpConnection::linger() {
    std::array<char, 4096> buffer;
    while (dropped_ < kMaxUnreadBody) {
        const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EAGAIN) {
            return;
        }
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
        dropped_ += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    state_ = State::Over;
}

ssize_t HttpConnection::read(char* to, size_t size) {
    const std::size_t taken = head_.copy(to, size, read_);
    read_ += taken;
    return static_cast<ssize_t>(taken);
}

ssize_t HttpConnection::write(const char* from, size_t size) {
    answer_.append(from, size);
    return static_cast<ssize_t>(size);
}

}  // namespace hourglass::subsystem
