"""C++ workflows that call the operations of nexus_service.py, and Python ones that call those of ../cpp_nexus.cpp."""

from typing import Any

from check import expect_equal
from settings import CPP_QUEUE, PYTHON_QUEUE
from temporalio.client import Client

# (what the workflow calls with which input, what it says about the end)
CALLS = [
    (("greet", "ada"), "hello ada of blue, at once"),
    (("wait", "quick-1"), "waited: quick-1, later"),
    (("refuse", "handler"), "greetings/refuse: handler error NOT_FOUND"),
    (("refuse", "operation"), "greetings/refuse: application error no money"),
    (("time out", "slow-late"), "greetings/wait-for-it: timeout"),
]
# (what a Python workflow calls with which input, what it says about the end)
CALLS_OF_CPP = [
    (("greet", "ada"), "hello ada of blue, at once"),
    (("wait-for-it", "quick-1"), "waited: quick-1, later"),
    (("refuse", "handler"), "handler error NOT_FOUND"),
    (("refuse", "operation"), "application error OperationError no money"),
    (("unheard-of", "ada"), "handler error NOT_FOUND"),
    (("cancel", "slow-1"), "CancelledError"),
    (("cancel", "stubborn-1"), "done all the same: stubborn-1, later"),
]
# (cancellation type, input) -> what is said: 0 waits for the end, 1 for the request, 2 for nothing, 3 does not ask
CANCELLATIONS = [
    ((0, "slow-0"), "greetings/wait-for-it: cancelled"),
    ((0, "stubborn-0"), "done all the same: stubborn-0"),
    ((1, "stubborn-1"), "greetings/wait-for-it: cancelled"),
    ((2, "slow-2"), "greetings/wait-for-it: cancelled"),
    ((3, "slow-3"), "greetings/wait-for-it: cancelled"),
]


async def said(client: Client, workflow: str, args: tuple[Any, ...], task_queue: str) -> str:
    id = f"interop-{workflow}-{args[0]}-{args[1]}"
    return await client.execute_workflow(workflow, args=args, id=id, task_queue=task_queue)


async def check_nexus(client: Client) -> None:
    for workflow, cases in [("CppNexus", CALLS), ("CppNexusCancel", CANCELLATIONS)]:
        for args, wanted in cases:
            got = await said(client, workflow, args, CPP_QUEUE)
            expect_equal(f"a Python Nexus operation called from C++ {args}", got, wanted)
    for args, wanted in CALLS_OF_CPP:
        got = await said(client, "PythonNexus", args, PYTHON_QUEUE)
        expect_equal(f"a C++ Nexus operation called from Python {args}", got, wanted)
