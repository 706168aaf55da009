#pragma once

#include "src/testing/event_log.hpp"

#include "temporal/api/protocol/v1/message.pb.h"
#include "temporal/api/update/v1/message.pb.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <map>
#include <string>

namespace hourglass::testing {

/// One update, as far as it has come.
struct ServedUpdate {
    temporal::api::update::v1::Request request = {};
    /// The event that tells that it was accepted; 0: it was not, so far.
    std::int64_t accepted = 0;
    /// Set once it is completed or rejected.
    temporal::api::update::v1::Outcome outcome = {};

    [[nodiscard]] bool is_done() const {
        return outcome.value_case() != temporal::api::update::v1::Outcome::VALUE_NOT_SET;
    }
};

/// The updates of one run. They come to the worker as messages beside a workflow task's events, and
/// only what it accepts gets into the history.
class ServedUpdates {
public:
    using Messages = google::protobuf::RepeatedPtrField<temporal::api::protocol::v1::Message>;

    void admit(temporal::api::update::v1::Request request);
    [[nodiscard]] const ServedUpdate& get(const std::string& id) const { return updates_.at(id); }

    /// Those that no worker has answered, for the task that `task_started` starts.
    [[nodiscard]] Messages messages_for(std::int64_t task_started) const;
    /// Takes a message of a completed task; what it accepts or completes is appended to `log`.
    void answer(const temporal::api::protocol::v1::Message& message, EventLog& log);

private:
    std::map<std::string, ServedUpdate> updates_;  // by id
};

}  // namespace hourglass::testing
