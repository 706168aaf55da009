#include "src/convert/failure_converter.hpp"

#include "hourglass/convert/operation_failures.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace hourglass::convert {
namespace {

using namespace std::chrono_literals;
using google::protobuf::util::MessageDifferencer;

ProtoFailure parse(const std::string& json) {
    ProtoFailure failure;
    const auto status = google::protobuf::util::JsonStringToMessage(json, &failure);
    EXPECT_TRUE(status.ok()) << status.ToString();
    return failure;
}

ProtoFailure written(const FailureError& error) {
    ProtoFailure failure;
    failure.set_message("left over");
    to_failure(error, &failure);
    return failure;
}

std::string text_of(const ProtoFailure& failure) {
    std::string text;
    (void)google::protobuf::util::MessageToJsonString(failure, &text);
    return text;
}

void expect_same(const ProtoFailure& left, const ProtoFailure& right) {
    EXPECT_TRUE(MessageDifferencer::Equals(left, right)) << text_of(left) << "\n" << text_of(right);
}

// Python leaves `source` empty.
void expect_python(const FailureError& error, const std::string& json) {
    ProtoFailure failure = written(error);
    for (ProtoFailure* at = &failure;; at = at->mutable_cause()) {
        EXPECT_EQ(at->source(), "CppSDK");
        at->clear_source();
        if (!at->has_cause()) {
            break;
        }
    }
    expect_same(failure, parse(json));
}

template <class E>
E received(const ProtoFailure& failure) {
    try {
        std::rethrow_exception(from_failure(failure));
    } catch (const E& error) {
        // What came goes out unchanged.
        expect_same(written(error), failure);
        return error;
    }
}

// Failures as temporalio 1.35 (Python) makes them.
constexpr const char* kApplication =
    R"({"message": "declined", "cause": {"message": "no money", "applicationFailureInfo": {"type": "ValueError"}},
        "applicationFailureInfo": {"type": "Declined", "nonRetryable": true, "details": {"payloads": [
            {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "ImNhcmQi"},
            {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "NDI="}]},
        "nextRetryDelay": "1.500s", "category": "APPLICATION_ERROR_CATEGORY_BENIGN"}})";
constexpr const char* kActivity =
    R"({"message": "activity error", "cause": {"message": "hb", "timeoutFailureInfo": {
            "timeoutType": "TIMEOUT_TYPE_HEARTBEAT", "lastHeartbeatDetails": {"payloads": [
                {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "InAi"},
                {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "Mw=="}]}}},
        "activityFailureInfo": {"scheduledEventId": "5", "startedEventId": "6", "identity": "w@h",
            "activityType": {"name": "charge"}, "activityId": "1",
            "retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}})";
constexpr const char* kChild =
    R"({"message": "child", "cause": {"message": "stop", "canceledFailureInfo": {"details": {"payloads": [
            {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "IndoeSI="}]}}},
        "childWorkflowExecutionFailureInfo": {"namespace": "default",
            "workflowExecution": {"workflowId": "c", "runId": "r"}, "workflowType": {"name": "Child"},
            "initiatedEventId": "7", "startedEventId": "8", "retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE"}})";
constexpr const char* kNexusOperation =
    R"({"message": "n", "nexusOperationExecutionFailureInfo": {"scheduledEventId": "1", "endpoint": "e",
        "service": "s", "operation": "o", "operationToken": "t"}})";
constexpr const char* kNexusHandler =
    R"({"message": "h", "nexusHandlerFailureInfo": {"type": "NOT_FOUND",
        "retryBehavior": "NEXUS_HANDLER_ERROR_RETRY_BEHAVIOR_RETRYABLE"}})";

TEST(WrittenFailures, AreWhatThePythonSdkMakes) {
    expect_python(
        ApplicationError{
            "declined",
            {.type = "Declined",
             .non_retryable = true,
             .details = encode_arguments("card", 42),
             .next_retry_delay = 1500ms,
             .category = ErrorCategory::Benign,
             .cause = std::make_shared<ApplicationError>(
                 "no money", ApplicationErrorOptions{.type = "ValueError"}
             )}
        },
        kApplication
    );
    expect_python(ApplicationError{"m"}, R"({"message": "m", "applicationFailureInfo": {}})");
    expect_python(
        ActivityError{
            "activity error",
            {.activity_type = "charge",
             .activity_id = "1",
             .identity = "w@h",
             .retry_state = RetryState::MaximumAttemptsReached,
             .scheduled_event_id = 5,
             .started_event_id = 6},
            {.cause = std::make_shared<TimeoutError>(
                 "hb", TimeoutType::Heartbeat, encode_arguments("p", 3)
             )}
        },
        kActivity
    );
    expect_python(
        ChildWorkflowError{
            "child",
            {.workflow_namespace = "default",
             .workflow_id = "c",
             .run_id = "r",
             .workflow_type = "Child",
             .retry_state = RetryState::NonRetryableFailure,
             .initiated_event_id = 7,
             .started_event_id = 8},
            {.cause = std::make_shared<CancelledError>(
                 "stop", CancelledErrorOptions{.details = encode_arguments("why")}
             )}
        },
        kChild
    );
    expect_python(
        ServerError{"srv", true},
        R"({"message": "srv", "serverFailureInfo": {"nonRetryable": true}})"
    );
    expect_python(TerminatedError{"t"}, R"({"message": "t", "terminatedFailureInfo": {}})");
    expect_python(
        NexusOperationError{
            "n",
            {.endpoint = "e",
             .service = "s",
             .operation = "o",
             .operation_token = "t",
             .scheduled_event_id = 1}
        },
        kNexusOperation
    );
    expect_python(
        NexusHandlerError{"h", "NOT_FOUND", NexusRetryBehavior::Retryable}, kNexusHandler
    );
}

