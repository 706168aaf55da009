"""TLS in front of a server without it, as a test needs it: right, and wrong in each way.

    tls_endpoints.py FOLDER UPSTREAM_PORT

Makes the certificates in FOLDER (ca.pem is whom to trust), listens with each on a port of its own, and writes the ports to
FOLDER/ports, a line "NAME PORT" each, when all of them listen. The names: good, wrong_host, expired, stranger
(signed by another CA).
"""

import asyncio
import pathlib
import ssl
import subprocess
import sys

HOST = "temporal.test"
OPENSSL_CONFIG = """
[ca]
default_ca = here
[here]
new_certs_dir = {folder}
database = {folder}/index
serial = {folder}/serial
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = nothing
[nothing]
"""


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    def __init__(self, folder: pathlib.Path, name: str) -> None:
        self.folder = folder / name
        self.folder.mkdir()
        self.config = self.folder / "openssl.cnf"
        self.config.write_text(OPENSSL_CONFIG.format(folder=self.folder))
        (self.folder / "index").touch()
        (self.folder / "serial").write_text("01")
        self.key, self.certificate = self.folder / "ca.key", self.folder / "ca.pem"
        openssl("req", "-config", str(self.config), "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-keyout", str(self.key), "-out", str(self.certificate), "-subj", f"/CN={name}", "-days", "2",
                "-addext", "basicConstraints=critical,CA:true", "-addext", "keyUsage=critical,keyCertSign")  # fmt: skip

    def issue(self, name: str, host: str, until: str) -> ssl.SSLContext:
        key, request, certificate = (self.folder / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
        openssl("req", "-config", str(self.config), "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-keyout", str(key), "-out", str(request), "-subj", f"/CN={host}",
                "-addext", f"subjectAltName=DNS:{host}")  # fmt: skip
        openssl("ca", "-config", str(self.config), "-batch", "-notext", "-in", str(request), "-out", str(certificate),
                "-cert", str(self.certificate), "-keyfile", str(self.key),
                "-startdate", "20200101000000Z", "-enddate", until)  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.set_alpn_protocols(["h2"])
        return context


def certificates(folder: pathlib.Path) -> dict[str, ssl.SSLContext]:
    ours, other = Authority(folder, "ours"), Authority(folder, "other")
    (folder / "ca.pem").write_bytes(ours.certificate.read_bytes())
    later, past = "20991231235959Z", "20200201000000Z"
    return {
        "good": ours.issue("good", HOST, later),
        "wrong_host": ours.issue("wrong_host", "elsewhere.test", later),
        "expired": ours.issue("expired", HOST, past),
        "stranger": other.issue("stranger", HOST, later),
    }


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # the other end is gone, and so is this one
    finally:
        writer.close()


async def serve(folder: pathlib.Path, upstream: int) -> None:
    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            to_server = await asyncio.open_connection("127.0.0.1", upstream)
        except OSError:
            writer.close()
            return
        await asyncio.gather(copy(reader, to_server[1]), copy(to_server[0], writer))

    servers, ports = [], ""
    for name, context in certificates(folder).items():
        server = await asyncio.start_server(forward, "127.0.0.1", 0, ssl=context)
        servers.append(server)
        ports += f"{name} {server.sockets[0].getsockname()[1]}\n"
    new = folder / "ports.new"
    new.write_text(ports)
    new.rename(folder / "ports")
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(serve(pathlib.Path(sys.argv[1]), int(sys.argv[2])))
