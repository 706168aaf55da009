#include "tests/conformance/deployment_versioning/versions.hpp"

namespace conformance::routing_pinned {

class Stays : public Routed {
public:
    hg::Task<std::string> run() { return note(); }
};

}  // namespace conformance::routing_pinned

HOURGLASS_WORKFLOW(
    conformance::routing_pinned::Stays,
    run,
    name("StaysOnItsVersion"),
    signals(poke),
    queries(first),
    versioning(Pinned)
);

namespace conformance::routing_pinned {

void run(Row& row) {
    Versions versions;
    versions.deploy("v1");
    versions.make_current("v1");
    const auto handle = versions.start<&Stays::run>();
    EXPECT_EQ(Versions::first_of(handle), "v1");
    versions.deploy("v2");
    versions.make_current("v2");
    versions.wait_until_routed_to<&Stays::run>("v2");
    EXPECT_EQ(Versions::poked(handle), "v1, v1");
    EXPECT_EQ(Versions::poked(versions.start<&Stays::run>()), "v2, v2");
    row.replay(handle);
}

const Registration kRow{
    {.path = "deployment_versioning/routing_pinned",
     .checks = "a pinned workflow stays on its version when another one becomes current, where new "
               "ones start",
     .run = run}
};

}  // namespace conformance::routing_pinned