TEST(WrittenFailures, CarryAnyExceptionWithItsCauses) {
    ProtoFailure failure;
    to_failure(std::make_exception_ptr(42), &failure);
    expect_same(
        failure,
        parse(R"({"message": "42", "source": "CppSDK", "applicationFailureInfo": {"type": "int"}})")
    );
    try {
        try {
            throw std::invalid_argument{"bottom"};
        } catch (...) {
            std::throw_with_nested(std::runtime_error{"top"});
        }
    } catch (...) {
        to_failure(std::current_exception(), &failure);
    }
    EXPECT_EQ(failure.message(), "top");
    EXPECT_EQ(failure.application_failure_info().type(), "std::runtime_error");
    EXPECT_EQ(failure.cause().application_failure_info().type(), "std::invalid_argument");
    EXPECT_FALSE(failure.cause().has_cause());
}

TEST(WrittenFailures, AreValidUtf8WhateverTheExceptionSays) {
    ProtoFailure failure;
    to_failure(std::make_exception_ptr(std::runtime_error{"caf\xe9"}), &failure);
    EXPECT_EQ(failure.message(), "caf\xEF\xBF\xBD");
}

TEST(WrittenFailures, StopBeforeReadersOfProtobufWould) {
    FailureCause cause;
    for (int i = 0; i < 500; ++i) {
        cause = std::make_shared<ApplicationError>("deep", ApplicationErrorOptions{.cause = cause});
    }
    const ProtoFailure failure = written(*cause);
    ProtoFailure again;
    EXPECT_TRUE(again.ParseFromString(failure.SerializeAsString()));
}

TEST(ReceivedFailures, AreTypedErrorsAndGoOutUnchanged) {
    const auto application = received<ApplicationError>(parse(kApplication));
    EXPECT_EQ(application.message(), "declined");
    EXPECT_EQ(application.type(), "Declined");
    EXPECT_TRUE(application.non_retryable());
    EXPECT_EQ(application.detail<std::string>(0), "card");
    EXPECT_EQ(application.detail<int>(1), 42);
    EXPECT_EQ(application.next_retry_delay(), 1500ms);
    EXPECT_EQ(application.category(), ErrorCategory::Benign);
    EXPECT_EQ(application.find_cause<ApplicationError>()->type(), "ValueError");

    const auto activity = received<ActivityError>(parse(kActivity));
    EXPECT_EQ(activity.activity_type(), "charge");
    EXPECT_EQ(activity.activity_id(), "1");
    EXPECT_EQ(activity.identity(), "w@h");
    EXPECT_EQ(activity.retry_state(), RetryState::MaximumAttemptsReached);
    EXPECT_EQ(activity.info().scheduled_event_id, 5);
    EXPECT_EQ(activity.info().started_event_id, 6);
    const auto timeout = activity.find_cause<TimeoutError>();
    ASSERT_NE(timeout, nullptr);
    EXPECT_EQ(timeout->type(), TimeoutType::Heartbeat);
    EXPECT_EQ(timeout->last_heartbeat_detail<int>(1), 3);

    const auto child = received<ChildWorkflowError>(parse(kChild));
    EXPECT_EQ(child.info().workflow_namespace, "default");
    EXPECT_EQ(child.workflow_id(), "c");
    EXPECT_EQ(child.run_id(), "r");
    EXPECT_EQ(child.workflow_type(), "Child");
    EXPECT_EQ(child.info().initiated_event_id, 7);
    EXPECT_EQ(child.info().started_event_id, 8);
    EXPECT_EQ(child.find_cause<CancelledError>()->detail<std::string>(0), "why");

    const auto operation = received<NexusOperationError>(parse(kNexusOperation));
    EXPECT_EQ(
        operation.endpoint() + operation.service() + operation.operation() +
            operation.operation_token(),
        "esot"
    );
    const auto handler = received<NexusHandlerError>(parse(kNexusHandler));
    EXPECT_EQ(handler.type(), "NOT_FOUND");
    EXPECT_EQ(handler.retry_behavior(), NexusRetryBehavior::Retryable);

    EXPECT_TRUE(received<ServerError>(parse(R"({"serverFailureInfo": {"nonRetryable": true}})"))
                    .non_retryable());
    EXPECT_EQ(
        received<TerminatedError>(parse(R"({"terminatedFailureInfo": {"identity": "ops"}})"))
            .identity(),
        "ops"
    );
    EXPECT_EQ(
        received<CancelledError>(parse(R"({"canceledFailureInfo": {"identity": "ops"}})"))
            .identity(),
        "ops"
    );
    (void)received<ResetWorkflowError>(parse(R"({"resetWorkflowFailureInfo": {}})"));
    EXPECT_STREQ(received<FailureError>(parse("{}")).what(), "failure");
}

