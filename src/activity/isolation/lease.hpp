#pragma once

#include "src/base/unique_fd.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <sys/types.h>

namespace hourglass::activity::isolation {

// The isolation server and the program. Over the control socket the program asks for processes: one
// message each, with the process's end of its channel and the server's end of its lease. All else
// goes over the lease, so that nobody has to find out which answer belongs to whom:
//
//   server -> program   Notice that the process was made (or not), later that it ended, and how
//   program -> server   nothing: closing the lease, or shutting it down for writing, kills it
//
// A program that dies closes all its leases.

/// What the server says over a lease.
struct Notice {
    enum class Kind : int { Made, NotMade, Ended };

    Kind kind = Kind::Made;
    /// Made: the process id. NotMade: errno. Ended: as waitpid gives it.
    int value = 0;
    /// Ended: what the crash handler wrote.
    std::string text{};
};

inline constexpr std::size_t kMaxNoticeText = std::size_t{16} << 10;

struct SocketPair {
    UniqueFd here;
    UniqueFd there;
};

/// @param type  SOCK_STREAM or SOCK_SEQPACKET.
/// @returns empty, and errno, if there are no descriptors left.
[[nodiscard]] std::optional<SocketPair> socket_pair(int type);

/// Never blocks; a program that no longer listens misses it.
void send_notice(int lease, const Notice& notice);
/// Blocks. @returns empty if the server is gone.
[[nodiscard]] std::optional<Notice> receive_notice(int lease);

/// @returns false, and errno, if the server is gone or has no
/// place.
[[nodiscard]] bool send_request(int control, int channel, int lease);

struct Request {
    UniqueFd channel;
    UniqueFd lease;
};
struct Requests {
    std::optional<Request> request;
    bool closed = false;
};
/// Takes the next request. A message without the two descriptors, because this process has none
/// left, is no request: the program sees its lease closed.
[[nodiscard]] Requests receive_request(int control);

}  // namespace hourglass::activity::isolation
