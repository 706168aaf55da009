#pragma once

// Hand-made activations, and what comes back as text; and the names that every test here uses.

#include "hourglass/base/log.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/workflow/workflow.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/workflow_run.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;

namespace hourglass::workflow::testing {

inline const ActivityOptions kQuick{.start_to_close_timeout = 30s};

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

inline std::string text_of(const temporal::api::common::v1::Payload& payload) {
    return payload.metadata().at("encoding") == "binary/null" ? "null" : payload.data();
}

inline std::string text_of(const google::protobuf::Duration& duration) {
    return std::to_string(duration.seconds() * 1000 + duration.nanos() / 1'000'000) + "ms";
}

/// In the order of the names.
inline std::string text_of(const convert::ProtoPayloadMap& fields) {
    std::string text;
    for (const auto& [name, value] : convert::from_proto(fields)) {
        text += " " + name + "=" + (value == null_payload() ? "null" : value.data);
    }
    return text;
}

/// A command on one line.
inline std::string text_of(const coresdk::workflow_commands::WorkflowCommand& command) {
    using C = coresdk::workflow_commands::WorkflowCommand;
    const auto number = [](std::uint32_t sequence) { return " " + std::to_string(sequence); };
    switch (command.variant_case()) {
        case C::kStartTimer:
            return "start_timer" + number(command.start_timer().seq()) + " " +
                   text_of(command.start_timer().start_to_fire_timeout());
        case C::kCancelTimer:
            return "cancel_timer" + number(command.cancel_timer().seq());
        case C::kScheduleActivity: {
            std::string text = "schedule" + number(command.schedule_activity().seq()) + " " +
                               command.schedule_activity().activity_type();
            for (const auto& argument : command.schedule_activity().arguments()) {
                text += " " + text_of(argument);
            }
            return text;
        }
        case C::kScheduleLocalActivity: {
            const auto& activity = command.schedule_local_activity();
            std::string text = "local" + number(activity.seq()) + " " + activity.activity_type();
            for (const auto& argument : activity.arguments()) {
                text += " " + text_of(argument);
            }
            return activity.attempt() == 0
                       ? text
                       : text + " attempt " + std::to_string(activity.attempt()) + " since " +
                             std::to_string(activity.original_schedule_time().seconds());
        }
        case C::kRequestCancelLocalActivity:
            return "cancel_local" + number(command.request_cancel_local_activity().seq());
        case C::kRequestCancelActivity:
            return "cancel_activity" + number(command.request_cancel_activity().seq());
        case C::kCompleteWorkflowExecution:
            return "complete " + text_of(command.complete_workflow_execution().result());
        case C::kFailWorkflowExecution:
            return "fail " + command.fail_workflow_execution().failure().message();
        case C::kCancelWorkflowExecution:
            return "cancelled";
        case C::kContinueAsNewWorkflowExecution: {
            std::string text =
                "continue_as_new " + command.continue_as_new_workflow_execution().workflow_type();
            for (const auto& argument : command.continue_as_new_workflow_execution().arguments()) {
                text += " " + text_of(argument);
            }
            return text;
        }
        case C::kStartChildWorkflowExecution: {
            const auto& child = command.start_child_workflow_execution();
            std::string text =
                "child" + number(child.seq()) + " " + child.workflow_type() + " " +
                (child.workflow_id().size() == 36 ? "<uuid>" : child.workflow_id());
            for (const auto& argument : child.input()) {
                text += " " + text_of(argument);
            }
            return text;
        }
        case C::kCancelChildWorkflowExecution:
            return "cancel_child" +
                   number(command.cancel_child_workflow_execution().child_workflow_seq()) + " '" +
                   command.cancel_child_workflow_execution().reason() + "'";
        case C::kSignalExternalWorkflowExecution: {
            const auto& signal = command.signal_external_workflow_execution();
            std::string text = "signal" + number(signal.seq()) + " ";
            text += signal.has_child_workflow_id()
                        ? "child " + signal.child_workflow_id()
                        : signal.workflow_execution().namespace_() + "/" +
                              signal.workflow_execution().workflow_id() + "/" +
                              signal.workflow_execution().run_id();
            text += " " + signal.signal_name();
            for (const auto& argument : signal.args()) {
                text += " " + text_of(argument);
            }
            return text;
        }
        case C::kCancelSignalWorkflow:
            return "cancel_signal" + number(command.cancel_signal_workflow().seq());
        case C::kRequestCancelExternalWorkflowExecution: {
            const auto& request = command.request_cancel_external_workflow_execution();
            return "request_cancel" + number(request.seq()) + " " +
                   request.workflow_execution().namespace_() + "/" +
                   request.workflow_execution().workflow_id() + "/" +
                   request.workflow_execution().run_id() + " '" + request.reason() + "'";
        }
        case C::kSetPatchMarker:
            return "patch " + command.set_patch_marker().patch_id() +
                   (command.set_patch_marker().deprecated() ? " deprecated" : "");
        case C::kUpsertWorkflowSearchAttributes:
            return "upsert search attributes" +
                   text_of(command.upsert_workflow_search_attributes()
                               .search_attributes()
                               .indexed_fields());
        case C::kModifyWorkflowProperties:
            return "upsert memo" +
                   text_of(command.modify_workflow_properties().upserted_memo().fields());
        case C::kRespondToQuery:
            return command.respond_to_query().has_failed()
                       ? "query failed " + command.respond_to_query().failed().message()
                       : "answer " + text_of(command.respond_to_query().succeeded().response());
        case C::kUpdateResponse: {
            const auto& response = command.update_response();
            const std::string who = " " + response.protocol_instance_id();
            if (response.has_accepted()) {
                return "accepted" + who;
            }
            return response.has_rejected()
                       ? "rejected" + who + " " + response.rejected().message()
                       : "completed" + who + " " + text_of(response.completed());
        }
        default:
            return "unexpected command " + command.ShortDebugString();
    }
}

using Lines = std::vector<std::string>;

/// The commands, or one line that begins with "task failed".
inline Lines lines_of(const Completion& completion) {
    if (completion.has_failed()) {
        return {"task failed: " + completion.failed().failure().message()};
    }
    Lines lines;
    for (const auto& command : completion.successful().commands()) {
        lines.push_back(text_of(command));
    }
    return lines;
}

/// One run of a class made a workflow by HOURGLASS_WORKFLOW.
template <class W>
class RunOf {
public:
    RunOf() : run_{definition_of<W>(), "run-1", {"default", "queue-1"}} {}

