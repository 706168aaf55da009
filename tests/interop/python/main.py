"""The Python half of the interoperability test: a worker and a client made with Temporal's own Python SDK.

main.py worker   a worker on the queue "interop-python" until it is told to end
main.py client   runs the C++ worker's workflows on "interop-cpp" and checks what comes back

Both workers know the same workflows and activities by the same names (see ../README.md); each calls the other's.
"""

import asyncio
import os
import sys

import calls
import context
import echoes
import failures
import greeter
import nexus_service
from check_failures import check_ends, check_failures, check_timeouts
from check_messages import check_messages
from check_nexus import check_nexus
from check_values import check_context, check_values
from settings import CPP_QUEUE, PYTHON_QUEUE, connect, encoded
from temporalio.worker import UnsandboxedWorkflowRunner, Worker


async def run_worker() -> None:
    client = await connect()
    if not encoded():  # the first time of several
        await nexus_service.create_endpoint(client, nexus_service.ENDPOINT, PYTHON_QUEUE)
        await nexus_service.create_endpoint(client, nexus_service.CPP_ENDPOINT, CPP_QUEUE)
    worker = Worker(
        client, task_queue=PYTHON_QUEUE,
        workflows=[
            *echoes.WORKFLOWS, context.Context, greeter.Greeter, failures.Fail, calls.Wait, calls.Call,
            nexus_service.PythonWaits, nexus_service.PythonNexus,
        ],
        activities=[*echoes.ACTIVITIES, greeter.weigh, failures.fail, calls.slow],
        nexus_service_handlers=[nexus_service.Greetings()],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )  # fmt: skip
    await worker.run()


async def run_client() -> None:
    client = await connect()
    await check_values(client)
    await check_context(client)
    await check_messages(client)
    await check_failures(client)
    await check_ends(client)
    if not encoded():
        await check_timeouts(client)  # seconds, and nothing in them is encoded
        await check_nexus(client)  # some of its workflows stay open, and their ids are taken then
    print("the Python client is content")


if __name__ == "__main__":
    asyncio.run({"worker": run_worker, "client": run_client}[sys.argv[1]]())
    # All is checked. The SDK's native threads outlive the interpreter's own tear-down, and once in a while one of them
    # meets what is gone (SIGSEGV after the last line): leave without that.
    sys.stdout.flush()
    os._exit(0)
