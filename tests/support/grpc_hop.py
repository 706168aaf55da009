"""A gRPC server that passes each call on to another one, and notes what metadata it came with.

    grpc_hop.py FOLDER UPSTREAM_PORT

Listens on a port of its own, without TLS, and writes it to FOLDER/port when it does. FOLDER/calls gets a line of JSON for each call:
{"method": "/package.Service/Method", "metadata": {"key": "value"}}, where the value of a key in -bin is in hexadecimal digits.
While there is a FOLDER/api_key, calls that do not show it as their bearer token are refused as UNAUTHENTICATED. Those that show
what is in FOLDER/held_api_key wait until it is something else. A service that FOLDER/unserved names, a line each, is answered by the
hop itself, with an empty message.
"""

import asyncio
import json
import pathlib
import sys

import grpc

# Of what came, gRPC sets these again.
OWN_KEYS = ("user-agent", "grpc-")
HOLD_CHECK_SECONDS = 0.02
NO_LIMITS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Hop(grpc.GenericRpcHandler):
    def __init__(self, folder: pathlib.Path, upstream: grpc.aio.Channel) -> None:
        self.folder = folder
        self.upstream = upstream
        self.notes = (folder / "calls").open("a")

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        method = details.method

        async def handle(request: bytes, context: grpc.aio.ServicerContext) -> bytes:
            return await self.forward(method, request, context)

        return grpc.unary_unary_rpc_method_handler(handle)

    async def forward(self, method: str, request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        metadata = [(key, value) for key, value in context.invocation_metadata() if not key.startswith(OWN_KEYS)]
        shown = {key: value.hex() if isinstance(value, bytes) else value for key, value in metadata}
        self.notes.write(json.dumps({"method": method, "metadata": shown}) + "\n")
        self.notes.flush()
        key = self.text("api_key")
        if key is not None and shown.get("authorization") != f"Bearer {key}":
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, "the API key is not known, or is not valid any more")
        while (held := self.text("held_api_key")) is not None and shown.get("authorization") == f"Bearer {held}":
            await asyncio.sleep(HOLD_CHECK_SECONDS)
        if method.split("/")[1] in (self.text("unserved") or "").split():
            return b""
        call = self.upstream.unary_unary(method)
        try:
            # If the client gives up, this is cancelled, and so is the call.
            return await call(request, metadata=metadata, timeout=context.time_remaining())
        except grpc.aio.AioRpcError as error:
            await context.abort(error.code(), error.details() or "", tuple(error.trailing_metadata() or ()))

    def text(self, file: str) -> str | None:
        try:
            return (self.folder / file).read_text()
        except FileNotFoundError:
            return None


async def serve(folder: pathlib.Path, upstream: int) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{upstream}", options=NO_LIMITS) as channel:
        server = grpc.aio.server(options=NO_LIMITS)
        server.add_generic_rpc_handlers([Hop(folder, channel)])
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        new = folder / "port.new"
        new.write_text(str(port))
        new.rename(folder / "port")
        await server.wait_for_termination()


asyncio.run(serve(pathlib.Path(sys.argv[1]), int(sys.argv[2])))
