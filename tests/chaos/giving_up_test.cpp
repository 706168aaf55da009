// A tree that gives up ends its program, in order and in time, and a service manager that starts
// the program again gets everything going: nothing is lost.
#include "flows.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <signal.h>
#include <string>
#include <utility>
#include <vector>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using hg::test::ChildProcess;
using hg::test::unique;

/// As systemd with Restart=on-failure: starts the program again when it has failed, until it ends
/// well.
class ServiceManager {
public:
    ServiceManager(std::vector<std::string> command, std::string output)
        : command_{std::move(command)}, output_{std::move(output)} {
        start();
    }

    void signal(int number) const { program_->signal(number); }

    /// Waits until the program ends, and starts it again if that was a failure.
    /// @returns its exit code.
    int wait_and_restart() {
        const int code = program_->wait();
        if (code != 0) {
            start();
        }
        return code;
    }

private:
    void start() { program_.emplace(command_, output_); }

    std::vector<std::string> command_;
    std::string output_;
    std::optional<ChildProcess> program_;
};

class GivingUpTest : public ::testing::Test {
protected:
    ~GivingUpTest() override { std::filesystem::remove_all(folder_); }

    std::string log() const {
        std::ifstream file{folder_ / "log"};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    void start_orders(int count) {
        for (int i = 0; i < count; ++i) {
            ids_.push_back(unique("given-up"));
            orders_.push_back(
                client_.start<&Order::run>({.id = ids_.back(), .task_queue = queue_}, ids_.back())
            );
            orders_.back().signal<&Order::add>(1);
        }
    }

    void expect_orders_finish() {
        for (std::size_t i = 0; i < orders_.size(); ++i) {
            orders_[i].signal<&Order::add>(10);
            EXPECT_EQ(orders_[i].result(), expected_result(ids_[i]));
        }
        orders_.clear();
        ids_.clear();
    }

    const std::filesystem::path folder_ = hg::test::new_temporary_folder();
    const std::string queue_ = unique("given-up");
    const hg::Client client_ = hg::Client::connect({.address = hg::test::server_address()});
    ServiceManager manager_{{HOURGLASS_GIVING_UP_WORKER, queue_}, (folder_ / "log").string()};
    std::vector<std::string> ids_;
    std::vector<hg::WorkflowHandle<&Order::run>> orders_;
};

TEST_F(GivingUpTest, TheProgramEndsInOrderAndItsSuccessorFinishesAllWork) {
    start_orders(1);
    expect_orders_finish();  // it works
    for (int round = 0; round < 2; ++round) {
        start_orders(10);
        const auto broken = Clock::now();
        manager_.signal(SIGUSR1);
        start_orders(5);
        EXPECT_EQ(manager_.wait_and_restart(), 70) << log();
        const auto ended = Clock::now() - broken;
        std::cout << "ended "
                  << std::chrono::duration_cast<std::chrono::milliseconds>(ended).count()
                  << " ms after it was broken\n";
        EXPECT_LT(ended, 15s);
        expect_orders_finish();
    }
    manager_.signal(SIGTERM);
    EXPECT_EQ(manager_.wait_and_restart(), 0) << log();
    EXPECT_THAT(
        log(),
        ::testing::AllOf(
            ::testing::HasSubstr("a part of the supervision tree gave up"),
            ::testing::HasSubstr("Runtime"),
            ::testing::HasSubstr("killed")
        )
    );
}

}  // namespace
}  // namespace chaos
