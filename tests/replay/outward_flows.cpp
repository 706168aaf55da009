#include "tests/replay/outward_flows.hpp"

#include "tests/support/search_attributes.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace recorded {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

std::string shout(std::string text) {
    return text + "!";
}

int local_succeed_at(int attempt) {
    const int now = static_cast<int>(hg::activity::info().attempt);
    if (now < attempt) {
        throw std::runtime_error{"not yet"};
    }
    return now;
}

void local_never_succeed() {
    throw hg::ApplicationError{"no use", {.type = "NoUse", .non_retryable = true}};
}

hg::Task<std::string> Child::run(bool wait) {
    if (wait) {
        co_await wf::wait_condition([this] { return !by_.empty(); });
    }
    co_return by_.empty() ? "alone" : by_;
}

void Child::poke(std::string by) {
    by_ = std::move(by);
}

hg::Task<std::string> Children::run() {
    const std::string id = wf::info().workflow_id;
    const wf::ChildWorkflowOptions first_options{.id = id + "-ends"};
    std::string said = co_await wf::execute_child<&Child::run>(first_options, false);

    const wf::ChildWorkflowOptions second_options{.id = id + "-signalled"};
    const auto signalled = wf::execute_child<&Child::run>(second_options, true);
    co_await signalled.signal<&Child::poke>("its parent");
    said += ", " + co_await signalled;

    const wf::ChildWorkflowOptions third_options{.id = id + "-cancelled"};
    const auto cancelled = wf::execute_child<&Child::run>(third_options, true);
    co_await cancelled.started();
    cancelled.cancel("enough");
    try {
        co_await cancelled;
    } catch (const hg::ChildWorkflowError&) {
        said += ", cancelled";
    }
    co_return said;
}

hg::Task<int> Outsider::run(std::string other_id) {
    int missing = 0;
    const auto other = wf::external_workflow<&Child::run>(other_id);
    co_await other.signal<&Child::poke>("an outsider");
    const auto nobody = wf::external_workflow("nobody");
    try {
        co_await nobody.signal("poke", "an outsider");
    } catch (const wf::ExternalWorkflowError&) {
        ++missing;
    }
    try {
        co_await nobody.cancel("enough");
    } catch (const wf::ExternalWorkflowError&) {
        ++missing;
    }
    co_return missing;
}

hg::Task<std::string> Locals::run() {
    const wf::LocalActivityOptions options{
        .start_to_close_timeout = 10s,
        .retry_policy = hg::RetryPolicy{.initial_interval = 10ms, .backoff_coefficient = 1}
    };
    const auto first = wf::execute_local_activity<&shout>(options, "a");
    const auto second = wf::execute_local_activity<&shout>(options, "b");
    const auto both = co_await wf::all(first, second);
    std::string said = std::get<0>(both) + std::get<1>(both);
    const int attempt = co_await wf::execute_local_activity<&local_succeed_at>(options, 3);
    said += std::to_string(attempt);
    try {
        co_await wf::execute_local_activity<&local_never_succeed>(options);
    } catch (const hg::ActivityError&) {
        said += " and a failure";
    }
    co_await wf::sleep(5ms);
    co_return said;
}

hg::Task<std::string> Changed::run() {
    std::string way = wf::patched("another-way") ? "new" : "old";
    co_await wf::sleep(5ms);
    wf::deprecate_patch("done-with");
    if (wf::patched("another-way")) {
        co_await wf::sleep(5ms);
    }
    co_return way;
}

hg::Task<void> Upserts::run() {
    wf::upsert_search_attributes({hg::test::kCustomer.set("ada"), hg::test::kPaid.set(true)});
    co_await wf::sleep(5ms);
    wf::upsert_memo({{"note", hg::to_payload("changed")}});
    wf::upsert_search_attributes({hg::test::kPaid.unset()});
    co_await wf::sleep(5ms);
}

}  // namespace recorded

HOURGLASS_WORKFLOW(recorded::Child, run, signals(poke));
HOURGLASS_WORKFLOW(recorded::Children, run);
HOURGLASS_WORKFLOW(recorded::Outsider, run);
HOURGLASS_WORKFLOW(recorded::Locals, run);
HOURGLASS_WORKFLOW(recorded::Changed, run);
HOURGLASS_WORKFLOW(recorded::Upserts, run);
HOURGLASS_ACTIVITY(recorded::shout);
HOURGLASS_ACTIVITY(recorded::local_succeed_at);
HOURGLASS_ACTIVITY(recorded::local_never_succeed);
