#pragma once

#include <string_view>

namespace hourglass::subsystem {

/// The files of src/subsystem/status_page/, built in.
[[nodiscard]] std::string_view page_css() noexcept;
[[nodiscard]] std::string_view page_js() noexcept;

}  // namespace hourglass::subsystem
