package main

import (
	"context"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// onCpp is a context whose activities run on the C++ worker, once.
func onCpp(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           cppQueue,
		StartToCloseTimeout: 30 * time.Second,
	})
}

// echo registers a workflow that gives its value to a C++ activity and returns what comes back, and the activity that
// does nothing to it.
func echo[T any](to worker.Worker, workflowName, activityName string) {
	to.RegisterWorkflowWithOptions(func(ctx workflow.Context, value T) (T, error) {
		var echoed T
		err := workflow.ExecuteActivity(onCpp(ctx), activityName, value).Get(ctx, &echoed)
		return echoed, err
	}, workflow.RegisterOptions{Name: workflowName})
	to.RegisterActivityWithOptions(func(_ context.Context, value T) (T, error) {
		return value, nil
	}, activity.RegisterOptions{Name: activityName})
}

// binaryProto writes a message as binary/protobuf: the default converter would take JSON.
func binaryProto(message *commonpb.RetryPolicy) (converter.RawValue, error) {
	payload, err := converter.NewProtoPayloadConverter().ToPayload(message)
	return converter.NewRawValue(payload), err
}

func registerEchoes(to worker.Worker) {
	echo[any](to, "EchoJson", "echo_json")
	echo[int64](to, "EchoInteger", "echo_integer")
	echo[[]byte](to, "EchoBytes", "echo_bytes")
	echo[*parcel](to, "EchoOptional", "echo_optional")
	echo[*commonpb.RetryPolicy](to, "EchoProto", "echo_proto")

	to.RegisterWorkflowWithOptions(func(ctx workflow.Context, value *commonpb.RetryPolicy) (converter.RawValue, error) {
		binary, err := binaryProto(value)
		if err != nil {
			return converter.RawValue{}, err
		}
		echoed := &commonpb.RetryPolicy{}
		if err := workflow.ExecuteActivity(onCpp(ctx), "echo_binary_proto", binary).Get(ctx, echoed); err != nil {
			return converter.RawValue{}, err
		}
		return binaryProto(echoed)
	}, workflow.RegisterOptions{Name: "EchoBinaryProto"})
	to.RegisterActivityWithOptions(func(_ context.Context, value *commonpb.RetryPolicy) (converter.RawValue, error) {
		return binaryProto(value)
	}, activity.RegisterOptions{Name: "echo_binary_proto"})
}
