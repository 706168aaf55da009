"""Workflows that end only when somebody ends them, and one that calls the C++ worker's and tells how they fail."""

import asyncio
import dataclasses
from datetime import timedelta
from typing import Any

import failures
from settings import CPP_QUEUE
from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import CancelledError, FailureError

NOBODYS_QUEUE = "interop-nobody"
ONE_SECOND = timedelta(seconds=1)
ONE_MINUTE = timedelta(minutes=1)


@activity.defn(name="slow")
async def slow(how: str) -> None:
    """Does not end by itself soon. It tells its workflow that it is under way."""
    if how != "until cancelled":
        if how == "one beat":
            activity.heartbeat("beat", 1)
        await asyncio.sleep(5)
        return
    info = activity.info()
    handle = activity.client().get_workflow_handle(info.workflow_id or "", run_id=info.workflow_run_id)
    await handle.signal("under_way")
    try:
        while True:
            activity.heartbeat()
            await asyncio.sleep(0.1)
    except asyncio.CancelledError:
        raise CancelledError("stopped", 3) from None


@workflow.defn(name="Wait")
class Wait:
    """Ends when it is cancelled, and says then which notes it got."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    @workflow.run
    async def run(self) -> None:
        try:
            await workflow.wait_condition(lambda: False)
        except asyncio.CancelledError:
            raise CancelledError("stopped", self.notes) from None

    @workflow.signal
    def note(self, text: str) -> None:
        self.notes.append(text)


# Of each way to call an activity; those that are not here have no timeout that passes.
ACTIVITIES: dict[str, dict[str, Any]] = {
    "start_to_close": {"start_to_close_timeout": ONE_SECOND},
    "heartbeat": {"start_to_close_timeout": ONE_MINUTE, "heartbeat_timeout": ONE_SECOND},
    "schedule_to_start": {
        "start_to_close_timeout": ONE_MINUTE, "schedule_to_start_timeout": ONE_SECOND, "task_queue": NOBODYS_QUEUE,
    },
    "schedule_to_close": {"schedule_to_close_timeout": ONE_SECOND},
    "cancel_activity": {
        "start_to_close_timeout": ONE_MINUTE, "heartbeat_timeout": timedelta(seconds=5),
        "cancellation_type": workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    },
}  # fmt: skip


def called_activity(how: str, name: str, argument: Any) -> workflow.ActivityHandle:
    options = ACTIVITIES.get(how, {"start_to_close_timeout": ONE_MINUTE})
    return workflow.start_activity(
        name, argument, **{"task_queue": CPP_QUEUE, "retry_policy": RetryPolicy(maximum_attempts=1), **options}
    )


@dataclasses.dataclass
class Asked:
    """What of the C++ worker is called in which way, and whether the error is passed on or described."""

    how: str
    chain: list[dict[str, Any]] | None = None
    rethrow: bool = False


@workflow.defn(name="Call")
class Call:
    def __init__(self) -> None:
        self.is_under_way = False
        self.is_child_started = False

    @workflow.run
    async def run(self, asked: Asked) -> list[dict[str, Any]]:
        try:
            await self.called(asked)
        except FailureError as error:
            if asked.rethrow:
                raise
            return failures.described(error)
        return []

    @workflow.signal
    def under_way(self) -> None:
        self.is_under_way = True

    @workflow.update(unfinished_policy=workflow.HandlerUnfinishedPolicy.ABANDON)
    async def child_started(self) -> str:
        await workflow.wait_condition(lambda: self.is_child_started)
        return self.child_id()

    def child_id(self) -> str:
        return workflow.info().workflow_id + "-child"

    async def called(self, asked: Asked) -> None:
        how = asked.how
        if how == "activity":
            await called_activity(how, "fail", asked.chain)
        elif how == "cancel_activity":
            running = called_activity(how, "slow", "until cancelled")
            await workflow.wait_condition(lambda: self.is_under_way)
            running.cancel()
            await running
        elif how == "child":
            await workflow.execute_child_workflow("Fail", asked.chain, id=self.child_id(), task_queue=CPP_QUEUE)
        elif "child" in how:
            await self.child_ended(how)
        else:
            await called_activity(how, "slow", "one beat" if how == "heartbeat" else "silent")

    async def child_ended(self, how: str) -> None:
        timeout = ONE_SECOND if how == "child_timeout" else None
        child = await workflow.start_child_workflow("Wait", id=self.child_id(), task_queue=CPP_QUEUE, run_timeout=timeout)
        self.is_child_started = True
        if how == "cancel_child":
            child.cancel()
        elif how == "send_to_child":
            other = workflow.get_external_workflow_handle(self.child_id())
            await other.signal("note", "from python")
            await other.cancel()
        await child
