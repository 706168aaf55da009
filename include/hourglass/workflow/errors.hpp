#pragma once

#include "hourglass/base/error.hpp"

#include <exception>

namespace hourglass::workflow {

/// A workflow function was called from code that no workflow runs: an activity, `main`, a thread of
/// the program's own.
class OutsideWorkflowError : public Error {
public:
    using Error::Error;
};

/// A query, an update's validator or a condition tried to change the workflow or to start
/// something.
class ReadOnlyError : public Error {
public:
    using Error::Error;
};

/// Whether the error means no more than "cancelled": a CancelledError, or an activity's error
/// caused by one.
/// @param error  null means no.
[[nodiscard]] bool is_cancelled_error(const std::exception_ptr& error) noexcept;
[[nodiscard]] bool is_cancelled_error(const std::exception& error) noexcept;

}  // namespace hourglass::workflow
