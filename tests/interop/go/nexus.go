package main

import (
	"context"
	"strings"

	"github.com/nexus-rpc/sdk-go/nexus"
	nexuspb "go.temporal.io/api/nexus/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporalnexus"
	"go.temporal.io/sdk/workflow"
)

// endpoint is where ../cpp_nexus.cpp looks for the service.
const endpoint = "interop-go"

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

// greetings is the service of ../python_nexus.py, too.
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

func createEndpoint(connected client.Client) error {
	_, err := connected.OperatorService().CreateNexusEndpoint(context.Background(), &operatorservice.CreateNexusEndpointRequest{
		Spec: &nexuspb.EndpointSpec{
			Name: endpoint,
			Target: &nexuspb.EndpointTarget{Variant: &nexuspb.EndpointTarget_Worker_{
				Worker: &nexuspb.EndpointTarget_Worker{Namespace: client.DefaultNamespace, TaskQueue: goQueue},
			}},
		},
	})
	return err
}
