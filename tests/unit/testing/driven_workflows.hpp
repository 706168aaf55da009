#pragma once

#include "hourglass/hourglass.hpp"

#include <chrono>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace driven {

namespace hg = hourglass;
using namespace std::chrono_literals;

std::string charge(std::string card, int cents);
inline std::string weigh(std::string parcel) {
    return parcel + " weighs 2 kg";
}

/// Until the test lets it go.
inline std::promise<void> let_go;
inline void waits() {
    let_go.get_future().wait();
}

// [workflow]
class Checkout {
public:
    hg::Task<std::string> run(std::string card, int cents) {
        co_await hg::workflow::wait_condition([this] { return approver_.has_value(); });
        status_ = "charging";
        const hg::workflow::ActivityOptions options{.start_to_close_timeout = 30s};
        std::string receipt =
            co_await hg::workflow::execute_activity<&charge>(options, card, cents);
        status_ = "charged";
        co_await hg::workflow::sleep(24h);
        co_return receipt + ", approved by " + *approver_;
    }
    void approve(std::string name) { approver_ = std::move(name); }
    std::string status() const { return status_; }

private:
    std::optional<std::string> approver_;
    std::string status_ = "waiting";
};
// [workflow]

/// Ends when it has been told to; takes updates meanwhile.
class Account {
public:
    hg::Task<int> run() {
        co_await hg::workflow::wait_condition([this] { return closed_; });
        co_return balance_;
    }
    int pay_in(int cents) { return balance_ += cents; }
    void check_cents(int cents) const {
        if (cents <= 0) {
            throw hg::ApplicationError{"that is no money"};
        }
    }
    hg::Task<std::string> pay_by_card(int cents) {
        const hg::workflow::ActivityOptions options{.start_to_close_timeout = 30s};
        std::string receipt =
            co_await hg::workflow::execute_activity<&charge>(options, "visa", cents);
        balance_ += cents;
        co_return receipt;
    }
    void close() { closed_ = true; }
    int balance() const { return balance_; }
    int fails() const { throw hg::ApplicationError{"no such thing"}; }

private:
    int balance_ = 0;
    bool closed_ = false;
};

/// Begins whatever it is told to by a signal.
class DoesAsTold {
public:
    hg::Task<std::string> run() {
        co_await hg::workflow::wait_condition([this] { return !task_.empty(); });
        if (task_ == "child") {
            std::string result = co_await hg::workflow::execute_child<std::string>(
                "Invoice", {.id = "invoice-7"}, 7
            );
            co_return result;
        }
        if (task_ == "twins") {
            const auto first = hg::workflow::execute_child<std::string>("Invoice", {.id = "one"});
            const auto second = hg::workflow::execute_child<std::string>("Invoice", {.id = "two"});
            const std::string one = co_await first;
            const std::string two = co_await second;
            co_return one + two;
        }
        if (task_ == "for ever") {
            const auto never = hg::workflow::start_timer(std::chrono::nanoseconds::max());
            co_await hg::workflow::sleep(1s);
            never.cancel();
            co_return "a second later";
        }
        if (task_ == "other") {
            const auto other = hg::workflow::external_workflow("other");
            co_await other.signal("poke", 1);
            co_await other.cancel();
            co_return "told";
        }
        if (task_ == "nexus") {
            const auto prod = hg::workflow::nexus_client("prod", "greetings");
            const auto called = prod.execute<std::string>("greet", {}, "ada");
            std::string greeting = co_await called;
            co_return greeting;
        }
        if (task_ == "local") {
            std::string weight = co_await hg::workflow::execute_local_activity<&weigh>(
                {.start_to_close_timeout = 10s}, "parcel"
            );
            co_return weight;
        }
        if (task_ == "nothing") {
            co_await hg::workflow::execute_activity<void>("undo", {.start_to_close_timeout = 30s});
            co_await hg::workflow::execute_child<void>("Archive", {.id = "archive"});
            co_return "nothing came back";
        }
        if (task_ == "slow") {
            co_await hg::workflow::execute_local_activity<&waits>({.start_to_close_timeout = 60s});
            co_return "at last";
        }
        if (task_ == "block") {
            waits();
        }
        if (task_ == "again") {
            hg::workflow::continue_as_new<&DoesAsTold::run>({});
        }
        if (task_ == "fail") {
            throw hg::ApplicationError{"as told"};
        }
        throw std::logic_error{"nobody told it what to do"};
    }
    void tell(std::string task) { task_ = std::move(task); }

private:
    std::string task_;
};

/// How often a run began, and which way it takes: state outside of the workflow.
inline int begun = 0;
inline bool takes_another_way = false;

class Counts {
public:
    hg::Task<int> run() {
        ++begun;
        const hg::workflow::ActivityOptions options{.start_to_close_timeout = 30s};
        if (takes_another_way) {
            co_await hg::workflow::sleep(1s);
        }
        const std::string first =
            co_await hg::workflow::execute_activity<&charge>(options, "first", 1);
        const std::string second =
            co_await hg::workflow::execute_activity<&charge>(options, "second", 2);
        co_return static_cast<int>(first.size() + second.size());
    }
};

class WaitsForActivityOrCancellation {
public:
    hg::Task<std::string> run() {
        const hg::workflow::ActivityOptions options{
            .start_to_close_timeout = 30s,
            .cancellation_type = hg::workflow::ActivityCancellationType::WaitCancellationCompleted
        };
        std::string receipt = co_await hg::workflow::execute_activity<&charge>(options, "visa", 1);
        co_return receipt;
    }
};

/// What `function` throws says, if it is an E.
template <class E, class F>
std::string message_of(F function) {
    try {
        function();
    } catch (const E& error) {
        return error.what();
    }
    return "nothing was thrown";
}

}  // namespace driven

HOURGLASS_WORKFLOW(driven::Checkout, run, signals(approve), queries(status));
HOURGLASS_WORKFLOW(
    driven::Account,
    run,
    signals(close),
    queries(balance, fails),
    updates(validated(pay_in, check_cents), pay_by_card)
);
HOURGLASS_WORKFLOW(driven::DoesAsTold, run, signals(tell));
HOURGLASS_WORKFLOW(driven::Counts, run);
HOURGLASS_WORKFLOW(driven::WaitsForActivityOrCancellation, run);
HOURGLASS_ACTIVITY(driven::weigh);
HOURGLASS_ACTIVITY(driven::waits);
