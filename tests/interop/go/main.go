// The Go half of the interoperability test: a worker and a client made with Temporal's own Go SDK.
//
//	go_side worker   a worker on the queue "interop-go" until it is told to end
//	go_side client   runs the C++ worker's workflows on "interop-cpp" and checks what comes back
//
// Both workers know the same workflows and activities by the same names (see ../README.md); each calls the other's.
package main

import (
	"log"
	"os"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const (
	cppQueue = "interop-cpp"
	goQueue  = "interop-go"
)

func runWorker(connected client.Client) error {
	if !encoded() { // the first time of several
		if err := createEndpoint(connected, endpoint, goQueue); err != nil {
			return err
		}
		if err := createEndpoint(connected, cppEndpoint, cppQueue); err != nil {
			return err
		}
	}
	made := worker.New(connected, goQueue, worker.Options{})
	registerEchoes(made)
	registerFailing(made)
	registerGreeter(made)
	registerContext(made)
	registerCalls(made, connected)
	made.RegisterWorkflow(nexusWaits)
	made.RegisterWorkflowWithOptions(goNexus, workflow.RegisterOptions{Name: "GoNexus"})
	made.RegisterNexusService(greetings())
	return made.Run(worker.InterruptCh())
}

func main() {
	log.SetFlags(0)
	options := clientOptions()
	connected, err := client.Dial(options)
	if err != nil {
		log.Fatal(err)
	}
	defer connected.Close()
	switch {
	case len(os.Args) == 2 && os.Args[1] == "worker":
		err = runWorker(connected)
	case len(os.Args) == 2 && os.Args[1] == "client":
		err = runClient(connected)
	default:
		log.Fatal("usage: go_side worker|client")
	}
	if err != nil {
		log.Fatal(err)
	}
}
