"""Runs the interoperability test: a Python and a C++ worker on one server, then a client of each kind against the other.
Three times: with payloads as they are, encrypted, and encrypted and stored in files.

run.py PYTHON CPP_WORKER CPP_CLIENT; the server's address is in HOURGLASS_TEST_ADDRESS.
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile

SIDE = pathlib.Path(__file__).with_name("python_side.py")


def talk(python: str, cpp_worker: str, cpp_client: str, settings: dict[str, str]) -> None:
    env = {**os.environ, "TEMPORAL_ADDRESS": os.environ["HOURGLASS_TEST_ADDRESS"], **settings}
    workers = [
        subprocess.Popen([python, SIDE, "worker"], env=env),
        subprocess.Popen([cpp_worker], env=env),
    ]
    try:
        subprocess.run([python, SIDE, "client"], env=env, check=True, timeout=120)
        subprocess.run([cpp_client], env=env, check=True, timeout=120)
        workers[1].send_signal(signal.SIGTERM)
        code = workers[1].wait(timeout=60)
        if code != 0:
            sys.exit(f"the C++ worker ended with {code} after SIGTERM, expected 0")
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def main() -> None:
    key = "k" * 32
    with tempfile.TemporaryDirectory() as folder:
        for settings in ({}, {"INTEROP_KEY": key}, {"INTEROP_KEY": key, "INTEROP_FOLDER": folder}):
            print("settings:", ", ".join(settings) or "none", flush=True)
            talk(*sys.argv[1:], settings)
        if not any(pathlib.Path(folder).iterdir()):
            sys.exit("nothing was stored in the folder")


if __name__ == "__main__":
    main()
