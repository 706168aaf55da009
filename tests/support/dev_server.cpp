#include "tests/support/dev_server.hpp"

#include "hourglass/hourglass.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temporary_folder.hpp"

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace hourglass::test {
namespace {

using namespace std::chrono_literals;

/// `scripts/with-dev-server` says which one it uses itself.
std::string temporal() {
    const char* path = std::getenv("HOURGLASS_TEST_TEMPORAL");
    if (path == nullptr) {
        throw std::runtime_error{
            "HOURGLASS_TEST_TEMPORAL is not set; run this test with scripts/with-dev-server"
        };
    }
    return path;
}

/// Whether its namespace can be worked with: it needs its front end and its store for that.
bool answers(const std::string& address) {
    try {
        const auto client = Client::connect({.address = address, .rpc_timeout = 1s});
        static_cast<void>(client.count_workflows());
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

DevServer::DevServer() : port_{free_port()}, folder_{new_temporary_folder()} {}

DevServer::~DevServer() {
    if (process_ && process_->runs()) {  // else its log is worth reading
        kill();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
}

std::string DevServer::address() const {
    return "127.0.0.1:" + std::to_string(port_);
}

void DevServer::start() {
    const std::string log = (folder_ / "log").string();
    process_.emplace(
        std::vector<std::string>{
            temporal(),
            "server",
            "start-dev",
            "--headless",
            "--ip",
            "127.0.0.1",
            "--port",
            std::to_string(port_),
            "--db-filename",
            (folder_ / "temporal.db").string(),
            "--log-level",
            "error"
        },
        log
    );
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!answers(address())) {
        if (!process_->runs()) {
            throw std::runtime_error{"the dev server ended at once; its log is " + log};
        }
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error{"the dev server does not answer; its log is " + log};
        }
    }
}

void DevServer::kill() {
    process_.reset();
}

}  // namespace hourglass::test
