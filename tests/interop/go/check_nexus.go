package main

import "fmt"

// checkNexus has C++ call the operations of nexus.go: those are the cases of ../python/check_nexus.py.
func (c caller) checkNexus() {
	said := func(workflow string, first any, input, wanted string) {
		var got string
		id := fmt.Sprintf("%s-%v-%s", workflow, first, input)
		must(id, c.start(id, workflow, first, input).Get(c.ctx, &got))
		expectEqual("a Go Nexus operation called from C++: "+id, got, wanted)
	}
	said("CppNexus", "greet", "ada", "hello ada of blue, at once")
	said("CppNexus", "wait", "quick-1", "waited: quick-1, later")
	said("CppNexus", "refuse", "handler", "greetings/refuse: handler error NOT_FOUND")
	said("CppNexus", "refuse", "operation", "greetings/refuse: application error no money")
	said("CppNexus", "time out", "slow-late", "greetings/wait-for-it: timeout")
	// 0 waits for the end, 1 for the request, 2 for nothing, 3 does not ask.
	said("CppNexusCancel", 0, "slow-0", "greetings/wait-for-it: cancelled")
	said("CppNexusCancel", 0, "stubborn-0", "done all the same: stubborn-0")
	said("CppNexusCancel", 1, "stubborn-1", "greetings/wait-for-it: cancelled")
	said("CppNexusCancel", 2, "slow-2", "greetings/wait-for-it: cancelled")
	said("CppNexusCancel", 3, "slow-3", "greetings/wait-for-it: cancelled")
	c.checkCppHandlers()
}

// checkCppHandlers has Go call the operations of ../cpp_nexus.cpp: those are the cases of ../python/check_nexus.py.
func (c caller) checkCppHandlers() {
	for _, each := range [][3]string{
		{"greet", "ada", "hello ada of nobody, at once"}, // Go's workflows give an operation no headers
		{"wait-for-it", "quick-1", "waited: quick-1, later"},
		{"refuse", "handler", "handler error NOT_FOUND"},
		{"refuse", "operation", "application error OperationError no money"},
		{"unheard-of", "ada", "handler error NOT_FOUND"},
		{"cancel", "slow-1", "cancelled"},
		{"cancel", "stubborn-1", "done all the same: stubborn-1, later"},
	} {
		options := c.options("GoNexus-" + each[0] + "-" + each[1])
		options.TaskQueue = goQueue
		run, err := c.ExecuteWorkflow(c.ctx, options, "GoNexus", each[0], each[1])
		must(options.ID, err)
		var got string
		must(options.ID, run.Get(c.ctx, &got))
		expectEqual("a C++ Nexus operation called from Go: "+each[0]+" "+each[1], got, each[2])
	}
}
