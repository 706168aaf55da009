#pragma once

#include "src/base/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::activity::isolation {

/// What the program and an isolated activity's process say to each other.
enum class FrameKind : std::uint8_t {
    Order,           ///< to the process: run this attempt
    Cancel,          ///< to the process: the attempt is to end
    WorkerShutdown,  ///< to the process: the worker begins to stop
    Heartbeat,       ///< from the process
    Log,             ///< from the process
    Measurement,     ///< from the process
    Result,          ///< from the process: the attempt is over
};

struct Frame {
    FrameKind kind{};
    std::string body;
};

/// A multiple of what the server takes; more is refused where it would be sent.
inline constexpr std::size_t kMaxFrameBytes = std::size_t{64} << 20;

enum class SendStatus : std::uint8_t {
    Sent,
    TooLarge,  ///< nothing was sent
    Closed,    ///< the other side is gone
};

/// One end of the stream socket between the program and an isolated activity's process.
class Channel {
public:
    /// @param their_end  a descriptor that becomes readable when the other side is gone, which the
    /// socket alone does not tell if somebody else holds that end of it too; -1: there is none. It
    /// has to outlive the channel's use.
    explicit Channel(UniqueFd socket, int their_end = -1) noexcept
        : socket_{std::move(socket)}, their_end_{their_end} {}

    /// Blocks while the socket is full and the other side is there.
    /// @threads any.
    SendStatus send(FrameKind kind, std::string_view body);
    /// Blocks until a whole frame is there.
    /// @returns empty if the other side is gone, or if what came is no frame.
    /// @threads one at a time, as is the next.
    std::optional<Frame> receive();
    /// Whether what came last was no frame.
    [[nodiscard]] bool garbled() const noexcept { return garbled_; }

private:
    bool receive_all(char* to, std::size_t size);
    /// @returns false if the system cannot wait.
    [[nodiscard]] bool wait_for(short event) const;

    const UniqueFd socket_;
    const int their_end_;
    std::mutex sending_;
    bool garbled_ = false;
};

}  // namespace hourglass::activity::isolation
