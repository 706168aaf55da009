#include "hourglass/base/metric_meter.hpp"

#include "hourglass/base/error.hpp"
#include "tests/support/measured.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace hourglass {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class MetricMeterTest : public ::testing::Test {
protected:
    std::shared_ptr<test::Measured> measured_ = std::make_shared<test::Measured>();
    MetricMeter meter_{measured_, {{"task_queue", "orders"}}};
};

TEST_F(MetricMeterTest, TellsWhatEachKindOfInstrumentMeasures) {
    const MetricMeter meter{measured_};
    meter.counter("cups").add();
    meter.counter("cups").add(3);
    meter.up_down_counter("guests").add(-2);
    meter.histogram("price", {.unit = "EUR"}).record(2.5);
    meter.histogram<int>("size").record(-7);
    meter.gauge("level").set(0.25);
    meter.gauge<std::uint64_t>("rows").set(12);
    EXPECT_THAT(
        measured_->lines(),
        ElementsAre(
            "counter cups 1",
            "counter cups 3",
            "up_down guests -2",
            "histogram price 2.5 EUR",
            "histogram size -7",
            "gauge level 0.25",
            "gauge rows 12"
        )
    );
}

TEST_F(MetricMeterTest, TellsDurationsInMilliseconds) {
    const MetricMeter meter{measured_};
    meter.histogram<std::chrono::nanoseconds>("waited").record(2s);
    meter.histogram<std::chrono::nanoseconds>("waited").record(1500us);
    meter.gauge<std::chrono::minutes>("age").set(1min);
    EXPECT_THAT(
        measured_->lines(),
        ElementsAre("histogram waited 2000 ms", "histogram waited 1.5 ms", "gauge age 60000 ms")
    );
}

TEST_F(MetricMeterTest, AddsAttributesToThoseItHasAndReplacesThoseOfTheSameName) {
    const auto counter = meter_.counter("cups");
    counter.with_attributes({{"of", "tea"}}).add();
    counter.add();
    const auto of_mail = meter_.with_attributes({{"task_queue", "mail"}, {"of", "ink"}});
    of_mail.gauge("level").set(1);
    of_mail.gauge("level").with_attributes({{"of", "wax"}}).set(2);
    EXPECT_THAT(
        measured_->lines(),
        ElementsAre(
            "counter cups{task_queue=orders,of=tea} 1",
            "counter cups{task_queue=orders} 1",
            "gauge level{task_queue=mail,of=ink} 1",
            "gauge level{task_queue=mail,of=wax} 2"
        )
    );
}

TEST_F(MetricMeterTest, MayMeasureForNobody) {
    const MetricMeter meter;
    meter.counter("cups").with_attributes({{"of", "tea"}}).add();
    meter.with_attributes({{"of", "tea"}}).histogram("size").record(1);
}

TEST_F(MetricMeterTest, RefusesNamesThatMetricsCannotHaveWhetherOrNotAnybodyIsTold) {
    for (const auto& meter : {meter_, MetricMeter{}}) {
        for (const std::string name : {"", "1st", "a-b", "a b", "a:b", "ä"}) {
            const auto names_it = ThrowsMessage<ConfigurationError>(HasSubstr("\"" + name + "\""));
            EXPECT_THAT([&] { static_cast<void>(meter.counter(name)); }, names_it);
            EXPECT_THAT([&] { static_cast<void>(meter.with_attributes({{name, "x"}})); }, names_it);
            EXPECT_THAT(
                [&] { static_cast<void>(meter.gauge("level").with_attributes({{name, "x"}})); },
                names_it
            );
        }
        EXPECT_THAT(
            [&] { static_cast<void>(meter.counter("temporal_request")); },
            ThrowsMessage<ConfigurationError>(HasSubstr("temporal_"))
        );
        EXPECT_THAT(
            [&] { static_cast<void>(meter.counter("hourglass_restarts")); },
            ThrowsMessage<ConfigurationError>(HasSubstr("hourglass_"))
        );
    }
}

TEST_F(MetricMeterTest, RefusesTheAttributeThatIsForTheBucketsOfHistograms) {
    const auto says_so =
        ThrowsMessage<ConfigurationError>(AllOf(HasSubstr("size"), HasSubstr("le")));
    const auto meter = meter_.with_attributes({{"le", "x"}});
    EXPECT_THAT([&] { static_cast<void>(meter.histogram("size")); }, says_so);
    EXPECT_THAT(
        [&] { static_cast<void>(meter_.histogram("size").with_attributes({{"le", "x"}})); }, says_so
    );
    EXPECT_NO_THROW(static_cast<void>(meter.counter("size")));
}

TEST_F(MetricMeterTest, RefusesAUnitForDurations) {
    EXPECT_THAT(
        [&] { static_cast<void>(meter_.histogram<std::chrono::seconds>("waited", {.unit = "s"})); },
        ThrowsMessage<ConfigurationError>(AllOf(HasSubstr("waited"), HasSubstr("ms")))
    );
}

}  // namespace
}  // namespace hourglass
