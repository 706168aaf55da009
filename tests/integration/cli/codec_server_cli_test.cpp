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
#include <memory>
#include <string>
#include <vector>

namespace codec_server_cli {

struct ShutSafe {
    hourglass::Task<void> run() {
        throw hourglass::ApplicationError{"the safe is shut", {.type = "Shut"}};
        co_return;
    }
};

}  // namespace codec_server_cli

HOURGLASS_WORKFLOW(codec_server_cli::ShutSafe, run);

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

class TheCodecServer : public ::testing::Test {
protected:
    void SetUp() override {
        folder_.write("key", key_);
        folder_.write("token", kToken);
        const std::string output = folder_.path() + "/output";
        server_ = std::make_unique<ChildProcess>(
            std::vector<std::string>{
                HOURGLASS_COMMAND,
                "codec-server",
                "--port",
                "0",
                "--aes-key",
                "2026=" + folder_.path() + "/key",
                "--token-file",
                folder_.path() + "/token"
            },
            output
        );
        ASSERT_TRUE(hg::test::eventually([&] {
            return !server_->runs() || text_of(output).find('\n') != std::string::npos;
        }));
        const std::string told = text_of(output);
        const auto begin = told.find("http://");
        ASSERT_NE(begin, std::string::npos) << told;
        endpoint_ = told.substr(begin, told.find('\n') - begin);
        ASSERT_NE(std::getenv("HOURGLASS_TEST_TEMPORAL"), nullptr)
            << "scripts/test integration sets it";
    }

    [[nodiscard]] hg::ClientOptions client_options() const {
        hg::ClientOptions options{.address = hg::test::server_address()};
        options.data.codecs = {hg::aes_gcm_codec({.key_id = "2026", .keys = {{"2026", key_}}})};
        options.data.encode_failure_attributes = true;
        return options;
    }
    /// `temporal workflow COMMAND` of the workflow.
    [[nodiscard]] std::string temporal(const std::string& command) const {
        return std::string{std::getenv("HOURGLASS_TEST_TEMPORAL")} + " workflow " + command +
               " --address " + hg::test::server_address() + " --workflow-id " + id_;
    }
    /// What makes it ask this server, with a token.
    [[nodiscard]] std::string through(const std::string& token) const {
        return " --codec-endpoint " + endpoint_ + " --codec-auth 'Bearer " + token + "'";
    }

    const TemporaryFolder folder_;
    const std::string key_ = std::string(32, 'k');
    const std::string id_ = hg::test::unique("codec-server");
    std::unique_ptr<ChildProcess> server_;
    std::string endpoint_;
};

TEST_F(TheCodecServer, LetsTheCommandTemporalReadAHistory) {
    const hg::Client client = hg::Client::connect(client_options());
    const auto handle = client.start("Sealed", {.id = id_, .task_queue = id_}, kArgument);

    const std::string show = temporal("show --output json");
    const auto shows_it = AnyOf(HasSubstr(kArgument), HasSubstr(kArgumentInBase64));
    const auto sealed = run(show);
    EXPECT_EQ(sealed.code, 0) << sealed.output;
    EXPECT_THAT(sealed.output, Not(shows_it));
    const auto opened = run(show + through(kToken));
    EXPECT_EQ(opened.code, 0) << opened.output;
    EXPECT_THAT(opened.output, shows_it);
    EXPECT_THAT(run(show + through("wrong")).output, Not(shows_it));
    handle.terminate();
}

TEST_F(TheCodecServer, DoesNotLetItShowAFailureInAResult) {
    hg::ApplicationOptions options;
    options.client = client_options();
    options.default_worker.task_queue = id_;
    const hg::Application app{options};
    const auto handle =
        app.client().start<&codec_server_cli::ShutSafe::run>({.id = id_, .task_queue = id_});
    EXPECT_THROW(handle.result(), hg::WorkflowFailedError);

    const auto [code, output] = run(temporal("result") + through(kToken));
    EXPECT_NE(code, 0) << output;
    EXPECT_THAT(output, HasSubstr("Encoded failure"));
    EXPECT_THAT(output, Not(HasSubstr("the safe is shut")));
}

}  // namespace
