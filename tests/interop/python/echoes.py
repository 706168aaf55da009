"""Workflows that give a value to a C++ activity and return what comes back, and activities that do nothing to it."""

import typing
from datetime import timedelta

from greeter import Parcel
from settings import CPP_QUEUE
from temporalio import activity, workflow
from temporalio.api.common.v1 import RetryPolicy
from temporalio.common import RawValue
from temporalio.converter import BinaryProtoPayloadConverter


def echo(name: str, type_: typing.Any):
    """The workflow EchoName and the activity echo_name."""
    activity_name = "echo" + "".join("_" + c.lower() if c.isupper() else c for c in name)

    class Echo:
        async def run(self, value):
            return await workflow.execute_activity(
                activity_name, value, task_queue=CPP_QUEUE, result_type=type_,
                start_to_close_timeout=timedelta(seconds=30),
            )  # fmt: skip

    Echo.__qualname__ = Echo.__name__ = f"Echo{name}"
    Echo.run.__qualname__ = f"Echo{name}.run"
    Echo.run.__annotations__.update(value=type_, **{"return": type_})
    workflow.run(Echo.run)

    async def given_back(value):
        return value

    given_back.__annotations__.update(value=type_, **{"return": type_})
    return workflow.defn(name=f"Echo{name}")(Echo), activity.defn(name=activity_name)(given_back)


def binary(message: RetryPolicy) -> RawValue:
    """As binary/protobuf: the default converter would take JSON."""
    payload = BinaryProtoPayloadConverter().to_payload(message)
    assert payload is not None
    return RawValue(payload)


@workflow.defn(name="EchoBinaryProto")
class EchoBinaryProto:
    @workflow.run
    async def run(self, value: RetryPolicy) -> RawValue:
        echoed = await workflow.execute_activity(
            "echo_binary_proto", binary(value), task_queue=CPP_QUEUE, result_type=RetryPolicy,
            start_to_close_timeout=timedelta(seconds=30),
        )  # fmt: skip
        return binary(echoed)


@activity.defn(name="echo_binary_proto")
async def echo_binary_proto(value: RetryPolicy) -> RawValue:
    return binary(value)


ECHOES = [
    echo("Json", typing.Any),
    echo("Integer", int),
    echo("Bytes", bytes),
    echo("Optional", typing.Optional[Parcel]),
    echo("Proto", RetryPolicy),
    (EchoBinaryProto, echo_binary_proto),
]
WORKFLOWS = [each[0] for each in ECHOES]
ACTIVITIES = [each[1] for each in ECHOES]
