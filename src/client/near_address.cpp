#include "src/client/near_address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace hourglass::client {
namespace {

/// Without the port, and without an IPv6 address's brackets.
std::string host_of(std::string_view address) {
    if (address.starts_with('[')) {
        return std::string{address.substr(1, address.find(']') - 1)};
    }
    return std::string{address.substr(0, address.rfind(':'))};
}

std::optional<bool> is_near_v4(const std::string& host) {
    in_addr parsed{};
    if (::inet_pton(AF_INET, host.c_str(), &parsed) != 1) {
        return std::nullopt;
    }
    const std::uint32_t address = ntohl(parsed.s_addr);
    const auto in = [address](std::uint32_t network, int bits) {
        return (address ^ network) >> (32 - bits) == 0;
    };
    return in(0x7F000000, 8) || in(0x0A000000, 8) || in(0xAC100000, 12) || in(0xC0A80000, 16) ||
           in(0xA9FE0000, 16);
}

std::optional<bool> is_near_v6(const std::string& host) {
    in6_addr parsed{};
    if (::inet_pton(AF_INET6, host.c_str(), &parsed) != 1) {
        return std::nullopt;
    }
    const auto& bytes = parsed.s6_addr;
    const bool unique_local = (bytes[0] & 0xFE) == 0xFC;
    const bool link_local = bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80;
    return IN6_IS_ADDR_LOOPBACK(&parsed) || unique_local || link_local;
}

bool is_near_name(std::string_view host) {
    constexpr std::array<std::string_view, 3> kEndings{".svc", ".local", ".internal"};
    return host.find('.') == std::string_view::npos ||
           std::ranges::any_of(kEndings, [host](std::string_view ending) {
               return host.ends_with(ending);
           });
}

}  // namespace

bool is_near(std::string_view address) {
    const std::string host = host_of(address);
    if (const auto near = is_near_v4(host)) {
        return *near;
    }
    if (const auto near = is_near_v6(host)) {
        return *near;
    }
    return is_near_name(host);
}

}  // namespace hourglass::client
