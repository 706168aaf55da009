// What the network does to the connections with the server, to an application that has nothing to
// do and to one that is busy: nothing in the tree is restarted, the worker is there again soon
// after the network is, every workflow ends with the right result, and the log says what happened
// once.
#include "outage_subject.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/repeated_lines.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::TcpProxy;
using Clock = OutageSubject::Clock;
using Fault = TcpProxy::Fault;
using std::chrono::milliseconds;

std::uint16_t server_port() {
    const std::string address = hg::test::server_address();
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

/// A workflow task that the server hands to a connection as it breaks is lost, and comes again
/// after its timeout. It takes a server of several services longer to notice.
constexpr milliseconds kLostTask{10'000};

class NetworkFaultTest : public ::testing::Test {
protected:
    /// Breaks the network for that long, and lets it heal.
    void break_for(Fault fault, milliseconds time) {
        begin_ = Clock::now();
        proxy_.set(fault);
        busy_.start_orders(5);
        std::this_thread::sleep_for(time);
        proxy_.set(Fault::None);
        healed_ = Clock::now();
    }

    void expect_recovery(Clock::time_point since, milliseconds within) {
        idle_.start_probe();
        busy_.start_probe();
        const milliseconds idle = idle_.probe_finished_after(since);
        const milliseconds busy = busy_.probe_finished_after(since);
        std::cout << "recovered after " << idle.count() << " ms (idle), " << busy.count()
                  << " ms (busy)\n";
        EXPECT_LE(idle, within);
        EXPECT_LE(busy, within + kLostTask);
    }

    void expect_all_is_well() {
        busy_.expect_orders_finish();
        idle_.expect_tree_untouched();
        busy_.expect_tree_untouched();
        const auto lines = lines_.at_least(hg::log::Level::Info);
        EXPECT_THAT(hg::test::repeated_lines(lines, 1), ::testing::IsEmpty());
    }

    hg::test::LogLines lines_;
    TcpProxy proxy_{server_port()};
    OutageSubject idle_{"idle", reach(), hg::test::server_address()};
    OutageSubject busy_{"busy", reach(), hg::test::server_address()};
    Clock::time_point begin_;
    Clock::time_point healed_;

    // Calls under way outlast what is done here.
    hg::ClientOptions reach() const { return {.address = proxy_.address(), .rpc_timeout = 60s}; }
};

/// What a next try may have to wait for after an outage of that length, and 2 s.
milliseconds soon_after(milliseconds outage) {
    return std::min(milliseconds{12'000}, outage * 6 / 5 + 500ms) + 2s;
}

class ShortFault : public NetworkFaultTest, public ::testing::WithParamInterface<Fault> {};

TEST_P(ShortFault, IsSurvived) {
    constexpr milliseconds kOutage{2'500};
    busy_.start_orders(10);
    busy_.wait_for_orders();
    break_for(GetParam(), kOutage);
    expect_recovery(healed_, soon_after(kOutage));
    expect_all_is_well();
}

INSTANTIATE_TEST_SUITE_P(
    All,
    ShortFault,
    ::testing::Values(Fault::Delay, Fault::Reset, Fault::HalfClose, Fault::Refuse),
    [](const auto& fault) {
        switch (fault.param) {
            case Fault::Delay:
                return "Delay";
            case Fault::Reset:
                return "Reset";
            case Fault::HalfClose:
                return "HalfClose";
            default:
                return "Refuse";
        }
    }
);

TEST(BlackholeTest, IsNoticedByTheKeepAlive) {
    hg::test::LogLines lines;
    TcpProxy proxy{server_port()};
    hg::ClientOptions reach{.address = proxy.address(), .rpc_timeout = 90s};
    OutageSubject idle{"idle", reach, hg::test::server_address()};
    reach.keep_alive = {.interval = 10s, .timeout = 2s};
    OutageSubject busy{"busy", reach, hg::test::server_address()};
    busy.start_orders(10);
    busy.wait_for_orders();

    const auto begin = Clock::now();
    proxy.set(Fault::Blackhole);
    busy.start_orders(5);
    proxy.set(Fault::None);  // for new connections; what was there stays dead for its client
    std::this_thread::sleep_for(500ms);  // the server forgets the polls that came over them
    busy.start_probe();
    idle.start_probe();
    const milliseconds noticed_by_busy = busy.probe_finished_after(begin);
    busy.expect_orders_finish();
    const milliseconds noticed_by_idle = idle.probe_finished_after(begin);
    std::cout << "recovered after " << noticed_by_idle.count() << " ms (30 s + 15 s), "
              << noticed_by_busy.count() << " ms (10 s + 2 s)\n";
    EXPECT_LE(noticed_by_busy, 12s + 2s);
    EXPECT_LE(noticed_by_idle, 45s + 2s);
    idle.expect_tree_untouched();
    busy.expect_tree_untouched();
    const auto said = lines.at_least(hg::log::Level::Info);
    EXPECT_THAT(hg::test::repeated_lines(said, 1), ::testing::IsEmpty());
}

TEST(StoppingTest, EndsInTimeWhileTheServerIsAway) {
    TcpProxy proxy{server_port()};
    OutageSubject subject{"stopping", {.address = proxy.address()}, hg::test::server_address()};
    flows::activity_gate().close();
    auto patient = subject.app().client().start<&Patient::run>(
        {.id = hg::test::unique("stopping"), .task_queue = subject.queue()}, "x"
    );
    ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
    subject.start_orders(3);
    proxy.set(Fault::Refuse);
    flows::activity_gate().open();  // its result cannot be sent
    const auto begin = Clock::now();
    subject.app().stop();
    EXPECT_LE(Clock::now() - begin, 30s);
    hg::Client::connect({.address = hg::test::server_address()})
        .handle(patient.id())
        .terminate("test");
}

}  // namespace
}  // namespace chaos
