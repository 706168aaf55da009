package main

import (
	"encoding/json"
	"os"

	"go.temporal.io/sdk/client"
)

type failureCase struct {
	Name  string `json:"name"`
	Chain chain  `json:"chain"`
	// With a cancellation among the causes, a workflow in Go ends as cancelled by nobody, and all else is lost.
	CancelsGo bool `json:"cancels_go"`
}

func failureCases() []failureCase {
	read, err := os.ReadFile(os.Getenv("INTEROP_FAILURES"))
	must("reading the failures", err)
	var cases []failureCase
	must("the failures", json.Unmarshal(read, &cases))
	return cases
}

// asGoSees leaves out what Go's SDK has, and passes on, but does not tell.
func asGoSees(whole chain) chain {
	var seen chain
	for _, each := range whole {
		switch each.Kind {
		case "server":
			each.NonRetryable = false
		case "terminated":
			each.Message = ""
		}
		seen = append(seen, each)
	}
	return seen
}

func afterActivity(name string, causes chain) chain {
	state := "maximum_attempts_reached"
	if causes[0].NonRetryable {
		state = "non_retryable_failure"
	}
	return append(chain{{Kind: "activity", Activity: name, ID: "*", RetryState: state}}, causes...)
}

func afterChild(name, state string, causes chain) chain {
	return append(chain{{Kind: "child", Workflow: name, ID: "*", RetryState: state}}, causes...)
}

// expectSeen checks what a C++ workflow sees of a failure here.
func (c caller) expectSeen(what string, asked call, wanted chain) {
	var seen chain
	must(what, c.start("call", "Call", asked).Get(c.ctx, &seen))
	expectDescribed(what+", as C++ sees it", seen, wanted)
}

// expectCall checks the same, and what comes back from there.
func (c caller) expectCall(what string, asked call, wanted chain) {
	c.expectSeen(what, asked, wanted)
	asked.Rethrow = true
	err := c.start("call", "Call", asked).Get(c.ctx, nil)
	expectChain(what+", back from C++", err, asGoSees(wanted))
}

func (c caller) checkFailures() {
	for _, each := range failureCases() {
		err := c.start("fail", "Fail", each.Chain).Get(c.ctx, nil)
		expectChain("a C++ workflow that fails with "+each.Name, err, asGoSees(each.Chain))
		c.expectCall("a Go activity with "+each.Name, call{How: "activity", Chain: each.Chain}, afterActivity("fail", each.Chain))
		if each.CancelsGo {
			continue
		}
		c.expectCall("a Go child with "+each.Name, call{How: "child", Chain: each.Chain},
			afterChild("Fail", "retry_policy_not_set", each.Chain))
	}
}

// stopped is what Wait and slow end with.
func stopped(details ...any) layer {
	return layer{Kind: "cancelled", Message: "*", Details: details}
}

// checkEnds is about those that somebody ends.
func (c caller) checkEnds() {
	waiting := c.start("wait", "Wait")
	must("signal", c.SignalWorkflow(c.ctx, waiting.GetID(), "", "note", "one"))
	must("cancel", c.CancelWorkflow(c.ctx, waiting.GetID(), ""))
	expectChain("cancellation of a C++ workflow", waiting.Get(c.ctx, nil), chain{stopped([]string{"one"})})

	waiting = c.start("wait", "Wait")
	must("terminate", c.TerminateWorkflow(c.ctx, waiting.GetID(), "", "by hand"))
	expectChain("termination of a C++ workflow", waiting.Get(c.ctx, nil), chain{{Kind: "terminated"}})

	run := c.start("call", "Call", call{How: "wait_for_child"})
	var child string
	handle, err := c.UpdateWorkflow(c.ctx, client.UpdateWorkflowOptions{
		WorkflowID: run.GetID(), UpdateName: "child_started", WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	must("update", err)
	must("the child's id", handle.Get(c.ctx, &child))
	must("terminate", c.TerminateWorkflow(c.ctx, child, "", "by hand"))
	var seen chain
	must("Call", run.Get(c.ctx, &seen))
	// The server keeps the reason to itself: the parent is told of the end only.
	expectDescribed("a Go child of a C++ workflow that is terminated", seen,
		afterChild("Wait", "non_retryable_failure", chain{{Kind: "terminated", Message: "*"}}))

	// Seen only, because an activity learns of it at a heartbeat, of which there is one in four seconds.
	c.expectSeen("a Go activity that is cancelled", call{How: "cancel_activity"},
		chain{{Kind: "activity", Activity: "slow", ID: "*", RetryState: "cancel_requested"}, stopped(3)})
	// Core leaves out the details of a child that ended as cancelled, so C++ cannot tell them.
	c.expectCall("a Go child that is cancelled", call{How: "cancel_child"},
		afterChild("Wait", "non_retryable_failure", chain{stopped()}))
	c.expectCall("a Go child that gets a signal and a request to cancel", call{How: "send_to_child"},
		afterChild("Wait", "non_retryable_failure", chain{stopped()}))
	// The child itself tells that it got both.
	child = c.options("call").ID + "-child"
	expectChain("what that child says", c.GetWorkflow(c.ctx, child, "").Get(c.ctx, nil), chain{stopped([]string{"from cpp"})})
}

func (c caller) checkTimeouts() {
	options := c.options("wait")
	options.WorkflowRunTimeout = 1e9
	run, err := c.ExecuteWorkflow(c.ctx, options, "Wait")
	must("start of Wait", err)
	timeout := func(kind string, details ...any) layer {
		return layer{Kind: "timeout", Message: "*", Type: kind, Details: details}
	}
	expectChain("a C++ workflow that takes too long", run.Get(c.ctx, nil), chain{timeout("start_to_close")})
	c.expectCall("a Go child that takes too long", call{How: "child_timeout"},
		afterChild("Wait", "retry_policy_not_set", chain{timeout("start_to_close")}))
	for _, each := range []struct {
		kind, retryState string
		details          []any
	}{
		{"start_to_close", "maximum_attempts_reached", nil},
		{"heartbeat", "maximum_attempts_reached", []any{"beat", 1}},
		{"schedule_to_start", "timeout", nil},
		{"schedule_to_close", "timeout", nil},
	} {
		c.expectCall("a Go activity that takes too long: "+each.kind, call{How: each.kind}, chain{
			{Kind: "activity", Activity: "slow", ID: "*", RetryState: each.retryState},
			timeout(each.kind, each.details...),
		})
	}
}
