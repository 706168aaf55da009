#pragma once

#include "src/subsystem/status_snapshot.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace hourglass::subsystem {

/// The snapshot as a page that can be read without JavaScript. With it, /page.js draws the same
/// elements again each second: who changes one changes both.
[[nodiscard]] std::string status_html(
    const StatusSnapshot& snapshot, std::chrono::system_clock::time_point now
);

/// Text for the inside of an element or of a quoted attribute.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace hourglass::subsystem
