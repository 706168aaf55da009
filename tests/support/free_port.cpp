#include "tests/support/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <random>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace hourglass::test {

std::uint16_t free_port() {
    // Below what Linux takes for the near ends of connections: 32768 and up.
    static std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<int> ports{20'000, 32'000};
    for (int i = 0; i < 1'000; ++i) {
        const auto port = static_cast<std::uint16_t>(ports(random));
        const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        const bool is_free =
            ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(probe);
        if (is_free) {
            return port;
        }
    }
    throw std::runtime_error{"no free port between 20000 and 32000"};
}

}  // namespace hourglass::test
