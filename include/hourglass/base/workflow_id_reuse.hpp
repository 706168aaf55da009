#pragma once

#include <cstdint>

namespace hourglass {

/// Whether a workflow id may be used again after the execution that had it has closed.
enum class WorkflowIdReusePolicy : std::uint8_t {
    AllowDuplicate = 1,
    AllowDuplicateFailedOnly = 2,
    RejectDuplicate = 3,
};

}  // namespace hourglass
