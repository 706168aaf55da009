package main

import (
	"context"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const tenantHeader = "tenant"

type tenantKey struct{}

// tenantPropagator carries one text from contexts into headers and back. Its payload is not given to codecs, as headers
// are not in C++ either unless DataOptions::headers says so.
type tenantPropagator struct{}

func inject(tenant any, writer workflow.HeaderWriter) error {
	if tenant == nil {
		return nil
	}
	payload, err := converter.GetDefaultDataConverter().ToPayload(tenant)
	if err == nil {
		writer.Set(tenantHeader, payload)
	}
	return err
}

func extract(reader workflow.HeaderReader) (tenant string, there bool, err error) {
	var payload *commonpb.Payload
	if payload, there = reader.Get(tenantHeader); there {
		err = converter.GetDefaultDataConverter().FromPayload(payload, &tenant)
	}
	return tenant, there, err
}

func (tenantPropagator) Inject(ctx context.Context, writer workflow.HeaderWriter) error {
	return inject(ctx.Value(tenantKey{}), writer)
}

func (tenantPropagator) InjectFromWorkflow(ctx workflow.Context, writer workflow.HeaderWriter) error {
	return inject(ctx.Value(tenantKey{}), writer)
}

func (tenantPropagator) Extract(ctx context.Context, reader workflow.HeaderReader) (context.Context, error) {
	tenant, there, err := extract(reader)
	if there {
		ctx = context.WithValue(ctx, tenantKey{}, tenant)
	}
	return ctx, err
}

func (tenantPropagator) ExtractToWorkflow(ctx workflow.Context, reader workflow.HeaderReader) (workflow.Context, error) {
	tenant, there, err := extract(reader)
	if there {
		ctx = workflow.WithValue(ctx, tenantKey{}, tenant)
	}
	return ctx, err
}

// told is what a workflow was told beside its arguments.
type told struct {
	Tenant string `json:"tenant"`
	Memo   string `json:"memo"`
}

func tellContext(ctx workflow.Context) (told, error) {
	var said told
	said.Tenant, _ = ctx.Value(tenantKey{}).(string)
	err := memoOf(ctx, "source", &said.Memo)
	return said, err
}

// memoOf decodes by the data converter that the client used, too.
func memoOf(ctx workflow.Context, key string, value any) error {
	payload := workflow.GetInfo(ctx).Memo.GetFields()[key]
	return clientOptions().DataConverter.FromPayload(payload, value)
}

func registerContext(to worker.Worker) {
	to.RegisterWorkflowWithOptions(tellContext, workflow.RegisterOptions{Name: "Context"})
}
