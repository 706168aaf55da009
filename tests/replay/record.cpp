// Runs the workflows of tests/replay and of the examples on the server at TEMPORAL_ADDRESS, and
// writes their histories into a folder: `record FOLDER`. scripts/record-histories calls it.

#include "examples/order/ledger.hpp"
#include "examples/order/order_workflow.hpp"
#include "tests/replay/checkout.hpp"
#include "tests/replay/failing_flows.hpp"
#include "tests/replay/flows.hpp"
#include "tests/replay/nexus_flows.hpp"
#include "tests/replay/outward_flows.hpp"
#include "tests/support/search_attributes.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

namespace fs = std::filesystem;
namespace hg = hourglass;
using namespace std::chrono_literals;

class Recorder {
public:
    Recorder(hg::Client client, fs::path folder)
        : client_{std::move(client)}, folder_{std::move(folder)} {}

    [[nodiscard]] const hg::Client& client() const { return client_; }

    void write(const hg::WorkflowHistory& history, const std::string& name) const {
        // A foreign handler's stack trace says where its files are on this machine.
        using Json = nlohmann::json;
        const auto kept = [](int /*depth*/, Json::parse_event_t event, const Json& value) {
            return event != Json::parse_event_t::key || value != "stackTrace";
        };
        const auto pretty = Json::parse(history.to_json(), kept).dump(1);
        std::ofstream file{folder_ / (name + ".json")};
        if (!(file << pretty << "\n")) {
            throw std::runtime_error{"cannot write into " + folder_.string()};
        }
        std::cout << name << ": " << history.size() << " events\n";
    }

    /// Waits for the end of the workflow, whatever it is, and writes the history of the run that
    /// was started.
    template <class Handle>
    void finish(const Handle& handle) const {
        wait(handle);
        write(client_.handle(handle.id(), handle.first_execution_run_id()).history(), handle.id());
    }

    template <class Handle>
    static void wait(const Handle& handle) {
        try {
            static_cast<void>(handle.untyped().template result<void>({.timeout = 60s}));
        } catch (const hg::WorkflowFailedError& error) {
            std::cout << handle.id() << " ended: " << error.what() << "\n";
        }
    }

    /// The history must have the event before the workflow is disturbed.
    template <class Handle>
    static void wait_for_event(const Handle& handle, std::string_view type) {
        for (int tries = 0; tries < 600; ++tries) {
            for (const auto& event : handle.history().events()) {
                if (event.type == type) {
                    return;
                }
            }
            std::this_thread::sleep_for(50ms);
        }
        throw std::runtime_error{"no event " + std::string{type} + " within 30 s"};
    }

private:
    hg::Client client_;
    fs::path folder_;
};

void record_simple(const Recorder& to) {
    using namespace recorded;
    const auto& client = to.client();
    to.finish(client.start<&Activities::run>({.id = "activities"}, "text"));
    to.finish(client.start<&Timers::run>({.id = "timers"}));
    to.finish(client.start<&CancelsActivity::run>({.id = "cancels-activity"}));
    to.finish(client.start<&Continues::run>({.id = "continues"}, 1));
    to.finish(client.start<&Fails::run>({.id = "fails"}, "as wanted"));
    to.finish(client.start<&Random::run>({.id = "random"}));
    to.finish(client.start<&Mended::run>({.id = "mended"}));
}

void record_messages(const Recorder& to) {
    using recorded::Messages;
    const auto handle = to.client().start<&Messages::run>({.id = "messages"}, 4);
    handle.signal<&Messages::add>(1);
    static_cast<void>(handle.query<&Messages::sum>());
    static_cast<void>(handle.update<&Messages::add_and_sum>(2));
    try {
        static_cast<void>(handle.update<&Messages::add_and_sum>(-1));
    } catch (const hg::UpdateFailedError& error) {
        std::cout << "rejected: " << error.what() << "\n";
    }
    handle.signal<&Messages::add>(3);
    to.write(handle.history(), "messages-open");
    handle.signal<&Messages::add>(4);
    to.finish(handle);
}

void record_what_comes_after_the_end(const Recorder& to) {
    using recorded::EndsFirst;
    const auto handle = to.client().start<&EndsFirst::run>({.id = "ends-first"});
    // Who waits first goes on first: that is to be the run method.
    Recorder::wait_for_event(handle, "WorkflowTaskCompleted");
    handle.signal<&EndsFirst::follow>();
    handle.signal<&EndsFirst::end>();
    to.finish(handle);
}

