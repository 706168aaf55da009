#include "traffic.hpp"

#include "hourglass/convert/convert.hpp"
#include "src/convert/proto_payload.hpp"

#include <utility>
#include <variant>

namespace bench {
namespace {

namespace hg = hourglass;
namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;

constexpr std::chrono::seconds kPatience{60};

std::int64_t sum_of(const temporal::api::command::v1::Command& command) {
    const auto& result = command.complete_workflow_execution_command_attributes().result();
    return hg::from_payload<std::int64_t>(hg::convert::from_proto(result).at(0));
}

}  // namespace

Traffic::Traffic(
    InProcessWorker& worker, std::size_t places, std::int64_t activities, Answered answered
)
    : worker_{worker}, activities_{activities}, answered_{std::move(answered)}, places_(places) {}

Traffic::~Traffic() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, kPatience, [this] { return under_way_ == 0; })) {
        give_up("the worker does not answer its workflow tasks");
    }
}

void Traffic::next(std::size_t index) {
    Place& place = places_.at(index);
    hg::testing::TaskOffer offer;
    if (place.open) {
        offer = next_task(place.run, place.activity, place.activity_id, place.sticky_queue);
    } else {
        place = Place{};
        place.run = sequential_run(++runs_, worker_.queue(), activities_);
        place.open = true;
        offer = first_task(place.run);
    }
    offer.whole_history = []() -> temporal::api::history::v1::History {
        give_up("the worker lost a run from its cache");
    };
    const auto begin = std::chrono::steady_clock::now();
    offer.answered = [this, index, begin](const hg::testing::TaskAnswer& answer) {
        const auto turnaround = std::chrono::steady_clock::now() - begin;
        take_answer(index, answer);
        answered_(*this, index, turnaround);
        const std::lock_guard lock{mutex_};  // until the end: the destructor waits for it
        --under_way_;
        changed_.notify_all();
    };
    {
        const std::lock_guard lock{mutex_};
        ++under_way_;
    }
    worker_.offer(std::move(offer));
}

void Traffic::take_answer(std::size_t index, const hg::testing::TaskAnswer& answer) {
    Place& place = places_.at(index);
    if (const auto* failed = std::get_if<service::RespondWorkflowTaskFailedRequest>(&answer)) {
        give_up("the worker failed a workflow task: " + failed->failure().message());
    }
    const auto* done = std::get_if<service::RespondWorkflowTaskCompletedRequest>(&answer);
    if (done == nullptr || done->commands_size() != 1) {
        give_up("the worker answered a workflow task without its one command");
    }
    const auto& command = done->commands(0);
    place.sticky_queue = done->sticky_attributes().worker_task_queue().name();
    ++place.activity;
    if (command.command_type() == enums::COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK &&
        place.activity < activities_ && !place.sticky_queue.empty()) {
        place.activity_id = command.schedule_activity_task_command_attributes().activity_id();
    } else if (command.command_type() == enums::COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION &&
               sum_of(command) == activities_ * (activities_ - 1) / 2) {
        place.open = false;
    } else {
        give_up("the worker answered a workflow task with the wrong command");
    }
}

}  // namespace bench
