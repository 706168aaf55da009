package main

import (
	"context"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// call says what of the C++ worker is called in which way, and whether the error is passed on or described.
type call struct {
	How     string `json:"how"`
	Chain   chain  `json:"chain"`
	Rethrow bool   `json:"rethrow"`
}

// activities has the options of each way to call an activity; those that are not here have no timeout that passes.
var activities = map[string]workflow.ActivityOptions{
	"start_to_close":    {StartToCloseTimeout: time.Second},
	"heartbeat":         {StartToCloseTimeout: time.Minute, HeartbeatTimeout: time.Second},
	"schedule_to_start": {StartToCloseTimeout: time.Minute, ScheduleToStartTimeout: time.Second, TaskQueue: nobodysQueue},
	"schedule_to_close": {ScheduleToCloseTimeout: time.Second},
	"cancel_activity":   {StartToCloseTimeout: time.Minute, HeartbeatTimeout: 5 * time.Second, WaitForCancellation: true},
}

// nobodysQueue has no worker.
const nobodysQueue = "interop-nobody"

func activityContext(ctx workflow.Context, how string) workflow.Context {
	options, there := activities[how]
	if !there {
		options.StartToCloseTimeout = 30 * time.Second
	}
	if options.TaskQueue == "" {
		options.TaskQueue = cppQueue
	}
	options.RetryPolicy = &temporal.RetryPolicy{MaximumAttempts: 1}
	return workflow.WithActivityOptions(ctx, options)
}

func childContext(ctx workflow.Context, how string) workflow.Context {
	options := workflow.ChildWorkflowOptions{
		WorkflowID:          workflow.GetInfo(ctx).WorkflowExecution.ID + "-child",
		TaskQueue:           cppQueue,
		WaitForCancellation: true,
		ParentClosePolicy:   enumspb.PARENT_CLOSE_POLICY_TERMINATE,
	}
	if how == "child_timeout" {
		options.WorkflowRunTimeout = time.Second
	}
	return workflow.WithChildOptions(ctx, options)
}

func called(ctx workflow.Context, asked call) error {
	switch asked.How {
	case "activity":
		return workflow.ExecuteActivity(activityContext(ctx, asked.How), "fail", asked.Chain).Get(ctx, nil)
	case "start_to_close", "schedule_to_start", "schedule_to_close":
		return workflow.ExecuteActivity(activityContext(ctx, asked.How), "slow", "silent").Get(ctx, nil)
	case "heartbeat":
		return workflow.ExecuteActivity(activityContext(ctx, asked.How), "slow", "one beat").Get(ctx, nil)
	case "cancel_activity":
		scope, cancel := workflow.WithCancel(ctx)
		running := workflow.ExecuteActivity(activityContext(scope, asked.How), "slow", "until cancelled")
		workflow.GetSignalChannel(ctx, "under_way").Receive(ctx, nil)
		cancel()
		return running.Get(ctx, nil)
	case "child":
		return workflow.ExecuteChildWorkflow(childContext(ctx, asked.How), "Fail", asked.Chain).Get(ctx, nil)
	}
	scope, cancel := workflow.WithCancel(ctx)
	child := workflow.ExecuteChildWorkflow(childContext(scope, asked.How), "Wait")
	started := false
	err := workflow.SetUpdateHandler(ctx, "child_started", func(ctx workflow.Context) (string, error) {
		err := workflow.Await(ctx, func() bool { return started })
		return workflow.GetInfo(ctx).WorkflowExecution.ID + "-child", err
	})
	if err != nil {
		return err
	}
	if err := child.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
		return err
	}
	started = true
	switch asked.How {
	case "cancel_child":
		cancel()
	case "send_to_child":
		id := workflow.GetInfo(ctx).WorkflowExecution.ID + "-child"
		if err := workflow.SignalExternalWorkflow(ctx, id, "", "note", "from go").Get(ctx, nil); err != nil {
			return err
		}
		if err := workflow.RequestCancelExternalWorkflow(ctx, id, "").Get(ctx, nil); err != nil {
			return err
		}
	}
	return child.Get(ctx, nil)
}

func callWorkflow(ctx workflow.Context, asked call) (chain, error) {
	err := called(ctx, asked)
	if asked.Rethrow {
		return nil, err
	}
	return described(err), nil
}

// wait ends when it is cancelled, and says then which notes it got.
func wait(ctx workflow.Context) error {
	err := workflow.Await(ctx, func() bool { return false })
	notes := []string{}
	for {
		var note string
		if !workflow.GetSignalChannel(ctx, "note").ReceiveAsync(&note) {
			break
		}
		notes = append(notes, note)
	}
	if !temporal.IsCanceledError(err) {
		return fmt.Errorf("the wait ended by itself: %w", err)
	}
	return temporal.NewCanceledErrorWithOptions(temporal.CanceledErrorOptions{Message: "stopped", Details: []any{notes}})
}

// slow does not end by itself soon. It tells its workflow that it is under way.
func slow(connected client.Client) func(context.Context, string) error {
	return func(ctx context.Context, how string) error {
		info := activity.GetInfo(ctx)
		if how != "until cancelled" {
			if how == "one beat" {
				activity.RecordHeartbeat(ctx, "beat", 1)
			}
			select {
			case <-ctx.Done():
			case <-time.After(5 * time.Second):
			}
			return nil
		}
		err := connected.SignalWorkflow(ctx, info.WorkflowExecution.ID, info.WorkflowExecution.RunID, "under_way", nil)
		if err != nil {
			return err
		}
		for ctx.Err() == nil {
			activity.RecordHeartbeat(ctx)
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
		return temporal.NewCanceledErrorWithOptions(temporal.CanceledErrorOptions{Message: "stopped", Details: []any{3}})
	}
}

func registerCalls(to worker.Worker, connected client.Client) {
	to.RegisterWorkflowWithOptions(callWorkflow, workflow.RegisterOptions{Name: "Call"})
	to.RegisterWorkflowWithOptions(wait, workflow.RegisterOptions{Name: "Wait"})
	to.RegisterActivityWithOptions(slow(connected), activity.RegisterOptions{Name: "slow"})
}
