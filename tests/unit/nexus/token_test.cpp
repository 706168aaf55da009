#include "src/nexus/token.hpp"

#include "src/nexus/base64url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hourglass::nexus {
namespace {

TEST(OperationTokenTest, IsWhatTheOtherSdksWriteAndRead) {
    // As Python's OperationToken and Go's give it.
    EXPECT_EQ(
        to_text(OperationToken{.workflow_namespace = "default", .workflow_id = "order-7"}),
        "eyJ0IjoxLCJucyI6ImRlZmF1bHQiLCJ3aWQiOiJvcmRlci03In0"
    );
}

TEST(OperationTokenTest, ComesBackAsItWent) {
    for (const char* const id : {"o", "or", "ord", "über ~?>", "\"quoted\""}) {
        const OperationToken token{.workflow_namespace = "n", .workflow_id = id};
        EXPECT_EQ(parse_token(to_text(token)), token) << id;
    }
}

TEST(OperationTokenTest, OfAnythingElseIsNone) {
    EXPECT_EQ(parse_token(""), std::nullopt);
    EXPECT_EQ(parse_token("no base64 !"), std::nullopt);
    for (const char* const json : {
             R"(no json)",
             R"([1])",
             R"({"t":2,"ns":"default","wid":"order-7"})",
             R"({"t":1,"ns":"default","wid":""})",
             R"({"t":1,"wid":"order-7"})",
             R"({"t":"1","ns":"default","wid":"order-7"})",
             R"({"v":1,"t":1,"ns":"default","wid":"order-7"})",
         }) {
        EXPECT_EQ(parse_token(to_base64url(json)), std::nullopt) << json;
    }
    EXPECT_NE(
        parse_token(to_base64url(R"({"v":0,"t":1,"ns":"default","wid":"order-7"})")), std::nullopt
    );
}

}  // namespace
}  // namespace hourglass::nexus
