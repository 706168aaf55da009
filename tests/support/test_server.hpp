#pragma once

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

/// What the tests against a real server share. `scripts/with-dev-server` starts the server.
namespace hourglass::test {

/// host:port of the server.
inline std::string server_address() {
    const char* address = std::getenv("HOURGLASS_TEST_ADDRESS");
    if (address == nullptr) {
        throw std::runtime_error{
            "HOURGLASS_TEST_ADDRESS is not set; scripts/test integration starts a server"
        };
    }
    return address;
}

/// A name that no other test run on the same server uses.
inline std::string unique(const std::string& prefix) {
    static std::atomic<int> next{0};
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return prefix + "-" + std::to_string(::getpid()) + "-" + std::to_string(now.count()) + "-" +
           std::to_string(next++);
}

/// Waits for what a server or another thread does, without an event that could be waited for.
template <class Condition>
[[nodiscard]] bool eventually(
    Condition condition, std::chrono::milliseconds timeout = std::chrono::seconds{20}
) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (std::chrono::steady_clock::now() < deadline) {
        if (condition()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return condition();
}

}  // namespace hourglass::test
