#include "src/core/metrics.hpp"

#include "src/core/generation.hpp"
#include "tests/support/http.hpp"
#include "tests/unit/core/awaiting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace hourglass::core {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::shared_ptr<Metrics> make_metrics(const MetricsOptions& options) {
    auto metrics = Metrics::create(options);
    if (!metrics) {
        throw std::runtime_error{metrics.error().message};
    }
    return *std::move(metrics);
}

/// Each as "name=value labels".
std::vector<std::string> drained(const Metrics& metrics) {
    std::vector<std::string> lines;
    EXPECT_TRUE(metrics.drain([&](const Measurement& update) {
        lines.push_back(
            std::string{update.name} + "=" + std::to_string(static_cast<int>(update.value)) + " " +
            std::string{update.attributes_json}
        );
    }));
    return lines;
}

detail::MetricInstrument counter(std::string name) {
    return {MetricKind::Counter, std::move(name), "", "What it counts"};
}

TEST(Metrics, HaveTheCountersOfTheHostInTheOrderOfTheCounting) {
    const auto metrics = make_metrics({.buffer = 100});
    EXPECT_TRUE(metrics->record(counter("hourglass_cups"), {{"kind", "te\"a"}}, 2));
    EXPECT_TRUE(metrics->record(counter("hourglass_cups"), {}, 0));
    EXPECT_THAT(
        drained(*metrics),
        ElementsAre("hourglass_cups=2 {\"kind\":\"te\\\"a\"}", "hourglass_cups=0 {}")
    );
    EXPECT_THAT(drained(*metrics), ElementsAre());
}

TEST(Metrics, SayWhatAMeasurementIs) {
    const auto metrics = make_metrics({.buffer = 100});
    for (const auto kind :
         {MetricKind::Counter, MetricKind::Gauge, MetricKind::Histogram, MetricKind::UpDownCounter
         }) {
        const std::string name = "cups_" + std::to_string(static_cast<int>(kind));
        EXPECT_TRUE(metrics->record({kind, name, "cups", "Cups that were drunk"}, {}, 3));
        int updates = 0;
        EXPECT_TRUE(metrics->drain([&](const Measurement& update) {
            ++updates;
            EXPECT_EQ(update.kind, kind);
            EXPECT_EQ(update.value, 3);
            EXPECT_EQ(update.name, name);
            EXPECT_EQ(update.unit, "cups");
            EXPECT_EQ(update.description, "Cups that were drunk");
        }));
        EXPECT_EQ(updates, 1);
    }
}

// With Core's own: bridge/tests/bridge/metrics.rs, and against a server
// tests/integration/subsystem/metrics_test.cpp.
TEST(Metrics, GoOnFromOneRuntimeToTheNext) {
    const auto metrics = make_metrics({.prometheus_address = "127.0.0.1:0"});
    const auto address = metrics->prometheus_address();
    ASSERT_TRUE(address);
    for (int round = 0; round < 2; ++round) {
        const auto runtime = test::make_runtime({.metrics = metrics});
        EXPECT_TRUE(metrics->record(counter("hourglass_rounds"), {{"of", "tea"}}, 1));
    }
    const auto page = hourglass::test::http(*address, "/metrics").body;
    EXPECT_THAT(page, HasSubstr("# TYPE hourglass_rounds counter"));
    EXPECT_THAT(page, HasSubstr("hourglass_rounds{of=\"tea\"} 2"));
}

TEST(Metrics, RefuseANameThatPrometheusWouldNotTake) {
    const auto metrics = make_metrics({.buffer = 100});
    const auto counted = metrics->record(counter("hourglass-cups"), {}, 1);
    ASSERT_FALSE(counted);
    EXPECT_EQ(counted.error().status, Status::InvalidArgument);
    EXPECT_THAT(counted.error().message, HasSubstr("hourglass-cups"));
}

TEST(Metrics, NameTheAddressThatCannotBeHad) {
    for (const auto* address : {"nowhere", "192.0.2.1:1"}) {
        const auto made = Metrics::create({.prometheus_address = address});
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().status, Status::InvalidArgument);
        EXPECT_THAT(made.error().message, HasSubstr(address));
    }
}

TEST(Metrics, AreStaleWithTheirGenerationAndLeaveTheirAddressToTheNext) {
    const auto before = make_metrics({.prometheus_address = "127.0.0.1:0"});
    const std::string address = before->prometheus_address().value();
    EXPECT_FALSE(before->is_stale());
    generation::bump();
    EXPECT_TRUE(before->is_stale());
    EXPECT_EQ(before->record(counter("a"), {}, 1).error().status, Status::StaleHandle);
    EXPECT_EQ(before->drain([](const Measurement&) {}).error().status, Status::StaleHandle);
    EXPECT_EQ(before->prometheus_address().error().status, Status::StaleHandle);
    EXPECT_EQ(Runtime::create({.metrics = before}).error().status, Status::StaleHandle);
    const auto after = make_metrics({.prometheus_address = address});
    EXPECT_EQ(after->prometheus_address().value(), address);
}

}  // namespace
}  // namespace hourglass::core
