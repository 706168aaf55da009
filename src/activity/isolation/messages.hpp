#pragma once

#include "hourglass/activity/definition.hpp"
#include "hourglass/activity/info.hpp"
#include "hourglass/base/log.hpp"
#include "hourglass/base/metric_recorder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::activity::isolation {

// The bodies of the frames that are not protobuf. The two processes are copies of one program, so
// there are no versions and no byte orders. A body that is not what it should be decodes to
// nothing: an activity that writes where it must not may have written into it.

/// One attempt, for the process that is to run it.
struct Order {
    Outcome (*run)(const std::string& activity, const Payloads& arguments) = nullptr;
    /// As object_file_of(run) has it here; the process has the same, or cannot run it.
    std::string object_file{};
    /// A serialized coresdk.activity_task.Start.
    std::string start{};
    std::string task_token{};
    std::string task_queue{};
    std::string client_namespace{};
    std::optional<std::uint64_t> memory_limit{};
    log::Level log_level = log::Level::Info;
    /// Whether anybody wants to know what the body measures.
    bool measures = false;
};

[[nodiscard]] std::string encode(const Order& order);
[[nodiscard]] std::optional<Order> decode_order(std::string_view body);

[[nodiscard]] std::string encode(const CancellationDetails& details);
[[nodiscard]] std::optional<CancellationDetails> decode_cancellation(std::string_view body);

struct Measured {
    hourglass::detail::MetricInstrument instrument;
    MetricAttributes attributes;
    double value = 0;
};

[[nodiscard]] std::string encode(const Measured& measured);
[[nodiscard]] std::optional<Measured> decode_measurement(std::string_view body);

/// Without the time: the program writes the record when it comes.
[[nodiscard]] std::string encode(const log::Record& record);
[[nodiscard]] std::optional<log::Record> decode_record(std::string_view body);

}  // namespace hourglass::activity::isolation
