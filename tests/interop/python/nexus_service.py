"""The Nexus service that C++ workflows call, and a workflow that calls the same service handled by C++."""

import asyncio
import datetime

import nexusrpc
import nexusrpc.handler
import temporalio.api.nexus.v1
import temporalio.api.operatorservice.v1
from temporalio import nexus, workflow
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, NexusOperationError

ENDPOINT = "interop-python"  # the name by which cpp_nexus.cpp looks for it
CPP_ENDPOINT = "interop-cpp-of-python"


@workflow.defn(name="PythonWaits")
class PythonWaits:
    @workflow.run
    async def run(self, how: str) -> str:
        if how.startswith("quick"):
            return f"waited: {how}"
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if not how.startswith("stubborn"):
                raise
        return f"done all the same: {how}"


@nexusrpc.handler.service_handler(name="greetings")
class Greetings:
    @nexusrpc.handler.sync_operation
    async def greet(self, ctx: nexusrpc.handler.StartOperationContext, name: str) -> str:
        return f"hello {name} of {ctx.headers.get('tenant')}"

    @nexusrpc.handler.sync_operation
    async def refuse(self, _ctx: nexusrpc.handler.StartOperationContext, how: str) -> str:
        if how == "handler":
            raise nexusrpc.HandlerError("no such name", type=nexusrpc.HandlerErrorType.NOT_FOUND)
        raise nexusrpc.OperationError("no money", state=nexusrpc.OperationErrorState.FAILED)

    @nexus.workflow_run_operation(name="wait-for-it")
    async def wait(self, ctx: nexus.WorkflowRunOperationContext, how: str) -> nexus.WorkflowHandle[str]:
        return await ctx.start_workflow(PythonWaits.run, how, id=f"interop-nexus-{how}")


@workflow.defn(name="PythonNexus")
class PythonNexus:
    """Calls one operation of the same service, which C++ handles, and says how that ended."""

    @workflow.run
    async def run(self, operation: str, how: str) -> str:
        calls = workflow.create_nexus_client(endpoint=CPP_ENDPOINT, service="greetings")
        try:
            called = await calls.start_operation(
                "wait-for-it" if operation == "cancel" else operation, how, output_type=str,
                schedule_to_close_timeout=datetime.timedelta(seconds=60), headers={"tenant": "blue"},
            )
            if operation == "cancel":
                called.cancel()
            return f"{await called}, {'later' if called.operation_token else 'at once'}"
        except NexusOperationError as error:
            cause = error.cause
            if isinstance(cause, nexusrpc.HandlerError):
                return f"handler error {cause.type.name}"
            if isinstance(cause, ApplicationError):
                return f"application error {cause.type} {cause.message}"
            return f"{type(cause).__name__}"


async def create_endpoint(client: Client, name: str, task_queue: str) -> None:
    await client.operator_service.create_nexus_endpoint(
        temporalio.api.operatorservice.v1.CreateNexusEndpointRequest(
            spec=temporalio.api.nexus.v1.EndpointSpec(
                name=name,
                target=temporalio.api.nexus.v1.EndpointTarget(
                    worker=temporalio.api.nexus.v1.EndpointTarget.Worker(
                        namespace=client.namespace, task_queue=task_queue
                    )
                ),
            )
        )
    )
