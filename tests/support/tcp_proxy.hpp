#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::test {

/// A TCP proxy on the loopback that does to its connections what networks do to theirs.
/// @threads any.
class TcpProxy {
public:
    using Clock = std::chrono::steady_clock;

    enum class Fault {
        None,
        /// What is sent goes nowhere, in both directions. Connections that were there stay dead for
        /// the client when the fault is over, as if a router had forgotten them; the server has
        /// noticed by then, and has closed its side.
        Blackhole,
        /// What is sent arrives `kDelay` later.
        Delay,
        /// Connections are reset (RST), those that are there and each new one.
        Reset,
        /// The client is told that nothing more comes (FIN), and nothing is passed on any more.
        HalfClose,
        /// Nobody listens; connections that are there are reset.
        Refuse,
    };
    static constexpr std::chrono::milliseconds kDelay{300};

    /// Listens at once, and passes on to the port `upstream` of the loopback. If nobody listens
    /// there, connections are reset.
    explicit TcpProxy(std::uint16_t upstream);
    ~TcpProxy();
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    /// "127.0.0.1:PORT"
    [[nodiscard]] std::string address() const;

    /// From now on, until another one is set.
    void set(Fault fault);
    /// Later connections go there.
    void forward_to(std::uint16_t upstream);

    /// When connections came in so far; while nobody listens they are not seen.
    [[nodiscard]] std::vector<Clock::time_point> accepted() const;

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace hourglass::test
