"""What a C++ workflow, an activity here and the workflow again make of a value; a header and a memo."""

from datetime import timedelta
from typing import Any

import context
from check import expect_equal, options
from greeter import Parcel
from temporalio.api.common.v1 import Payload, RetryPolicy
from temporalio.client import Client
from temporalio.common import RawValue
from temporalio.converter import BinaryProtoPayloadConverter, PayloadConverter


async def echoed(client: Client, workflow: str, value: Any) -> Payload:
    raw = await client.execute_workflow(workflow, value, result_type=RawValue, **options("echo"))
    return raw.payload


def decoded(payload: Payload, type_: Any = None) -> Any:
    return PayloadConverter.default.from_payload(payload, type_)


def expect_encoding(what: str, payload: Payload, wanted: str) -> None:
    expect_equal(what, payload.metadata["encoding"].decode(), wanted)


async def check_values(client: Client) -> None:
    long = "grüße 🐌 " * 100
    for value in [True, 0, -(2**53), 1.5, 1e300, "", 'a\0"\n', long, [1, [2], []], {"a": {"b": None}}]:
        payload = await echoed(client, "EchoJson", value)
        expect_equal("echo of JSON", decoded(payload), value)
        expect_encoding("its encoding", payload, "json/plain")
    for value in [-(2**63), 2**63 - 1]:
        expect_equal("echo of an integer", decoded(await echoed(client, "EchoInteger", value)), value)
    for value in [b"", b"\x00\xff\x80"]:
        payload = await echoed(client, "EchoBytes", value)
        expect_equal("echo of bytes", payload.data, value)
        expect_encoding("their encoding", payload, "binary/plain")
    for name in ["EchoJson", "EchoOptional"]:
        expect_encoding(f"{name} of nothing", await echoed(client, name, None), "binary/null")
    some = Parcel("p", 0.1, [], "fragile")
    expect_equal("echo of an optional", decoded(await echoed(client, "EchoOptional", some), Parcel), some)
    await check_protobuf(client)


async def check_protobuf(client: Client) -> None:
    sent = RetryPolicy(backoff_coefficient=2.5, maximum_attempts=-7, non_retryable_error_types=["ü", ""])
    sent.initial_interval.FromTimedelta(timedelta(milliseconds=1500))
    binary = RawValue(BinaryProtoPayloadConverter().to_payload(sent))
    for workflow, value, encoding in [("EchoProto", sent, "json/protobuf"), ("EchoBinaryProto", binary, "binary/protobuf")]:
        payload = await echoed(client, workflow, value)
        expect_equal(workflow, decoded(payload, RetryPolicy), sent)
        expect_encoding("its encoding", payload, encoding)
        expect_equal("its type", payload.metadata["messageType"].decode(), "temporal.api.common.v1.RetryPolicy")


async def check_context(client: Client) -> None:
    context.tenant.set("blue")
    said = await client.execute_workflow("Context", memo={"source": "python"}, **options("context"))
    context.tenant.set("")
    expect_equal("a header and a memo in C++", said, {"tenant": "blue", "memo": "python"})
    said = await client.execute_workflow("Context", **options("context"))
    expect_equal("no header and no memo in C++", said, {"tenant": "", "memo": ""})
