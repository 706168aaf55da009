#pragma once

// Exceptions to Temporal's failures and back. A failure that was received goes out again byte for
// byte.

#include "hourglass/convert/failures.hpp"

#include "temporal/api/failure/v1/message.pb.h"

#include <exception>

namespace hourglass::convert {

using ProtoFailure = temporal::api::failure::v1::Failure;

/// What `source` says in the failures made here.
inline constexpr const char* kFailureSource = "CppSDK";

/// Writes any exception as a failure; the target is overwritten. Never throws but for lack of
/// memory.
/// @param error  not null.
void to_failure(const std::exception_ptr& error, ProtoFailure* failure);
void to_failure(const FailureError& error, ProtoFailure* failure);

/// The exception of the failure's kind, its causes included. Details in it are those of whom the
/// failures around them name, else of serialization_context().
[[nodiscard]] std::exception_ptr from_failure(const ProtoFailure& failure);
[[nodiscard]] std::exception_ptr from_failure(ProtoFailure&& failure);

/// The same without an exception_ptr: for a cause that goes into another error.
[[nodiscard]] FailureCause to_cause(const ProtoFailure& failure);

}  // namespace hourglass::convert
