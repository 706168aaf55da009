#include "src/subsystem/meter.hpp"

#include "hourglass/base/error.hpp"
#include "src/core/generation.hpp"
#include "tests/support/http.hpp"
#include "tests/support/log_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace hourglass::subsystem {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// What `on_measurement` was told, added up: "name labels" -> sum.
class Sums {
public:
    void add(const Measurement& measurement) {
        const std::lock_guard lock{mutex_};
        sums_[std::string{measurement.name} + " " + std::string{measurement.attributes_json}] +=
            measurement.value;
    }
    /// -1 if it was never told.
    [[nodiscard]] double of(const std::string& series) const {
        const std::lock_guard lock{mutex_};
        const auto found = sums_.find(series);
        return found == sums_.end() ? -1 : found->second;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, double> sums_;
};

class MeterTest : public ::testing::Test {
protected:
    [[nodiscard]] TelemetryOptions to_sums() {
        return {.on_measurement = [this](const Measurement& each) { sums_.add(each); }};
    }
    void restart(const std::string& child, int times = 1) {
        counters_->change([&](Counters& all) {
            all.restarts[child] += static_cast<std::uint64_t>(times);
        });
    }
    [[nodiscard]] double restarts(const std::string& child) const {
        return sums_.of("hourglass_restarts {\"child\":\"" + child + "\"}");
    }
    static std::string page_of(const Meter& meter) {
        return test::http(meter.prometheus_address(), "/metrics").body;
    }

