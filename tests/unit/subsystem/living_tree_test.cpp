// A tree without a runtime, and forks of the program that has it. With workers and workflows:
// tests/chaos/fork_test.cpp.
#include "src/subsystem/living_tree.hpp"

#include "hourglass/subsystem/application.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/http.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/process_view.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hourglass {
namespace {

using namespace std::chrono_literals;
using test::end_of;
using test::entries;
using test::forked;

ApplicationOptions local() {
    ApplicationOptions options;
    options.start_runtime = false;
    return options;
}

void use(const Application& app) {
    static_cast<void>(app.tree_text());
}

constexpr const char* kStale = "every handle of this process is stale";

TEST(ForkedTree, IsMadeAnewByTheFirstWhoUsesItAndSaysSoOnce) {
    Application app{local()};
    ASSERT_EQ(app.tree().children.size(), 4u);
    EXPECT_EQ(
        end_of(forked([&] {
            const test::LogLines lines;
            const bool works =
                app.tree().children.size() == 4 && app.tree().children[0].pid.alive();
            app.kill("WorkflowStateCache");
            return works && lines.count(kStale) == 1 ? 0 : 1;
        })),
        "status 0"
    );
    EXPECT_EQ(app.tree().children[0].restarts, 0u) << "the parent's goes on";
}

TEST(ForkedTree, IsMadeOnceWhenSeveralThreadsUseItAtOnce) {
    Application app{local()};
    EXPECT_EQ(
        end_of(forked([&] {
            const test::LogLines lines;
            {
                std::vector<std::jthread> users;
                for (int i = 0; i < 8; ++i) {
                    users.emplace_back([&] { use(app); });
                }
            }
            return lines.count(kStale) == 1 ? 0 : 1;
        })),
        "status 0"
    );
}

TEST(ForkedTree, IsMadeAgainInAChildOfTheChildThatUsedItOrDidNot) {
    Application app{local()};
    for (const bool used_between : {true, false}) {
        EXPECT_EQ(
            end_of(forked([&] {
                if (used_between) {
                    use(app);
                }
                return end_of(forked([&] { return app.tree().children.size() == 4 ? 0 : 1; })) ==
                               "status 0"
                           ? 0
                           : 1;
            })),
            "status 0"
        );
    }
}

TEST(ForkedTree, IsNotThereForAChildThatOnlyLeaves) {
    auto app = std::make_unique<Application>(local());
    const std::vector<std::function<int()>> ways{
        [&] {
            app.reset();
            return entries("/proc/self/task") == 1 ? 0 : 1;
        },
        [&] {
            app->stop();
            app.reset();
            return entries("/proc/self/task") == 1 ? 0 : 1;
        },
        [] { return 0; },
        [] {
            ::_exit(0);
            return 1;
        },
        [] {
            ::execl("/bin/true", "true", nullptr);
            return 1;
        },
    };
    for (const auto& way : ways) {
        EXPECT_EQ(end_of(forked(way, 10s)), "status 0");
    }
    EXPECT_EQ(app->tree().children.size(), 4u);
}

TEST(ForkedTree, StopsInTheChildAloneAndInOrder) {
    auto app = std::make_unique<Application>(local());
    EXPECT_EQ(
        end_of(forked([&] {
            use(*app);
            app->stop();
            app.reset();
            return entries("/proc/self/task") == 1 ? 0 : 1;
        })),
        "status 0"
    );
    EXPECT_EQ(app->tree().children.size(), 4u);
}

TEST(ForkedTree, OfAnApplicationThatWasStoppedIsNotStarted) {
    Application app{local()};
    app.stop();
    EXPECT_EQ(
        end_of(forked([&] {
            try {
                use(app);
            } catch (const SubsystemGaveUpError&) {
                return 0;
            }
            return 1;
        })),
        "status 0"
    );
}

TEST(ForkedTree, OfAChildThatStoppedItBeforeItsFirstUseIsNotStarted) {
    Application app{local()};
    EXPECT_EQ(
        end_of(forked([&] {
            app.stop();
            try {
                use(app);
            } catch (const SubsystemGaveUpError&) {
                return 0;
            }
            return 1;
        })),
        "status 0"
    );
}

TEST(ForkedTree, RunsUntilASignalThatIsTheChildsAlone) {
    Application app{local()};
    EXPECT_EQ(
        end_of(forked([&] {
            std::jthread sender{[] {
                while (entries("/proc/self/task") < 4) {  // until the tree's threads are there
                    std::this_thread::yield();
                }
                struct sigaction now{};
                while (::sigaction(SIGTERM, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) {
                    std::this_thread::yield();
                }
                ::kill(::getpid(), SIGTERM);
            }};
            app.run();
            return 0;
        })),
        "status 0"
    );
    EXPECT_EQ(app.tree().children.size(), 4u);
}

TEST(ForkedTree, HasAStatusPageOfItsOwnIfThePortAllowsIt) {
    auto options = local();
    options.status_page.enabled = true;
    Application app{options};
    const std::string parents = app.status_page_address();
    EXPECT_EQ(
        end_of(forked([&] {
            const std::string its = app.status_page_address();
            return its != parents && test::http(its, "/tree.json").status == 200 ? 0 : 1;
        })),
        "status 0"
    );
    EXPECT_EQ(test::http(parents, "/tree.json").status, 200);
}

TEST(ForkedTree, IsWithoutAStatusPageIfItsParentHasThePort) {
    std::string port;
    {
        auto any = local();
        any.status_page.enabled = true;
        const std::string address = Application{any}.status_page_address();
        port = address.substr(address.rfind(':') + 1);
    }
    auto options = local();
    options.status_page = {.enabled = true, .port = static_cast<std::uint16_t>(std::stoi(port))};
    auto app = std::make_unique<Application>(options);
    const auto parents = app->status_page_address();
    const pid_t child = forked([&] {
        const test::LogLines lines;
        const bool has_none = app->status_page_address().empty();
        return has_none && lines.count("this forked process has no status page") == 1 ? 0 : 1;
    });
    EXPECT_EQ(end_of(child), "status 0");
    EXPECT_EQ(test::http(parents, "/healthz").status, 200);
}

TEST(ForkedTree, TellsItsMetricsAtAnAddressOfItsOwnIfThePortAllowsIt) {
    auto options = local();
    options.telemetry.prometheus_address = "127.0.0.1:0";
    Application app{options};
    const std::string parents = app.prometheus_address();
    EXPECT_EQ(
        end_of(forked([&] {
            const std::string its = app.prometheus_address();
            return its != parents && test::http(its, "/metrics").status == 200 ? 0 : 1;
        })),
        "status 0"
    );
    EXPECT_EQ(test::http(parents, "/metrics").status, 200);
}

TEST(ForkedTree, TellsItsMetricsToNobodyIfItsParentHasThePort) {
    auto options = local();
    options.telemetry.prometheus_address = "127.0.0.1:0";
    options.telemetry.prometheus_address = Application{options}.prometheus_address();
    Application app{options};
    EXPECT_EQ(
        end_of(forked([&] {
            const test::LogLines lines;
            const bool has_none = app.prometheus_address().empty();
            return has_none && lines.count("tells its metrics to nobody") == 1 ? 0 : 1;
        })),
        "status 0"
    );
    EXPECT_EQ(test::http(app.prometheus_address(), "/metrics").status, 200);
}

TEST(AnApplication, RefusesHeartbeatsThatTheServerDoesNotTake) {
    for (const std::chrono::milliseconds interval : {0ms, 999ms, 61'000ms}) {
        auto options = local();
        options.telemetry.worker_heartbeat_interval = interval;
        EXPECT_THROW(Application{options}, ConfigurationError) << interval.count();
    }
    auto options = local();
    options.telemetry.worker_heartbeat_interval.reset();
    EXPECT_NO_THROW(Application{options});
}

// A child that lives on must not keep the parent's port.
// What the user does with a measurement may need the tree that is just starting.
TEST(ForkedTree, StartsWhileItsMeasurementsAreToldToOneWhoUsesIt) {
    auto options = local();
    std::atomic<Application*> user{nullptr};
    std::atomic<int> told{0};
    options.telemetry.measurement_interval = 10ms;
    options.telemetry.on_measurement = [&](const Measurement& /*one*/) {
        if (Application* app = user) {
            static_cast<void>(app->counters());
            ++told;
        }
    };
    Application app{options};
    user = &app;
    EXPECT_EQ(
        end_of(forked([&] {
            told = 0;
            static_cast<void>(app.tree());
            return test::eventually([&] { return told > 0; }) ? 0 : 1;
        })),
        "status 0"
    );
    user = nullptr;
}

TEST(ForkedTree, DoesNotKeepTheParentsPortTaken) {
    auto options = local();
    options.status_page.enabled = true;
    auto app = std::make_unique<Application>(options);
    const auto address = app->status_page_address();
    options.status_page.port =
        static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    int until[2];
    ASSERT_EQ(::pipe(until), 0);
    const pid_t child = forked([&] {
        ::close(until[1]);
        char byte = 0;
        return static_cast<int>(::read(until[0], &byte, 1));
    });
    app.reset();
    EXPECT_NO_THROW(Application{options}) << "the child lives";
    ::close(until[1]);
    EXPECT_EQ(end_of(child), "status 0");
    ::close(until[0]);
}

TEST(ForkedTree, BearsAForkAtAnyMoment) {
    auto options = local();
    options.threads = 4;
    Application app{options};
    std::atomic<bool> done{false};
    std::vector<std::jthread> users;
    for (int i = 0; i < 3; ++i) {
        users.emplace_back([&] {
            while (!done) {
                use(app);
                app.on_worker_lost([](const std::string&) {});
                log::debug("busy");
            }
        });
    }
    for (int i = 0; i < 30; ++i) {
        ASSERT_EQ(
            end_of(forked([&] { return app.tree().children.size() == 4 ? 0 : 1; }, 20s)), "status 0"
        );
    }
    done = true;
}

}  // namespace
}  // namespace hourglass
