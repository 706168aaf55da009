// Where each coroutine of a workflow stands: the queries `__stack_trace` and
// `__enhanced_stack_trace`, the same of the one that runs, for another thread, and of the one that
// made a command.

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/protobuf.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/function_name.hpp"

#include "temporal/api/sdk/v1/enhanced_stack_trace.pb.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow {
namespace {

// An answer has to be small enough for the server (2 MB), and for a reader.
constexpr std::size_t kMaxEntries = 100;   // of one coroutine and those that await it
constexpr std::size_t kMaxRoutines = 500;  // of a workflow

struct Entry {
    std::string function;
    std::string file;
    std::uint_least32_t line = 0;
    bool internal = false;  // Hourglass's own
};

struct Stack {
    std::vector<Entry> entries;  // innermost first
    std::size_t left_out = 0;
};

Entry entry_of(const std::source_location& at) {
    std::string function = function_name(at.function_name());
    const bool internal = function.starts_with("hourglass::");
    return {std::move(function), at.file_name(), at.line(), internal};
}

/// From a coroutine outwards, to the one that nobody awaits. One that has not begun has no entry.
Stack stack_from(const detail::Frame& innermost) {
    Stack stack;
    for (const detail::Frame* frame = &innermost; frame != nullptr; frame = frame->parent) {
        const std::source_location at = frame->stands_at.load(std::memory_order_relaxed);
        if (at.line() == 0) {
            continue;
        }
        if (stack.entries.size() == kMaxEntries) {
            ++stack.left_out;
            continue;
        }
        stack.entries.push_back(entry_of(at));
    }
    return stack;
}

Stack stack_of(const detail::TaskStateBase& routine) {
    const detail::Frame* innermost = routine.frame();
    while (innermost->child != nullptr) {
        innermost = innermost->child;
    }
    return stack_from(*innermost);
}

std::string text_of(const Entry& entry) {
    return entry.function + " (" + entry.file + ":" + std::to_string(entry.line) + ")";
}

/// A line each; without what of Hourglass's stands around the user's code.
std::string text_of(const Stack& stack) {
    auto end = stack.entries.end();
    if (stack.left_out == 0) {
        const auto last =
            std::find_if(stack.entries.rbegin(), stack.entries.rend(), [](const Entry& entry) {
                return !entry.internal;
            });
        end = last == stack.entries.rend() ? end : last.base();
    }
    std::string text;
    for (auto entry = stack.entries.begin(); entry != end; ++entry) {
        text += "    at " + text_of(*entry) + "\n";
    }
    if (stack.left_out > 0) {
        text += "    ... and " + std::to_string(stack.left_out) + " more that await these\n";
    }
    return text.empty() ? "    (has not begun)\n" : text;
}

}  // namespace

std::string text_of(const CommandPlace& place) {
    return place.line() == 0 ? std::string{} : text_of(entry_of(place));
}

bool CommandPlaces::is_internal(const CommandPlace& place) {
    const auto [known, is_new] = internal_.try_emplace(place.function_name());
    if (is_new) {
        known->second = entry_of(place).internal;
    }
    return known->second;
}

void CommandPlaces::stopped(const detail::Frame& innermost) noexcept {
    if (placed_ == places_.size()) {
        return;
    }
    CommandPlace place;
    for (const detail::Frame* frame = &innermost; frame != nullptr; frame = frame->parent) {
        const CommandPlace at = frame->stands_at.load(std::memory_order_relaxed);
        if (at.line() != 0 && !is_internal(at)) {
            place = at;
            break;
        }
    }
    while (placed_ < places_.size()) {
        places_[placed_++] = place;
    }
}

std::string Engine::purpose_of(const detail::TaskStateBase& routine) const {
    if (&routine == main_routine_) {
        return "run method";
    }
    for (const HandlerRun& run : running_handlers_) {
        if (run.routine == &routine) {
            return (run.update_id.empty() ? "signal '" : "update '") + run.name + "'";
        }
    }
    return "spawned Task";
}

std::string Engine::path_of(const std::exception_ptr& error) const {
    std::string text;
    for (const std::source_location& at : scheduler_.path_of(error)) {
        if (const Entry entry = entry_of(at); !entry.internal) {
            text += "at " + text_of(entry) + "\n";
        }
    }
    return text;
}

Payload Engine::stack_trace() {
    std::string text;
    std::size_t count = 0;
    for (auto* routine = roots_.empty() ? nullptr : &roots_.front(); routine != nullptr;
         routine = roots_.after(*routine)) {
        if (++count <= kMaxRoutines) {
            text += (text.empty() ? "" : "\n") + purpose_of(*routine) + "\n" +
                    text_of(stack_of(*routine));
        }
    }
    if (count > kMaxRoutines) {
        text += "\n... and " + std::to_string(count - kMaxRoutines) + " more\n";
    }
    return to_payload(text);
}

Payload Engine::enhanced_stack_trace() {
    temporal::api::sdk::v1::EnhancedStackTrace trace;
    trace.mutable_sdk()->set_name("temporal-cpp");
    std::size_t count = 0;
    for (auto* routine = roots_.empty() ? nullptr : &roots_.front();
         routine != nullptr && ++count <= kMaxRoutines;
         routine = roots_.after(*routine)) {
        auto& stack = *trace.add_stacks();
        for (const Entry& entry : stack_of(*routine).entries) {
            auto& location = *stack.add_locations();
            location.set_file_path(entry.file);
            location.set_line(static_cast<std::int32_t>(entry.line));
            location.set_column(-1);  // compilers do not agree on it
            location.set_function_name(entry.function);
            location.set_internal_code(entry.internal);
        }
    }
    return to_payload(trace);
}

std::string Engine::running_place() {
    std::string text;
    if (const char* what = doing_.load()) {
        text = std::string{"    in "} + what + "\n";
    }
    scheduler_.running().look([&text](const detail::Frame& frame) {
        const Stack stack = stack_from(frame);
        const bool in_users =
            std::ranges::any_of(stack.entries, [](const Entry& entry) { return !entry.internal; });
        text += in_users ? text_of(stack) : "    (it has come to no await yet)\n";
    });
    return text;
}

std::vector<CommandPlace> Engine::command_places() const {
    return places_ ? places_->all() : std::vector<CommandPlace>{};
}

}  // namespace hourglass::workflow
