#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/supervision/exit_reason.hpp"

#include <cstdint>
#include <string>

namespace hourglass::supervision {

enum class CallErrorCode : std::uint8_t {
    NoProcess,      ///< the process had ended before the call was made
    ProcessExited,  ///< it ended before it answered; `reason()` says how
    Timeout,        ///< no answer within the time given; it may still come, and is then dropped
    NoReply,        ///< the process lives, but dropped its Reply without answering
};

/// A call to a process that was not answered.
class CallError : public Error {
public:
    CallError(CallErrorCode code, std::string text, ExitReason reason = {})
        : Error{text}, code_{code}, reason_{std::move(reason)} {}

    [[nodiscard]] CallErrorCode code() const noexcept { return code_; }
    /// How the process ended; `no_process` with that code, `normal` where it has not ended.
    [[nodiscard]] const ExitReason& reason() const noexcept { return reason_; }

private:
    CallErrorCode code_;
    ExitReason reason_;
};

enum class ChildErrorCode : std::uint8_t {
    StartFailed,     ///< its start failed; `reason()` says why
    AlreadyStarted,  ///< a child of that id runs
    AlreadyPresent,  ///< a child of that id is known, and does not run
    NotFound,        ///< there is no such child
    Running,         ///< it must be stopped first
    Restarting,      ///< it is between two attempts to restart
    MaxChildren,     ///< the supervisor's limit is reached
    Ignored,         ///< its start chose not to run
};

/// What a supervisor answers if it cannot do as asked.
class ChildError : public Error {
public:
    ChildError(ChildErrorCode code, std::string child_id, ExitReason reason = {});

    [[nodiscard]] ChildErrorCode code() const noexcept { return code_; }
    [[nodiscard]] const std::string& child_id() const noexcept { return child_id_; }
    /// Why the start failed, with that code.
    [[nodiscard]] const ExitReason& reason() const noexcept { return reason_; }

private:
    ChildErrorCode code_;
    std::string child_id_;
    ExitReason reason_;
};

}  // namespace hourglass::supervision
