#pragma once

#include "tests/unit/workflow/jobs.hpp"

#include "temporal/api/enums/v1/workflow.pb.h"

#include <cstdint>
#include <string>

namespace hourglass::workflow::testing {

/// The next activation, with what Core says of Nexus operations; that comes before what Jobs has.
class NexusJobs : public Jobs {
public:
    NexusJobs& nexus_started(std::uint32_t sequence, const std::string& token) {
        nexus_start(sequence).set_operation_token(token);
        return *this;
    }
    /// The handler answered at once: the result is in the same activation.
    template <class T>
    NexusJobs& nexus_answered(std::uint32_t sequence, const T& result) {
        nexus_start(sequence).set_started_sync(true);
        return complete_nexus(sequence, result);
    }
    template <class T>
    NexusJobs& complete_nexus(std::uint32_t sequence, const T& result) {
        convert::to_proto(to_payload(result), nexus_end(sequence).mutable_completed());
        return *this;
    }
    /// As Core reports a handler that gave nothing back.
    NexusJobs& complete_nexus(std::uint32_t sequence) {
        nexus_end(sequence).mutable_completed();
        return *this;
    }
    NexusJobs& nexus_not_started(std::uint32_t sequence, const std::string& handler_error_type) {
        auto& cause = nexus_failure(*nexus_start(sequence).mutable_failed());
        cause.set_message("no such thing");
        cause.mutable_nexus_handler_failure_info()->set_type(handler_error_type);
        return *this;
    }
    NexusJobs& fail_nexus(std::uint32_t sequence, const std::string& message) {
        auto& cause = nexus_failure(*nexus_end(sequence).mutable_failed());
        cause.set_message(message);
        cause.mutable_application_failure_info()->set_type("Declined");
        return *this;
    }
    NexusJobs& nexus_cancelled(std::uint32_t sequence) {
        nexus_failure(*nexus_end(sequence).mutable_cancelled()).mutable_canceled_failure_info();
        return *this;
    }
    NexusJobs& nexus_timed_out(std::uint32_t sequence) {
        nexus_failure(*nexus_end(sequence).mutable_timed_out())
            .mutable_timeout_failure_info()
            ->set_timeout_type(temporal::api::enums::v1::TIMEOUT_TYPE_START_TO_CLOSE);
        return *this;
    }

private:
    coresdk::workflow_activation::ResolveNexusOperationStart& nexus_start(std::uint32_t sequence) {
        auto& job = *add().mutable_resolve_nexus_operation_start();
        job.set_seq(sequence);
        return job;
    }
    coresdk::nexus::NexusOperationResult& nexus_end(std::uint32_t sequence) {
        auto& job = *add().mutable_resolve_nexus_operation();
        job.set_seq(sequence);
        return *job.mutable_result();
    }
    /// @returns the cause.
    static temporal::api::failure::v1::Failure& nexus_failure(
        temporal::api::failure::v1::Failure& failure
    ) {
        failure.set_message("operation failed");
        auto& info = *failure.mutable_nexus_operation_execution_failure_info();
        info.set_endpoint("greetings-prod");
        info.set_service("greetings");
        info.set_operation("greet");
        info.set_operation_token("token-1");
        return *failure.mutable_cause();
    }
};

}  // namespace hourglass::workflow::testing
