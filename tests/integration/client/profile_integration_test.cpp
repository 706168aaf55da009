// Connections as a file of profiles and the environment say.
#include "hourglass/client/client.hpp"
#include "hourglass/client/profile.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"
#include "tests/support/tls_endpoints.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace hourglass {
namespace {

using test::TlsEndpoints;

TEST(AProfile, Connects) {
    const test::TemporaryFolder folder;
    const std::string file = folder.path() + "/temporal.toml";
    folder.write("temporal.toml", "[profile.test]\naddress = \"" + test::server_address() + "\"\n");

    // [load]
    const ClientProfile profile = load_profile({.profile = "test", .file = file, .strict = true});
    const Client client = Client::connect(profile.client_options());
    // [load]
    EXPECT_GE(client.count_workflows().total, 0);
}

TEST(AProfile, ConnectsWithTlsForItsKeyAndTrustsItsAuthority) {
    const std::string server = test::server_address();
    const TlsEndpoints endpoints{
        static_cast<std::uint16_t>(std::stoi(server.substr(server.rfind(':') + 1)))
    };
    const test::TemporaryFolder folder;
    folder.write("ca.pem", endpoints.authority());
    const std::string text =
        "[profile.default]\naddress = \"127.0.0.1:" + std::to_string(endpoints.port("good")) +
        "\"\napi_key = \"a-key\"\n[profile.default.tls]\nserver_ca_cert_path = \"" + folder.path() +
        "/ca.pem\"\n";
    const auto connect = [&](const std::string& name) {
        const ProfileSource source{
            .text = text, .environment = {{{"TEMPORAL_TLS_SERVER_NAME", name}}}
        };
        ClientOptions options = load_profile(source).client_options();
        options.rpc_timeout = std::chrono::seconds{2};
        return Client::connect(options).count_workflows().total;
    };
    EXPECT_GE(connect(TlsEndpoints::kHost), 0);
    EXPECT_THROW((void)connect("elsewhere.test"), Error) << "the certificate is verified";
}

}  // namespace
}  // namespace hourglass
