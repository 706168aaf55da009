"""Handles the Nexus operations that tests/replay/nexus_flows.cpp calls, as the interoperability test has them, on the
server at TEMPORAL_ADDRESS. It says that it is ready, and runs until it is killed.
"""

import asyncio
import os
import pathlib
import sys

from temporalio.client import Client
from temporalio.worker import Worker

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "interop" / "python"))
import nexus_service

ENDPOINT = "interop-greetings"  # the name by which nexus_flows.cpp looks for it
TASK_QUEUE = "recorded-greetings"


async def main() -> None:
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    await nexus_service.create_endpoint(client, ENDPOINT, TASK_QUEUE)
    worker = Worker(
        client, task_queue=TASK_QUEUE, workflows=[nexus_service.PythonWaits],
        nexus_service_handlers=[nexus_service.Greetings()],
    )  # fmt: skip
    async with worker:
        print("ready", flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
