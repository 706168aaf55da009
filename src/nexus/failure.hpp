#pragma once

#include "hourglass/nexus/errors.hpp"

#include "temporal/api/failure/v1/message.pb.h"

#include <exception>

namespace hourglass::nexus {

/// What the caller of an operation is told of what its handler let out: an error of a handler's as
/// it is, everything else as the one that fits. Errors of calls to the server keep their meaning,
/// so far as Nexus has one.
/// @param error  not null.
void to_handler_failure(
    const std::exception_ptr& error, temporal::api::failure::v1::Failure* failure
);

/// The failure of an operation, not of a request.
void to_operation_failure(
    const OperationError& error, temporal::api::failure::v1::Failure* failure
);

}  // namespace hourglass::nexus