TEST(ReceivedFailures, KeepStackTraceSourceAndWhatThisCodeDoesNotKnow) {
    ProtoFailure failure = parse(
        R"({"message": "m", "source": "GoSDK", "stackTrace": "main.go:1", "applicationFailureInfo": {"type": "T", "category": 99}})"
    );
    failure.GetReflection()->MutableUnknownFields(&failure)->AddVarint(777, 1);
    const auto error = received<ApplicationError>(failure);
    EXPECT_EQ(error.source(), "GoSDK");
    EXPECT_EQ(error.stack_trace(), "main.go:1");
    EXPECT_EQ(error.category(), ErrorCategory::Unspecified);
    EXPECT_EQ(written(error).SerializeAsString(), failure.SerializeAsString());
}

TEST(ReceivedFailures, ShowTheTextOfEncodedAttributesAndSendThemOnUntouched) {
    const auto error = received<ApplicationError>(parse(
        R"({"message": "Encoded failure", "applicationFailureInfo": {"type": "T"}, "encodedAttributes": {
            "metadata": {"encoding": "anNvbi9wbGFpbg=="},
            "data": "eyJtZXNzYWdlIjoic2VjcmV0Iiwic3RhY2tfdHJhY2UiOiIifQ=="}})"
    ));
    EXPECT_EQ(error.message(), "secret");
    // Of a codec that this process does not have.
    const auto hidden = received<ApplicationError>(parse(
        R"({"message": "Encoded failure", "applicationFailureInfo": {}, "encodedAttributes": {
            "metadata": {"encoding": "YmluYXJ5L2VuY3J5cHRlZA=="}, "data": "AAEC"}})"
    ));
    EXPECT_EQ(hidden.message(), "Encoded failure");
    EXPECT_TRUE(hidden.context().encoded_attributes.has_value());
}

TEST(ReceivedFailures, StayWholeAsCauseOfAnother) {
    const ProtoFailure original = parse(kActivity);
    ProtoFailure failure;
    try {
        try {
            std::rethrow_exception(from_failure(original));
        } catch (const ActivityError&) {
            std::throw_with_nested(ApplicationError{"gave up"});
        }
    } catch (...) {
        to_failure(std::current_exception(), &failure);
    }
    EXPECT_EQ(failure.message(), "gave up");
    expect_same(failure.cause(), original);
    const FailureCause cause = to_cause(original);
    expect_same(written(ApplicationError{"gave up", {.cause = cause}}).cause(), original);
}

// As the failure of a child of a child of a child … is, of which each workflow adds its own.
TEST(ReceivedFailures, AreCutBelowOthersBeforeReadersOfProtobufGiveUp) {
    ProtoFailure original;
    original.set_message("0");
    ProtoFailure* innermost = &original;
    for (int i = 1; i < 90; ++i) {
        innermost = innermost->mutable_cause();
        innermost->set_message(std::to_string(i));
    }
    FailureCause cause = to_cause(original);
    for (int i = 0; i < 20; ++i) {
        cause = std::make_shared<ApplicationError>("own", ApplicationErrorOptions{.cause = cause});
    }
    const ProtoFailure failure = written(*cause);
    ProtoFailure again;
    ASSERT_TRUE(again.ParseFromString(failure.SerializeAsString()));
    const ProtoFailure* at = &again;
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(at->message(), "own");
        at = &at->cause();
    }
    for (int i = 0; at->has_cause(); ++i) {
        EXPECT_EQ(at->message(), std::to_string(i));
        at = &at->cause();
    }
    EXPECT_EQ(at->message(), "40") << "60 causes";
}

TEST(ReceivedFailures, OutliveTheMessageTheyCameIn) {
    FailureCause cause;
    {
        auto failure = std::make_unique<ProtoFailure>(parse(kChild));
        cause = to_cause(*failure)->cause();
    }
    EXPECT_EQ(cause->message(), "stop");
    expect_same(written(*cause), parse(kChild).cause());
}

}  // namespace
}  // namespace hourglass::convert
