package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
)

// caller is a client of the C++ worker, which collects nothing: the first thing that is wrong ends the test.
type caller struct {
	client.Client
	ctx context.Context
}

func (c caller) options(id string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: "interop-go-client-" + id, TaskQueue: cppQueue, WorkflowExecutionTimeout: time.Minute,
		// So that what is asked together with the start and what is asked later go to one workflow.
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}
}

func (c caller) start(id, workflow string, arguments ...any) client.WorkflowRun {
	run, err := c.ExecuteWorkflow(c.ctx, c.options(id), workflow, arguments...)
	must("start of "+workflow, err)
	return run
}

func must(what string, err error) {
	if err != nil {
		log.Fatalf("%s: %v", what, err)
	}
}

func text(value any) string {
	written, err := json.Marshal(value)
	must("writing a value as text", err)
	return string(written)
}

// expectEqual compares what the values are in JSON.
func expectEqual(what string, got, wanted any) {
	if text(got) != text(wanted) {
		log.Fatalf("%s:\n  got    %s\n  wanted %s", what, text(got), text(wanted))
	}
	fmt.Println("ok:", what)
}

// expectChain compares failures; "*" is an id or a message that nobody knows before.
func expectChain(what string, err error, wanted chain) {
	if err == nil {
		log.Fatalf("%s: nothing failed, wanted %s", what, text(wanted))
	}
	expectDescribed(what, described(err), wanted)
}

func expectDescribed(what string, seen, wanted chain) {
	for index := range seen {
		if index < len(wanted) && wanted[index].ID == "*" && seen[index].ID != "" {
			seen[index].ID = "*"
		}
		if index < len(wanted) && wanted[index].Message == "*" && seen[index].Message != "" {
			seen[index].Message = "*"
		}
	}
	expectEqual(what, seen, wanted)
}

// errorOf is a failure of the type T, which anything else is not.
func errorOf[T error](what string, err error) T {
	var found T
	if !errors.As(err, &found) {
		log.Fatalf("%s: got %T (%v), wanted %T", what, err, err, found)
	}
	return found
}

func runClient(connected client.Client) error {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	c := caller{connected, ctx}
	c.checkValues()
	c.checkContext()
	c.checkMessages()
	c.checkFailures()
	c.checkEnds()
	if !encoded() {
		c.checkTimeouts() // seconds, and nothing in them is encoded
		c.checkNexus()    // some of its workflows stay open, and their ids are taken then
	}
	fmt.Println("the Go client is content")
	return nil
}
