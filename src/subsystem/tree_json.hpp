#pragma once

#include "src/subsystem/status_snapshot.hpp"

#include <string>

namespace hourglass::subsystem {

/// The snapshot as JSON; docs/status_page.md names each field. Bytes that are no UTF-8 become
/// U+FFFD, because names and texts of errors are the user's.
[[nodiscard]] std::string tree_json(const StatusSnapshot& snapshot);

}  // namespace hourglass::subsystem
