#include "src/subsystem/core_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hourglass::subsystem {
namespace {

// Core waits 10 s at most between two retries: after this long without one, it is another outage.
constexpr std::chrono::seconds kOutageOver{30};

constexpr std::string_view kRetries = "temporalio_client::retry";

constexpr std::array<std::string_view, 2> kSaidByTheWorker{
    "Failing workflow task",             // src/worker/evaluate.cpp, with its ids
    "Activity not found on completion",  // its workflow closed before it: nothing is wrong
};

bool comes_from(const log::Record& record, std::string_view target) {
    return std::ranges::any_of(record.fields, [&](const log::Field& field) {
        return field.name == "target" && field.value.starts_with(target);
    });
}

}  // namespace

log::Level CoreLog::level_of(const log::Record& record) {
    const auto quiet = std::min(record.level, log::Level::Debug);
    const bool said = std::ranges::any_of(kSaidByTheWorker, [&](std::string_view beginning) {
        return record.message.starts_with(beginning);
    });
    if (said) {
        return quiet;
    }
    if (comes_from(record, kRetries)) {
        const auto last = std::exchange(last_retry_, record.time);
        return last && record.time - *last < kOutageOver ? quiet : record.level;
    }
    return record.level;
}

}  // namespace hourglass::subsystem
