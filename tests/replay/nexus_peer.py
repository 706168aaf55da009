"""Handles the Nexus operations that tests/replay/nexus_flows.cpp calls, as the interoperability test has them, on the
server at TEMPORAL_ADDRESS. It says that it is ready, and runs until it is killed.
"""

import asyncio
import os
import pathlib
import sys

from temporalio.client import Client
from temporalio.worker import Worker

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "interop"))
import python_nexus

TASK_QUEUE = "recorded-greetings"


async def main() -> None:
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    await python_nexus.create_endpoint(client, TASK_QUEUE)
    worker = Worker(
        client, task_queue=TASK_QUEUE, workflows=[python_nexus.PythonWaits],
        nexus_service_handlers=[python_nexus.Greetings()],
    )  # fmt: skip
    async with worker:
        print("ready", flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
