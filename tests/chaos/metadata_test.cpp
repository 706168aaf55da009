// What calls show of who makes them, as a gRPC server sees it; and what happens when that does not
// count any more.
#include "hourglass/client/cloud.hpp"
#include "outage_subject.hpp"
#include "tests/support/grpc_hop.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/test_server.hpp"
#include "tests/support/tls_endpoints.hpp"

#include "temporal/api/cloud/cloudservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::GrpcHop;
using hg::test::TcpProxy;
using hg::test::TlsEndpoints;
using hg::test::unique;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

std::uint16_t port_of(const std::string& address) {
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

class Metadata : public ::testing::Test {
protected:
    hg::ClientOptions in_the_clear() {
        hg::ClientOptions options;
        options.address = "127.0.0.1:" + std::to_string(hop_.port());
        return options;
    }
    hg::ClientOptions with_key(const std::string& key) {
        hg::ClientOptions options;
        options.address = way_.address();
        options.tls = tls();
        options.api_key = key;
        return options;
    }
    [[nodiscard]] hg::TlsOptions tls() const {
        return {.server_root_ca = endpoints_.authority(), .server_name = TlsEndpoints::kHost};
    }
    /// What the last of a client's calls came with.
    GrpcHop::Metadata shown(const hg::Client& client) {
        static_cast<void>(client.count_workflows());
        return hop_.calls_of("CountWorkflowExecutions").back();
    }
    /// From now on another key counts, for calls that are under way, too.
    void revoke(const std::string& next) {
        hop_.require_api_key(next);
        way_.set(TcpProxy::Fault::Reset);
        way_.set(TcpProxy::Fault::None);
    }

    hg::test::LogLines lines_;
    const std::string server_ = hg::test::server_address();
    const GrpcHop hop_{port_of(server_)};
    const TlsEndpoints endpoints_{hop_.port()};
    TcpProxy way_{endpoints_.port("good")};
};

TEST_F(Metadata, OfTheConnectionAndOfACallAreSent) {
    auto options = in_the_clear();
    options.headers = {{"tenant", "blue"}, {"trace-bin", std::string{"\0\xff", 2}}};
    const auto client = hg::Client::connect(options);
    EXPECT_THAT(
        shown(client), AllOf(Contains(Pair("tenant", "blue")), Contains(Pair("trace-bin", "00ff")))
    );
    EXPECT_THAT(
        shown(client.with(
            {.metadata = {{"tenant", "green"}, {"order", "7"}, {"order-bin", "\x01\x02"}}}
        )),
        AllOf(
            Contains(Pair("tenant", "green")),
            Contains(Pair("order", "7")),
            Contains(Pair("order-bin", "0102")),
            Contains(Pair("trace-bin", "00ff"))
        )
    );
    EXPECT_THAT(shown(client), Not(Contains(Key("order")))) << "it was another call's";
}

TEST_F(Metadata, OfTheConnectionAreReplacedWhileItLives) {
    auto options = in_the_clear();
    options.headers = {{"tenant", "blue"}, {"trace-bin", "\x01"}};
    const auto client = hg::Client::connect(options);
    const auto other = client.in_namespace("default");
    const auto stranger = hg::Client::connect(options);
    client.replace_headers({{"region", "north"}, {"span-bin", std::string{"\0\xff", 2}}});
    for (const auto& each : {client, other}) {
        EXPECT_THAT(
            shown(each),
            AllOf(
                Contains(Pair("region", "north")),
                Contains(Pair("span-bin", "00ff")),
                Not(Contains(Key("tenant"))),
                Not(Contains(Key("trace-bin")))
            )
        );
    }
    EXPECT_THAT(shown(stranger), Contains(Pair("tenant", "blue"))) << "a connection of its own";
}

TEST_F(Metadata, OfAnApplicationAreReplacedForItsWorkersToo) {
    OutageSubject subject{"metadata", in_the_clear(), server_};
    subject.app().replace_headers({{"tenant", "blue"}});
    EXPECT_THAT(shown(subject.app().client()), Contains(Pair("tenant", "blue")));
    // A poll ends with a task, and the next one has the headers.
    subject.start_probe();
    static_cast<void>(subject.probe_finished_after(OutageSubject::Clock::now()));
    EXPECT_TRUE(eventually([&] {
        const auto polls = hop_.calls_of("PollWorkflowTaskQueue");
        return !polls.empty() && polls.back().contains("tenant");
    }));
    // And so has what is connected later.
    ASSERT_TRUE(subject.app().kill("BridgeHolder"));
    EXPECT_TRUE(subject.app().wait_until_polling(subject.queue(), 20s));
    EXPECT_THAT(shown(subject.app().client()), Contains(Pair("tenant", "blue")));
}

TEST_F(Metadata, TellTheApiKeyAndTheClientTakesAnotherOne) {
    hop_.require_api_key("first");
    const auto client = hg::Client::connect(with_key("first"));
    EXPECT_THAT(shown(client), Contains(Pair("authorization", "Bearer first")));

    revoke("second");
    try {
        static_cast<void>(client.count_workflows());
        ADD_FAILURE() << "the key was revoked";
    } catch (const hg::UnauthenticatedError& error) {
        EXPECT_THAT(
            error.what(), AllOf(HasSubstr("check the API key"), HasSubstr("replace_credentials"))
        );
        EXPECT_THAT(error.what(), Not(HasSubstr("first")));
    }
    EXPECT_THROW(
        client.replace_credentials({.tls = tls(), .api_key = "third"}), hg::UnauthenticatedError
    );
    client.replace_credentials({.tls = tls(), .api_key = "second"});
    EXPECT_THAT(shown(client), Contains(Pair("authorization", "Bearer second")));
}

TEST_F(Metadata, ThatTheServerDoesNotTakeChangeNothing) {
    hop_.require_api_key("first");
    const auto client = hg::Client::connect(with_key("first"));
    EXPECT_THROW(
        client.replace_credentials({.tls = tls(), .api_key = "second"}), hg::UnauthenticatedError
    );
    EXPECT_THAT(shown(client), Contains(Pair("authorization", "Bearer first")));
}

/// Two changes at once, of which one does not connect before the other one counts.
class TwoApiKeysAtOnce : public Metadata {
protected:
    /// Asks for another key, and returns when its connection waits for the server.
    hg::Future<void> change_and_wait_for_the_server(const std::string& key) {
        hop_.hold_calls_with_api_key(key);
        auto changed = client_.replace_credentials_async({.tls = tls(), .api_key = key});
        EXPECT_TRUE(eventually([&] {
            return ::testing::Matches(Contains(Contains(Pair("authorization", "Bearer " + key)
            )))(hop_.calls_of("GetSystemInfo"));
        }));
        return changed;
    }
    void let_it_connect() { hop_.hold_calls_with_api_key(""); }
    std::string key_shown() { return shown(client_)["authorization"]; }

    const hg::Client client_ = hg::Client::connect(with_key("first"));
};

TEST_F(TwoApiKeysAtOnce, LeaveThatOfTheLastCallThoughItConnectsFirst) {
    auto second = change_and_wait_for_the_server("second");
    client_.replace_credentials({.tls = tls(), .api_key = "third"});
    EXPECT_EQ(key_shown(), "Bearer third");
    let_it_connect();
    EXPECT_NO_THROW(second.get()) << "it could be used, and was not needed any more";
    EXPECT_EQ(key_shown(), "Bearer third");
}

TEST_F(TwoApiKeysAtOnce, LeaveThatOfTheLastCallIfItConnectsLast) {
    auto second = client_.replace_credentials_async({.tls = tls(), .api_key = "second"});
    auto third = change_and_wait_for_the_server("third");
    EXPECT_NO_THROW(second.get());
    EXPECT_EQ(key_shown(), "Bearer second");
    let_it_connect();
    EXPECT_NO_THROW(third.get());
    EXPECT_EQ(key_shown(), "Bearer third");
}

TEST_F(TwoApiKeysAtOnce, LeaveTheEarlierOneIfTheLastOneIsRefused) {
    auto second = change_and_wait_for_the_server("second");
    hop_.require_api_key("second");
    EXPECT_THROW(
        client_.replace_credentials({.tls = tls(), .api_key = "third"}), hg::UnauthenticatedError
    );
    let_it_connect();
    EXPECT_NO_THROW(second.get());
    EXPECT_EQ(key_shown(), "Bearer second");
}

TEST_F(Metadata, OfARevokedApiKeyAreReplacedWhileWorkIsUnderWay) {
    hop_.require_api_key("first");
    OutageSubject subject{"api_key", with_key("first"), server_};
    const auto direct = hg::Client::connect({.address = server_});
    flows::activity_gate().close();
    const auto patient = direct.start<&Patient::run>(
        {.id = unique("patient"), .task_queue = subject.queue()}, "kept"
    );
    ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
    revoke("second");
    const auto begin = OutageSubject::Clock::now();
    subject.start_probe();
    EXPECT_THROW(
        static_cast<void>(subject.app().client().count_workflows()), hg::UnauthenticatedError
    );

    subject.app().replace_credentials({.tls = tls(), .api_key = "second"});
    flows::activity_gate().open();

    EXPECT_EQ(patient.result(), "kept done");
    // A poll that was refused is made again after 10 s.
    EXPECT_LT(subject.probe_finished_after(begin), 20s);
    subject.expect_tree_untouched();
    EXPECT_THAT(
        hop_.calls_of("PollWorkflowTaskQueue"),
        Contains(Contains(Pair("authorization", "Bearer second")))
    );
    subject.start_orders(1);
    subject.expect_orders_finish();
}

TEST_F(Metadata, OfTemporalCloudsApiTellTheKeyAndTheVersion) {
    namespace service = temporal::api::cloud::cloudservice::v1;
    hop_.require_api_key("first");
    hop_.serve("temporal.api.cloud.cloudservice.v1.CloudService");
    const auto cloud =
        hg::cloud::connect({.api_key = "first", .address = way_.address(), .tls = tls()});
    // [cloud]
    const auto found = cloud.call<service::GetNamespacesResponse>(service::GetNamespacesRequest{});
    // [cloud]
    EXPECT_EQ(found.namespaces_size(), 0);
    EXPECT_THAT(
        hop_.calls_of("GetNamespaces").back(),
        AllOf(
            Contains(Pair("authorization", "Bearer first")),
            Contains(Pair("temporal-cloud-api-version", hg::cloud::CloudOptions{}.api_version))
        )
    );
    EXPECT_THROW(
        static_cast<void>(
            hg::cloud::connect({.api_key = "other", .address = way_.address(), .tls = tls()})
        ),
        hg::UnauthenticatedError
    );
}

// Core gives up polling after a minute, and ends its worker.
TEST_F(Metadata, OfAnApiKeyThatWasRevokedLongAgoAreReplacedAndTheWorkerIsRegisteredAgain) {
    hop_.require_api_key("first");
    OutageSubject subject{"api_key", with_key("first"), server_};
    revoke("second");
    ASSERT_TRUE(eventually(
        [&] {
            return !lines_.positions_of({"the worker cannot register", "the API key is not known"})
                        .empty();
        },
        100s
    ));

    subject.app().replace_credentials({.tls = tls(), .api_key = "second"});
    const auto begin = OutageSubject::Clock::now();
    subject.start_probe();
    EXPECT_LT(subject.probe_finished_after(begin), 20s);
    subject.start_orders(1);
    subject.expect_orders_finish();
}

}  // namespace
}  // namespace chaos
