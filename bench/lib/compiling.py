"""How long the README's example takes to compile."""

import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

SOURCE = "examples/checkout/checkout.cpp"


def command_for(build: pathlib.Path, output: pathlib.Path) -> tuple[list[str], str]:
    """As compile_commands.json has it, without a compiler cache, and the folder to run it in."""
    entries = json.loads((build / "compile_commands.json").read_text())
    entry = next((each for each in entries if each["file"].endswith(SOURCE)), None)
    if entry is None:
        sys.exit(f"error: {build}/compile_commands.json does not tell how {SOURCE} is compiled")
    words = shlex.split(entry["command"])
    if pathlib.Path(words[0]).name == "ccache":
        words = words[1:]
    words[words.index("-o") + 1] = str(output)
    return words, entry["directory"]


def seconds(build: pathlib.Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        command, directory = command_for(build, pathlib.Path(folder) / "checkout.o")
        begin = time.monotonic()
        # Also where the compiler's name is a link to the cache.
        done = subprocess.run(command, cwd=directory, env={**os.environ, "CCACHE_DISABLE": "1"})
        took = time.monotonic() - begin
    if done.returncode != 0:
        sys.exit(f"error: {SOURCE} does not compile")
    return took


def compiler(build: pathlib.Path) -> tuple[str, str]:
    """The first line of its `--version`, and the flags that say how it optimises."""
    words, _ = command_for(build, pathlib.Path("unused"))
    version = subprocess.run([words[0], "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return version.splitlines()[0], " ".join(word for word in words if word.startswith(("-O", "-g", "-DNDEBUG")))
