#pragma once

#include <cstdint>
#include <string>

namespace hourglass {

/// The page that shows the process's supervision tree to people, and its health to a service
/// manager, over plain HTTP; see docs/status_page.md. It only shows: nothing can be changed through
/// it. Who reaches the address may read it, so by default that is this machine alone.
struct StatusPageOptions {
    bool enabled = false;
    /// The IP address to listen on, or a name of it; not empty. "0.0.0.0" lets everybody in who
    /// reaches the machine, as Kubernetes' probes must.
    std::string address = "127.0.0.1";
    /// 0: a free one; Application::status_page_address() tells which.
    std::uint16_t port = 0;
};

}  // namespace hourglass
