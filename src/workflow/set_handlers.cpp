// Handlers that are set at run time, and what is known of those that run.

#include "hourglass/workflow/handlers.hpp"
#include "hourglass/workflow/logger.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/update_job.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow {

bool all_handlers_finished() {
    return Engine::current("all_handlers_finished()").all_handlers_finished();
}

std::optional<UpdateInfo> current_update_info() {
    return Engine::current("current_update_info()").current_update();
}

std::optional<UpdateInfo> Engine::current_update() const {
    const detail::Frame* frame = scheduler_.current();
    // What the handler starts has its group, Tasks that it gives to all(), race() or spawn(), too.
    const detail::EventGroupMark* group = frame == nullptr ? nullptr : frame->group.get();
    while (group != nullptr && group->around()) {
        group = group->around().get();
    }
    if (group == nullptr || group->kind() != detail::EventGroupMark::Kind::Update) {
        return std::nullopt;
    }
    for (const HandlerRun& run : running_handlers_) {
        if (run.update_id == group->id()) {
            return UpdateInfo{run.update_id, run.name};
        }
    }
    return std::nullopt;
}

void Engine::set_handler(
    std::optional<std::string> name, detail::PrepareSignal handler, HandlerOptions options
) {
    require_writable("set_signal_handler()");
    signal_handlers_.set(std::move(name), {std::move(handler), std::move(options)});
    // What waits for it now comes before what comes later.
    std::vector<WaitingMessage> waiting;
    if (seldom_) {
        waiting.swap(seldom_->unhandled_signals);
    }
    for (WaitingMessage& each : waiting) {
        if (signal_handler(each.name)) {
            signal(std::move(each));
        } else {
            seldom_->unhandled_signals.push_back(std::move(each));
        }
    }
}

void Engine::set_handler(
    std::optional<std::string> name, detail::AnswerQuery handler, HandlerOptions options
) {
    require_writable("set_query_handler()");
    query_handlers_.set(std::move(name), {std::move(handler), std::move(options)});
}

void Engine::set_handler(
    std::optional<std::string> name, detail::PrepareUpdate handler, HandlerOptions options
) {
    require_writable("set_update_handler()");
    update_handlers_.set(std::move(name), {std::move(handler), std::move(options)});
    std::vector<UpdateJob> waiting;
    waiting.swap(unhandled_updates_);
    for (UpdateJob& each : waiting) {
        if (update_handler(each.name)) {
            start_update(std::move(each));
        } else {
            unhandled_updates_.push_back(std::move(each));
        }
    }
}

void Engine::warn_of_unfinished() const {
    std::string unfinished;
    for (const HandlerRun& run : running_handlers_) {
        if (run.unfinished == UnfinishedPolicy::Abandon) {
            continue;
        }
        unfinished.append(unfinished.empty() ? "" : ", ");
        unfinished += (run.update_id.empty() ? "signal " : "update ") + run.name;
    }
    if (!unfinished.empty()) {
        logger().warn(
            "[TMPRL1102] the workflow ended while handlers of signals or updates were under way: "
            "they are abandoned, and who waits for such an update gets an error. Wait for them "
            "before the run method ends: co_await wait_condition(all_handlers_finished). Handlers "
            "that may be abandoned say so: abandonable(...) in HOURGLASS_WORKFLOW",
            {{"handlers", unfinished}}
        );
    }
    std::string unhandled;
    for (const WaitingMessage& each : seldom_->unhandled_signals) {
        unhandled.append(unhandled.empty() ? "" : ", ").append(each.name);
    }
    if (!unhandled.empty()) {
        logger().warn(
            "the workflow ended with signals that nobody handled", {{"signals", unhandled}}
        );
    }
}

namespace detail {

void set_handler(std::optional<std::string> name, PrepareSignal handler, HandlerOptions options) {
    Engine::current("set_signal_handler()")
        .set_handler(std::move(name), std::move(handler), std::move(options));
}

void set_handler(std::optional<std::string> name, AnswerQuery handler, HandlerOptions options) {
    Engine::current("set_query_handler()")
        .set_handler(std::move(name), std::move(handler), std::move(options));
}

void set_handler(std::optional<std::string> name, PrepareUpdate handler, HandlerOptions options) {
    Engine::current("set_update_handler()")
        .set_handler(std::move(name), std::move(handler), std::move(options));
}

}  // namespace detail
}  // namespace hourglass::workflow
