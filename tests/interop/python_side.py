"""The Python half of the interoperability test: a worker and a client made with Temporal's own Python SDK.

python_side.py worker   a worker on the queue "interop-python" until it is told to end
python_side.py client   runs the C++ worker's workflows on "interop-cpp" and checks what comes back
"""

import asyncio
import dataclasses
import hashlib
import os
import pathlib
import sys
from datetime import timedelta

import python_nexus
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.converter import (
    DataConverter, DefaultFailureConverterWithEncodedAttributes, ExternalStorage, PayloadCodec, StorageDriver,
    StorageDriverClaim,
)
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

CPP_QUEUE = "interop-cpp"
PYTHON_QUEUE = "interop-python"


@dataclasses.dataclass
class Parcel:
    id: str
    weight: float
    tags: list[str]
    note: str | None = None


@activity.defn
async def python_weigh(parcel: Parcel) -> Parcel:
    return dataclasses.replace(parcel, weight=parcel.weight * 2, tags=[*parcel.tags, "python"])


@activity.defn
async def python_fail(message: str) -> None:
    try:
        raise ApplicationError("the inner cause", {"depth": 2}, type="Inner")
    except ApplicationError as inner:
        raise ApplicationError(message, 7, "seven", type="PythonTrouble", non_retryable=True) from inner


@workflow.defn(name="PythonGreeter")
class PythonGreeter:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.done = False

    @workflow.run
    async def run(self, parcel: Parcel) -> dict:
        await workflow.wait_condition(lambda: self.done)
        weighed = await workflow.execute_activity(
            "cpp_weigh", parcel, task_queue=CPP_QUEUE, result_type=Parcel,
            start_to_close_timeout=timedelta(seconds=10),
        )
        return {"names": self.names, "parcel": dataclasses.asdict(weighed)}

    @workflow.signal
    def greet(self, name: str) -> None:
        self.names.append(name)

    @workflow.query
    def greeted(self) -> list[str]:
        return self.names

    @workflow.update
    def finish(self, last: str) -> int:
        self.names.append(last)
        self.done = True
        return len(self.names)

    @finish.validator
    def check_finish(self, last: str) -> None:
        if not last:
            raise ApplicationError("nobody has an empty name", type="BadName")


class Encryption(PayloadCodec):
    """The format that encryption samples agree on: nonce, ciphertext and tag of the whole payload."""

    def __init__(self, key: bytes) -> None:
        self.cipher = AESGCM(key)

    async def encode(self, payloads):
        sealed = []
        for payload in payloads:
            nonce = os.urandom(12)
            metadata = {"encoding": b"binary/encrypted", "encryption-key-id": b"interop"}
            data = nonce + self.cipher.encrypt(nonce, payload.SerializeToString(), None)
            sealed.append(Payload(metadata=metadata, data=data))
        return sealed

    async def decode(self, payloads):
        # All that comes from the other side is encrypted: what is not would be a mistake there.
        for payload in payloads:
            assert payload.metadata["encoding"] == b"binary/encrypted", payload
        return [Payload.FromString(self.cipher.decrypt(p.data[:12], p.data[12:], None)) for p in payloads]


class Files(StorageDriver):
    """The layout of hourglass::file_storage."""

    def __init__(self, folder: str) -> None:
        self.folder = pathlib.Path(folder)

    def name(self) -> str:
        return "hourglass.file"

    def place(self, name: str) -> pathlib.Path:
        return self.folder / name[:2] / name

    async def store(self, context, payloads):
        claims = []
        for payload in payloads:
            data = payload.SerializeToString(deterministic=True)
            name = hashlib.sha256(data).hexdigest()
            self.place(name).parent.mkdir(exist_ok=True, parents=True)
            self.place(name).write_bytes(data)
            claims.append(StorageDriverClaim({"sha256": name}))
        return claims

    async def retrieve(self, context, claims):
        return [Payload.FromString(self.place(claim.claim_data["sha256"]).read_bytes()) for claim in claims]


def data_converter() -> DataConverter:
    """As INTEROP_KEY and INTEROP_FOLDER say; cpp_side.hpp has the same."""
    options = {}
    if key := os.environ.get("INTEROP_KEY"):
        options["payload_codec"] = Encryption(key.encode())
        options["failure_converter_class"] = DefaultFailureConverterWithEncodedAttributes
    if folder := os.environ.get("INTEROP_FOLDER"):
        options["external_storage"] = ExternalStorage(drivers=[Files(folder)], payload_size_threshold=100)
    return DataConverter(**options)


def encoded() -> bool:
    return "INTEROP_KEY" in os.environ


async def connect() -> Client:
    return await Client.connect(os.environ["HOURGLASS_TEST_ADDRESS"], data_converter=data_converter())


