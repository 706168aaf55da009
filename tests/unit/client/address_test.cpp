#include "src/client/address.hpp"

#include "hourglass/base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hourglass::client {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string said_of(const std::string& address) {
    try {
        check_address("Options::address", address);
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return {};
}

TEST(Address, IsAHostAndAPort) {
    for (const std::string address :
         {"localhost:7233",
          "127.0.0.1:1",
          "[::1]:65535",
          "my-ns.a1b2c.tmprl.cloud:7233",
          "under_score:80",
          "g\xC3\xBCnstig.example:7233"}) {
        EXPECT_EQ(said_of(address), "");
    }
}

TEST(Address, IsNothingMore) {
    for (const std::string address :
         {"",
          "localhost",
          "localhost:",
          ":7233",
          "localhost:http",
          "localhost:0",
          "localhost:-1",
          "localhost:+1",
          "localhost:65536",
          "localhost:99999999999",
          "http://localhost:7233",
          "//localhost:7233",
          "host/path:7233",
          "localhost:7233/",
          "host\\path:7233",
          "host?x:7233",
          "host#x:7233",
          "lo cal:7233",
          "localhost:7233\n",
          "local\thost:7233",
          " localhost:7233",
          "unix:/path"}) {
        EXPECT_THAT(
            said_of(address),
            AllOf(HasSubstr("Options::address is \"" + address + "\""), HasSubstr("host:port"))
        );
    }
}

TEST(Address, DoesNotTellThePasswordThatSomebodyWroteIntoIt) {
    for (const std::string address :
         {"user:s3cr3t@host:7233", "http://user:s3cr3t@host:7233", "user:s3cr@s3cr3t@host:7233"}) {
        EXPECT_THAT(said_of(address), AllOf(HasSubstr("\"…@host:7233\""), Not(HasSubstr("s3cr"))));
    }
}

}  // namespace
}  // namespace hourglass::client
