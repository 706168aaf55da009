#include "src/client/address.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace hourglass::client {

namespace {

bool is_port(std::string_view text) {
    int port = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, port);
    return read.ec == std::errc{} && read.ptr == end && port > 0 && port <= 65535;
}

bool may_be_of_a_host(unsigned char c) {
    return c > ' ' && c != 0x7F &&
           std::string_view{"/\\?#@"}.find(static_cast<char>(c)) == std::string_view::npos;
}

bool is_host_and_port(std::string_view text) {
    const auto colon = text.rfind(':');
    return colon != std::string_view::npos && colon > 0 &&
           std::ranges::all_of(text.substr(0, colon), may_be_of_a_host) &&
           is_port(text.substr(colon + 1));
}

std::string shown(std::string_view address) {
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? convert::valid_utf8(address)
                                        : "…" + convert::valid_utf8(address.substr(at));
}

}  // namespace

void check_address(const std::string& field, const std::string& address) {
    if (is_host_and_port(address)) {
        return;
    }
    throw ConfigurationError{
        field + " is \"" + shown(address) +
        "\"; it must be host:port without a scheme, a user or a path, such as localhost:7233, "
        "with a port from 1 to 65535"
    };
}

}  // namespace hourglass::client
