#include "tests/conformance/deployment_versioning/versions.hpp"

namespace conformance::routing_auto_upgrade {

class Moves : public Routed {
public:
    hg::Task<std::string> run() { return note(); }
};

}  // namespace conformance::routing_auto_upgrade

HOURGLASS_WORKFLOW(
    conformance::routing_auto_upgrade::Moves,
    run,
    name("MovesToCurrent"),
    signals(poke),
    queries(first),
    versioning(AutoUpgrade)
);

namespace conformance::routing_auto_upgrade {

void run(Row& row) {
    Versions versions;
    versions.deploy("v1");
    versions.make_current("v1");
    const auto handle = versions.start<&Moves::run>();
    EXPECT_EQ(Versions::first_of(handle), "v1");
    versions.deploy("v2");
    versions.make_current("v2");
    versions.wait_until_routed_to<&Moves::run>("v2");
    EXPECT_EQ(Versions::poked(handle), "v1, v2");
    row.replay(handle);
}

const Registration kRow{
    {.path = "deployment_versioning/routing_auto_upgrade",
     .checks = "an auto-upgrade workflow goes on with the version that became current",
     .run = run}
};

}  // namespace conformance::routing_auto_upgrade
