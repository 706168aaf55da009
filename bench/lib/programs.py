"""The programs that are compared: how they are built, and how they are run."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(
    os.environ.get("HOURGLASS_CACHE")
    or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "hourglass"
)
WORK = ROOT / "build" / "compare"
SDKS = ("cpp", "go", "rust", "python")
NAMES = {"cpp": "Hourglass", "go": "Go", "rust": "Rust", "python": "Python"}


def say(text: str) -> None:
    print(f"== {text}", file=sys.stderr, flush=True)


def run(command: list, **options) -> str:
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"error: {' '.join(map(str, command))} failed with {done.returncode}; its message is above")
    return done.stdout


def run_job(command: list) -> dict:
    """What the job printed, and `started`: when it was, in seconds since 1970."""
    started = time.time()
    return {**json.loads(run(command).splitlines()[-1]), "started": started}


class Programs:
    """How each SDK's jobs are called: `jobs[sdk]`, and what only Hourglass has."""

    def __init__(self, sdks: list[str], build: pathlib.Path | None):
        """With `build`, a folder in which Hourglass has been built, that is not done again."""
        WORK.mkdir(parents=True, exist_ok=True)
        self.build = build or ROOT / "build/bench"
        self.is_built = build is not None
        self.jobs = {sdk: getattr(self, f"build_{sdk}")() for sdk in sdks}
        self.alone = [self.build / "bench/hourglass_alone"]
        self.pieces = [self.build / "bench/hourglass_pieces"]
        self.checkout = self.build / "examples/checkout/checkout"

    def build_cpp(self) -> list:
        if not self.is_built:
            say("building Hourglass")
            run(["cmake", "--preset", "bench"], cwd=ROOT)
            targets = ["hourglass_jobs", "hourglass_alone", "hourglass_pieces", "checkout"]
            run(["cmake", "--build", self.build, "--target", *targets], cwd=ROOT)
        return [self.build / "bench/hourglass_jobs"]

    def build_go(self) -> list:
        say("building the Go peer")
        folder = WORK / "go"
        shutil.copytree(ROOT / "bench/peers/go", folder, dirs_exist_ok=True)
        run(["go", "mod", "tidy"], cwd=folder)
        run(["go", "build", "-o", WORK / "go-jobs", "."], cwd=folder)
        return [WORK / "go-jobs"]

    def build_rust(self) -> list:
        say("building the Rust peer (minutes, the first time)")
        target = CACHE / "bench-rust-target"
        run(["cargo", "build", "--release", "--manifest-path", ROOT / "bench/peers/rust/Cargo.toml", "--target-dir", target])
        return [target / "release/hourglass-bench-peer"]

    def build_python(self) -> list:
        run([ROOT / "scripts/setup", "--interop"])
        return [CACHE / "venv/bin/python", ROOT / "bench/peers/python/jobs.py"]


def version_of(sdk: str) -> str:
    if sdk == "cpp":
        return re.search(r"project\(hourglass VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
    if sdk == "go":
        return re.search(r"go.temporal.io/sdk v(\S+)", (ROOT / "bench/peers/go/go.mod").read_text()).group(1)
    if sdk == "rust":
        return re.search(r'temporalio-sdk = "=(\S+)"', (ROOT / "bench/peers/rust/Cargo.toml").read_text()).group(1)
    return re.search(r"TEMPORALIO_VERSION=(\S+)", (ROOT / "scripts/setup").read_text()).group(1)
