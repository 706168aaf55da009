package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

// echoed is what a C++ workflow, an activity here and the workflow again make of a value.
func (c caller) echoed(workflow string, value any) converter.RawValue {
	var raw converter.RawValue
	must(workflow, c.start("echo", workflow, value).Get(c.ctx, &raw))
	return raw
}

func expectEncoding(what string, raw converter.RawValue, wanted string) {
	expectEqual(what, string(raw.Payload().GetMetadata()[converter.MetadataEncoding]), wanted)
}

func decoded[T any](raw converter.RawValue) T {
	var value T
	must("decoding", converter.GetDefaultDataConverter().FromPayload(raw.Payload(), &value))
	return value
}

func (c caller) checkValues() {
	long := strings.Repeat("grüße 🐌 ", 100)
	for _, value := range []any{
		true, 0, -(1 << 53), 1.5, 1e300, "", "a\x00\"\n", long, []any{1, []any{2}, []any{}}, map[string]any{"a": map[string]any{"b": nil}},
	} {
		raw := c.echoed("EchoJson", value)
		expectEqual("echo of JSON", decoded[any](raw), value)
		expectEncoding("its encoding", raw, "json/plain")
	}
	for _, value := range []int64{math.MinInt64, math.MaxInt64} {
		expectEqual("echo of an integer", decoded[int64](c.echoed("EchoInteger", value)), value)
	}
	for _, value := range [][]byte{{}, {0, 255, 128}} {
		raw := c.echoed("EchoBytes", value)
		expectEqual("echo of bytes", fmt.Sprintf("%x", raw.Payload().GetData()), fmt.Sprintf("%x", value))
		expectEncoding("their encoding", raw, "binary/plain")
	}
	raw := c.echoed("EchoOptional", (*parcel)(nil))
	expectEncoding("echo of nothing", raw, "binary/null")
	some := &parcel{ID: "p", Weight: 0.1, Tags: []string{}}
	expectEqual("echo of an optional", decoded[*parcel](c.echoed("EchoOptional", some)), some)
	c.checkMessagesOfProtobuf()
}

func (c caller) checkMessagesOfProtobuf() {
	sent := &commonpb.RetryPolicy{
		InitialInterval: durationpb.New(1500 * time.Millisecond), BackoffCoefficient: 2.5, MaximumAttempts: -7,
		NonRetryableErrorTypes: []string{"ü", ""},
	}
	binary, err := binaryProto(sent)
	must("writing a message", err)
	for _, each := range []struct {
		workflow string
		value    any
		encoding string
	}{{"EchoProto", sent, "json/protobuf"}, {"EchoBinaryProto", binary, "binary/protobuf"}} {
		raw := c.echoed(each.workflow, each.value)
		expectEqual(each.workflow, proto.Equal(decoded[*commonpb.RetryPolicy](raw), sent), true)
		expectEncoding("its encoding", raw, each.encoding)
		name := string(raw.Payload().GetMetadata()[converter.MetadataMessageType])
		expectEqual("its type", name, "temporal.api.common.v1.RetryPolicy")
	}
}

func (c caller) checkContext() {
	options := c.options("context")
	options.Memo = map[string]any{"source": "go"}
	run, err := c.ExecuteWorkflow(context.WithValue(c.ctx, tenantKey{}, "blue"), options, "Context")
	must("start of Context", err)
	var said told
	must("Context", run.Get(c.ctx, &said))
	expectEqual("a header and a memo in C++", said, told{Tenant: "blue", Memo: "go"})
}
