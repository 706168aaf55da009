#include "hourglass/supervision/call_error.hpp"

namespace hourglass::supervision {
namespace {

std::string text_of(ChildErrorCode code, const std::string& id, const ExitReason& reason) {
    const std::string child = "child \"" + id + "\"";
    switch (code) {
        case ChildErrorCode::StartFailed:
            return "the start of " + child + " failed: " + reason.text();
        case ChildErrorCode::AlreadyStarted:
            return child + " runs already; ids must differ below one supervisor";
        case ChildErrorCode::AlreadyPresent:
            return child + " is known already, but does not run; restart it, or delete it first";
        case ChildErrorCode::NotFound:
            return "there is no " + child + " below this supervisor";
        case ChildErrorCode::Running:
            return child + " runs; terminate it first";
        case ChildErrorCode::Restarting:
            return child + " is being restarted; terminate it first, or wait";
        case ChildErrorCode::MaxChildren:
            return child +
                   " was not started: the supervisor has as many children as it may (max_children)";
        case ChildErrorCode::Ignored:
            return child + " was not started: its start chose not to run (ignore)";
    }
    return child + ": unknown error";
}

}  // namespace

ChildError::ChildError(ChildErrorCode code, std::string child_id, ExitReason reason)
    : Error{text_of(code, child_id, reason)},
      code_{code},
      child_id_{std::move(child_id)},
      reason_{std::move(reason)} {}

}  // namespace hourglass::supervision
