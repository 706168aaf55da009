#pragma once

#include "hourglass/convert/failures.hpp"

#include <exception>

namespace hourglass::convert {

/// What the process's FailureConverter makes of an exception; null if there is none, it leaves the
/// exception alone, or that is a failure already.
[[nodiscard]] FailureCause own_failure(const std::exception_ptr& error);

/// What it makes of a failure that came; `failure` itself if there is none or it leaves it alone.
[[nodiscard]] std::exception_ptr own_exception(std::exception_ptr failure);

}  // namespace hourglass::convert
