#include "tests/support/tls_endpoints.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace hourglass::test {

TlsEndpoints::TlsEndpoints(std::uint16_t upstream) : folder_{new_temporary_folder()} {
    process_.emplace(
        std::vector<std::string>{
            HOURGLASS_TLS_PYTHON,
            HOURGLASS_TLS_ENDPOINTS,
            folder_.string(),
            std::to_string(upstream)
        },
        (folder_ / "log").string()
    );
    const auto listening = [this] { return std::filesystem::exists(folder_ / "ports"); };
    if (!eventually([&] { return listening() || !process_->runs(); }) || !listening()) {
        throw std::runtime_error{
            "tls_endpoints.py does not listen; its log is " + (folder_ / "log").string()
        };
    }
    std::ifstream ports{folder_ / "ports"};
    std::string name;
    for (std::uint16_t port = 0; ports >> name >> port;) {
        ports_[name] = port;
    }
}

TlsEndpoints::~TlsEndpoints() {
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string TlsEndpoints::text_of(const std::filesystem::path& file) const {
    std::ifstream in{folder_ / file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string TlsEndpoints::authority() const {
    return text_of("ca.pem");
}

std::vector<std::string> TlsEndpoints::server_names_sent(const std::string& name) const {
    std::ifstream lines{folder_ / "server_names"};
    std::vector<std::string> sent;
    for (std::string endpoint, server_name; lines >> endpoint >> server_name;) {
        if (endpoint == name) {
            sent.push_back(server_name);
        }
    }
    return sent;
}

TlsOptions TlsEndpoints::client_of(const std::string& client_authority) const {
    const std::filesystem::path folder{client_authority};
    return {
        .server_root_ca = authority(),
        .server_name = kHost,
        .client_certificate = text_of(folder / "client.pem"),
        .client_private_key = text_of(folder / "client.key")
    };
}

}  // namespace hourglass::test
