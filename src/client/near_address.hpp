#pragma once

#include <string_view>

namespace hourglass::client {

/// Whether a server is on this machine or in a private network, as far as its address tells: there,
/// bytes are cheaper than the work of compressing them.
///
/// Near are `localhost`, names without a dot and those that end in `.svc`, `.local` or `.internal`
/// or are below `.svc.cluster.local` (Kubernetes' services), and the addresses of loopback, private
/// and link-local networks (RFC 1918, 3927, 4193, 4291). Names are not resolved.
/// @param address  host:port; an IPv6 address in brackets.
[[nodiscard]] bool is_near(std::string_view address);

}  // namespace hourglass::client
