#pragma once

#include "hourglass/base/workflow_id_reuse.hpp"

#include <cstdint>

namespace hourglass {

/// What a start does when an execution with this workflow id is running.
enum class WorkflowIdConflictPolicy : std::uint8_t {
    Fail = 1,
    UseExisting = 2,
    TerminateExisting = 3,
};

/// In which states of the workflow a query is not put, but rejected.
enum class QueryRejectCondition : std::uint8_t {
    None = 1,
    NotOpen = 2,
    NotCompletedCleanly = 3,
};

}  // namespace hourglass
