#pragma once

#include "src/convert/proto_time.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace hourglass::testing {

/// `time` + `duration`, or the last time that there is: workflows may wait for ever.
[[nodiscard]] inline std::chrono::system_clock::time_point later(
    std::chrono::system_clock::time_point time, std::chrono::nanoseconds duration
) {
    using Time = std::chrono::system_clock::time_point;
    const auto step = std::chrono::duration_cast<Time::duration>(duration);
    return step > Time::max() - time ? Time::max() : time + step;
}

/// The events of one run, and the clock that their times come from, which stands still unless it is
/// moved.
class EventLog {
public:
    using Time = std::chrono::system_clock::time_point;

    explicit EventLog(Time now) : now_{now} {}

    temporal::api::history::v1::HistoryEvent& append(temporal::api::enums::v1::EventType type) {
        auto& event = *history_.add_events();
        event.set_event_id(history_.events_size());
        event.set_event_type(type);
        convert::to_proto(now_, event.mutable_event_time());
        return event;
    }

    [[nodiscard]] const temporal::api::history::v1::History& history() const { return history_; }

    [[nodiscard]] Time now() const { return now_; }
    /// Never back.
    void move_clock(Time to) { now_ = std::max(now_, to); }

private:
    temporal::api::history::v1::History history_;
    Time now_;
};

}  // namespace hourglass::testing
