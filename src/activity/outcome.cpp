#include "src/activity/outcome.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/convert/failures.hpp"
#include "src/activity/state.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"

#include <utility>
#include <vector>

namespace hourglass::activity {

void log_failed_attempt(log::Level level, const Info& info, std::string failure) {
    log::write(
        level,
        "an activity attempt failed",
        {{"activity", info.activity_type},
         {"activity_id", info.activity_id},
         {"attempt", std::to_string(info.attempt)},
         {"workflow_id", info.workflow_id.value_or("")},
         {"failure", std::move(failure)}}
    );
}

namespace {

enum class Kind { CompletesLater, Cancelled, Failed };

struct Verdict {
    Kind kind = Kind::Failed;
    std::exception_ptr error;
};

// A body that ends because it was paused or reset has failed: the server runs it again, as the
// other SDKs have it.
std::exception_ptr unhandled(const char* what, const char* type) {
    return std::make_exception_ptr(ApplicationError{
        std::string{"Unhandled activity cancel error produced by activity "} + what, {.type = type}
    });
}

Verdict judge_cancelled(
    const std::exception_ptr& error, const std::optional<CancellationDetails>& cancellation
) {
    if (!cancellation) {
        return {Kind::Failed, error};
    }
    if (cancellation->paused) {
        return {Kind::Failed, unhandled("pause", "ActivityPause")};
    }
    if (cancellation->reset) {
        return {Kind::Failed, unhandled("reset", "ActivityReset")};
    }
    if (cancellation->requested) {
        return {Kind::Cancelled, error};
    }
    // The server takes "cancelled" for an answer only if somebody asked for it.
    if (cancellation->worker_shutdown) {
        return {
            Kind::Failed,
            std::make_exception_ptr(ApplicationError{
                "the worker stopped while the activity was running; it is tried again as its retry "
                "policy says",
                {.type = "WorkerShutdown"}
            })
        };
    }
    return {Kind::Failed, error};
}

Verdict judge(
    const std::exception_ptr& error, const std::optional<CancellationDetails>& cancellation
) {
    try {
        std::rethrow_exception(error);
    } catch (const detail::WillCompleteAsync&) {
        return {Kind::CompletesLater, nullptr};
    } catch (const CancelledError&) {
        return judge_cancelled(error, cancellation);
    } catch (...) {
        return {Kind::Failed, error};
    }
}

void log_failure(const std::exception_ptr& error, const Info& info) {
    const FailureCause failure = as_failure(error);
    const auto* application = dynamic_cast<const ApplicationError*>(failure.get());
    const bool benign = application != nullptr && application->category() == ErrorCategory::Benign;
    log_failed_attempt(benign ? log::Level::Debug : log::Level::Warn, info, to_text(*failure));
}

}  // namespace

ExecutionResult completed_with(Payload result) {
    ExecutionResult execution;
    convert::to_proto(std::move(result), execution.mutable_completed()->mutable_result());
    return execution;
}

ExecutionResult ended_by(
    const std::exception_ptr& error,
    const std::optional<CancellationDetails>& cancellation,
    const Info& info
) {
    ExecutionResult execution;
    const Verdict verdict = judge(error, cancellation);
    switch (verdict.kind) {
        case Kind::CompletesLater:
            execution.mutable_will_complete_async();
            break;
        case Kind::Cancelled:
            convert::to_failure(verdict.error, execution.mutable_cancelled()->mutable_failure());
            break;
        case Kind::Failed:
            log_failure(verdict.error, info);
            convert::to_failure(verdict.error, execution.mutable_failed()->mutable_failure());
            break;
    }
    return execution;
}

ExecutionResult failed_with(const std::string& message, const std::string& type) {
    ExecutionResult execution;
    convert::to_failure(
        ApplicationError{message, {.type = type}}, execution.mutable_failed()->mutable_failure()
    );
    return execution;
}

}  // namespace hourglass::activity