async def run_worker() -> None:
    client = await connect()
    if not encoded():  # the first time of three
        await python_nexus.create_endpoint(client, python_nexus.ENDPOINT, PYTHON_QUEUE)
        await python_nexus.create_endpoint(client, python_nexus.CPP_ENDPOINT, CPP_QUEUE)
    worker = Worker(
        client, task_queue=PYTHON_QUEUE, 
        workflows=[PythonGreeter, python_nexus.PythonWaits, python_nexus.PythonNexus],
        activities=[python_weigh, python_fail], nexus_service_handlers=[python_nexus.Greetings()],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    await worker.run()


def expect_equal(what: str, got: object, wanted: object) -> None:
    if got != wanted:
        sys.exit(f"{what}: got {got!r}, wanted {wanted!r}")
    print(f"ok: {what}")


async def check_values(client: Client) -> None:
    for value in [None, True, 0, -(2**53), 1.5, "", "grüße 🐌", [1, [2]], {"a": {"b": None}}]:
        got = await client.execute_workflow("CppEcho", value, id="interop-echo", task_queue=CPP_QUEUE)
        expect_equal(f"echo of {value!r}", got, value)
    got = await client.execute_workflow("CppEchoBytes", b"\x00\xff", id="interop-bytes", task_queue=CPP_QUEUE)
    expect_equal("echo of bytes", got, b"\x00\xff")


async def check_workflow(client: Client) -> None:
    handle = await client.start_workflow(
        "CppGreeter", Parcel("p1", 1.25, ["a"]), id="interop-greeter", task_queue=CPP_QUEUE, result_type=dict
    )
    await handle.signal("greet", "ada")
    expect_equal("query of a C++ workflow", await handle.query("greeted"), ["ada"])
    try:
        await handle.execute_update("finish", "")
        sys.exit("the C++ validator let an empty name pass")
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        expect_equal("type of a C++ validator's error", getattr(cause, "type", None), "BadName")
    expect_equal("update of a C++ workflow", await handle.execute_update("finish", "bob"), 2)
    result = await handle.result()
    expect_equal("names", result["names"], ["ada", "bob"])
    wanted = {"id": "p1", "weight": 2.5, "tags": ["a", "python"], "note": None}
    expect_equal("a Python activity called from C++", result["parcel"], wanted)


async def check_failures(client: Client) -> None:
    try:
        await client.execute_workflow("CppFail", "from-cpp", id="interop-fail", task_queue=CPP_QUEUE)
        sys.exit("CppFail did not fail")
    except WorkflowFailureError as error:
        cause = error.cause
        assert isinstance(cause, ApplicationError), cause
        expect_equal("C++ failure", (cause.message, cause.type, cause.non_retryable), ("outer", "CppTrouble", True))
        expect_equal("C++ failure's details", list(cause.details), ["from-cpp", 3])
        inner = cause.cause
        assert isinstance(inner, ActivityError), inner
        expect_equal("the failed activity's type", inner.activity_type, "python_fail")
        python = inner.cause
        assert isinstance(python, ApplicationError), python
        expect_equal("Python's failure after its way through C++",
                     (python.message, python.type, list(python.details)), ("from-cpp", "PythonTrouble", [7, "seven"]))
        assert isinstance(python.cause, ApplicationError), python.cause
        expect_equal("and its cause", (python.cause.type, list(python.cause.details)), ("Inner", [{"depth": 2}]))


async def check_cancellation(client: Client) -> None:
    handle = await client.start_workflow(
        "CppGreeter", Parcel("p2", 1, []), id="interop-cancel", task_queue=CPP_QUEUE
    )
    await handle.cancel()
    try:
        await handle.result()
        sys.exit("a cancelled C++ workflow completed")
    except WorkflowFailureError as error:
        expect_equal("cancellation of a C++ workflow", isinstance(error.cause, CancelledError), True)


async def check_nexus(client: Client) -> None:
    for workflow_type, cases in [("CppNexus", python_nexus.CALLS), ("CppNexusCancel", python_nexus.CANCELLATIONS)]:
        for args, wanted in cases:
            got = await python_nexus.said(client, workflow_type, args, CPP_QUEUE)
            expect_equal(f"a Python Nexus operation called from C++ {args}", got, wanted)
    for args, wanted in python_nexus.CALLS_OF_CPP:
        got = await python_nexus.said(client, "PythonNexus", args, PYTHON_QUEUE)
        expect_equal(f"a C++ Nexus operation called from Python {args}", got, wanted)


async def run_client() -> None:
    client = await connect()
    await check_values(client)
    await check_workflow(client)
    await check_failures(client)
    await check_cancellation(client)
    if not encoded():  # some of its workflows stay open, and their ids are taken then
        await check_nexus(client)
    print("the Python client is content")


if __name__ == "__main__":
    asyncio.run({"worker": run_worker, "client": run_client}[sys.argv[1]]())
    # All is checked. The SDK's native threads outlive the interpreter's own tear-down, and once in a while one of them
    # meets what is gone (SIGSEGV after the last line): leave without that.
    sys.stdout.flush()
    os._exit(0)
