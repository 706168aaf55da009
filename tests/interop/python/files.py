"""Large payloads in files, in the layout of hourglass::file_storage."""

import hashlib
import os
import pathlib

from temporalio.api.common.v1 import Payload
from temporalio.converter import StorageDriver, StorageDriverClaim


class Files(StorageDriver):
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
            write(self.place(name), data)
            claims.append(StorageDriverClaim({"sha256": name}))
        return claims

    async def retrieve(self, context, claims):
        return [Payload.FromString(self.place(claim.claim_data["sha256"]).read_bytes()) for claim in claims]


def write(place: pathlib.Path, data: bytes) -> None:
    """All or nothing: the other side may read the same file while it is stored a second time."""
    place.parent.mkdir(exist_ok=True, parents=True)
    new = place.with_name(f"new-{os.urandom(8).hex()}")
    new.write_bytes(data)
    new.rename(place)
