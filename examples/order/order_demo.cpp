// The driver of the demo: starts two orders, talks to them, has the worker's BridgeHolder killed on
// the way, and counts the effects that the activities left in the ledger. Exit code 0 only if
// everything is as it should be.
#include "order_workflow.hpp"
#include <hourglass/hourglass.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using order::OrderWorkflow;

void say(const std::string& line) {
    std::cout << line + "\n" << std::flush;
}

void expect(bool holds, const std::string& what) {
    if (!holds) {
        throw std::runtime_error{"the demo went wrong: expected " + what};
    }
}

std::string required(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) {
        throw std::runtime_error{std::string{"set "} + name + "; scripts/demo does"};
    }
    return value;
}

template <class Handle>
void wait_for_progress(const Handle& handle, const std::string& wanted) {
    std::string shown;
    for (int i = 0; i < 300; ++i) {
        const std::string progress = handle.template query<&OrderWorkflow::progress>();
        if (progress != shown) {
            say("query progress: " + progress);
            shown = progress;
        }
        if (progress == wanted) {
            return;
        }
        std::this_thread::sleep_for(100ms);
    }
    expect(false, "progress '" + wanted + "' within 30 s");
}

std::map<std::string, int> count_effects(const std::string& file) {
    std::map<std::string, int> counts;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);) {
        ++counts[line];
    }
    return counts;
}

void fulfil_an_order(const hg::Client& client, pid_t worker) {
    say("== order-7: activities in turn and side by side, a retry, a timer, a signal, a query, an "
        "update");
    auto handle = client.start<&OrderWorkflow::run>(
        {.id = "order-7"},
        order::Order{"7", "ada", "1 Old Street", {"lamp", "desk", "chair"}, 19900}
    );
    wait_for_progress(handle, "waiting for approval");

    try {
        handle.update<&OrderWorkflow::change_address>("");
        expect(false, "the validator to reject an empty address");
    } catch (const hg::UpdateFailedError& error) {
        say(std::string{"update with an empty address: rejected: "} + error.what());
    }
    const std::string before = handle.update<&OrderWorkflow::change_address>("2 New Street");
    say("update of the address: was '" + before + "'");
    expect(before == "1 Old Street", "the update to answer the old address");

    handle.signal<&OrderWorkflow::approve>("grace");
    say("signal approve sent");
    wait_for_progress(handle, "packing");

    say("asking the worker to kill its BridgeHolder while three items are being packed");
    kill(worker, SIGUSR1);
    const order::Receipt receipt = handle.result();
    say("result: payment " + receipt.payment_id + ", " + receipt.tracking_number + ", to " +
        receipt.address);
    expect(receipt.address == "2 New Street", "the receipt to show the new address");
    say("history: " + std::to_string(handle.history().size()) + " events on the server");
}

void cancel_an_order(const hg::Client& client) {
    say("== order-8: cancelled while it is being packed; what was done is undone (saga)");
    auto handle = client.start<&OrderWorkflow::run>(
        {.id = "order-8"}, order::Order{"8", "bob", "3 High Street", {"clock"}, 4900}
    );
    handle.signal<&OrderWorkflow::approve>("grace");
    wait_for_progress(handle, "packing");
    handle.cancel("the customer changed his mind");
    say("cancellation requested");
    try {
        handle.result();
        expect(false, "order-8 to end as cancelled");
    } catch (const hg::WorkflowFailedError& error) {
        say(std::string{"result: "} + error.what());
    }
    expect(handle.describe().status == hg::WorkflowStatus::Canceled, "the status Canceled");
}

void count_everything(const std::string& ledger) {
    say("== effects in the ledger, each of which must be there once");
    const std::map<std::string, int> counts = count_effects(ledger);
    for (const auto& [effect, count] : counts) {
        say("  " + std::to_string(count) + " x " + effect);
        expect(count == 1, "'" + effect + "' once");
    }
    for (const char* effect :
         {"reserve 7",
          "charge 7",
          "pack 7 lamp",
          "pack 7 desk",
          "pack 7 chair",
          "ship 7 to 2 New Street",
          "reserve 8",
          "charge 8",
          "refund 8",
          "release 8"}) {
        expect(counts.contains(effect), std::string{"an effect '"} + effect + "'");
    }
    expect(!counts.contains("ship 8 to 3 High Street"), "order-8 not to be shipped");
}

}  // namespace

int main() {
    try {
        const std::string ledger = required("ORDER_LEDGER");
        const auto worker = static_cast<pid_t>(std::stol(required("ORDER_WORKER_PID")));
        const hg::Client client = hg::Client::connect(hg::ClientOptions::from_environment());
        fulfil_an_order(client, worker);
        cancel_an_order(client);
        count_everything(ledger);
        say("the demo went as it should");
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
