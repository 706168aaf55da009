#include "src/core/callback.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace hourglass::core {
namespace {

TEST(Callback, OwnsWhatCannotBeCopied) {
    std::string got;
    BytesCallback callback = [&got, owned = std::make_unique<int>(3)](BytesResult result) {
        got = result.has_value() ? "bytes" : result.error().message + std::to_string(*owned);
    };
    BytesCallback moved = std::move(callback);
    EXPECT_FALSE(callback);  // NOLINT(bugprone-use-after-move): that is what is tested
    moved(failure(CallError{.status = Status::Timeout, .message = "late"}));
    EXPECT_EQ(got, "late3");
}

TEST(OwnedBytes, AreEmptyWhenNothingIsOwned) {
    OwnedBytes bytes;
    EXPECT_TRUE(bytes.view().empty());
    const OwnedBytes moved = std::move(bytes);
    EXPECT_EQ(moved.to_string(), "");
}

TEST(Status, HasAText) {
    EXPECT_EQ(to_text(Status::StaleHandle), "StaleHandle");
    EXPECT_EQ(to_text(Status::Ok), "Ok");
}

}  // namespace
}  // namespace hourglass::core
