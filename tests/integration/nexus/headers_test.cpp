// What of an operation's call is readable in the history.
#include "tests/integration/nexus/shop.hpp"
#include <hourglass/codec/aes_gcm_codec.hpp>

#include <string>

namespace shop {
namespace {

using HeadersOfOperations = ShopTest;

TEST_F(HeadersOfOperations, StandInTheHistoryWhereTheRestIsEncrypted) {
    hg::DataOptions data;
    data.codecs = {hg::aes_gcm_codec({.key_id = "k", .keys = {{"k", std::string(32, 'k')}}})};
    hg::WorkerOptions worker;
    worker.nexus_services.add("shop", "ask", [](std::string article) {
        return "secret " + article + " of " + nexus::info().headers.at("tenant");
    });
    start_app(worker, data);
    const auto handle = start_call("ask", "secret socks");
    EXPECT_EQ(handle.result(), "secret secret socks of blue");
    const std::string history = handle.history().serialized();
    EXPECT_THAT(history, HasSubstr("tenant"));
    EXPECT_THAT(history, HasSubstr("blue"));
    EXPECT_THAT(history, ::testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace shop
