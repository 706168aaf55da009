#include "src/subsystem/stop_signals.hpp"

#include "tests/support/forked.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <signal.h>
#include <thread>
#include <unistd.h>

namespace hourglass::subsystem {
namespace {

using test::end_of;
using test::forked;

std::atomic<int> to_the_program{0};
void handler_of_the_program(int /*signal*/) {
    ++to_the_program;
}

TEST(StopSignals, HearsOfSigtermAndSigint) {
    for (const int signal : {SIGTERM, SIGINT}) {
        StopSignals signals;
        ::raise(signal);
        EXPECT_EQ(signals.wait(), signal);
    }
}

TEST(StopSignals, CanBeWokenAlsoBeforeItWaits) {
    StopSignals signals;
    signals.waker()();
    EXPECT_EQ(signals.wait(), 0);
    std::jthread other{[wake = signals.waker()] { wake(); }};
    EXPECT_EQ(signals.wait(), 0);
}

TEST(StopSignals, ReachEveryoneWhoWaits) {
    StopSignals one;
    StopSignals other;
    ::raise(SIGTERM);
    EXPECT_EQ(one.wait(), SIGTERM);
    EXPECT_EQ(other.wait(), SIGTERM);
}

TEST(StopSignals, EndsTheProgramAtTheSecondSignalAndAtAnyWhileItStops) {
    EXPECT_EQ(
        end_of(forked([] {
            StopSignals signals;
            ::raise(SIGTERM);
            ::raise(SIGINT);
            return 0;
        })),
        "status " + std::to_string(128 + SIGINT)
    );
    EXPECT_EQ(
        end_of(forked([] {
            StopSignals signals;
            signals.stopping();
            ::raise(SIGTERM);
            return 0;
        })),
        "status " + std::to_string(128 + SIGTERM)
    );
}

TEST(StopSignals, GivesTheProgramItsHandlersBack) {
    struct sigaction before{};
    struct sigaction own{};
    own.sa_handler = handler_of_the_program;
    ::sigaction(SIGTERM, &own, &before);
    to_the_program = 0;
    {
        StopSignals signals;
        ::raise(SIGTERM);
        EXPECT_EQ(to_the_program, 0);
    }
    ::raise(SIGTERM);
    EXPECT_EQ(to_the_program, 1);
    ::sigaction(SIGTERM, &before, nullptr);
}

TEST(StopSignals, OfAForkedChildAreItsOwn) {
    StopSignals signals;
    EXPECT_EQ(
        end_of(forked([] {
            ::raise(SIGTERM);
            return 0;
        })),
        "SIGTERM"
    ) << "it ends, as it would without a parent that listens";
    EXPECT_EQ(
        end_of(forked([] {
            StopSignals its;
            ::raise(SIGTERM);
            return its.wait() == SIGTERM ? 0 : 1;
        })),
        "status 0"
    );
    signals.waker()();
    EXPECT_EQ(signals.wait(), 0) << "the parent hears nothing of it";
}

}  // namespace
}  // namespace hourglass::subsystem
