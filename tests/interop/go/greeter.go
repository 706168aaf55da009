package main

import (
	"context"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

type parcel struct {
	ID     string   `json:"id"`
	Weight float64  `json:"weight"`
	Tags   []string `json:"tags"`
	Note   *string  `json:"note"`
}

type greeted struct {
	Names  []string `json:"names"`
	Parcel parcel   `json:"parcel"`
}

func greeter(ctx workflow.Context, sent parcel) (greeted, error) {
	said := greeted{Names: []string{}}
	done := false
	err := workflow.SetQueryHandler(ctx, "greeted", func() ([]string, error) { return said.Names, nil })
	if err != nil {
		return said, err
	}
	err = workflow.SetQueryHandler(ctx, "stumble", func(message string) (int, error) {
		return 0, temporal.NewApplicationError(message, "QueryTrouble")
	})
	if err != nil {
		return said, err
	}
	err = workflow.SetUpdateHandlerWithOptions(ctx, "finish", func(_ workflow.Context, last string) (int, error) {
		said.Names = append(said.Names, last)
		done = true
		return len(said.Names), nil
	}, workflow.UpdateHandlerOptions{Validator: func(last string) error {
		if last == "" {
			return temporal.NewApplicationError("nobody has an empty name", "BadName", "empty")
		}
		return nil
	}})
	if err != nil {
		return said, err
	}
	err = workflow.SetUpdateHandler(ctx, "fail", func(_ workflow.Context, wanted chain) error { return made(wanted) })
	if err != nil {
		return said, err
	}
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var name string
			workflow.GetSignalChannel(ctx, "greet").Receive(ctx, &name)
			said.Names = append(said.Names, name)
		}
	})
	if err := workflow.Await(ctx, func() bool { return done }); err != nil {
		return said, err
	}
	err = workflow.ExecuteActivity(onCpp(ctx), "weigh", sent).Get(ctx, &said.Parcel)
	return said, err
}

func weigh(_ context.Context, sent parcel) (parcel, error) {
	sent.Weight *= 2
	sent.Tags = append(sent.Tags, "go")
	return sent, nil
}

func registerGreeter(to worker.Worker) {
	to.RegisterWorkflowWithOptions(greeter, workflow.RegisterOptions{Name: "Greeter"})
	to.RegisterActivityWithOptions(weigh, activity.RegisterOptions{Name: "weigh"})
}
