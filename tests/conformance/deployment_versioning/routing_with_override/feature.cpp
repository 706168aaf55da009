#include "tests/conformance/deployment_versioning/versions.hpp"

namespace conformance::routing_with_override {

class IsTold : public Routed {
public:
    hg::Task<std::string> run() { return note(); }
};

}  // namespace conformance::routing_with_override

HOURGLASS_WORKFLOW(
    conformance::routing_with_override::IsTold,
    run,
    name("IsToldItsVersion"),
    signals(poke),
    queries(first),
    versioning(AutoUpgrade)
);

namespace conformance::routing_with_override {

void run(Row& row) {
    Versions versions;
    versions.deploy("v1");
    versions.deploy("v2");
    versions.make_current("v2");
    const auto pinned = hg::VersioningOverride::pinned(versions.of("v1"));
    const auto handle = versions.start<&IsTold::run>(pinned);
    EXPECT_EQ(Versions::first_of(handle), "v1");
    EXPECT_EQ(Versions::poked(handle), "v1, v1");
    row.replay(handle);
}

const Registration kRow{
    {.path = "deployment_versioning/routing_with_override",
     .checks = "an override at the start pins a workflow to a version that is not current",
     .run = run}
};

}  // namespace conformance::routing_with_override
