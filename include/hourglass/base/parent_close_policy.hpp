#pragma once

#include <cstdint>

namespace hourglass {

/// What becomes of a child workflow that still runs when its parent has ended.
enum class ParentClosePolicy : std::uint8_t { Terminate = 1, Abandon = 2, RequestCancel = 3 };

}  // namespace hourglass
