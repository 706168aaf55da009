#include "tests/replay/nexus_flows.hpp"

#include <chrono>

namespace recorded {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

/// As tests/interop/python/nexus_service.py handles it.
struct Greetings {
    std::string greet(std::string name);
    std::string refuse(std::string how);
    std::string wait(std::string how);
};

}  // namespace recorded

HOURGLASS_NEXUS_SERVICE(
    recorded::Greetings, operations(greet, refuse, named(wait, "wait-for-it")), name("greetings")
)

namespace recorded {

hg::Task<std::string> CallsOperations::run() {
    const auto greetings = wf::nexus_client<Greetings>("interop-greetings");
    const wf::NexusOperationOptions options{.schedule_to_close_timeout = 60s};
    std::string said = co_await greetings.execute<&Greetings::greet>(options, "ada");

    const auto later = greetings.execute<&Greetings::wait>(options, "quick-recorded");
    co_await later.started();
    said += ", " + co_await later;

    try {
        co_await greetings.execute<&Greetings::refuse>(options, "operation");
    } catch (const hg::NexusOperationError&) {
        said += ", refused";
    }

    const auto cancelled = greetings.execute<&Greetings::wait>(options, "slow-recorded");
    co_await cancelled.started();
    cancelled.cancel();
    try {
        co_await cancelled;
    } catch (const hg::NexusOperationError&) {
        said += ", cancelled";
    }

    const wf::NexusOperationOptions brief{.start_to_close_timeout = 100ms};
    try {
        co_await greetings.execute<&Greetings::wait>(brief, "slow-too-slow");
    } catch (const hg::NexusOperationError&) {
        said += ", timed out";
    }
    co_return said;
}

}  // namespace recorded

HOURGLASS_WORKFLOW(recorded::CallsOperations, run);