    test::LogLines lines_;
    std::shared_ptr<CounterBook> counters_ = std::make_shared<CounterBook>();
    Sums sums_;
};

const TelemetryOptions kServed{.prometheus_address = "127.0.0.1:0"};

TEST_F(MeterTest, IsOffUnlessSomebodyIsToBeTold) {
    Meter meter{{}, counters_};
    EXPECT_FALSE(meter.is_on());
    EXPECT_EQ(meter.current().value(), nullptr);
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(meter.prometheus_address(), "");
}

TEST_F(MeterTest, TellsOfTheFixedNodesBeforeAnythingHappens) {
    Meter meter{to_sums(), counters_};
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(restarts("BridgeHolder"), 0);
    EXPECT_EQ(sums_.of("hourglass_stale_handles {}"), 0);
    EXPECT_EQ(restarts("default"), -1);
}

TEST_F(MeterTest, TellsWhatACounterGrewBy) {
    Meter meter{to_sums(), counters_};
    restart("BridgeHolder", 2);
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(restarts("BridgeHolder"), 2);
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(restarts("BridgeHolder"), 2) << "nothing new";
    restart("BridgeHolder");
    restart("default");
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(restarts("BridgeHolder"), 3);
    EXPECT_EQ(restarts("default"), 1);
}

TEST_F(MeterTest, LosesAndDoublesNothingOverAGenerationOfTheBridge) {
    Meter meter{to_sums(), counters_};
    for (int round = 1; round <= 5; ++round) {
        restart("Runtime");
        EXPECT_TRUE(meter.publish());
        restart("Runtime");
        core::generation::bump();
        EXPECT_TRUE(meter.publish());
        EXPECT_EQ(restarts("Runtime"), 2 * round);
    }
}

TEST_F(MeterTest, HasRoomForTheCountersHoweverMuchIsMeasured) {
    Meter meter{to_sums(), counters_};
    const auto metrics = meter.current().value();
    for (int i = 0; i < 30'000; ++i) {  // three events each: more than are kept
        EXPECT_TRUE(metrics->record({MetricKind::Counter, "flood", "", ""}, {}, 1));
    }
    restart("BridgeHolder");
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(restarts("BridgeHolder"), 1);
    EXPECT_LT(sums_.of("flood {}"), 30'000) << "the flood was too small to prove anything";
}

TEST_F(MeterTest, CountsEachOnceAlthoughTwoPublish) {
    Meter meter{to_sums(), counters_};
    {
        const auto publish = [&] {
            for (int i = 0; i < 500; ++i) {
                EXPECT_TRUE(meter.publish());
            }
        };
        const std::jthread one{publish};
        const std::jthread other{publish};
        for (int i = 0; i < 500; ++i) {
            restart("BridgeHolder");
        }
    }
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(restarts("BridgeHolder"), 500);
}

TEST_F(MeterTest, LogsWhatOnMeasurementThrowsAndGoesOn) {
    Meter meter{
        {.on_measurement =
             [this](const Measurement& each) {
                 sums_.add(each);
                 throw std::runtime_error{"from the test"};
             }},
        counters_
    };
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(restarts("BridgeHolder"), 0);
    EXPECT_EQ(restarts("WorkerLauncher"), 0);
    EXPECT_EQ(
        lines_.count("on_measurement threw; the measurement is lost "
                     "measurement=hourglass_stale_handles error=from the test"),
        1U
    );
}

TEST_F(MeterTest, ServesTheTotalsAtOneAddressOverAllGenerations) {
    Meter meter{kServed, counters_};
    const std::string address = meter.prometheus_address();
    EXPECT_TRUE(address.starts_with("127.0.0.1:"));
    EXPECT_NE(address, "127.0.0.1:0");
    for (int round = 1; round <= 5; ++round) {
        restart("Runtime");
        EXPECT_TRUE(meter.publish());
        EXPECT_THAT(
            page_of(meter),
            HasSubstr("hourglass_restarts{child=\"Runtime\"} " + std::to_string(round) + "\n")
        );
        core::generation::bump();
        EXPECT_NE(meter.current().value(), nullptr) << "as a new runtime asks for it";
        EXPECT_EQ(meter.prometheus_address(), address);
    }
    EXPECT_THAT(page_of(meter), Not(HasSubstr("hourglass_restarts")))
        << "of another generation, and not published to yet";
    EXPECT_TRUE(meter.publish());
    EXPECT_THAT(page_of(meter), HasSubstr("hourglass_restarts{child=\"Runtime\"} 5\n"));
}

TEST_F(MeterTest, PublishesForTheLastTimeWhenItIsClosed) {
    Meter meter{to_sums(), counters_};
    restart("BridgeHolder");
    meter.close();
    EXPECT_EQ(restarts("BridgeHolder"), 1);
    restart("BridgeHolder");
    meter.close();
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(restarts("BridgeHolder"), 1) << "nobody is told after the end";
    EXPECT_EQ(meter.current().value(), nullptr);
}

TEST_F(MeterTest, RecordsWhatOthersMeasureUntilItIsClosed) {
    Meter meter{to_sums(), counters_};
    const detail::MetricInstrument cups{MetricKind::Counter, "cups", "", ""};
    meter.record(cups, {{"of", "tea"}}, 2);
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(sums_.of("cups {\"of\":\"tea\"}"), 2);
    core::generation::bump();
    meter.record(cups, {{"of", "tea"}}, 3);
    meter.close();
    EXPECT_EQ(sums_.of("cups {\"of\":\"tea\"}"), 5);
    meter.record(cups, {{"of", "tea"}}, 1);
    EXPECT_TRUE(meter.publish());
    EXPECT_EQ(sums_.of("cups {\"of\":\"tea\"}"), 5);
}

TEST_F(MeterTest, LogsOnceANameWhatItCannotRecord) {
    Meter meter{kServed, counters_};
    const detail::MetricInstrument counter{MetricKind::Counter, "cups", "", ""};
    const detail::MetricInstrument gauge{MetricKind::Gauge, "cups", "", ""};
    meter.record(counter, {}, 2);
    meter.record(gauge, {}, 7);
    meter.record(gauge, {}, 8);
    meter.record({MetricKind::Histogram, "size", "", ""}, {{"of", "\xff"}}, 1);
    EXPECT_THAT(page_of(meter), HasSubstr("cups 2\n"));
    EXPECT_EQ(lines_.count("a measurement is lost"), 2U);
    EXPECT_EQ(lines_.count("metric=cups reason=\"cups\" is a Counter already"), 1U);
    EXPECT_EQ(lines_.count("metric=size reason="), 1U);
}

TEST_F(MeterTest, RecordsForNobodyIfItIsOff) {
    Meter meter{{}, counters_};
    meter.record({MetricKind::Counter, "cups", "", ""}, {}, 1);
    EXPECT_EQ(lines_.count("a measurement is lost"), 0U);
}

TEST_F(MeterTest, LeavesItsAddressWhenItIsClosed) {
    Meter meter{kServed, counters_};
    meter.close();
    const std::string address = meter.prometheus_address();
    EXPECT_EQ(test::http(address, "/metrics").status, -1);
    const Meter next{{.prometheus_address = address}, counters_};
    EXPECT_EQ(next.prometheus_address(), address);
}

TEST_F(MeterTest, RefusesWhatCannotWorkByName) {
    const auto refusal = [this](const TelemetryOptions& options) -> std::string {
        try {
            const Meter meter{options, counters_};
        } catch (const ConfigurationError& error) {
            return error.what();
        }
        return "it was not refused";
    };
    auto both = to_sums();
    both.prometheus_address = "127.0.0.1:0";
    EXPECT_THAT(refusal(both), HasSubstr("on_measurement"));
    EXPECT_THAT(refusal({.prometheus_address = "nowhere"}), HasSubstr("\"nowhere\""));
    const Meter first{kServed, counters_};
    const std::string taken = first.prometheus_address();
    EXPECT_THAT(refusal({.prometheus_address = taken}), HasSubstr(taken));
}

}  // namespace
}  // namespace hourglass::subsystem
