// The test kit with another framework than GoogleTest: it throws, and what it returns can be
// printed.
#define CATCH_CONFIG_MAIN
#include "hourglass/hourglass.hpp"
#include "hourglass/testing/activity_environment.hpp"
#include "hourglass/testing/replayer.hpp"
#include "hourglass/testing/workflow_driver.hpp"
#include "tests/unit/testing/driven_workflows.hpp"

#include <catch2/catch.hpp>

namespace {

namespace ht = hourglass::testing;
using driven::Checkout;

int half(int number) {
    if (number % 2 != 0) {
        throw hourglass::ApplicationError{"odd"};
    }
    return number / 2;
}

TEST_CASE("an activity is run in its environment") {
    ht::ActivityEnvironment environment;
    CHECK(environment.run<&half>(8) == 4);
    CHECK_THROWS_WITH(environment.run<&half>(7), Catch::Contains("odd"));
}

TEST_CASE("a workflow is driven, and its history replayed") {
    ht::WorkflowDriver driver;
    auto checkout = driver.start<&Checkout::run>({}, "visa", 199);
    checkout.signal<&Checkout::approve>("ada");
    REQUIRE(checkout.commands().size() == 1);
    CHECK(Catch::Detail::stringify(checkout.commands()[0]) == to_text(checkout.commands()[0]));
    checkout.complete_activity("charge", "receipt 7");
    checkout.fire_timer();
    CHECK(checkout.result() == "receipt 7, approved by ada");

    ht::Replayer replayer;
    const auto result = replayer.replay(checkout.history());
    INFO(result);
    CHECK(result.ok());
}

}  // namespace
