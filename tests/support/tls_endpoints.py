"""TLS in front of a server without it, as a test needs it: right, and wrong in each way.

    tls_endpoints.py FOLDER UPSTREAM_PORT

Makes the certificates in FOLDER (ca.pem is whom to trust), listens with each on a port of its own, and writes the ports to
FOLDER/ports, a line "NAME PORT" each, when all of them listen. The names: good, wrong_host, expired, stranger
(signed by another CA); and two that want a certificate of the client's, mutual one that "ours" has signed, mutual_next one that
"next" has. FOLDER/ours/client.pem and client.key are such a certificate, and FOLDER/next/client.pem.

FOLDER/server_names gets a line "NAME SERVER_NAME" for each handshake in which a client sent a name (SNI).
"""

import asyncio
import functools
import pathlib
import ssl
import subprocess
import sys

HOST = "temporal.test"
LATER = "20991231235959Z"
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

    def issue(self, name: str, host: str, until: str = LATER) -> tuple[pathlib.Path, pathlib.Path]:
        """The files of the certificate and its key."""
        key, request, certificate = (self.folder / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
        openssl("req", "-config", str(self.config), "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-keyout", str(key), "-out", str(request), "-subj", f"/CN={host}",
                "-addext", f"subjectAltName=DNS:{host}")  # fmt: skip
        openssl("ca", "-config", str(self.config), "-batch", "-notext", "-in", str(request), "-out", str(certificate),
                "-cert", str(self.certificate), "-keyfile", str(self.key),
                "-startdate", "20200101000000Z", "-enddate", until)  # fmt: skip
        return certificate, key


def server(files: tuple[pathlib.Path, pathlib.Path], clients: Authority | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    context.set_alpn_protocols(["h2"])
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients.certificate)
    return context


def endpoints(folder: pathlib.Path) -> dict[str, ssl.SSLContext]:
    ours, other, following = (Authority(folder, name) for name in ("ours", "other", "next"))
    (folder / "ca.pem").write_bytes(ours.certificate.read_bytes())
    for authority in (ours, following):
        authority.issue("client", "worker.test")
    good = ours.issue("good", HOST)
    return {
        "good": server(good),
        "wrong_host": server(ours.issue("wrong_host", "elsewhere.test")),
        "expired": server(ours.issue("expired", HOST, until="20200201000000Z")),
        "stranger": server(other.issue("stranger", HOST)),
        "mutual": server(good, clients=ours),
        "mutual_next": server(good, clients=following),
    }


def note_server_name(
    notes: pathlib.Path, endpoint: str, _connection: ssl.SSLObject, sent: str | None, _context: ssl.SSLContext
) -> None:
    if sent is not None:
        with notes.open("a") as lines:
            lines.write(f"{endpoint} {sent}\n")


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
    for name, context in endpoints(folder).items():
        context.sni_callback = functools.partial(note_server_name, folder / "server_names", name)
        listener = await asyncio.start_server(forward, "127.0.0.1", 0, ssl=context)
        servers.append(listener)
        ports += f"{name} {listener.sockets[0].getsockname()[1]}\n"
    new = folder / "ports.new"
    new.write_text(ports)
    new.rename(folder / "ports")
    await asyncio.gather(*(listener.serve_forever() for listener in servers))


asyncio.run(serve(pathlib.Path(sys.argv[1]), int(sys.argv[2])))
