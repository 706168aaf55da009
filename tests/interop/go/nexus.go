package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/nexus-rpc/sdk-go/nexus"
	nexuspb "go.temporal.io/api/nexus/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/temporalnexus"
	"go.temporal.io/sdk/workflow"
)

// endpoint is where ../cpp_nexus.cpp looks for the service.
const endpoint = "interop-go"

// cppEndpoint leads to the C++ worker.
const cppEndpoint = "interop-cpp-of-go"

func nexusWaits(ctx workflow.Context, how string) (string, error) {
	if strings.HasPrefix(how, "quick") {
		return "waited: " + how, nil
	}
	err := workflow.Await(ctx, func() bool { return false })
	if strings.HasPrefix(how, "stubborn") {
		return "done all the same: " + how, nil
	}
	return "", err
}

// greetings is the service of ../python/nexus_service.py, too.
func greetings() *nexus.Service {
	greet := nexus.NewSyncOperation("greet",
		func(_ context.Context, name string, options nexus.StartOperationOptions) (string, error) {
			return "hello " + name + " of " + options.Header.Get("tenant"), nil
		})
	refuse := nexus.NewSyncOperation("refuse",
		func(_ context.Context, how string, _ nexus.StartOperationOptions) (string, error) {
			if how == "handler" {
				return "", nexus.NewHandlerErrorf(nexus.HandlerErrorTypeNotFound, "no such name")
			}
			return "", nexus.NewOperationFailedErrorf("no money")
		})
	wait := temporalnexus.NewWorkflowRunOperation("wait-for-it", nexusWaits,
		func(_ context.Context, how string, _ nexus.StartOperationOptions) (client.StartWorkflowOptions, error) {
			return client.StartWorkflowOptions{ID: "interop-go-nexus-" + how}, nil
		})
	service := nexus.NewService("greetings")
	service.MustRegister(greet, refuse, wait)
	return service
}

// goNexus calls one operation of the same service, which C++ handles, and says how that ended.
func goNexus(ctx workflow.Context, operation, how string) (string, error) {
	calls := workflow.NewNexusClient(cppEndpoint, "greetings")
	ctx, cancel := workflow.WithCancel(ctx)
	defer cancel()
	name := operation
	if operation == "cancel" {
		name = "wait-for-it"
	}
	called := calls.ExecuteOperation(ctx, name, how, workflow.NexusOperationOptions{
		ScheduleToCloseTimeout: time.Minute,
	})
	var execution workflow.NexusOperationExecution
	err := called.GetNexusOperationExecution().Get(ctx, &execution)
	if err == nil && operation == "cancel" {
		cancel()
	}
	var said string
	if err == nil {
		disconnected, _ := workflow.NewDisconnectedContext(ctx)
		err = called.Get(disconnected, &said)
	}
	var handler *nexus.HandlerError
	var application *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	switch {
	case errors.As(err, &handler):
		return "handler error " + string(handler.Type), nil
	case errors.As(err, &cancelled):
		return "cancelled", nil
	case errors.As(err, &application):
		return "application error " + application.Type() + " " + application.Message(), nil
	case err != nil:
		return "", err
	case execution.OperationToken == "":
		return said + ", at once", nil
	}
	return said + ", later", nil
}

func createEndpoint(connected client.Client, name, queue string) error {
	_, err := connected.OperatorService().CreateNexusEndpoint(context.Background(), &operatorservice.CreateNexusEndpointRequest{
		Spec: &nexuspb.EndpointSpec{
			Name: name,
			Target: &nexuspb.EndpointTarget{Variant: &nexuspb.EndpointTarget_Worker_{
				Worker: &nexuspb.EndpointTarget_Worker{Namespace: client.DefaultNamespace, TaskQueue: queue},
			}},
		},
	})
	return err
}
