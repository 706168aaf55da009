"""How C++ workflows fail, what they see of failures here, and what comes back from there."""

from typing import Any

import failures
from calls import ONE_SECOND
from check import expect_chain, expect_ended, started
from failures import Chain
from temporalio.client import Client


def after_activity(name: str, state: str, causes: Chain) -> Chain:
    return [{"kind": "activity", "activity": name, "id": "*", "retry_state": state}, *causes]


def after_child(name: str, state: str, causes: Chain) -> Chain:
    return [{"kind": "child", "workflow": name, "id": "*", "retry_state": state}, *causes]


def stopped(*details: Any) -> Chain:
    return [{"kind": "cancelled", "message": "*", **({"details": list(details)} if details else {})}]


def timed_out(kind: str, *details: Any) -> Chain:
    return [{"kind": "timeout", "message": "*", "type": kind, **({"details": list(details)} if details else {})}]


async def expect_seen(client: Client, what: str, asked: dict[str, Any], wanted: Chain) -> None:
    """What a C++ workflow sees of a failure here."""
    handle = await started(client, "call", "Call", asked)
    expect_chain(f"{what}, as C++ sees it", await handle.result(), wanted)


async def expect_call(client: Client, what: str, asked: dict[str, Any], wanted: Chain) -> None:
    """The same, and what comes back from there."""
    await expect_seen(client, what, asked, wanted)
    handle = await started(client, "call", "Call", {**asked, "rethrow": True})
    await expect_ended(f"{what}, back from C++", handle, wanted)


async def check_failures(client: Client) -> None:
    for each in failures.cases():
        name, chain = each["name"], each["chain"]
        await expect_ended(f"a C++ workflow that fails with {name}", await started(client, "fail", "Fail", chain), chain)
        state = "non_retryable_failure" if chain[0].get("non_retryable") else "maximum_attempts_reached"
        wanted = after_activity("fail", state, chain)
        await expect_call(client, f"a Python activity with {name}", {"how": "activity", "chain": chain}, wanted)
        wanted = after_child("Fail", "retry_policy_not_set", chain)
        await expect_call(client, f"a Python child with {name}", {"how": "child", "chain": chain}, wanted)


async def check_ends(client: Client) -> None:
    """Of those that somebody ends."""
    waiting = await started(client, "wait", "Wait")
    await waiting.signal("note", "one")
    await waiting.cancel()
    await expect_ended("cancellation of a C++ workflow", waiting, stopped(["one"]))

    waiting = await started(client, "wait", "Wait")
    await waiting.terminate(reason="by hand")
    await expect_ended("termination of a C++ workflow", waiting, [{"kind": "terminated", "message": "*"}])

    parent = await started(client, "call", "Call", {"how": "wait_for_child"})
    child = client.get_workflow_handle(await parent.execute_update("child_started"))
    await child.terminate(reason="by hand")
    wanted = after_child("Wait", "non_retryable_failure", [{"kind": "terminated", "message": "*"}])
    expect_chain("a Python child of a C++ workflow that is terminated", await parent.result(), wanted)

    # Seen only, because an activity learns of it at a heartbeat, of which there is one in four seconds. Here and below,
    # Python's SDK sends no details of what ends as cancelled.
    wanted = after_activity("slow", "cancel_requested", stopped())
    await expect_seen(client, "a Python activity that is cancelled", {"how": "cancel_activity"}, wanted)
    wanted = after_child("Wait", "non_retryable_failure", stopped())
    await expect_call(client, "a Python child that is cancelled", {"how": "cancel_child"}, wanted)
    await expect_call(client, "a Python child that gets messages", {"how": "send_to_child"}, wanted)


async def check_timeouts(client: Client) -> None:
    waiting = await started(client, "wait", "Wait", run_timeout=ONE_SECOND)
    await expect_ended("a C++ workflow that takes too long", waiting, timed_out("start_to_close"))
    wanted = after_child("Wait", "retry_policy_not_set", timed_out("start_to_close"))
    await expect_call(client, "a Python child that takes too long", {"how": "child_timeout"}, wanted)
    for kind, state, details in [
        ("start_to_close", "maximum_attempts_reached", []),
        ("heartbeat", "maximum_attempts_reached", ["beat", 1]),
        ("schedule_to_start", "timeout", []),
        ("schedule_to_close", "timeout", []),
    ]:
        wanted = after_activity("slow", state, timed_out(kind, *details))
        await expect_call(client, f"a Python activity that takes too long: {kind}", {"how": kind}, wanted)
