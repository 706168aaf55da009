// One connection, and the namespaces of its server.
#include "hourglass/client/admin.hpp"
#include "hourglass/client/client.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hourglass {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::unique;

TEST(InNamespace, IsAClientOfTheOtherNamespace) {
    const auto client = Client::connect({.address = test::server_address()});
    const std::string name = unique("other");
    admin::create_namespace(client, {.name = name, .retention = 24h});
    const auto other = client.in_namespace(name);
    const std::string id = unique("order");
    const StartOptions options{.id = id, .task_queue = unique("nobody")};
    ASSERT_TRUE(eventually([&] {
        try {
            static_cast<void>(other.start("Order", options));
            return true;
        } catch (const NamespaceNotFoundError&) {
            return false;  // not everywhere yet
        }
    }));
    EXPECT_EQ(other.handle(id).describe().status, WorkflowStatus::Running);
    EXPECT_THROW(static_cast<void>(client.handle(id).describe()), WorkflowNotFoundError);
    EXPECT_EQ(client.in_namespace(name).handle(id).describe().status, WorkflowStatus::Running);
    other.handle(id).terminate();
}

TEST(InNamespace, NamesTheNamespaceThatIsNotThere) {
    const auto client = Client::connect({.address = test::server_address()});
    const auto nowhere = client.in_namespace("nowhere");
    try {
        static_cast<void>(nowhere.start("Order", {.id = unique("order"), .task_queue = "nobody"}));
        ADD_FAILURE() << "there is no such namespace";
    } catch (const NamespaceNotFoundError& error) {
        EXPECT_NE(std::string{error.what()}.find("nowhere"), std::string::npos);
    }
}

}  // namespace
}  // namespace hourglass
