"""The jobs of ../../jobs with Temporal's Python SDK."""

import asyncio
import json
import os
import pathlib
import resource
import sys
import time
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer, Worker

TIMEOUT = timedelta(minutes=1)


@activity.defn(name="Echo")
async def echo(value: int) -> int:
    return value


@workflow.defn(name="Sequential")
class Sequential:
    @workflow.run
    async def run(self, count: int) -> int:
        total = 0
        for index in range(count):
            total += await workflow.execute_activity(echo, index, start_to_close_timeout=TIMEOUT)
        return total


@workflow.defn(name="FanOut")
class FanOut:
    @workflow.run
    async def run(self, count: int) -> int:
        running = [workflow.start_activity(echo, index, start_to_close_timeout=TIMEOUT) for index in range(count)]
        return sum(await asyncio.gather(*running))


@workflow.defn(name="Waiter")
class Waiter:
    def __init__(self) -> None:
        self.gone = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self.gone)

    @workflow.signal
    def go(self, _: str) -> None:
        self.gone = True


WORKFLOWS = [Sequential, FanOut, Waiter]


def usage_now() -> tuple[float, float, int]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return time.time(), used.ru_utime + used.ru_stime, pages * resource.getpagesize()


def usage_at_start() -> tuple[float, float, int]:
    """When the process began: the 22nd field of its stat, in clock ticks since the machine did."""
    ticks = int(pathlib.Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    uptime = float(pathlib.Path("/proc/uptime").read_text().split()[0])
    return time.time() - (uptime - ticks / os.sysconf("SC_CLK_TCK")), 0.0, 0


def spent_since(before: tuple[float, float, int]) -> dict:
    now = usage_now()
    return {"at": now[0], "wall_s": now[0] - before[0], "cpu_s": now[1] - before[1], "resident": now[2]}


async def replay(file: str, times: int) -> dict:
    history = WorkflowHistory.from_json("bench", pathlib.Path(file).read_text())
    replayer = Replayer(workflows=WORKFLOWS)
    await replayer.replay_workflow(history)
    before = usage_now()
    for _ in range(times):
        await replayer.replay_workflow(history)
    return {**spent_since(before), "runs": times}


async def with_worker(job, cached: int) -> dict:
    client = await Client.connect(os.environ.get("TEMPORAL_ADDRESS") or "localhost:7233")
    queue = f"bench-python-{time.time_ns()}"
    async with Worker(client, task_queue=queue, workflows=WORKFLOWS, activities=[echo], max_cached_workflows=cached):
        return await job(client, queue)


async def each(count: int, parallel: int, one) -> None:
    slots = asyncio.Semaphore(parallel)

    async def in_a_slot(index: int) -> None:
        async with slots:
            await one(index)

    await asyncio.gather(*(in_a_slot(index) for index in range(count)))


async def execute(client: Client, queue: str, index: int, name: str, count: int) -> None:
    total = await client.execute_workflow(name, count, id=f"{queue}-{index}", task_queue=queue)
    if total != count * (count - 1) // 2:
        sys.exit("error: a workflow's result is wrong")


async def warm_up(client: Client, queue: str) -> None:
    """What every SDK does before it is measured, so that none is charged for the start of its worker."""
    await execute(client, queue, -1, "Sequential", 1)


async def run(name: str, workflows: int, activities: int, parallel: int) -> dict:
    async def job(client: Client, queue: str) -> dict:
        await warm_up(client, queue)
        before = usage_now()
        await each(workflows, parallel, lambda index: execute(client, queue, index, name, activities))
        return {**spent_since(before), "workflows": workflows, "activities": activities}

    return await with_worker(job, 1000)


async def cache(workflows: int) -> dict:
    async def job(client: Client, queue: str) -> dict:
        await warm_up(client, queue)
        before = usage_now()
        await each(
            workflows, 32, lambda index: client.start_workflow("Waiter", id=f"{queue}-{index}", task_queue=queue)
        )
        await asyncio.sleep(5)
        spent = spent_since(before)
        each_has = (spent["resident"] - before[2]) // workflows
        return {**spent, "workflows": workflows, "bytes_per_workflow": each_has}

    return await with_worker(job, workflows + 10)


async def first() -> dict:
    async def job(client: Client, queue: str) -> dict:
        await execute(client, queue, 0, "Sequential", 1)
        return spent_since(usage_at_start())

    return await with_worker(job, 1000)


async def main(arguments: list[str]) -> None:
    match arguments:
        case ["replay", file, times]:
            line = await replay(file, int(times))
        case ["run", name, workflows, activities, parallel]:
            line = await run(name, int(workflows), int(activities), int(parallel))
        case ["cache", workflows]:
            line = await cache(int(workflows))
        case ["first"]:
            line = await first()
        case _:
            sys.exit(f"error: unknown job {arguments}")
    print(json.dumps({**line, "sdk": "python", "job": arguments}), flush=True)
    os._exit(0)  # open workflows would keep the worker


if __name__ == "__main__":  # workflows are loaded once more, in a sandbox
    asyncio.run(main(sys.argv[1:]))
