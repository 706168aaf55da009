#include "tests/conformance/deployment_versioning/versions.hpp"

namespace conformance::routing_with_ramp {

class Follows : public Routed {
public:
    hg::Task<std::string> run() { return note(); }
};

}  // namespace conformance::routing_with_ramp

HOURGLASS_WORKFLOW(
    conformance::routing_with_ramp::Follows,
    run,
    name("FollowsTheRamp"),
    signals(poke),
    queries(first),
    versioning(AutoUpgrade)
);

namespace conformance::routing_with_ramp {

void run(Row& row) {
    Versions versions;
    versions.deploy("v1");
    versions.make_current("v1");
    const auto handle = versions.start<&Follows::run>();
    EXPECT_EQ(Versions::first_of(handle), "v1");
    versions.deploy("v2");
    versions.ramp_up_fully("v2");
    versions.wait_until_routed_to<&Follows::run>("v2");
    EXPECT_EQ(Versions::poked(handle), "v1, v2");
    row.replay(handle);
}

const Registration kRow{
    {.path = "deployment_versioning/routing_with_ramp",
     .checks = "an auto-upgrade workflow goes on with a version that ramps up to 100 %",
     .run = run}
};

}  // namespace conformance::routing_with_ramp
