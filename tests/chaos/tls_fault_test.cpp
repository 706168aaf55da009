// Certificates that are wrong, each in its way: the worker waits and says why, and is there when
// the right one is.
#include "outage_subject.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/process_view.hpp"
#include "tests/support/repeated_lines.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/test_server.hpp"
#include "tests/support/tls_endpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::TlsEndpoints;
using hg::test::unique;

struct Wrong {
    std::string certificate;
    /// What the log says of it.
    std::string reason;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
    *out << wrong.certificate;
}

class WrongCertificate : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongCertificate, IsWaitedForUntilItIsRight) {
    hg::test::LogLines lines;
    const std::string server = hg::test::server_address();
    const TlsEndpoints endpoints{
        static_cast<std::uint16_t>(std::stoi(server.substr(server.rfind(':') + 1)))
    };
    hg::test::TcpProxy way{endpoints.port(GetParam().certificate)};
    hg::ApplicationOptions options;
    options.client.address = way.address();
    options.client.tls =
        hg::TlsOptions{.server_root_ca = endpoints.authority(), .server_name = TlsEndpoints::kHost};
    options.default_worker.task_queue = unique("tls");
    const auto& queue = options.default_worker.task_queue;
    hg::Application app{options};
    EXPECT_FALSE(app.wait_until_polling(queue, 3s));
    const auto nodes = hg::test::lasting_nodes(app);
    EXPECT_EQ(lines.count("the server cannot be reached"), 1u);
    EXPECT_EQ(lines.count(GetParam().reason), 1u);
    EXPECT_GE(way.accepted().size(), 3u) << "it tries again";

    way.forward_to(endpoints.port("good"));
    EXPECT_TRUE(app.wait_until_polling(queue, 4s + 2s)) << "the next try is 4 s later at most";
    EXPECT_EQ(lines.count("connected to the server"), 1u);
    EXPECT_EQ(
        app.client().execute<&flows::Echo::run>(
            {.id = unique("echo"), .task_queue = queue}, "here"
        ),
        "here"
    );
    EXPECT_EQ(hg::test::lasting_nodes(app), nodes) << app.tree_text();
    const auto said = lines.at_least(hg::log::Level::Info);
    EXPECT_THAT(hg::test::repeated_lines(said, 1), ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All,
    WrongCertificate,
    ::testing::Values(
        Wrong{"stranger", "UnknownIssuer"},
        Wrong{"wrong_host", "not valid for name"},
        Wrong{"expired", "certificate expired"}
    ),
    [](const auto& wrong) { return wrong.param.certificate; }
);

TEST(WrongAuthorityTest, IsRefusedBeforeAnythingIsSent) {
    hg::ApplicationOptions options;
    options.client.tls = hg::TlsOptions{.server_root_ca = "a path, and no PEM"};
    EXPECT_THROW(hg::Application{options}, hg::ConfigurationError);
}

}  // namespace
}  // namespace chaos
