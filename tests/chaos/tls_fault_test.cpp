// Certificates that are wrong, each in its way: the worker waits and says why, and is there when
// the right one is.
#include "outage_subject.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/process_view.hpp"
#include "tests/support/repeated_lines.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"
#include "tests/support/tls_endpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ostream>
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

/// A name to verify that is not the one that is sent, and neither the address.
class VerificationServerName : public ::testing::Test {
protected:
    static constexpr const char* kSent = "routed.test";

    hg::ClientOptions reach(const std::string& certificate, const std::string& verified) {
        hg::ClientOptions options;
        options.address = "127.0.0.1:" + std::to_string(endpoints_.port(certificate));
        options.tls = hg::TlsOptions{
            .server_root_ca = authority_, .server_name = kSent, .verification_server_name = verified
        };
        options.rpc_timeout = 2s;
        return options;
    }
    std::string refused(const std::string& certificate, const std::string& verified) {
        try {
            static_cast<void>(hg::Client::connect(reach(certificate, verified)));
        } catch (const hg::UnavailableError& error) {
            return error.what();
        }
        return "connected";
    }

    const std::string server_ = hg::test::server_address();
    const TlsEndpoints endpoints_{
        static_cast<std::uint16_t>(std::stoi(server_.substr(server_.rfind(':') + 1)))
    };
    /// Empty: the system's roots.
    std::string authority_ = endpoints_.authority();
};

TEST_F(VerificationServerName, IsWhatTheCertificateMustHaveWhateverNameIsSent) {
    EXPECT_NO_THROW(static_cast<void>(hg::Client::connect(reach("good", TlsEndpoints::kHost))));
    const auto sent = endpoints_.server_names_sent("good");
    EXPECT_THAT(sent, ::testing::Not(::testing::IsEmpty()));
    EXPECT_THAT(sent, ::testing::Each(std::string{kSent}));
}

TEST_F(VerificationServerName, IsRefusedIfTheCertificateDoesNotHaveIt) {
    EXPECT_THAT(
        refused("good", "elsewhere.test"),
        ::testing::HasSubstr("not valid for name \"elsewhere.test\"")
    );
    EXPECT_THAT(refused("good", ""), ::testing::HasSubstr(R"(not valid for name "routed.test")"))
        << "without it, the name that is sent";
}

TEST_F(VerificationServerName, IsNotAllThatIsVerified) {
    EXPECT_THAT(refused("stranger", TlsEndpoints::kHost), ::testing::HasSubstr("UnknownIssuer"));
    EXPECT_THAT(
        refused("expired", TlsEndpoints::kHost), ::testing::HasSubstr("certificate expired")
    );
}

/// The same without an authority of one's own. What the system's roots are, SSL_CERT_FILE says.
class VerificationServerNameOfSystemsRoots : public VerificationServerName {
protected:
    VerificationServerNameOfSystemsRoots() {
        authority_.clear();
        forget_roots();
    }
    ~VerificationServerNameOfSystemsRoots() override { forget_roots(); }

    void trust(const std::string& authorities) {
        folder_.write("roots.pem", authorities);
        ::setenv("SSL_CERT_FILE", (folder_.path() + "/roots.pem").c_str(), 1);
    }

private:
    static void forget_roots() {
        ::unsetenv("SSL_CERT_FILE");
        ::unsetenv("SSL_CERT_DIR");
    }

    const hg::test::TemporaryFolder folder_;
};

TEST_F(VerificationServerNameOfSystemsRoots, IsWhatTheCertificateMustHave) {
    trust(endpoints_.authority());
    EXPECT_NO_THROW(static_cast<void>(hg::Client::connect(reach("good", TlsEndpoints::kHost))));
    EXPECT_THAT(endpoints_.server_names_sent("good"), ::testing::Contains(std::string{kSent}));
    EXPECT_THAT(
        refused("good", "elsewhere.test"),
        ::testing::HasSubstr("not valid for name \"elsewhere.test\"")
    );
    EXPECT_THAT(refused("good", ""), ::testing::HasSubstr(R"(not valid for name "routed.test")"))
        << "without it, the name that is sent, and the same roots";
}

TEST_F(VerificationServerNameOfSystemsRoots, IsNotAllThatIsVerified) {
    trust(endpoints_.authority());
    EXPECT_THAT(refused("stranger", TlsEndpoints::kHost), ::testing::HasSubstr("UnknownIssuer"));
}

TEST_F(VerificationServerNameOfSystemsRoots, DoesNotHelpWhomTheMachineItselfDoesNotKnow) {
    for (const char* const verified : {TlsEndpoints::kHost, "elsewhere.test", ""}) {
        EXPECT_THAT(refused("good", verified), ::testing::HasSubstr("UnknownIssuer")) << verified;
    }
}

TEST_F(VerificationServerNameOfSystemsRoots, IsRefusedIfThereAreNone) {
    trust("");
    try {
        static_cast<void>(hg::Client::connect(reach("good", TlsEndpoints::kHost)));
        ADD_FAILURE() << "connected";
    } catch (const hg::ConfigurationError& error) {
        EXPECT_THAT(error.what(), ::testing::HasSubstr("there is nobody to trust"));
    }
}

TEST(WrongAuthorityTest, IsRefusedBeforeAnythingIsSent) {
    hg::ApplicationOptions options;
    options.client.tls = hg::TlsOptions{.server_root_ca = "a path, and no PEM"};
    EXPECT_THROW(hg::Application{options}, hg::ConfigurationError);
}

}  // namespace
}  // namespace chaos
