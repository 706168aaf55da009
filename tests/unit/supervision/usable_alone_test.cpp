// The example of supervision for those who want no Temporal: it uses
// <hourglass/supervision/supervision.hpp> alone.
#include "hourglass/base/log.hpp"
#include <hourglass/supervision/supervision.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace sup = hourglass::supervision;
using namespace std::chrono_literals;

namespace {

// A process: private state, and member functions that others run in it, one at a time.
class Account : public sup::Process {
public:
    explicit Account(int cents) : cents_{cents} {}

    void deposit(int cents) { cents_ += cents; }
    int balance() const { return cents_; }
    void withdraw(int cents) {
        if (cents > cents_) {
            throw std::runtime_error{"overdrawn"
            };  // ends the process; its supervisor starts a new one
        }
        cents_ -= cents;
    }

private:
    int cents_;
};

TEST(SupervisionByItselfTest, RestartsAProcessThatCrashes) {
    hourglass::log::set_level(hourglass::log::Level::Off);
    sup::ThreadedSystem system;
    const auto bank =
        system
            .start<sup::Supervisor>(sup::SupervisorSpec{
                .name = "bank",
                .strategy = sup::Strategy::OneForOne,
                .children = {sup::child<Account>("ada", 100), sup::child<Account>("bob", 50)},
            })
            .get();
    const auto ada = sup::Supervisor::child(bank, "ada").get().as<Account>();

    ada.cast([](Account& account) { account.deposit(20); });  // no answer
    EXPECT_EQ(ada.call(&Account::balance).get(), 120);  // an answer, or an error, never a hang

    const auto overdrawn = ada.call([](Account& account) { account.withdraw(1000); });
    try {
        overdrawn.get();
        FAIL() << "the process ended instead of answering";
    } catch (const sup::CallError& error) {
        EXPECT_EQ(error.code(), sup::CallErrorCode::ProcessExited);
        EXPECT_EQ(error.reason().text(), "crashed: std::runtime_error: overdrawn");
    }

    EXPECT_FALSE(ada.alive());
    const auto report = sup::SupervisorBase::report(bank).get();
    EXPECT_NE(
        sup::tree_text(report).find("bob <0.3.0> worker, permanent, running, 0 restarts"),
        std::string::npos
    );
    hourglass::log::set_level(hourglass::log::Level::Info);
}

}  // namespace