void record_outward(const Recorder& to) {
    using namespace recorded;
    const auto& client = to.client();
    to.finish(client.start<&Children::run>({.id = "children"}));
    const auto other = client.start<&Child::run>({.id = "child"}, true);
    to.finish(client.start<&Outsider::run>({.id = "outsider"}, "child"));
    to.finish(other);
    to.finish(client.start<&Locals::run>({.id = "locals"}));
    to.finish(client.start<&Changed::run>({.id = "changed"}));
    to.finish(client.start<&Upserts::run>({.id = "upserts"}));
    to.finish(client.start<&CallsOperations::run>({.id = "calls-operations"}));
}

void record_what_fails(const Recorder& to) {
    using namespace recorded;
    const auto& client = to.client();
    to.finish(client.start<&LocalsThatWait::run>({.id = "locals-that-wait"}));
    to.finish(client.start<&ChildrenThatFail::run>({.id = "children-that-fail"}));
    const auto refuses = client.start<&Refuses::run>({.id = "refuses"});
    static_cast<void>(refuses.update<&Refuses::half>(4));
    try {
        static_cast<void>(refuses.update<&Refuses::half>(3));
    } catch (const hg::UpdateFailedError& error) {
        std::cout << "failed: " << error.what() << "\n";
    }
    to.finish(refuses);
}

void record_ends_from_outside(const Recorder& to) {
    using recorded::Cancelled;
    const auto cancelled = to.client().start<&Cancelled::run>({.id = "cancelled"});
    Recorder::wait_for_event(cancelled, "TimerStarted");
    cancelled.cancel("enough");
    to.finish(cancelled);

    const auto terminated = to.client().start<&Cancelled::run>({.id = "terminated"});
    Recorder::wait_for_event(terminated, "TimerStarted");
    terminated.terminate("enough");
    to.finish(terminated);

    const auto timed_out =
        to.client().start<&Cancelled::run>({.id = "timed-out", .run_timeout = 1s});
    to.finish(timed_out);

    // Nobody polls that queue.
    const auto untouched =
        to.client().start<&Cancelled::run>({.id = "untouched", .task_queue = "without-a-worker"});
    to.write(untouched.history(), "untouched");
    untouched.terminate("recorded");
}

void record_orders(const Recorder& to) {
    using order::OrderWorkflow;
    const auto fulfilled = to.client().start<&OrderWorkflow::run>(
        {.id = "order-fulfilled"},
        order::Order{"7", "ada", "1 Old Street", {"lamp", "desk", "chair"}, 19900}
    );
    static_cast<void>(fulfilled.update<&OrderWorkflow::change_address>("2 New Street"));
    fulfilled.signal<&OrderWorkflow::approve>("grace");

    const auto undone = to.client().start<&OrderWorkflow::run>(
        {.id = "order-undone"}, order::Order{"8", "bob", "3 High Street", {"clock"}, 4900}
    );
    undone.signal<&OrderWorkflow::approve>("grace");
    for (int tries = 0; undone.query<&OrderWorkflow::progress>() != "packing"; ++tries) {
        if (tries == 600) {
            throw std::runtime_error{"order-undone is not packed within 30 s"};
        }
        std::this_thread::sleep_for(50ms);
    }
    undone.cancel("the customer changed his mind");
    to.finish(undone);
    to.finish(fulfilled);
}

void record_checkout(const Recorder& to) {
    const auto checkout = recorded::start_checkout(to.client(), "checkout");
    checkout.signal("approve", "ada");
    Recorder::wait_for_event(checkout, "WorkflowExecutionCompleted");
    to.write(checkout.history(), "checkout");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 2) {
            throw std::runtime_error{"usage: record FOLDER; scripts/record-histories calls it"};
        }
        const fs::path folder{argv[1]};
        fs::create_directories(folder);
        recorded::recording() = true;
        auto options = hg::ApplicationOptions::from_environment();
        options.client.identity = "recorder";  // else each recording has another process id
        options.default_worker.objects.add(std::make_shared<order::Ledger>("/dev/null"));
        hg::Application app{std::move(options)};
        const Recorder recorder{app.client(), folder};
        record_simple(recorder);
        record_messages(recorder);
        record_what_comes_after_the_end(recorder);
        hg::test::make_search_attributes(app.client());
        record_what_fails(recorder);
        record_outward(recorder);
        record_ends_from_outside(recorder);
        record_checkout(recorder);
        record_orders(recorder);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << "\n";
        return 1;
    }
}
