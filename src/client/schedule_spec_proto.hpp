#pragma once

#include "hourglass/client/schedule_spec.hpp"

#include "temporal/api/schedule/v1/message.pb.h"

#include <string>

namespace hourglass::client {

/// Whether a field is to be written: always into a new message, else if it was changed.
/// @param then  what the message says, or null for a new one.
template <class Part, class Field>
[[nodiscard]] bool changed(const Part& now, const Part* then, Field Part::* field) {
    return then == nullptr || now.*field != then->*field;
}

/// Writes what differs from `then` into `proto`; the rest stays.
/// @param whose  begins the errors' texts.
/// @throws ConfigurationError naming the field that is not usable.
void write_changes(
    const std::string& whose,
    const ScheduleSpec& now,
    const ScheduleSpec* then,
    temporal::api::schedule::v1::ScheduleSpec* proto
);

[[nodiscard]] ScheduleSpec to_spec(const temporal::api::schedule::v1::ScheduleSpec& proto);

}  // namespace hourglass::client
