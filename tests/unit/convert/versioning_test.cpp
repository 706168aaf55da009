#include "hourglass/convert/versioning.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/proto_versioning.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass {
namespace {

using testing::HasSubstr;

const WorkerDeploymentVersion kVersion{.deployment_name = "orders", .build_id = "v2"};

TEST(VersioningOverrides, KeepTheirKindAndVersionOnTheirWay) {
    for (const auto& given :
         {VersioningOverride::pinned(kVersion),
          VersioningOverride::auto_upgrade(),
          VersioningOverride::one_time(kVersion)}) {
        temporal::api::workflow::v1::VersioningOverride proto;
        convert::to_proto(given, &proto);
        EXPECT_EQ(convert::from_proto(proto), given);
        EXPECT_NO_THROW(validate(given));
    }
    EXPECT_EQ(convert::from_proto(temporal::api::workflow::v1::VersioningOverride{}), std::nullopt);
}

TEST(VersioningOverrides, NameTheirVersionWhole) {
    const auto why = [](const WorkerDeploymentVersion& version) {
        try {
            validate(VersioningOverride::pinned(version));
        } catch (const ConfigurationError& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    EXPECT_THAT(why({.deployment_name = "orders"}), HasSubstr("build_id"));
    EXPECT_THAT(why({.build_id = "v2"}), HasSubstr("deployment_name"));
}

TEST(Priorities, KeepWhatIsSetOnTheirWay) {
    for (const Priority& given :
         {Priority{}, Priority{.key = 1, .fairness_key = "tenant", .fairness_weight = 2.5F}}) {
        temporal::api::common::v1::Priority proto;
        convert::to_proto(given, &proto);
        EXPECT_EQ(convert::from_proto(proto), given);
        EXPECT_NO_THROW(validate(given));
    }
}

TEST(Priorities, OutOfRangeAreRefused) {
    EXPECT_THROW(validate(Priority{.key = 0}), ConfigurationError);
    EXPECT_THROW(validate(Priority{.fairness_key = std::string(65, 'x')}), ConfigurationError);
    EXPECT_THROW(validate(Priority{.fairness_weight = 0.0F}), ConfigurationError);
    EXPECT_THROW(validate(Priority{.fairness_weight = 2000.0F}), ConfigurationError);
}

}  // namespace
}  // namespace hourglass
