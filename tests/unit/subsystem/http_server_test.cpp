#include "src/subsystem/http_server.hpp"

#include "hourglass/base/error.hpp"
#include "src/subsystem/http_connection.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/http.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <vector>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;
using hourglass::test::http;
using hourglass::test::RawClient;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::size_t kLarge = std::size_t{16} << 20;  // more than the kernel keeps for a socket

class HttpServerTest : public ::testing::Test {
protected:
    HttpServerTest() {
        server_.serve([](const HttpRequest& request) -> HttpResponse {
            if (request.path == "/throws") {
                throw std::runtime_error{"a secret"};
            }
            if (request.path == "/large") {
                return {.body = std::string(kLarge, 'x')};
            }
            return {.status = request.method == "POST" ? 405 : 200, .body = request.path};
        });
    }
    HttpServer server_{"127.0.0.1", 0};
};

TEST_F(HttpServerTest, AnswersWithHeadersThatKeepBrowsersStrict) {
    const auto answer = http(server_.address(), "/a%20b?c=d");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "/a b");
    EXPECT_THAT(
        answer.get_header_value("Content-Security-Policy"), StartsWith("default-src 'none';")
    );
    EXPECT_EQ(answer.get_header_value("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.get_header_value("Cache-Control"), "no-store");
}

TEST_F(HttpServerTest, SendsNoBodyToAHead) {
    const auto answer = http(server_.address(), "/abc", "HEAD");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(answer.get_header_value("Content-Length"), "4");
}

TEST_F(HttpServerTest, RefusesABodyWithAnAnswerThatArrives) {
    const RawClient client{server_.address()};
    client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n");
    client.send(std::string(10000, 'x'));
    const std::string answer = client.receive_all();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 405"));
    EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD"));
}

TEST_F(HttpServerTest, ClosesAfterOneRequestHoweverTheClientAsks) {
    const RawClient client{server_.address()};
    client.send("GET /1 HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
    const std::string answer = client.receive_all();
    EXPECT_THAT(answer, HasSubstr("Connection: close"));
}

TEST_F(HttpServerTest, KeepsWhatAHandlerThrowsToItself) {
    const auto answer = http(server_.address(), "/throws");
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
}

TEST_F(HttpServerTest, AnswersNonsenseWithABadRequest) {
    const RawClient client{server_.address()};
    client.send("COOK tea\r\n\r\n");
    EXPECT_THAT(client.receive_all(), StartsWith("HTTP/1.1 400"));
}

TEST_F(HttpServerTest, ClosesOnAnEndlessHead) {
    const RawClient client{server_.address()};
    try {
        for (int i = 0; i < 10000; ++i) {
            client.send("X-Header: " + std::string(1000, 'x') + "\r\n");
        }
        ADD_FAILURE() << "it took 10 MB";
    } catch (const std::runtime_error&) {  // cut off
    }
}

TEST_F(HttpServerTest, IgnoresRanges) {
    const RawClient client{server_.address()};
    client.send(
        "GET /abc HTTP/1.1\r\nHost: x\r\nRANGE: bytes=" + std::string(8000, '1') + "-\r\n\r\n"
    );
    EXPECT_THAT(client.receive_all(), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, StopsAtOnceWhileClientsAreIdleSlowOrHalfOpen) {
    const RawClient idle{server_.address()};
    const RawClient half{server_.address()};
    half.send("GET / HTTP/1.1\r\nHost:");
    std::vector<std::unique_ptr<RawClient>> more;  // than there are threads
    for (int i = 0; i < 20; ++i) {
        more.push_back(std::make_unique<RawClient>(server_.address()));
    }
    const auto start = std::chrono::steady_clock::now();
    server_.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 3s) << "less than a connection may take";
    EXPECT_EQ(half.receive_all(), "");
    EXPECT_FALSE(RawClient{server_.address()}.connected());
}

TEST_F(HttpServerTest, AnswersOthersBesideMoreSlowClientsThanThereArePlaces) {
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 100; ++i) {
        slow.push_back(std::make_unique<RawClient>(server_.address()));
        slow.back()->send("GET /");
    }
    for (int i = 0; i < 10; ++i) {  // more than there are threads
        ASSERT_EQ(http(server_.address(), "/probe").status, 200) << i;
    }
    // Not after the slow ones had their time: the last of them still has its place.
    slow.back()->send(" HTTP/1.1\r\n\r\n");
    EXPECT_THAT(slow.back()->receive_all(), StartsWith("HTTP/1.1 200"));
    EXPECT_EQ(slow.front()->receive_all(), "") << "it made place";
}

TEST_F(HttpServerTest, AnswersOthersBesideClientsThatDoNotReadTheirAnswer) {
    std::vector<std::unique_ptr<RawClient>> deaf;
    for (int i = 0; i < 5; ++i) {  // more than there are threads
        deaf.push_back(std::make_unique<RawClient>(server_.address()));
        deaf.back()->send("GET /large HTTP/1.1\r\n\r\n");
        EXPECT_EQ(http(server_.address(), "/probe").status, 200) << i;
    }
    EXPECT_GT(deaf.front()->receive_all().size(), kLarge) << "those that read late get all of it";
}

TEST(HttpServerLimit, BeginsWithTheAcceptOfEachClient) {
    HttpServer server{"127.0.0.1", 0, 500ms};
    server.serve([](const HttpRequest&) { return HttpResponse{}; });
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 64; ++i) {
        slow.push_back(std::make_unique<RawClient>(server.address()));
    }
    const auto start = std::chrono::steady_clock::now();
    for (const auto& client : slow) {
        EXPECT_EQ(client->receive_all(), "");
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, 4s) << "half of 64 turns of four threads";
}

