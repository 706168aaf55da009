#pragma once

#include "hourglass/subsystem/status_page_options.hpp"
#include "src/subsystem/http_server.hpp"
#include "src/subsystem/status_source.hpp"

#include <memory>
#include <string>

namespace hourglass::subsystem {

/// The status page: an HTTP server, and what it says about a tree.
/// @threads any.
class StatusPage {
public:
    /// Takes the address; nobody is answered before `show`.
    /// @throws ConfigurationError if it cannot listen there.
    explicit StatusPage(const StatusPageOptions& options);

    [[nodiscard]] const std::string& address() const { return server_.address(); }
    /// Begins to answer. Once.
    void show(std::shared_ptr<const StatusSource> source);
    /// Returns when nobody is answered any more; a client that is slow or idle is cut off.
    /// Idempotent.
    void stop() { server_.stop(); }

private:
    HttpServer server_;
};

}  // namespace hourglass::subsystem
