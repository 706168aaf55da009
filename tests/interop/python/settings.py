"""What both the worker and the client are made with, as INTEROP_KEY, INTEROP_ZLIB, INTEROP_FOLDER and INTEROP_HEADERS say;
../cpp_side.hpp has the same.
"""

import os

from payload_codecs import Chain, Encryption, Zlib
from context import SendsTenant
from files import Files
from temporalio.client import Client
from temporalio.common import HeaderCodecBehavior
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, ExternalStorage

CPP_QUEUE = "interop-cpp"
PYTHON_QUEUE = "interop-python"


def encoded() -> bool:
    """Whether payloads are something else than what the values make of them."""
    return "INTEROP_KEY" in os.environ or "INTEROP_ZLIB" in os.environ


def hidden() -> bool:
    """Whether messages of failures are encoded, too."""
    return "INTEROP_KEY" in os.environ


def data_converter() -> DataConverter:
    options = {}
    codecs = []  # the first one encodes first
    if "INTEROP_ZLIB" in os.environ:
        codecs.append(Zlib())
    if hidden():
        codecs.append(Encryption(os.environ["INTEROP_KEY"].encode()))
        options["failure_converter_class"] = DefaultFailureConverterWithEncodedAttributes
    if codecs:
        options["payload_codec"] = Chain(codecs)
    if folder := os.environ.get("INTEROP_FOLDER"):
        options["external_storage"] = ExternalStorage(drivers=[Files(folder)], payload_size_threshold=100)
    return DataConverter(**options)


async def connect() -> Client:
    headers = HeaderCodecBehavior.CODEC if "INTEROP_HEADERS" in os.environ else HeaderCodecBehavior.NO_CODEC
    return await Client.connect(
        os.environ["HOURGLASS_TEST_ADDRESS"], data_converter=data_converter(), interceptors=[SendsTenant()],
        header_codec_behavior=headers,
    )  # fmt: skip