#ifndef HOURGLASS_TEST_SANITIZED  // UndefinedBehaviorSanitizer needs descriptors for its checks
TEST_F(HttpServerTest, GoesOnAfterTheSystemHadNoDescriptorForAConnection) {
    const test::LogLines lines;
    const test::NoDescriptorLeft none{1};  // one for the client
    const RawClient client{server_.address()};
    ASSERT_TRUE(client.connected()) << "by the kernel";
    client.send("GET /late HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(test::eventually([&] {
        return lines.count("cannot accept connections; trying until it works") == 1;
    }));
    EXPECT_EQ(lines.count("reason=Too many open files"), 1U);
    none.release();
    EXPECT_THAT(client.receive_all(), StartsWith("HTTP/1.1 200"));
    EXPECT_EQ(lines.count("it accepts connections again"), 1U);
    EXPECT_EQ(lines.count("cannot accept connections"), 1U) << "a line a change";
}
#endif

TEST(HttpServerAddress, IsFreeAgainAfterwardsAndTakenBefore) {
    auto first = std::make_unique<HttpServer>("127.0.0.1", 0);
    const std::string address = first->address();
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
    try {
        const HttpServer second{"127.0.0.1", port};
        FAIL() << "two servers on " << address;
    } catch (const ConfigurationError& error) {
        EXPECT_THAT(error.what(), HasSubstr("'" + address + "'"));
    }
    first.reset();
    EXPECT_NO_THROW((HttpServer{"127.0.0.1", port}));
}

TEST(HttpServerAddress, ThatIsNotOursIsNamed) {
    try {
        const HttpServer server{"192.0.2.1", 0};
        FAIL() << "it listens at an address of a documentation";
    } catch (const ConfigurationError& error) {
        EXPECT_THAT(error.what(), HasSubstr("'192.0.2.1:0'"));
    }
    EXPECT_THROW((HttpServer{"", 0}), ConfigurationError);
}

TEST(HttpServerAddress, KnowsWhetherOnlyThisMachineReachesIt) {
    EXPECT_TRUE((HttpServer{"127.0.0.1", 0}.is_loopback()));
    EXPECT_TRUE((HttpServer{"localhost", 0}.is_loopback()));
    EXPECT_FALSE((HttpServer{"0.0.0.0", 0}.is_loopback()));
}

TEST(HttpServerSignals, AreTheProgramsOwn) {
    struct sigaction before{};
    ::sigaction(SIGPIPE, nullptr, &before);
    const HttpServer server{"127.0.0.1", 0};
    struct sigaction after{};
    ::sigaction(SIGPIPE, nullptr, &after);
    EXPECT_EQ(before.sa_handler, after.sa_handler);
}

TEST(WithoutRanges, DropsThatHeaderAlone) {
    EXPECT_EQ(
        without_ranges("GET / HTTP/1.1\r\nrAnGe: bytes=0-\r\nHost: x\r\n\r\n"),
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    );
    EXPECT_EQ(without_ranges(""), "");
}

}  // namespace
}  // namespace hourglass::subsystem
