#include "src/testing/replay_worker.hpp"

#include "hourglass/base/error.hpp"
#include "src/core/reaper.hpp"
#include "src/testing/one_replay.hpp"
#include "src/testing/replayable.hpp"
#include "src/testing/thin_history.hpp"
#include "src/worker/evaluate.hpp"
#include "src/worker/task_coding.hpp"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

namespace hourglass::testing {
namespace {

using std::chrono::steady_clock;
using temporal::api::history::v1::History;

constexpr std::chrono::seconds kEnd{10};

/// Drives the runtime until it has the answer of an asynchronous call.
/// @returns nothing if Core says nothing at all within `limit`.
template <class Answer, class Begin>
std::optional<Answer> wait_for(
    core::Runtime& runtime, std::chrono::milliseconds limit, Begin begin
) {
    struct Place {
        std::optional<Answer> answer;
        std::atomic<bool> given{false};  // on another thread, if Core's generation ends
    };
    const auto place = std::make_shared<Place>();
    begin([place](Answer value) {
        place->answer = std::move(value);
        place->given = true;
    });
    while (!place->given && runtime.drive(limit)) {
    }
    return place->given ? std::move(place->answer) : std::nullopt;
}

/// What an arena begins with for a history of so many bytes: what is read from it may be some times
/// as large.
std::size_t first_block_for(std::size_t serialized_bytes) {
    constexpr std::size_t kLargest = std::size_t{1} << 20U;
    return std::clamp<std::size_t>(4 * serialized_bytes, 4096, kLargest);
}

const auto& start_of(const History& history) {
    return history.events(0).workflow_execution_started_event_attributes();
}

ReplayFailure unreadable(const std::string& why) {
    return {
        .problem = ReplayProblem::UnreadableHistory,
        .message = "it is no history that can be replayed: " + why,
        .advice =
            "download it again and leave it as it is: `temporal workflow show --workflow-id "
            "ID --output json`"
    };
}

ReplayFailure not_replayed(std::string message) {
    return {
        .problem = ReplayProblem::NotReplayed,
        .message = std::move(message),
        .advice =
            "look whether the history is whole: download it again. A longer silence_limit "
            "helps only where the machine is overloaded"
    };
}

ReplayFailure undecodable(std::string message) {
    return {
        .problem = ReplayProblem::NotReplayed,
        .message = std::move(message),
        .advice = "give ReplayOptions::data the codecs and the storage of those who wrote it"
    };
}

}  // namespace

ReplayWorker::ReplayWorker(std::shared_ptr<core::Runtime> runtime, const ReplayOptions& options)
    : runtime_{std::move(runtime)},
      silence_limit_{options.silence_limit},
      data_{options.data},
      interceptors_{options.interceptors},
      fails_workflow_{options.fails_workflow} {}

ReplayWorker::~ReplayWorker() {
    end_worker();
}

ReplayResult ReplayWorker::replay(
    const WorkflowHistory& history, const std::string& workflow_namespace
) {
    const auto began = steady_clock::now();
    ReplayResult result{
        .workflow_id = history.workflow_id(), .run_id = history.run_id(), .events = history.size()
    };
    const auto wanted = first_block_for(history.serialized().size());
    if (arena_block_.size() < wanted) {
        arena_block_ = std::vector<char>(wanted);
    }
    google::protobuf::ArenaOptions on;
    on.initial_block = arena_block_.data();
    on.initial_block_size = arena_block_.size();
    on.max_block_size = arena_block_.size();
    google::protobuf::Arena arena{on};
    History& proto = *google::protobuf::Arena::CreateMessage<History>(&arena);
    const bool is_read = read_thin_history(history.serialized(), proto);
    if (!proto.events().empty()) {
        result.workflow_type = start_of(proto).workflow_type().name();
    }
    if (!is_read) {
        result.failure = unreadable("its bytes are no temporal.api.history.v1.History");
    } else if (const auto why = why_not_replayable(proto)) {
        result.failure = unreadable(*why);
    } else if (has_workflow_task(proto)) {
        result.failure = run(history, proto, workflow_namespace);
    }
    result.took = steady_clock::now() - began;
    return result;
}

std::optional<ReplayFailure> ReplayWorker::run(
    const WorkflowHistory& history, const History& proto, const std::string& workflow_namespace
) {
    const auto registration = begin(start_of(proto).task_queue().name(), workflow_namespace);
    const auto pushed = wait_for<core::VoidResult>(*runtime_, silence_limit_, [&](auto callback) {
        replayer_->push(history.workflow_id(), history.serialized(), std::move(callback));
    });
    if (!pushed) {
        end_worker();
        return not_replayed("Core did not take it");
    }
    if (!*pushed) {
        return unreadable(pushed->error().message);
    }
    OneReplay replay{proto};
    while (!replay.over()) {
        auto polled = wait_for<worker::PollOutcome>(*runtime_, silence_limit_, [&](auto callback) {
            registration->poll(worker::TaskKind::Workflow, std::move(callback));
        });
        if (!polled || !polled->task) {
            end_worker();
            if (!polled && replay.waits_for_local_activity()) {
                return replay.verdict();  // the end is open
            }
            return not_replayed(
                polled ? "Core ended the replay: " + polled->message
                       : "Core did not go on with it within " +
                             std::to_string(silence_limit_.count()) + " ms"
            );
        }
        try {
            polled->task->decode_now();
        } catch (const PayloadCodecError& error) {
            polled->task.reset();
            end_worker();
            return undecodable(error.what());
        }
        worker::evaluate(
            *polled->task,
            runs_,
            {.namespace_name = workflow_namespace,
             .watch = watch_,
             .observer = [&replay](
                             const auto& activation, const auto& completion, const auto& places
                         ) { replay.see(activation, completion, places); }}
        );
        if (replay.at_running_local_activity()) {
            end_worker();  // Core would keep the run, and take no other
            break;
        }
    }
    return replay.verdict();
}

std::shared_ptr<worker::Registration> ReplayWorker::begin(
    const std::string& task_queue, const std::string& workflow_namespace
) {
    if (!replayer_) {
        auto made =
            core::Replayer::create(runtime_, {.namespace_name = "replay", .task_queue = "replay"});
        if (!made) {
            throw ConfigurationError{"cannot replay: " + made.error().message};
        }
        replayer_ = *std::move(made);
    }
    // A registration for each history, because the workflow sees its task queue.
    auto options = std::make_shared<WorkerOptions>();
    options->task_queue = task_queue;
    options->activities.emplace();
    options->interceptors = interceptors_;
    options->fails_workflow = fails_workflow_;
    return std::make_shared<worker::Registration>(
        ++registrations_,
        std::move(options),
        replayer_->worker(),
        worker::LateWork{},
        worker::TaskCoding::make(
            data_,
            workflow_namespace,
            [](const worker::TaskCoding::Job& job) { job(); },
            worker::TaskCoding::Answers::StayAsTheyAre
        )
    );
}

void ReplayWorker::end_worker() {
    if (!replayer_) {
        return;
    }
    replayer_->close();
    const auto ended = std::make_shared<std::atomic<bool>>(false);
    core::Reaper::reap({.worker = replayer_->worker()}, [ended] { *ended = true; });
    replayer_.reset();
    runs_.forget(registrations_);  // of a history that was given up
    // One that does not come to an end is left to the reaper, which holds all that it needs and
    // goes on while the next history is replayed.
    const auto until = steady_clock::now() + kEnd;
    while (!*ended && steady_clock::now() < until && runtime_->drive(kEnd)) {
    }
}

}  // namespace hourglass::testing
