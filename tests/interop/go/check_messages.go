package main

import (
	"os"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// update sends one to the Greeter, and answers once the outcome is there.
func (c caller) update(id, name string, argument any) client.WorkflowUpdateHandle {
	handle, err := c.UpdateWorkflow(c.ctx, client.UpdateWorkflowOptions{
		WorkflowID: c.options("greeter").ID, UpdateID: id, UpdateName: name, Args: []any{argument},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	must("sending the update "+name, err)
	return handle
}

func (c caller) checkMessages() {
	options := c.options("greeter")
	sent := parcel{ID: "p1", Weight: 1.25, Tags: []string{"a"}}
	run, err := c.SignalWithStartWorkflow(c.ctx, options.ID, "greet", "ada", options, "Greeter", sent)
	must("signal with start", err)
	must("signal", c.SignalWorkflow(c.ctx, options.ID, "", "greet", "bob"))

	answer, err := c.QueryWorkflow(c.ctx, options.ID, "", "greeted")
	must("query", err)
	var names []string
	must("its answer", answer.Get(&names))
	expectEqual("query of a C++ workflow", names, []string{"ada", "bob"})
	_, err = c.QueryWorkflow(c.ctx, options.ID, "", "stumble", "no answer today")
	failed := errorOf[*serviceerror.QueryFailed]("a query that throws in C++", err)
	// Core passes on the message only, and that is hidden where failures are encoded.
	wanted := "no answer today"
	if os.Getenv("INTEROP_KEY") != "" {
		wanted = "Encoded failure"
	}
	expectEqual("what it says", failed.Error(), wanted)
	_, err = c.QueryWorkflow(c.ctx, options.ID, "", "unheard of")
	errorOf[*serviceerror.QueryFailed]("a query that C++ does not know", err)

	var count int
	err = c.update("rejected", "finish", "").Get(c.ctx, &count)
	expectChain("an update that a C++ validator rejects", err,
		chain{{Kind: "application", Message: "nobody has an empty name", Type: "BadName", Details: []any{"empty"}}})
	for _, each := range failureCases() {
		err = c.update("", "fail", each.Chain).Get(c.ctx, nil)
		expectChain("an update that fails in C++ with "+each.Name, err, asGoSees(each.Chain))
	}
	err = c.update("", "unheard of", "").Get(c.ctx, nil)
	errorOf[*temporal.ApplicationError]("an update that C++ does not know", err)

	must("update", c.update("the last", "finish", "eve").Get(c.ctx, &count))
	expectEqual("update of a C++ workflow", count, 3)
	again := c.GetWorkflowUpdateHandle(client.GetWorkflowUpdateHandleOptions{WorkflowID: options.ID, UpdateID: "the last"})
	must("the same update by its id", again.Get(c.ctx, &count))
	expectEqual("its result", count, 3)

	var result greeted
	must("Greeter", run.Get(c.ctx, &result))
	expectEqual("names", result.Names, []string{"ada", "bob", "eve"})
	expectEqual("a Go activity called from C++", result.Parcel, parcel{ID: "p1", Weight: 2.5, Tags: []string{"a", "go"}})
	c.checkUpdateWithStart()
}

func (c caller) checkUpdateWithStart() {
	start := c.NewWithStartWorkflowOperation(c.options("greeter-updated"), "Greeter", parcel{Tags: []string{}})
	handle, err := c.UpdateWithStartWorkflow(c.ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			UpdateName: "finish", Args: []any{"ada"}, WaitForStage: client.WorkflowUpdateStageAccepted,
		},
	})
	must("update with start", err)
	var count int
	must("its outcome", handle.Get(c.ctx, &count))
	expectEqual("update with start of a C++ workflow", count, 1)
	run, err := start.Get(c.ctx)
	must("the workflow that was started", err)
	must("its end", run.Get(c.ctx, nil))
}
