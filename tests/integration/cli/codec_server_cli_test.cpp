// The command `temporal` reads what a program has encrypted, by way of `hourglass codec-server`.

#include "tests/support/child_process.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"
#include <hourglass/codec/aes_gcm_codec.hpp>
#include <hourglass/hourglass.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace {

namespace hg = hourglass;
using hg::test::ChildProcess;
using hg::test::run;
using hg::test::TemporaryFolder;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kToken = "open-sesame";
constexpr auto kArgument = "the safe is open";
// "\"the safe is open\""
constexpr auto kArgumentInBase64 = "InRoZSBzYWZlIGlzIG9wZW4i";

std::string text_of(const std::string& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

TEST(TheCodecServer, LetsTheCommandTemporalReadAHistory) {
    const TemporaryFolder folder;
    const std::string key(32, 'k');
    folder.write("key", key);
    folder.write("token", kToken);
    const std::string output = folder.path() + "/output";
    ChildProcess server{
        {HOURGLASS_COMMAND,
         "codec-server",
         "--port",
         "0",
         "--aes-key",
         "2026=" + folder.path() + "/key",
         "--token-file",
         folder.path() + "/token"},
        output
    };
    ASSERT_TRUE(hg::test::eventually([&] {
        return !server.runs() || text_of(output).find('\n') != std::string::npos;
    }));
    const std::string told = text_of(output);
    const auto begin = told.find("http://");
    ASSERT_NE(begin, std::string::npos) << told;
    const std::string endpoint = told.substr(begin, told.find('\n') - begin);

    hg::ClientOptions options{.address = hg::test::server_address()};
    options.data.codecs = {hg::aes_gcm_codec({.key_id = "2026", .keys = {{"2026", key}}})};
    const std::string id = hg::test::unique("codec-server");
    const hg::Client client = hg::Client::connect(options);
    const auto handle = client.start("Sealed", {.id = id, .task_queue = id}, kArgument);

    const char* const temporal = std::getenv("HOURGLASS_TEST_TEMPORAL");
    ASSERT_NE(temporal, nullptr) << "scripts/test integration sets it";
    const std::string show = std::string{temporal} + " workflow show --output json --address " +
                             hg::test::server_address() + " --workflow-id " + id;
    const auto shows_it = AnyOf(HasSubstr(kArgument), HasSubstr(kArgumentInBase64));
    const auto sealed = run(show);
    EXPECT_EQ(sealed.code, 0) << sealed.output;
    EXPECT_THAT(sealed.output, Not(shows_it));
    const std::string through = show + " --codec-endpoint " + endpoint + " --codec-auth ";
    const auto opened = run(through + "'Bearer " + kToken + "'");
    EXPECT_EQ(opened.code, 0) << opened.output;
    EXPECT_THAT(opened.output, shows_it);
    EXPECT_THAT(run(through + "'Bearer wrong'").output, Not(shows_it));
    handle.terminate();
}

}  // namespace
