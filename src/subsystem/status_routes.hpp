#pragma once

#include "src/subsystem/http_server.hpp"
#include "src/subsystem/status_source.hpp"

#include <string_view>

namespace hourglass::subsystem {

/// The status page's answer to a request: every path it knows, and what it says to all others.
/// @param check_host  refuse requests for names of other machines; see `names_this_machine`.
[[nodiscard]] HttpResponse answer_to(
    const HttpRequest& request, const StatusSource& source, bool check_host
);

/// Whether a Host header means a server of this machine: "localhost" or an IP address, with or
/// without a port. A page on the internet can have its own name resolve to 127.0.0.1 and then read,
/// in the browser of someone who works here, what a loopback server answers; but the Host header
/// has that name in it.
[[nodiscard]] bool names_this_machine(std::string_view host);

}  // namespace hourglass::subsystem
