#include "src/subsystem/status_page.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"
#include "src/subsystem/status_routes.hpp"

#include <utility>

namespace hourglass::subsystem {
namespace {

const std::string& checked(const std::string& address) {
    if (address.empty()) {
        throw ConfigurationError{
            "StatusPageOptions::address is empty; it must be an address of this machine, such as "
            "127.0.0.1, or 0.0.0.0 for all of them"
        };
    }
    return address;
}

}  // namespace

StatusPage::StatusPage(const StatusPageOptions& options)
    : server_{checked(options.address), options.port} {}

void StatusPage::show(std::shared_ptr<const StatusSource> source) {
    server_.serve([source = std::move(source),
                   check_host = server_.is_loopback()](const HttpRequest& request) {
        return answer_to(request, *source, check_host);
    });
    log::info("the status page can be seen", {{"url", "http://" + address() + "/"}});
    if (!server_.is_loopback()) {
        log::warn(
            "the status page has no password: whoever reaches this address may read it",
            {{"address", address()}}
        );
    }
}

}  // namespace hourglass::subsystem
