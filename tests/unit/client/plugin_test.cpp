#include "hourglass/client/plugin.hpp"

#include "hourglass/client/client.hpp"
#include "hourglass/client/interceptor.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::client {
namespace {

using testing::HasSubstr;

/// Answers by itself, so that no server is needed.
class Answers final : public ClientInterceptor {
public:
    Future<Count> count_workflows(
        CountWorkflowsCall /*call*/, Next<CountWorkflowsCall, Future<Count>> /*next*/
    ) override {
        Promise<Count> known;
        known.set_value(Count{.total = 7});
        return known.future();
    }
};

class Adds final : public ClientPlugin {
public:
    explicit Adds(std::string name) : name_{std::move(name)} {}
    [[nodiscard]] std::string name() const override { return name_; }
    void configure_client(ClientOptions& options) override {
        options.identity += name_;
        options.interceptors.push_back(std::make_shared<Answers>());
    }

private:
    const std::string name_;
};

class Throws final : public ClientPlugin {
public:
    [[nodiscard]] std::string name() const override { return "throws"; }
    void configure_client(ClientOptions& /*options*/) override {
        throw std::runtime_error{"no key in the vault"};
    }
};

ClientOptions options_with(std::vector<std::shared_ptr<ClientPlugin>> plugins) {
    ClientOptions options;
    options.lazy = true;
    options.plugins = std::move(plugins);
    return options;
}

#ifndef HOURGLASS_TEST_UNDER_TSAN  // it sees what Rust does with memory, but not how Rust locks

TEST(ClientPlugins, ChangeTheOptionsOfAClientInTheirOrder) {
    const Client client =
        Client::connect(options_with({std::make_shared<Adds>("a"), std::make_shared<Adds>("b")}));
    EXPECT_EQ(client.identity(), "ab");
    EXPECT_EQ(client.count_workflows().total, 7);
}

TEST(ClientPlugins, ActOnEachClientThatIsConnectedWithThemAnew) {
    const ClientOptions options = options_with({std::make_shared<Adds>("a")});
    EXPECT_EQ(Client::connect(options).identity(), "a");
    EXPECT_EQ(Client::connect(options).identity(), "a");
}

#endif

TEST(ClientPlugins, ThatThrowFailTheConnect) {
    auto failed = Client::connect_async(options_with({std::make_shared<Throws>()}));
    EXPECT_THROW((void)failed.get(), std::runtime_error);
}

TEST(ClientPlugins, AreRefusedIfTheyAreNullOrHaveNoNameOfTheirOwn) {
    const auto refusal_of = [](ClientOptions options) {
        return std::string{thrown_by<ConfigurationError>([&] {
                               (void)Client::connect(std::move(options));
                           }).what()};
    };
    EXPECT_THAT(
        refusal_of(options_with({nullptr})), HasSubstr("one of ClientOptions::plugins is null")
    );
    EXPECT_THAT(
        refusal_of(options_with({std::make_shared<Adds>("")})), HasSubstr("has an empty name")
    );
    EXPECT_THAT(
        refusal_of(options_with({std::make_shared<Adds>("a"), std::make_shared<Adds>("a")})),
        HasSubstr("two of ClientOptions::plugins are called 'a'")
    );
}

}  // namespace
}  // namespace hourglass::client
