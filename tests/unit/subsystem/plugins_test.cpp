#include "src/subsystem/plugins.hpp"

#include "hourglass/activity/catalog.hpp"
#include "hourglass/base/error.hpp"
#include "hourglass/client/interceptor.hpp"
#include "hourglass/subsystem/plugin.hpp"
#include "hourglass/worker/interceptor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::subsystem {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct OfWorker : WorkerInterceptor {};
struct OfClient : ClientInterceptor {};
struct OfBoth : ClientInterceptor, WorkerInterceptor {};

/// Adds its name to the identities, an interceptor to each, and an activity.
class Adds final : public Plugin {
public:
    explicit Adds(std::string name) : name_{std::move(name)} {}

    [[nodiscard]] std::string name() const override { return name_; }
    void configure_client(ClientOptions& options) override {
        options.identity += name_;
        options.interceptors.push_back(std::make_shared<OfClient>());
    }
    void configure_worker(WorkerOptions& options) override {
        options.identity += name_;
        if (!options.activities) {
            options.activities = activity::Catalog::definitions();
        }
        options.activities->add("audit " + name_, [] {});
    }

private:
    const std::string name_;
};

ApplicationOptions options_with(std::vector<std::shared_ptr<Plugin>> plugins) {
    ApplicationOptions options;
    options.plugins = std::move(plugins);
    return options;
}

std::string refusal_of(ApplicationOptions options) {
    try {
        static_cast<void>(configured(std::move(options)));
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return "nothing";
}

TEST(Plugins, ChangeTheOptionsOfTheClientAndOfTheDefaultWorkerInTheirOrder) {
    const auto options =
        configured(options_with({std::make_shared<Adds>("a"), std::make_shared<Adds>("b")}));
    EXPECT_EQ(options.client.identity, "ab");
    EXPECT_EQ(options.client.interceptors.size(), 2U);
    EXPECT_EQ(options.default_worker.identity, "ab");
    EXPECT_THAT(options.default_worker.activities->names(), ElementsAre("audit a", "audit b"));
}

TEST(Plugins, OfTheClientAloneActOnTheWorkersTooAndBeforeTheOthers) {
    auto options = options_with({std::make_shared<Adds>("b")});
    options.client.plugins = {std::make_shared<Adds>("a")};
    options = configured(std::move(options));
    EXPECT_EQ(options.client.identity, "ab");
    EXPECT_EQ(options.default_worker.identity, "ab");
    EXPECT_EQ(configured(WorkerOptions{.task_queue = "other"}, options).identity, "ab");
}

TEST(Plugins, OfBothListsActOnce) {
    const auto both = std::make_shared<Adds>("a");
    auto options = options_with({std::make_shared<Adds>("b"), both});
    options.client.plugins = {both};
    options = configured(std::move(options));
    EXPECT_EQ(options.client.identity, "ab");
    EXPECT_EQ(options.default_worker.identity, "ab");
}

TEST(Plugins, HaveActedOnceTheClientIsMadeOfTheOptions) {
    auto options = options_with({std::make_shared<Adds>("a")});
    options = configured(std::move(options));
    EXPECT_TRUE(options.client.plugins.empty());
}

TEST(Plugins, OfAClientThatAreNoWorkersLeaveTheWorkersAlone) {
    class OfClientOnly final : public ClientPlugin {
    public:
        [[nodiscard]] std::string name() const override { return "client only"; }
        void configure_client(ClientOptions& options) override { options.identity = "ada"; }
    };
    ApplicationOptions options;
    options.client.plugins = {std::make_shared<OfClientOnly>()};
    options = configured(std::move(options));
    EXPECT_EQ(options.client.identity, "ada");
    EXPECT_EQ(options.default_worker.identity, "");
}

TEST(Plugins, DoNotHearOfADefaultWorkerThatIsNotStarted) {
    for (bool ApplicationOptions::* const off :
         {&ApplicationOptions::start_runtime, &ApplicationOptions::start_default_worker}) {
        auto options = options_with({std::make_shared<Adds>("a")});
        options.*off = false;
        options = configured(std::move(options));
        EXPECT_EQ(options.default_worker.identity, "");
        EXPECT_FALSE(options.default_worker.activities);
        EXPECT_EQ(options.client.identity, "a");
    }
}

TEST(Plugins, ChangeTheOptionsOfAWorkerThatIsStartedLater) {
    const auto options = configured(options_with({std::make_shared<Adds>("a")}));
    EXPECT_EQ(configured(WorkerOptions{.task_queue = "other"}, options).identity, "a");
}

TEST(Plugins, AreRefusedIfTheyAreNullOrHaveNoNameOfTheirOwn) {
    EXPECT_THAT(refusal_of(options_with({nullptr})), HasSubstr("plugins is null"));
    EXPECT_THAT(
        refusal_of(options_with({std::make_shared<Adds>("")})), HasSubstr("has an empty name")
    );
    EXPECT_THAT(
        refusal_of(options_with({std::make_shared<Adds>("a"), std::make_shared<Adds>("a")})),
        HasSubstr("two of ApplicationOptions::plugins are called 'a'")
    );
    auto two_lists = options_with({std::make_shared<Adds>("a")});
    two_lists.client.plugins = {std::make_shared<Adds>("a")};
    EXPECT_THAT(
        refusal_of(std::move(two_lists)), HasSubstr("two of ClientOptions::plugins are called 'a'")
    );
}

TEST(ClientInterceptorsThatAreAWorkersToo, StandAroundTheWorkersOutermostAndOnce) {
    const auto both = std::make_shared<OfBoth>();
    const auto named = std::make_shared<OfBoth>();
    const auto own = std::make_shared<OfWorker>();
    ApplicationOptions options;
    options.client.interceptors = {std::make_shared<OfClient>(), both, named};
    options.default_worker.interceptors = {own, named};
    EXPECT_THAT(
        configured(std::move(options)).default_worker.interceptors, ElementsAre(both, own, named)
    );
}

TEST(ClientInterceptorsThatAreAWorkersToo, StandAroundTheWorkersOnceIfTheClientHasThemTwice) {
    const auto both = std::make_shared<OfBoth>();
    ApplicationOptions options;
    options.client.interceptors = {both, both};
    const auto made = configured(std::move(options));
    EXPECT_THAT(made.default_worker.interceptors, ElementsAre(both));
    EXPECT_EQ(made.client.interceptors.size(), 2U);
}

}  // namespace
}  // namespace hourglass::subsystem
