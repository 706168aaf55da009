// The status page of a whole application against the dev server.
#include "flows.hpp"
#include "tests/support/http.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::http;
using hg::test::unique;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

// Nobody listens there: the discard port.
constexpr auto kNoServer = "127.0.0.1:9";

hg::ApplicationOptions with_page(const std::string& server = hg::test::server_address()) {
    hg::ApplicationOptions options;
    options.client.address = server;
    options.default_worker.task_queue = unique("status");
    options.status_page.enabled = true;
    return options;
}

json tree_of(const hg::Application& app) {
    return json::parse(http(app.status_page_address(), "/tree.json").body);
}

int status_of(const hg::Application& app, const std::string& path) {
    return http(app.status_page_address(), path).status;
}

/// The node of that id, or null.
json find(const json& node, const std::string& id) {
    for (const json& child : node["children"]) {
        if (child["id"] == id) {
            return child;
        }
        if (json below = find(child, id); !below.is_null()) {
            return below;
        }
    }
    return nullptr;
}

TEST(StatusPage, IsOffUnlessAskedFor) {
    hg::ApplicationOptions options;
    options.start_runtime = false;
    EXPECT_EQ(hg::Application{options}.status_page_address(), "");
}

TEST(StatusPage, AnswersOnAllItsPathsAndOnLoopbackAlone) {
    const hg::ApplicationOptions options = with_page();
    const hg::Application app{options};
    const std::string address = app.status_page_address();
    EXPECT_TRUE(address.starts_with("127.0.0.1:")) << address;
    ASSERT_TRUE(app.wait_until_polling(options.default_worker.task_queue, 20s));

    const auto page = http(address, "/");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("<b class=\"id\">BridgeHolder</b>"));
    EXPECT_THAT(page.body, HasSubstr(options.default_worker.task_queue));
    EXPECT_THAT(page.get_header_value("Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_EQ(http(address, "/", "HEAD").status, 200);
    EXPECT_EQ(http(address, "/page.js").status, 200);
    EXPECT_EQ(http(address, "/page.css").status, 200);
    EXPECT_EQ(http(address, "/healthz").status, 200);
    EXPECT_EQ(http(address, "/readyz").status, 200);
    EXPECT_EQ(http(address, "/other").status, 404);
    EXPECT_EQ(http(address, "/tree.json", "POST").status, 405);

    const json tree = tree_of(app);
    EXPECT_EQ(find(tree["root"], "WorkerLauncher")["level"], "ok");
    EXPECT_EQ(find(tree["root"], "WorkflowPollLoop")["state"], "running");
    EXPECT_EQ(tree["workers"][0]["registered"], true);
    EXPECT_EQ(tree["workers"][0]["comes_back"], true);
}

TEST(StatusPage, IsAliveButNotReadyWhileTheServerIsAway) {
    const hg::ApplicationOptions options = with_page(kNoServer);
    const hg::Application app{options};
    EXPECT_EQ(status_of(app, "/healthz"), 200);
    const auto ready = http(app.status_page_address(), "/readyz");
    EXPECT_EQ(ready.status, 503);
    EXPECT_THAT(ready.body, HasSubstr(options.default_worker.task_queue));
    EXPECT_EQ(tree_of(app)["workers"][0]["registered"], false);
}

TEST(StatusPage, IsReadyWithoutARuntimeBecauseThereIsNoWorkerToWaitFor) {
    hg::ApplicationOptions options = with_page();
    options.start_runtime = false;
    const hg::Application app{options};
    EXPECT_EQ(status_of(app, "/readyz"), 200);
    EXPECT_EQ(tree_of(app)["workers"], json::array());
}

TEST(StatusPage, WaitsForWorkersThatAreStartedLater) {
    const hg::ApplicationOptions options = with_page();
    hg::Application app{options};
    hg::WorkerOptions second;
    second.task_queue = unique("second");
    app.start_worker(second);
    EXPECT_TRUE(eventually([&] { return status_of(app, "/readyz") == 200; }));
    EXPECT_EQ(tree_of(app)["workers"].size(), 2u);
    EXPECT_EQ(tree_of(app)["workers"][1]["comes_back"], false);
    app.stop_worker(second.task_queue);
    EXPECT_EQ(tree_of(app)["workers"].size(), 1u);
}

TEST(StatusPage, ShowsAKilledNodeAsARestartAndIsReadyAgain) {
    const hg::ApplicationOptions options = with_page();
    hg::Application app{options};
    ASSERT_TRUE(app.wait_until_polling(options.default_worker.task_queue, 20s));
    EXPECT_EQ(find(tree_of(app)["root"], "BridgeHolder")["restarts"], 0);
    ASSERT_TRUE(app.kill("BridgeHolder"));
    ASSERT_TRUE(eventually([&] {
        return find(tree_of(app)["root"], "BridgeHolder")["restarts"] == 1;
    }));
    const json holder = find(tree_of(app)["root"], "BridgeHolder");
    EXPECT_EQ(holder["last_exit"], "killed");
    EXPECT_TRUE(eventually([&] { return status_of(app, "/readyz") == 200; }));
}

TEST(StatusPage, SaysWhyTheTreeGaveUp) {
    hg::ApplicationOptions options = with_page();
    options.max_restarts = 0;
    hg::Application app{options};
    ASSERT_TRUE(app.kill("BridgeHolder"));
    ASSERT_TRUE(eventually([&] { return status_of(app, "/healthz") == 503; }));
    EXPECT_THAT(http(app.status_page_address(), "/healthz").body, HasSubstr("gave up"));
    EXPECT_EQ(status_of(app, "/readyz"), 503);
    EXPECT_EQ(tree_of(app)["health"]["phase"], "gave_up");
    EXPECT_EQ(status_of(app, "/"), 200);
}

TEST(StatusPage, CountsWhatIsInHandAndAnswersWhileWorkersDrain) {
    hg::ApplicationOptions options = with_page();
    options.default_worker.graceful_shutdown_timeout = 20s;
    auto app = std::make_unique<hg::Application>(options);
    const auto outside = hg::Client::connect({.address = hg::test::server_address()});
    flows::activity_gate().close();
    auto handle = outside.start<&flows::CallsGatedActivity::run>(
        {.id = unique("gated"), .task_queue = options.default_worker.task_queue}, "work"
    );
    ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
    const json tree = tree_of(*app);
    EXPECT_EQ(tree["running_activities"], 1);
    EXPECT_EQ(tree["cached_workflows"], 1);
    EXPECT_GE(tree["workers"][0]["tasks_in_hand"], 1);

    const std::string address = app->status_page_address();
    std::jthread stopper{[&] { app->stop(); }};
    EXPECT_TRUE(eventually([&] { return http(address, "/readyz").status == 503; }));
    EXPECT_EQ(http(address, "/healthz").status, 200) << "it stops in order";
    EXPECT_EQ(json::parse(http(address, "/tree.json").body)["health"]["phase"], "stopping");
    flows::activity_gate().open();
    stopper.join();
    EXPECT_EQ(http(address, "/healthz").status, -1) << "nobody listens any more";
    handle.terminate("test");
}

TEST(StatusPage, CountsNoRunThatHasFinished) {
    const hg::ApplicationOptions options = with_page();
    hg::Application app{options};
    const std::string& queue = options.default_worker.task_queue;
    auto open =
        app.client().start<&flows::Collector::run>({.id = unique("open"), .task_queue = queue}, 1);
    for (int i = 0; i < 30; ++i) {
        app.client().execute<&flows::Echo::run>({.id = unique("ends"), .task_queue = queue}, "x");
    }
    EXPECT_TRUE(eventually([&] { return tree_of(app)["cached_workflows"] == 1; }))
        << tree_of(app)["cached_workflows"];
    open.signal<&flows::Collector::add>(1);
    EXPECT_EQ(open.result(), 1);
    EXPECT_TRUE(eventually([&] { return tree_of(app)["cached_workflows"] == 0; }))
        << tree_of(app)["cached_workflows"];
}

TEST(StatusPage, DoesNotHoldTheApplicationUpForAClientThatStaysConnected) {
    hg::ApplicationOptions options = with_page();
    options.start_runtime = false;
    hg::Application app{options};
    const hg::test::RawClient idle{app.status_page_address()};
    const hg::test::RawClient half{app.status_page_address()};
    half.send("GET /tree.json HTTP/1.1\r\n");
    const hg::test::RawClient kept{app.status_page_address()};
    kept.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(kept.receive_all(), HasSubstr("200 OK"));
    const auto start = std::chrono::steady_clock::now();
    app.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
    EXPECT_FALSE(hg::test::RawClient{app.status_page_address()}.connected());
}

TEST(StatusPage, NeverTellsSecrets) {
    hg::ApplicationOptions options = with_page(kNoServer);
    options.client.api_key = "key-that-is-secret";
    options.client.tls = hg::TlsOptions{};
    const hg::Application app{options};
    for (const auto* path : {"/", "/tree.json", "/healthz", "/readyz"}) {
        EXPECT_THAT(http(app.status_page_address(), path).body, Not(HasSubstr("secret"))) << path;
    }
}

TEST(StatusPage, ThatCannotListenStopsTheApplicationFromStarting) {
    const hg::Application first{with_page(kNoServer)};
    hg::ApplicationOptions options = with_page(kNoServer);
    const std::string taken = first.status_page_address();
    options.status_page.port =
        static_cast<std::uint16_t>(std::stoi(taken.substr(taken.find(':') + 1)));
    try {
        const hg::Application second{options};
        FAIL() << "two pages at " << taken;
    } catch (const hg::ConfigurationError& error) {
        EXPECT_THAT(error.what(), HasSubstr(taken));
    }
    options.status_page.address = "";
    EXPECT_THROW(hg::Application{options}, hg::ConfigurationError);
}

}  // namespace
