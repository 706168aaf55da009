#include "src/client/near_address.hpp"

#include "src/client/core_channel.hpp"

#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

TEST(NearAddress, IsOfThisMachineOrAPrivateNetwork) {
    for (const char* near :
         {"localhost:7233",
          "127.0.0.1:7233",
          "127.9.9.9:1",
          "10.255.0.1:7233",
          "172.16.0.1:7233",
          "172.31.255.255:7233",
          "192.168.1.1:7233",
          "169.254.1.1:7233",
          "[::1]:7233",
          "[fd12::1]:7233",
          "[fe80::1]:7233",
          "temporal:7233",
          "temporal-frontend.temporal.svc:7233",
          "temporal-frontend.temporal.svc.cluster.local:7233",
          "temporal.corp.internal:7233"}) {
        EXPECT_TRUE(is_near(near)) << near;
    }
}

TEST(NearAddress, IsNoneOfThePublicNetwork) {
    for (const char* far :
         {"temporal.example.com:7233",
          "orders.a1b2c.tmprl.cloud:7233",
          "8.8.8.8:7233",
          "172.15.0.1:7233",
          "172.32.0.1:7233",
          "192.169.0.1:7233",
          "11.0.0.1:7233",
          "128.0.0.1:7233",
          "[2001:db8::1]:7233",
          "local.example:7233",
          "svc.example.org:7233"}) {
        EXPECT_FALSE(is_near(far)) << far;
    }
}

TEST(GrpcCompression, IsUsedWhereItPaysUnlessAskedFor) {
    EXPECT_FALSE(connect_options({.address = "localhost:7233"}).gzip);
    EXPECT_TRUE(connect_options({.address = "temporal.example.com:7233"}).gzip);
    EXPECT_TRUE(
        connect_options({.address = "localhost:7233", .compression = GrpcCompression::Gzip}).gzip
    );
    EXPECT_FALSE(connect_options({.address = "temporal.example.com:7233",
                                  .compression = GrpcCompression::None})
                     .gzip);
}

}  // namespace
}  // namespace hourglass::client
