"""Payload codecs as the samples of the SDKs have them: zlib, and AES-GCM with a key's id beside the data."""

import os
import zlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec


class Zlib(PayloadCodec):
    """The whole payload compressed, even if it gets larger by that: what the other side reads is never plain."""

    async def encode(self, payloads):
        metadata = {"encoding": b"binary/zlib"}
        return [Payload(metadata=metadata, data=zlib.compress(payload.SerializeToString())) for payload in payloads]

    async def decode(self, payloads):
        return [
            Payload.FromString(zlib.decompress(payload.data))
            if payload.metadata.get("encoding") == b"binary/zlib"
            else payload  # the other side leaves alone what would get larger
            for payload in payloads
        ]


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


class Chain(PayloadCodec):
    """The codecs in their order, and the other way round to decode."""

    def __init__(self, codecs: list[PayloadCodec]) -> None:
        self.codecs = codecs

    async def encode(self, payloads):
        for codec in self.codecs:
            payloads = await codec.encode(payloads)
        return payloads

    async def decode(self, payloads):
        for codec in reversed(self.codecs):
            payloads = await codec.decode(payloads)
        return payloads
