#pragma once

#include "hourglass/client/schedule.hpp"

namespace hourglass::client {

/// Whether `now` has what `sent` changed in `was`. What servers write in another way than it was
/// sent, such as cron expressions, counts as there when it is no longer as it was.
[[nodiscard]] bool shows_change(const Schedule& was, const Schedule& sent, const Schedule& now);

}  // namespace hourglass::client
