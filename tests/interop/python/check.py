"""Means of the client, which collects nothing: the first thing that is wrong ends the test."""

import sys
from datetime import timedelta
from typing import Any

import failures
from settings import CPP_QUEUE
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy


def expect_equal(what: str, got: object, wanted: object) -> None:
    if got != wanted:
        sys.exit(f"{what}:\n  got    {got!r}\n  wanted {wanted!r}")
    print(f"ok: {what}", flush=True)


def options(id: str) -> dict[str, Any]:
    """Of the start of a C++ workflow."""
    return {
        "id": f"interop-python-client-{id}", "task_queue": CPP_QUEUE, "execution_timeout": timedelta(minutes=1),
        # So that what is asked together with the start and what is asked later go to one workflow.
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
    }  # fmt: skip


async def started(client: Client, id: str, workflow: str, *args: Any, **more: Any) -> WorkflowHandle:
    return await client.start_workflow(workflow, args=args, **options(id), **more)


async def error_of(what: str, type_: type, call: Any) -> Any:
    """The failure of this type, which anything else is not."""
    try:
        await call
    except type_ as error:
        return error
    sys.exit(f"{what}: nothing failed")


def expect_chain(what: str, seen: failures.Chain, wanted: failures.Chain) -> None:
    """`"*"` is an id or a message that nobody knows before."""
    for layer, other in zip(seen, wanted):
        layer.update({key: "*" for key in ("id", "message") if other.get(key) == "*" and layer.get(key)})
    expect_equal(what, seen, wanted)


async def expect_ended(what: str, handle: WorkflowHandle, wanted: failures.Chain) -> None:
    error = await error_of(what, WorkflowFailureError, handle.result())
    expect_chain(what, failures.described(error.cause), wanted)
