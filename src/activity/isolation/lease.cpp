#include "src/activity/isolation/lease.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

namespace hourglass::activity::isolation {
namespace {

struct NoticeHeader {
    Notice::Kind kind;
    int value;
};

constexpr std::size_t kPassed = 2;

/// A byte, and room for the two descriptors that go with it.
class RequestMessage {
public:
    RequestMessage() {
        header.msg_iov = &part_;
        header.msg_iovlen = 1;
        header.msg_control = passed_;
        header.msg_controllen = sizeof passed_;
    }
    RequestMessage(const RequestMessage&) = delete;  // it points into itself
    RequestMessage& operator=(const RequestMessage&) = delete;

    msghdr header{};

private:
    char byte_ = 0;
    iovec part_{&byte_, 1};
    alignas(cmsghdr) char passed_[CMSG_SPACE(kPassed * sizeof(int))] = {};
};

}  // namespace

std::optional<SocketPair> socket_pair(int type) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return std::nullopt;
    }
    return SocketPair{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

void send_notice(int lease, const Notice& notice) {
    NoticeHeader header{notice.kind, notice.value};
    std::array<iovec, 2> parts{
        iovec{&header, sizeof header},
        iovec{const_cast<char*>(notice.text.data()), std::min(notice.text.size(), kMaxNoticeText)}
    };
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    static_cast<void>(::sendmsg(lease, &message, MSG_NOSIGNAL | MSG_DONTWAIT));
}

std::optional<Notice> receive_notice(int lease) {
    std::string bytes(sizeof(NoticeHeader) + kMaxNoticeText, '\0');
    ssize_t count = 0;
    do {
        count = ::recv(lease, bytes.data(), bytes.size(), 0);
    } while (count < 0 && errno == EINTR);
    if (count < static_cast<ssize_t>(sizeof(NoticeHeader))) {
        return std::nullopt;
    }
    NoticeHeader header{};
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::size_t text = static_cast<std::size_t>(count) - sizeof header;
    return Notice{header.kind, header.value, bytes.substr(sizeof header, text)};
}

bool send_request(int control, int channel, int lease) {
    RequestMessage message;
    cmsghdr* const header = CMSG_FIRSTHDR(&message.header);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(kPassed * sizeof(int));
    const std::array<int, kPassed> descriptors{channel, lease};
    std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof descriptors);
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(control, &message.header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == 1;
}

Requests receive_request(int control) {
    RequestMessage message;
    const ssize_t count = ::recvmsg(control, &message.header, MSG_CMSG_CLOEXEC);
    if (count < 0) {
        return {std::nullopt, errno != EINTR && errno != EAGAIN};
    }
    if (count == 0) {
        return {std::nullopt, true};
    }
    const cmsghdr* const header = CMSG_FIRSTHDR(&message.header);
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS) {
        return {};
    }
    // The kernel cuts the list where this process has no descriptor left; what it gave is ours.
    const std::size_t given = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    std::array<int, kPassed> descriptors{-1, -1};
    std::memcpy(descriptors.data(), CMSG_DATA(header), std::min(given, kPassed) * sizeof(int));
    Request request{UniqueFd{descriptors[0]}, UniqueFd{descriptors[1]}};
    if (given < kPassed) {
        return {};
    }
    return {std::move(request), false};
}

}  // namespace hourglass::activity::isolation
