#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/supervision/pid.hpp"
#include "hourglass/worker/worker_options.hpp"
#include "src/base/result.hpp"
#include "src/core/status.hpp"
#include "src/worker/registration.hpp"

#include <memory>
#include <string>

namespace hourglass::worker {

using RegisterResult = Result<std::shared_ptr<Registration>, core::CallError>;

/// What a worker needs of the process's BridgeHolder, whichever incarnation of it lives at the
/// moment.
/// @threads any.
class BridgeAccess {
public:
    BridgeAccess() = default;
    BridgeAccess(const BridgeAccess&) = delete;
    BridgeAccess& operator=(const BridgeAccess&) = delete;
    virtual ~BridgeAccess() = default;

    /// Registers a task queue with Core; waits for the connection if there is none yet.
    /// @returns a Future that fails with CallError if the holder ends meanwhile.
    /// @param owner  the process whose end ends the registration.
    virtual Future<RegisterResult> register_worker(
        WorkerOptions options, supervision::Pid owner
    ) = 0;

    /// Ends a registration, at once and for everybody; then answers what is outstanding and
    /// finalizes Core's worker.
    /// @returns when that is done, too.
    virtual Future<void> unregister_worker(std::shared_ptr<Registration> registration) = 0;

    /// A bridge call answered `stale_handle`: every handle of the process is of another generation.
    virtual void report_stale_handle(const std::string& detail) = 0;
};

}  // namespace hourglass::worker
