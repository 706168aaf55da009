#include "src/subsystem/status_routes.hpp"

#include "tests/unit/subsystem/status_samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::subsystem {
namespace {

using ::testing::HasSubstr;

class Sample final : public StatusSource {
public:
    StatusSnapshot snapshot = test::sample();

    [[nodiscard]] TreeLife life() const override { return snapshot.life; }
    [[nodiscard]] std::vector<WorkerStatus> workers() const override { return snapshot.workers; }
    [[nodiscard]] StatusSnapshot take_snapshot() const override { return snapshot; }
};

class StatusRoutesTest : public ::testing::Test {
protected:
    [[nodiscard]] HttpResponse ask(
        const std::string& path,
        const std::string& method = "GET",
        const std::string& host = "127.0.0.1:1234"
    ) const {
        return answer_to({method, path, host}, source_, true);
    }
    Sample source_;
};

TEST_F(StatusRoutesTest, HaveAPageAndItsParts) {
    EXPECT_EQ(ask("/").content_type, "text/html; charset=utf-8");
    EXPECT_EQ(ask("/tree.json").content_type, "application/json");
    EXPECT_EQ(ask("/page.css").content_type, "text/css; charset=utf-8");
    EXPECT_EQ(ask("/page.js").content_type, "text/javascript; charset=utf-8");
    EXPECT_THAT(ask("/page.js").body, HasSubstr("textContent"));
    EXPECT_THAT(ask("/page.css").body, HasSubstr(".node"));
}

TEST_F(StatusRoutesTest, TellProbesByTheStatusAndPeopleByTheText) {
    EXPECT_EQ(ask("/healthz").status, 200);
    EXPECT_EQ(ask("/readyz").status, 503);
    EXPECT_THAT(ask("/readyz").body, HasSubstr("not registered"));
    source_.snapshot.workers.pop_back();
    EXPECT_EQ(ask("/readyz").status, 200);
    source_.snapshot.life = {.phase = TreeLife::Phase::GaveUp, .reason = "enough"};
    EXPECT_EQ(ask("/healthz").status, 503);
    EXPECT_THAT(ask("/healthz").body, HasSubstr("enough"));
}

TEST_F(StatusRoutesTest, KnowNoOtherPathAndNoOtherMethod) {
    EXPECT_EQ(ask("/favicon.ico").status, 404);
    EXPECT_EQ(ask("/../etc/passwd").status, 404);
    EXPECT_EQ(ask("/tree.json", "POST").status, 405);
    EXPECT_EQ(ask("/tree.json", "DELETE").status, 405);
    EXPECT_EQ(ask("/tree.json", "HEAD").status, 200);
}

TEST_F(StatusRoutesTest, RefuseRequestsForNamesOfOtherMachinesOnLoopback) {
    EXPECT_EQ(ask("/tree.json", "GET", "evil.example:1234").status, 403);
    EXPECT_EQ(ask("/tree.json", "GET", "localhost.evil.example").status, 403);
    for (const auto* host : {"localhost", "localhost:80", "127.0.0.1", "[::1]:80", ""}) {
        EXPECT_EQ(ask("/tree.json", "GET", host).status, 200) << host;
    }
    const HttpRequest probe{"GET", "/healthz", "worker-7.cluster.local:8080"};
    EXPECT_EQ(answer_to(probe, source_, false).status, 200);
}

}  // namespace
}  // namespace hourglass::subsystem