    template <class... A>
    Lines start(const A&... arguments) {
        return activate(Jobs{}.start(std::string{definition_of<W>().name}, arguments...));
    }
    Lines activate(Jobs& jobs) { return lines_of(completion(jobs)); }
    Lines activate(Jobs&& jobs) { return lines_of(completion(jobs)); }
    Completion completion(Jobs& jobs) { return run_.activate(jobs.activation()); }
    Completion completion(Jobs&& jobs) { return run_.activate(jobs.activation()); }
    [[nodiscard]] RunState state() const { return run_.state(); }

private:
    WorkflowRun run_;
};

/// What is logged while it lives, a record a line.
class CapturedLog {
public:
    CapturedLog() { log::set_sink(sink_); }
    ~CapturedLog() { log::set_sink(nullptr); }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    [[nodiscard]] const Lines& lines() const { return sink_->lines; }

private:
    struct Sink final : log::Sink {
        void write(const log::Record& record) noexcept override {
            std::string line = std::string{log::to_text(record.level)} + " " + record.message;
            for (const auto& field : record.fields) {
                line += " " + field.name + "=" + field.value;
            }
            lines.push_back(line);
        }
        Lines lines;
    };

    std::shared_ptr<Sink> sink_ = std::make_shared<Sink>();
};

}  // namespace hourglass::workflow::testing

using hg::workflow::testing::CapturedLog;
using hg::workflow::testing::Jobs;
using hg::workflow::testing::kQuick;
using hg::workflow::testing::RunOf;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
