#pragma once

#include "src/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::core {

/// How a call of the bridge ended.
enum class Status : std::uint8_t {
    Ok,
    InvalidArgument,  ///< an argument is wrong; the message says which and why
    Panic,            ///< a panic was caught; the handle may be used on
    StaleHandle,      ///< the handle was made by an older generation of the bridge
    Shutdown,         ///< what was called has ended; a poll answers this when nothing more comes
    Rpc,              ///< a gRPC error: see the code
    ConnectFailed,    ///< no connection; the gRPC code says how (14: the server is unreachable)
    Validation,       ///< the server knows nothing of the worker's namespace
    Cancelled,        ///< the caller's token was cancelled
    Timeout,          ///< the call's timeout passed
    Internal
};

/// The status's own name, such as `StaleHandle`.
[[nodiscard]] std::string_view to_text(Status status);

/// Why a call did not do what it was asked to.
struct CallError {
    Status status = Status::Internal;
    /// gRPC code, 0 when no gRPC call failed.
    int grpc_code = 0;
    std::string message = {};
    /// Serialized google.rpc.Status, when the server sent one.
    std::string details = {};
};

using VoidResult = Result<void, CallError>;

}  // namespace hourglass::core
