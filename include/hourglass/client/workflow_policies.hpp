#pragma once

#include <cstdint>

namespace hourglass {

/// Whether a workflow id may be used again after the execution that had it has closed.
enum class WorkflowIdReusePolicy : std::uint8_t {
    AllowDuplicate = 1,
    AllowDuplicateFailedOnly = 2,
    RejectDuplicate = 3,
};

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
