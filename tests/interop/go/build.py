"""Builds the Go half of the interoperability test: build.py OUTPUT.

Go is looked for where scripts/setup --interop puts it, which it does where the PATH has none that is new enough, then on the PATH. Modules and what is compiled stay in Go's own caches.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(
    os.environ.get("HOURGLASS_CACHE")
    or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "hourglass"
)


def main() -> int:
    path = os.pathsep.join([str(CACHE / "bin"), os.environ.get("PATH", "")])
    go = shutil.which("go", path=path)
    if go is None:
        sys.exit("error: there is no Go, neither in the cache nor on the PATH; run scripts/setup --interop")
    # -mod=readonly: what go.mod and go.sum pin, or nothing. There is no version control to ask in an archive of the sources.
    command = [go, "build", "-mod=readonly", "-buildvcs=false", "-o", sys.argv[1], "."]
    code = subprocess.run(command, cwd=SOURCE).returncode
    if code != 0:
        wanted = re.search(r"^go (\S+)$", (SOURCE / "go.mod").read_text(), re.MULTILINE).group(1)
        version = subprocess.run([go, "version"], capture_output=True, text=True).stdout.strip()
        print(f"error: `{' '.join(command)}` failed, its message is above. Go {wanted} or later is needed; here is {version}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
