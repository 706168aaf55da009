package main

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/nexus-rpc/sdk-go/nexus"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// layer is one failure as ../failures.json has it, and chain is one with its causes.
type layer struct {
	Kind             string `json:"kind"`
	Message          string `json:"message,omitempty"`
	Type             string `json:"type,omitempty"`
	Details          []any  `json:"details,omitempty"`
	NonRetryable     bool   `json:"non_retryable,omitempty"`
	NextRetryDelayMs int64  `json:"next_retry_delay_ms,omitempty"`
	Category         string `json:"category,omitempty"`
	Activity         string `json:"activity,omitempty"`
	Workflow         string `json:"workflow,omitempty"`
	ID               string `json:"id,omitempty"`
	RetryState       string `json:"retry_state,omitempty"`
	Endpoint         string `json:"endpoint,omitempty"`
	Service          string `json:"service,omitempty"`
	Operation        string `json:"operation,omitempty"`
}
type chain []layer

func words(name string) string {
	var text strings.Builder
	for index, letter := range name {
		if unicode.IsUpper(letter) && index > 0 {
			text.WriteByte('_')
		}
		text.WriteRune(unicode.ToLower(letter))
	}
	return text.String()
}

// number finds the constant that an enumeration of the API calls by these words.
func number(names map[int32]string, wanted string) int32 {
	for number := range names {
		if name := names[number]; strings.HasSuffix(strings.ToLower(name), "_"+wanted) || words(name) == wanted {
			return number
		}
	}
	panic(fmt.Sprintf("no constant is called %q", wanted))
}

// made is the error that a chain describes, by the SDK's own means as far as it has them.
func made(wanted chain) error {
	if len(wanted) == 0 {
		return nil
	}
	cause := made(wanted[1:])
	top := wanted[0]
	switch top.Kind {
	case "application":
		options := temporal.ApplicationErrorOptions{
			NonRetryable:   top.NonRetryable,
			Cause:          cause,
			Details:        top.Details,
			NextRetryDelay: time.Duration(top.NextRetryDelayMs) * time.Millisecond,
		}
		if top.Category == "benign" {
			options.Category = temporal.ApplicationErrorCategoryBenign
		}
		return temporal.NewApplicationErrorWithOptions(top.Message, top.Type, options)
	case "cancelled":
		return temporal.NewCanceledErrorWithOptions(
			temporal.CanceledErrorOptions{Message: top.Message, Details: top.Details, Cause: cause})
	case "timeout":
		timeout := enumspb.TimeoutType(number(enumspb.TimeoutType_name, top.Type))
		return temporal.NewTimeoutError(timeout, cause, top.Details...)
	case "nexus_handler":
		behavior := nexus.HandlerErrorRetryBehaviorRetryable
		if top.NonRetryable {
			behavior = nexus.HandlerErrorRetryBehaviorNonRetryable
		}
		return &nexus.HandlerError{
			Message: top.Message, Type: nexus.HandlerErrorType(top.Type), RetryBehavior: behavior, Cause: cause,
		}
	}
	// The SDK has no constructor for what only the server makes as a rule.
	failures := clientOptions().FailureConverter
	failure := &failurepb.Failure{Message: top.Message, Cause: failures.ErrorToFailure(cause)}
	switch top.Kind {
	case "terminated":
		failure.FailureInfo = &failurepb.Failure_TerminatedFailureInfo{TerminatedFailureInfo: &failurepb.TerminatedFailureInfo{}}
	case "server":
		failure.FailureInfo = &failurepb.Failure_ServerFailureInfo{
			ServerFailureInfo: &failurepb.ServerFailureInfo{NonRetryable: top.NonRetryable}}
	case "activity":
		failure.FailureInfo = &failurepb.Failure_ActivityFailureInfo{ActivityFailureInfo: &failurepb.ActivityFailureInfo{
			ActivityType: &commonpb.ActivityType{Name: top.Activity},
			ActivityId:   top.ID,
			RetryState:   enumspb.RetryState(number(enumspb.RetryState_name, top.RetryState)),
		}}
	case "child":
		info := &failurepb.ChildWorkflowExecutionFailureInfo{
			WorkflowType:      &commonpb.WorkflowType{Name: top.Workflow},
			WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: top.ID},
			RetryState:        enumspb.RetryState(number(enumspb.RetryState_name, top.RetryState)),
		}
		failure.FailureInfo = &failurepb.Failure_ChildWorkflowExecutionFailureInfo{ChildWorkflowExecutionFailureInfo: info}
	case "nexus_operation":
		info := &failurepb.NexusOperationFailureInfo{
			Endpoint: top.Endpoint, Service: top.Service, Operation: top.Operation, OperationToken: top.ID,
		}
		failure.FailureInfo = &failurepb.Failure_NexusOperationExecutionFailureInfo{NexusOperationExecutionFailureInfo: info}
	default:
		panic(fmt.Sprintf("no failure is of the kind %q", top.Kind))
	}
	return failures.FailureToError(failure)
}

func failWorkflow(_ workflow.Context, wanted chain) error { return made(wanted) }

func failActivity(_ context.Context, wanted chain) error { return made(wanted) }

func registerFailing(to worker.Worker) {
	to.RegisterWorkflowWithOptions(failWorkflow, workflow.RegisterOptions{Name: "Fail"})
	to.RegisterActivityWithOptions(failActivity, activity.RegisterOptions{Name: "fail"})
}
