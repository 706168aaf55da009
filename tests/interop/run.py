"""Runs the interoperability test with one other SDK: its worker and the C++ one on one server, then a client of each kind
against the other. Several times: with payloads as they are, compressed, encrypted, and encrypted and stored in files.

run.py PEER CPP_WORKER CPP_CLIENT COMMAND...; PEER is "python" or "go", COMMAND with "worker" or "client" behind it is the
program with that SDK. The server's address is in HOURGLASS_TEST_ADDRESS.
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile

FAILURES = pathlib.Path(__file__).with_name("failures.json")
KEY = {"INTEROP_KEY": "k" * 32}
ZLIB = {"INTEROP_ZLIB": "1"}


def rounds(peer: str, folder: str) -> list[dict[str, str]]:
    stored = {**KEY, "INTEROP_FOLDER": folder}
    # Go's headers are encoded by whoever writes them, Python's by a setting of the client, as in C++.
    headers = {"INTEROP_HEADERS": "1"} if peer == "python" else {}
    return [{}, ZLIB, {**KEY, **ZLIB, **headers}, stored]


def talk(peer: str, cpp_worker: str, cpp_client: str, command: list[str], settings: dict[str, str]) -> None:
    address = os.environ["HOURGLASS_TEST_ADDRESS"]
    env = {**os.environ, "TEMPORAL_ADDRESS": address, "INTEROP_PEER": peer, "INTEROP_FAILURES": str(FAILURES), **settings}
    workers = [subprocess.Popen([*command, "worker"], env=env), subprocess.Popen([cpp_worker], env=env)]
    try:
        subprocess.run([*command, "client"], env=env, check=True, timeout=300)
        subprocess.run([cpp_client], env=env, check=True, timeout=300)
        workers[1].send_signal(signal.SIGTERM)
        code = workers[1].wait(timeout=60)
        if code != 0:
            sys.exit(f"the C++ worker ended with {code} after SIGTERM, expected 0")
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def main() -> None:
    peer, cpp_worker, cpp_client, *command = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        for settings in rounds(peer, folder):
            print("settings:", ", ".join(settings) or "none", flush=True)
            talk(peer, cpp_worker, cpp_client, command, settings)
        if not any(pathlib.Path(folder).iterdir()):
            sys.exit("nothing was stored in the folder")


if __name__ == "__main__":
    main()
