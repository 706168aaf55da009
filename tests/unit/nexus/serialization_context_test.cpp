// Whose values the handler of a Nexus operation converts.
#include "tests/support/probe.hpp"
#include "tests/unit/nexus/harness.hpp"

#include <gtest/gtest.h>

#include <string>

namespace contexts {

class Fulfil {
public:
    hourglass::Task<probe::Probe> run(probe::Probe value);
};

}  // namespace contexts

namespace hourglass::nexus {
namespace {

using probe::Probe;

constexpr const char* kOperation = "greeters/- -, operation greetings-prod/greetings/greet";

TEST(ContextOfOperations, OfInputAndResultIsTheOperation) {
    Harness harness;
    std::string seen;
    harness.services.add("greetings", "greet", [&seen](Probe value) {
        seen = value.decoded;
        return Probe{};
    });
    EXPECT_EQ(value_in<std::string>(harness.call("greet", Probe{})), kOperation);
    EXPECT_EQ(seen, kOperation);
}

TEST(ContextOfOperations, OfAWorkflowThatItStartsIsTheWorkflow) {
    Harness harness;
    std::string typed;
    std::string named;
    harness.services.add("greetings", "greet", [&] {
        const auto one = workflow_run<&contexts::Fulfil::run>({.id = "order-7"}, Probe{});
        const auto other = workflow_run<Probe>("Other", {.id = "order-8"}, Probe{});
        typed = from_payload<std::string>(one.call().arguments.at(0));
        named = from_payload<std::string>(other.call().arguments.at(0));
    });
    static_cast<void>(harness.call("greet"));
    EXPECT_EQ(typed, "greeters/order-7 Fulfil");
    EXPECT_EQ(named, "greeters/order-8 Other");
}

}  // namespace
}  // namespace hourglass::nexus
