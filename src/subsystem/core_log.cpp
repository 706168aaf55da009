#include "src/subsystem/core_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hourglass::subsystem {
namespace {

// Core waits 10 s at most between two retries: after this long without one, it is another outage.
constexpr std::chrono::seconds kOutageOver{30};

constexpr std::string_view kRetries = "temporalio_client::retry";

constexpr std::array<std::string_view, 5> kNotNews{
    "Failing workflow task",             // src/worker/evaluate.cpp says it, with its ids
    "Activity not found on completion",  // its workflow closed before it: nothing is wrong
    // The same, or the server timed it out, for all tasks that an outage took too long for: it
    // hands them out again.
    "Task not found when completing",
    // src/worker/worker_link.cpp says it: the registration that it belongs to fails for the same
    // reason, and is tried again.
    "Network error while describing namespace for heartbeat capabilities",
    // To a server that is away or never knew the worker: why, others say, and nothing depends on
    // it.
    "shutdown_worker rpc errored during worker shutdown",
};

bool comes_from(const log::Record& record, std::string_view target) {
    return std::ranges::any_of(record.fields, [&](const log::Field& field) {
        return field.name == "target" && field.value.starts_with(target);
    });
}

}  // namespace

log::Level CoreLog::level_of(const log::Record& record) {
    const auto quiet = std::min(record.level, log::Level::Debug);
    const bool is_no_news = std::ranges::any_of(kNotNews, [&](std::string_view beginning) {
        return record.message.starts_with(beginning);
    });
    if (is_no_news) {
        return quiet;
    }
    if (comes_from(record, kRetries)) {
        const auto last = std::exchange(last_retry_, record.time);
        return last && record.time - *last < kOutageOver ? quiet : record.level;
    }
    return record.level;
}

}  // namespace hourglass::subsystem
