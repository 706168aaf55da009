package main

import (
	"errors"
	"fmt"

	"github.com/nexus-rpc/sdk-go/nexus"
	"go.temporal.io/sdk/temporal"
)

// values decodes as many details as there are. The SDK does not tell how many; what stays nil at the end was not there.
func values(has bool, details func(...any) error) []any {
	if !has {
		return nil
	}
	found := make([]any, 8)
	pointers := make([]any, len(found))
	for index := range found {
		pointers[index] = &found[index]
	}
	if err := details(pointers...); err != nil {
		return []any{fmt.Sprintf("details that cannot be read: %v", err)}
	}
	for len(found) > 0 && found[len(found)-1] == nil {
		found = found[:len(found)-1]
	}
	return found
}

// described is an error and its causes as the code that handles it sees them.
func described(err error) chain {
	var seen chain
	for ; err != nil; err = errors.Unwrap(err) {
		var top layer
		switch err := err.(type) {
		case *temporal.WorkflowExecutionError:
			continue // what a client gets around each failure
		case *temporal.ApplicationError:
			top = layer{
				Kind: "application", Message: err.Message(), Type: err.Type(), NonRetryable: err.NonRetryable(),
				Details: values(err.HasDetails(), err.Details), NextRetryDelayMs: err.NextRetryDelay().Milliseconds(),
			}
			if err.Category() == temporal.ApplicationErrorCategoryBenign {
				top.Category = "benign"
			}
		case *temporal.CanceledError:
			top = layer{Kind: "cancelled", Message: err.Error(), Details: values(err.HasDetails(), err.Details)}
		case *temporal.TimeoutError:
			top = layer{
				Kind: "timeout", Message: err.Message(), Type: words(err.TimeoutType().String()),
				Details: values(err.HasLastHeartbeatDetails(), err.LastHeartbeatDetails),
			}
		case *temporal.TerminatedError:
			top = layer{Kind: "terminated"}
		case *temporal.ServerError:
			top = layer{Kind: "server", Message: err.Message()}
		case *temporal.ActivityError:
			top = layer{
				Kind: "activity", Activity: err.ActivityType().GetName(), ID: err.ActivityID(),
				RetryState: words(err.RetryState().String()),
			}
		case *temporal.ChildWorkflowExecutionError:
			top = layer{
				Kind: "child", Workflow: err.WorkflowType(), ID: err.WorkflowID(), RetryState: words(err.RetryState().String()),
			}
		case *temporal.NexusOperationError:
			top = layer{
				Kind: "nexus_operation", Message: err.Message, Endpoint: err.Endpoint, Service: err.Service,
				Operation: err.Operation, ID: err.OperationToken,
			}
		case *nexus.HandlerError:
			top = layer{
				Kind: "nexus_handler", Message: err.Message, Type: string(err.Type),
				NonRetryable: err.RetryBehavior == nexus.HandlerErrorRetryBehaviorNonRetryable,
			}
		default:
			top = layer{Kind: fmt.Sprintf("%T", err), Message: err.Error()}
		}
		seen = append(seen, top)
	}
	return seen
}
