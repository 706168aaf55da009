// The jobs of ../../jobs with Temporal's Go SDK.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

var quiet = log.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))

func Echo(_ context.Context, value int64) (int64, error) { return value, nil }

func withTimeout(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
}

func Sequential(ctx workflow.Context, count int64) (int64, error) {
	ctx = withTimeout(ctx)
	var sum int64
	for index := int64(0); index < count; index++ {
		var one int64
		if err := workflow.ExecuteActivity(ctx, Echo, index).Get(ctx, &one); err != nil {
			return 0, err
		}
		sum += one
	}
	return sum, nil
}

func FanOut(ctx workflow.Context, count int64) (int64, error) {
	ctx = withTimeout(ctx)
	running := make([]workflow.Future, 0, count)
	for index := int64(0); index < count; index++ {
		running = append(running, workflow.ExecuteActivity(ctx, Echo, index))
	}
	var sum int64
	for _, activity := range running {
		var one int64
		if err := activity.Get(ctx, &one); err != nil {
			return 0, err
		}
		sum += one
	}
	return sum, nil
}

func Waiter(ctx workflow.Context) error {
	workflow.GetSignalChannel(ctx, "go").Receive(ctx, nil)
	return nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

type usage struct {
	at       time.Time
	cpu      float64
	resident int64
}

func usageNow() usage {
	var used syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	statm, err := os.ReadFile("/proc/self/statm")
	check(err)
	pages := number(strings.Fields(string(statm))[1])
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return usage{time.Now(), seconds(used.Utime) + seconds(used.Stime), int64(pages * os.Getpagesize())}
}

// The time at which the process began: the 22nd field of its stat, in clock ticks since the machine did.
func processStart() time.Time {
	stat, err := os.ReadFile("/proc/self/stat")
	check(err)
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	uptime, err := os.ReadFile("/proc/uptime")
	check(err)
	up, err := strconv.ParseFloat(strings.Fields(string(uptime))[0], 64)
	check(err)
	age := up - float64(number(fields[19]))/100
	return time.Now().Add(-time.Duration(age * float64(time.Second)))
}

func spentSince(before usage) map[string]any {
	now := usageNow()
	return map[string]any{
		"at":     float64(now.at.UnixNano()) / 1e9,
		"wall_s": now.at.Sub(before.at).Seconds(), "cpu_s": now.cpu - before.cpu, "resident": now.resident,
	}
}

func replay(file string, times int) map[string]any {
	opened, err := os.Open(file)
	check(err)
	history, err := client.HistoryFromJSON(opened, client.HistoryJSONOptions{})
	check(err)
	replayer := worker.NewWorkflowReplayer()
	replayer.RegisterWorkflow(Sequential)
	replayer.RegisterWorkflow(FanOut)
	check(replayer.ReplayWorkflowHistory(quiet, history))
	before := usageNow()
	for run := 0; run < times; run++ {
		check(replayer.ReplayWorkflowHistory(quiet, history))
	}
	line := spentSince(before)
	line["runs"] = times
	return line
}

func connect() client.Client {
	address := os.Getenv("TEMPORAL_ADDRESS")
	if address == "" {
		address = client.DefaultHostPort
	}
	connected, err := client.Dial(client.Options{HostPort: address, Logger: quiet})
	check(err)
	return connected
}

func startWorker(connected client.Client) (string, worker.Worker) {
	queue := fmt.Sprintf("bench-go-%d", time.Now().UnixNano())
	started := worker.New(connected, queue, worker.Options{})
	started.RegisterWorkflow(Sequential)
	started.RegisterWorkflow(FanOut)
	started.RegisterWorkflow(Waiter)
	started.RegisterActivity(Echo)
	check(started.Start())
	return queue, started
}

// Calls `one` for each index below `count`, `parallel` of them at a time.
func each(count, parallel int, one func(index int)) {
	slots := make(chan struct{}, parallel)
	for index := 0; index < count; index++ {
		slots <- struct{}{}
		go func() {
			one(index)
			<-slots
		}()
	}
	for filled := 0; filled < parallel; filled++ {
		slots <- struct{}{}
	}
}

func idOf(queue string, index int) string { return fmt.Sprintf("%s-%d", queue, index) }

// What every SDK does before it is measured, so that none is charged for the start of its worker.
func warmUp(connected client.Client, queue string) { execute(connected, queue, -1, "Sequential", 1) }

func execute(connected client.Client, queue string, index int, name string, count int64) {
	options := client.StartWorkflowOptions{ID: idOf(queue, index), TaskQueue: queue}
	run, err := connected.ExecuteWorkflow(context.Background(), options, name, count)
	check(err)
	var sum int64
	check(run.Get(context.Background(), &sum))
	if sum != count*(count-1)/2 {
		check(fmt.Errorf("a workflow's result is wrong"))
	}
}

func run(name string, workflows, activities, parallel int) map[string]any {
	connected := connect()
	queue, _ := startWorker(connected)
	warmUp(connected, queue)
	before := usageNow()
	each(workflows, parallel, func(index int) { execute(connected, queue, index, name, int64(activities)) })
	line := spentSince(before)
	line["workflows"], line["activities"] = workflows, activities
	line["last_workflow_id"] = idOf(queue, workflows-1)
	return line
}

func cache(workflows int) map[string]any {
	worker.SetStickyWorkflowCacheSize(workflows + 10)
	connected := connect()
	queue, _ := startWorker(connected)
	warmUp(connected, queue)
	runtime.GC()
	before := usageNow()
	each(workflows, 32, func(index int) {
		options := client.StartWorkflowOptions{ID: idOf(queue, index), TaskQueue: queue}
		_, err := connected.ExecuteWorkflow(context.Background(), options, Waiter)
		check(err)
	})
	time.Sleep(5 * time.Second)
	runtime.GC()
	line := spentSince(before)
	line["workflows"] = workflows
	line["bytes_per_workflow"] = (line["resident"].(int64) - before.resident) / int64(workflows)
	return line
}

func first() map[string]any {
	connected := connect()
	queue, _ := startWorker(connected)
	execute(connected, queue, 0, "Sequential", 1)
	return spentSince(usage{at: processStart()})
}

func main() {
	arguments := os.Args[1:]
	var line map[string]any
	switch {
	case len(arguments) == 3 && arguments[0] == "replay":
		line = replay(arguments[1], number(arguments[2]))
	case len(arguments) == 5 && arguments[0] == "run":
		line = run(arguments[1], number(arguments[2]), number(arguments[3]), number(arguments[4]))
	case len(arguments) == 2 && arguments[0] == "cache":
		line = cache(number(arguments[1]))
	case len(arguments) == 1 && arguments[0] == "first":
		line = first()
	default:
		check(fmt.Errorf("unknown job %q", arguments))
	}
	line["sdk"], line["job"] = "go", arguments
	text, err := json.Marshal(line)
	check(err)
	fmt.Println(string(text))
}
