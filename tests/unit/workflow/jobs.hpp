#pragma once

// Hand-made activations.

#include "hourglass/convert/convert.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/workflow_run.hpp"

#include <cstdint>
#include <string>

namespace hourglass::workflow::testing {

/// The next activation, job by job.
class Jobs {
public:
    Jobs() {
        activation_.set_run_id("run-1");
        activation_.mutable_timestamp()->set_seconds(1'000'000);
        activation_.set_history_length(3);
    }

    template <class... A>
    Jobs& start(const std::string& type, const A&... arguments) {
        auto& job = *add().mutable_initialize_workflow();
        job.set_workflow_type(type);
        job.set_workflow_id("workflow-1");
        job.set_randomness_seed(42);
        job.set_attempt(1);
        convert::to_proto(encode_arguments(arguments...), job.mutable_arguments());
        return *this;
    }
    template <class... A>
    Jobs& signal(const std::string& name, const A&... arguments) {
        auto& job = *add().mutable_signal_workflow();
        job.set_signal_name(name);
        convert::to_proto(encode_arguments(arguments...), job.mutable_input());
        return *this;
    }
    template <class... A>
    Jobs& query(const std::string& name, const A&... arguments) {
        auto& job = *add().mutable_query_workflow();
        job.set_query_id("query-1");
        job.set_query_type(name);
        convert::to_proto(encode_arguments(arguments...), job.mutable_arguments());
        return *this;
    }
    template <class... A>
    Jobs& update(const std::string& id, const std::string& name, const A&... arguments) {
        auto& job = *add().mutable_do_update();
        job.set_id(id);
        job.set_protocol_instance_id("protocol-" + id);
        job.set_name(name);
        job.set_run_validator(true);
        convert::to_proto(encode_arguments(arguments...), job.mutable_input());
        return *this;
    }
    Jobs& unvalidated() {
        activation_.mutable_jobs(activation_.jobs_size() - 1)
            ->mutable_do_update()
            ->set_run_validator(false);
        return *this;
    }
    template <class T>
    Jobs& complete_activity(std::uint32_t sequence, const T& result) {
        auto& job = *add().mutable_resolve_activity();
        job.set_seq(sequence);
        convert::to_proto(
            to_payload(result), job.mutable_result()->mutable_completed()->mutable_result()
        );
        return *this;
    }
    Jobs& fail_activity(std::uint32_t sequence, const std::string& message) {
        auto& job = *add().mutable_resolve_activity();
        job.set_seq(sequence);
        auto& failure = *job.mutable_result()->mutable_failed()->mutable_failure();
        failure.set_message("activity failed");
        failure.mutable_activity_failure_info()->set_activity_id(std::to_string(sequence));
        failure.mutable_cause()->set_message(message);
        failure.mutable_cause()->mutable_application_failure_info()->set_type("Declined");
        return *this;
    }
    /// As Core reports a cancelled activity.
    Jobs& activity_cancelled(std::uint32_t sequence) {
        auto& job = *add().mutable_resolve_activity();
        job.set_seq(sequence);
        auto& failure = *job.mutable_result()->mutable_cancelled()->mutable_failure();
        failure.set_message("activity cancelled");
        failure.mutable_activity_failure_info()->set_activity_id(std::to_string(sequence));
        failure.mutable_cause()->set_message("cancelled");
        failure.mutable_cause()->mutable_canceled_failure_info();
        return *this;
    }
    /// As Core gives a local activity back that waits longer than its threshold.
    Jobs& back_off(std::uint32_t sequence, std::uint32_t next_attempt, std::int64_t seconds) {
        auto& job = *add().mutable_resolve_activity();
        job.set_seq(sequence);
        job.set_is_local(true);
        auto& backoff = *job.mutable_result()->mutable_backoff();
        backoff.set_attempt(next_attempt);
        backoff.mutable_backoff_duration()->set_seconds(seconds);
        backoff.mutable_original_schedule_time()->set_seconds(77);
        return *this;
    }
    Jobs& fire(std::uint32_t sequence) {
        add().mutable_fire_timer()->set_seq(sequence);
        return *this;
    }
    Jobs& cancel(const std::string& reason = {}) {
        add().mutable_cancel_workflow()->set_reason(reason);
        return *this;
    }
    Jobs& seed(std::uint64_t seed) {
        add().mutable_update_random_seed()->set_randomness_seed(seed);
        return *this;
    }
    Jobs& evict() {
        add().mutable_remove_from_cache()->set_message("cache full");
        return *this;
    }
    Jobs& has_patch(const std::string& id) {
        add().mutable_notify_has_patch()->set_patch_id(id);
        return *this;
    }
    Jobs& replaying() {
        activation_.set_is_replaying(true);
        return *this;
    }
    Jobs& at(std::int64_t seconds) {
        activation_.mutable_timestamp()->set_seconds(seconds);
        return *this;
    }
    Jobs& child_started(std::uint32_t sequence, const std::string& run_id) {
        child_start(sequence).mutable_succeeded()->set_run_id(run_id);
        return *this;
    }
    Jobs& child_not_started(
        std::uint32_t sequence, coresdk::child_workflow::StartChildWorkflowExecutionFailedCause why
    ) {
        auto& failed = *child_start(sequence).mutable_failed();
        failed.set_workflow_id("child-1");
        failed.set_workflow_type("Child");
        failed.set_cause(why);
        return *this;
    }
    /// As Core reports a child that was cancelled before the command to start it had left.
    Jobs& child_start_cancelled(std::uint32_t sequence) {
        child_failure(*child_start(sequence).mutable_cancelled()->mutable_failure())
            .mutable_canceled_failure_info();
        return *this;
    }
    template <class T>
    Jobs& complete_child(std::uint32_t sequence, const T& result) {
        convert::to_proto(
            to_payload(result), child_end(sequence).mutable_completed()->mutable_result()
        );
        return *this;
    }
    Jobs& fail_child(std::uint32_t sequence, const std::string& message) {
        auto& cause = child_failure(*child_end(sequence).mutable_failed()->mutable_failure());
        cause.set_message(message);
        cause.mutable_application_failure_info()->set_type("Declined");
        return *this;
    }
    Jobs& child_cancelled(std::uint32_t sequence) {
        child_failure(*child_end(sequence).mutable_cancelled()->mutable_failure())
            .mutable_canceled_failure_info();
        return *this;
    }
    Jobs& signal_sent(std::uint32_t sequence) {
        add().mutable_resolve_signal_external_workflow()->set_seq(sequence);
        return *this;
    }
    Jobs& signal_not_sent(std::uint32_t sequence) {
        auto& job = *add().mutable_resolve_signal_external_workflow();
        job.set_seq(sequence);
        job.set_cause(
            temporal::api::enums::v1::
                SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND
        );
        job.mutable_failure()->set_message("not signalled");
        job.mutable_failure()->mutable_application_failure_info()->set_type("NotFound");
        return *this;
    }
    Jobs& signal_taken_back(std::uint32_t sequence) {
        auto& job = *add().mutable_resolve_signal_external_workflow();
        job.set_seq(sequence);
        job.mutable_failure()->set_message("Signal was cancelled before being sent");
        job.mutable_failure()->mutable_canceled_failure_info();
        return *this;
    }
    Jobs& cancel_requested(std::uint32_t sequence) {
        add().mutable_resolve_request_cancel_external_workflow()->set_seq(sequence);
        return *this;
    }
    Jobs& cancel_not_requested(std::uint32_t sequence) {
        auto& job = *add().mutable_resolve_request_cancel_external_workflow();
        job.set_seq(sequence);
        job.set_cause(
            temporal::api::enums::v1::
                CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND
        );
        job.mutable_failure()->set_message("not cancelled");
        job.mutable_failure()->mutable_application_failure_info()->set_type("NotFound");
        return *this;
    }
    coresdk::workflow_activation::WorkflowActivationJob& add() { return *activation_.add_jobs(); }
    [[nodiscard]] Activation& activation() { return activation_; }

private:
    coresdk::workflow_activation::ResolveChildWorkflowExecutionStart& child_start(
        std::uint32_t sequence
    ) {
        auto& job = *add().mutable_resolve_child_workflow_execution_start();
        job.set_seq(sequence);
        return job;
    }
    coresdk::child_workflow::ChildWorkflowResult& child_end(std::uint32_t sequence) {
        auto& job = *add().mutable_resolve_child_workflow_execution();
        job.set_seq(sequence);
        return *job.mutable_result();
    }
    /// @returns the cause.
    static temporal::api::failure::v1::Failure& child_failure(
        temporal::api::failure::v1::Failure& failure
    ) {
        failure.set_message("child failed");
        auto& info = *failure.mutable_child_workflow_execution_failure_info();
        info.mutable_workflow_execution()->set_workflow_id("child-1");
        info.mutable_workflow_type()->set_name("Child");
        return *failure.mutable_cause();
    }

    Activation activation_;
};

}  // namespace hourglass::workflow::testing
