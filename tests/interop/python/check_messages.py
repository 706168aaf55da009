"""Signals, queries and updates of a C++ workflow."""

import failures
from check import error_of, expect_chain, expect_equal, options
from greeter import Parcel
from settings import hidden
from temporalio.client import (
    Client, WithStartWorkflowOperation, WorkflowHandle, WorkflowQueryFailedError, WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)


async def check_queries(greeter: WorkflowHandle) -> None:
    expect_equal("query of a C++ workflow", await greeter.query("greeted"), ["ada", "bob"])
    query = greeter.query("stumble", "no answer today")
    failed = await error_of("a query that throws in C++", WorkflowQueryFailedError, query)
    # Core passes on the message only, and that is hidden where failures are encoded.
    expect_equal("what it says", failed.message, "Encoded failure" if hidden() else "no answer today")
    await error_of("a query that C++ does not know", WorkflowQueryFailedError, greeter.query("unheard of"))


async def check_failing_updates(greeter: WorkflowHandle) -> None:
    update = greeter.execute_update("finish", "")
    rejected = await error_of("an update that a C++ validator rejects", WorkflowUpdateFailedError, update)
    wanted = [{"kind": "application", "message": "nobody has an empty name", "type": "BadName", "details": ["empty"]}]
    expect_chain("what the C++ validator says", failures.described(rejected.cause), wanted)
    for each in failures.cases():
        update = greeter.execute_update("fail", each["chain"])
        failed = await error_of("an update that fails in C++", WorkflowUpdateFailedError, update)
        expect_chain(f"an update that fails in C++ with {each['name']}", failures.described(failed.cause), each["chain"])
    update = greeter.execute_update("unheard of", "")
    unknown = await error_of("an update that C++ does not know", WorkflowUpdateFailedError, update)
    expect_equal("what is said of it", failures.described(unknown.cause)[0]["kind"], "application")


async def check_messages(client: Client) -> None:
    greeter = await client.start_workflow(
        "Greeter", Parcel("p1", 1.25, ["a"]), start_signal="greet", start_signal_args=["ada"], **options("greeter")
    )
    await greeter.signal("greet", "bob")
    await check_queries(greeter)
    await check_failing_updates(greeter)

    update = await greeter.start_update("finish", "eve", id="the last", wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    expect_equal("an accepted update of a C++ workflow", await update.result(), 3)
    expect_equal("the same update by its id", await greeter.get_update_handle("the last").result(), 3)
    result = await greeter.result()
    expect_equal("names", result["names"], ["ada", "bob", "eve"])
    wanted = {"id": "p1", "weight": 2.5, "tags": ["a", "python"], "note": None}
    expect_equal("a Python activity called from C++", result["parcel"], wanted)

    start = WithStartWorkflowOperation("Greeter", Parcel("p2", 1, []), **options("greeter-updated"))
    count = await client.execute_update_with_start_workflow("finish", "ada", start_workflow_operation=start)
    expect_equal("update with start of a C++ workflow", count, 1)
    result = await (await start.workflow_handle()).result()
    expect_equal("the workflow that was started", result["names"], ["ada"])
