// Certificates that are renewed while the program runs, and the old ones revoked.
#include "outage_subject.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/test_server.hpp"
#include "tests/support/tls_endpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace chaos {
namespace {

using hg::test::TcpProxy;
using hg::test::TlsEndpoints;
using ::testing::HasSubstr;

class Credentials : public ::testing::Test {
protected:
    hg::ClientOptions reach() {
        hg::ClientOptions options;
        options.address = way_.address();
        options.tls = endpoints_.client_of("ours");
        return options;
    }
    /// From now on the server takes the next authority's certificates, and no others.
    void revoke() {
        way_.forward_to(endpoints_.port("mutual_next"));
        way_.set(TcpProxy::Fault::Reset);
        way_.set(TcpProxy::Fault::None);
    }

    hg::test::LogLines lines_;
    const std::string server_ = hg::test::server_address();
    const TlsEndpoints endpoints_{
        static_cast<std::uint16_t>(std::stoi(server_.substr(server_.rfind(':') + 1)))
    };
    TcpProxy way_{endpoints_.port("mutual")};
};

TEST_F(Credentials, AreReplacedWhileWorkIsUnderWayAfterTheOldOnesWereRevoked) {
    OutageSubject subject{"credentials", reach(), server_};
    subject.start_orders(3);
    subject.wait_for_orders();
    revoke();
    const auto begin = OutageSubject::Clock::now();
    subject.start_probe();

    // [replace]
    subject.app().replace_credentials({.tls = endpoints_.client_of("next")});
    // [replace]

    static_cast<void>(subject.probe_finished_after(begin));
    subject.expect_orders_finish();
    subject.expect_tree_untouched();
    // What is started again connects with them, too.
    ASSERT_TRUE(subject.app().kill("BridgeHolder"));
    EXPECT_TRUE(subject.app().wait_until_polling(subject.queue(), std::chrono::seconds{20}));
    EXPECT_EQ(lines_.count("the credentials were replaced"), 1u);
}

TEST_F(Credentials, ThatTheServerDoesNotTakeChangeNothing) {
    OutageSubject subject{"credentials", reach(), server_};
    EXPECT_THROW(
        subject.app().replace_credentials({.tls = endpoints_.client_of("next")}), hg::RpcError
    );
    EXPECT_THROW(
        subject.app().replace_credentials({.tls = hg::TlsOptions{.server_root_ca = "no PEM"}}),
        hg::ConfigurationError
    );
    ASSERT_TRUE(subject.app().kill("BridgeHolder"));
    ASSERT_TRUE(subject.app().wait_until_polling(subject.queue(), std::chrono::seconds{20}));
    subject.start_orders(1);
    subject.wait_for_orders();
    subject.expect_orders_finish();
}

// A worker that could not connect begins to poll when it can.
TEST_F(Credentials, ThatCameTooLateAreTakenByTheNextTryToConnect) {
    way_.forward_to(endpoints_.port("mutual_next"));
    hg::ApplicationOptions options;
    options.client = reach();
    options.default_worker.task_queue = hg::test::unique("credentials");
    hg::Application app{options};
    EXPECT_FALSE(app.wait_until_polling(options.default_worker.task_queue, std::chrono::seconds{1})
    );
    app.replace_credentials({.tls = endpoints_.client_of("next")});
    EXPECT_TRUE(app.wait_until_polling(options.default_worker.task_queue, std::chrono::seconds{10})
    );
}

}  // namespace
}  // namespace chaos
