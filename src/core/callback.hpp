#pragma once

#include "hourglass/base/unique_function.hpp"
#include "src/core/bytes.hpp"
#include "src/core/status.hpp"

namespace hourglass::core {

/// Receives the outcome of an asynchronous call, exactly once: on a thread of Core, or, for errors
/// that are found at once, on the calling thread before the call returns. It may only post: no lock
/// that the caller holds, no blocking, no throwing, no user code. Beginning another asynchronous
/// call is fine.
template <class Outcome>
using Callback = UniqueFunction<void(Outcome)>;

using BytesCallback = Callback<BytesResult>;
using VoidCallback = Callback<VoidResult>;

}  // namespace hourglass::core
