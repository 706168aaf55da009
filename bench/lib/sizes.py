"""How large programs are."""

import pathlib
import re
import subprocess
import tempfile

# What each C or C++ program on the machine shares.
EVERYWHERE = ("libc.so", "libm.so", "libgcc_s.so", "libstdc++.so", "libpthread.so", "libdl.so", "librt.so", "ld-linux")


def stripped(program: pathlib.Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / program.name
        subprocess.run(["strip", "-o", copy, program], check=True)
        return copy.stat().st_size


def shared_libraries(program: pathlib.Path) -> int:
    """The bytes of those that it needs besides the runtime of C and C++."""
    told = subprocess.run(["ldd", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    found = re.findall(r"^\s*(\S+) => (/\S+)", told, re.MULTILINE)
    return sum(pathlib.Path(path).resolve().stat().st_size for name, path in found if not name.startswith(EVERYWHERE))
