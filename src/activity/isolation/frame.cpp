#include "src/activity/isolation/frame.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/uio.h>

namespace hourglass::activity::isolation {
namespace {

// The length in the byte order of this machine, on which both sides run, and the kind.
constexpr std::size_t kHeaderBytes = sizeof(std::uint32_t) + 1;
using Header = std::array<char, kHeaderBytes>;

}  // namespace

bool Channel::wait_for(short event) const {
    std::array<pollfd, 2> waiting{pollfd{socket_.get(), event, 0}, pollfd{their_end_, POLLIN, 0}};
    while (::poll(waiting.data(), waiting.size(), -1) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    if (waiting[1].revents != 0) {
        // What they had sent stays readable; then it is as if nobody had the socket any more.
        ::shutdown(socket_.get(), SHUT_RDWR);
    }
    return true;
}

bool Channel::receive_all(char* to, std::size_t size) {
    while (size > 0) {
        const ssize_t count = ::recv(socket_.get(), to, size, MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN && wait_for(POLLIN)) {
            continue;
        }
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        to += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

SendStatus Channel::send(FrameKind kind, std::string_view body) {
    if (body.size() > kMaxFrameBytes) {
        return SendStatus::TooLarge;
    }
    Header header;
    const auto length = static_cast<std::uint32_t>(body.size());
    std::memcpy(header.data(), &length, sizeof length);
    header.back() = static_cast<char>(kind);
    std::array<iovec, 2> parts{
        iovec{header.data(), header.size()}, iovec{const_cast<char*>(body.data()), body.size()}
    };
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const std::lock_guard lock{sending_};
    while (parts[0].iov_len + parts[1].iov_len > 0) {
        const ssize_t sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN && wait_for(POLLOUT)) {
            continue;
        }
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return SendStatus::Closed;
        }
        auto left = static_cast<std::size_t>(sent);
        for (iovec& part : parts) {
            const std::size_t taken = std::min(left, part.iov_len);
            part.iov_base = static_cast<char*>(part.iov_base) + taken;
            part.iov_len -= taken;
            left -= taken;
        }
    }
    return SendStatus::Sent;
}

std::optional<Frame> Channel::receive() {
    Header header;
    if (!receive_all(header.data(), header.size())) {
        return std::nullopt;
    }
    std::uint32_t length = 0;
    std::memcpy(&length, header.data(), sizeof length);
    const auto kind = static_cast<unsigned char>(header.back());
    if (length > kMaxFrameBytes || kind > static_cast<unsigned char>(FrameKind::Result)) {
        garbled_ = true;
        return std::nullopt;
    }
    Frame frame{static_cast<FrameKind>(kind), std::string(length, '\0')};
    if (!receive_all(frame.body.data(), frame.body.size())) {
        return std::nullopt;
    }
    return frame;
}

}  // namespace hourglass::activity::isolation
