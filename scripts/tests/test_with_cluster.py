"""scripts/lib/with-cluster passes the exit code on, takes its cluster down and leaves no process behind. A stand-in plays scripts/cluster."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent

STAND_IN = """#!/bin/bash
echo "$1 $HOURGLASS_CLUSTER_PORT $HOURGLASS_CLUSTER_FOLDER" >>"${0%/*/*}/said"
[[ $1 != "${STAND_IN_FAILS-}" ]]
"""


def is_running(pid: int) -> bool:
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class WithCluster(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="a path with spaces ")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        (self.root / "scripts" / "lib" / "cluster").mkdir(parents=True)
        for name in ("lib/with-cluster", "lib/env.sh", "lib/cluster/waiting.sh"):
            shutil.copy(SCRIPTS / name, self.root / "scripts" / name)
        self.write_program("scripts/cluster", STAND_IN)
        self.write_program("cache/bin/temporal", "#!/bin/sh\n")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("HOURGLASS_")}
        self.environment |= {"HOURGLASS_CACHE": str(self.root / "cache"), "TEMPORAL_NAMESPACE": "the-user's-own"}

    def write_program(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run_script(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        script = self.root / "scripts" / "lib" / "with-cluster"
        return subprocess.run([script, *command], capture_output=True, text=True, env={**self.environment, **variables})

    def asked(self) -> list[str]:
        """Of the stand-in, in that order."""
        said = self.root / "said"
        return [line.split()[0] for line in said.read_text().splitlines()] if said.exists() else []

    def pid_in(self, name: str) -> int:
        deadline = time.monotonic() + 20
        while not (text := (self.root / name).read_text() if (self.root / name).exists() else "").endswith("\n"):
            self.assertLess(time.monotonic(), deadline, f"nobody writes {name}")
            time.sleep(0.02)
        return int(text)

    def assert_gone(self, pid: int) -> None:
        deadline = time.monotonic() + 20
        while is_running(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertFalse(is_running(pid))

    def test_the_command_gets_a_cluster_of_its_own_and_none_of_the_users_settings(self) -> None:
        show = 'echo "$HOURGLASS_TEST_ADDRESS $TEMPORAL_ADDRESS ${TEMPORAL_NAMESPACE-.} $HOURGLASS_TEST_TEMPORAL" && "$HOURGLASS_TEST_CLUSTER" kill history'
        done = self.run_script("sh", "-c", show)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, f"127.0.0.1:7933 127.0.0.1:7933 . {self.root}/cache/bin/temporal\n")
        self.assertEqual(self.asked(), ["reset", "up", "status", "kill", "down"])
        for line in (self.root / "said").read_text().splitlines():
            self.assertEqual(line.split(" ", 1)[1], f"7933 {self.root}/build/test_cluster")

    def test_the_commands_exit_code_is_passed_on(self) -> None:
        self.assertEqual(self.run_script("sh", "-c", "exit 7").returncode, 7)
        self.assertIn(self.run_script("no-such-command").returncode, (126, 127))  # 126 where a folder of the PATH cannot be read
        self.assertEqual(self.asked()[-1], "down")

    def test_a_cluster_that_does_not_start_is_taken_down_and_the_command_does_not_run(self) -> None:
        done = self.run_script("sh", "-c", "echo it runs", STAND_IN_FAILS="up")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(self.asked(), ["reset", "up", "down"])

    def test_a_cluster_that_does_not_stop_is_an_error(self) -> None:
        self.assertEqual(self.run_script("true", STAND_IN_FAILS="down").returncode, 1)

    def test_a_developers_cluster_is_left_alone(self) -> None:
        for folder in ("build/cluster", "build/x/../cluster"):
            done = self.run_script("true", HOURGLASS_CLUSTER_FOLDER=f"{self.root}/{folder}")
            self.assertEqual(done.returncode, 1)
            self.assertIn("whose cluster is to stay", done.stderr)
        self.assertEqual(self.asked(), [])

    def test_a_process_that_is_left_behind_is_killed(self) -> None:
        done = self.run_script("sh", "-c", f"sleep 600 >/dev/null 2>&1 & echo $! >'{self.root}/left'")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_gone(self.pid_in("left"))

    def test_a_process_that_begins_is_not_gone(self) -> None:
        # Its command line is empty while it does.
        script = """source "$1"
        for _ in {1..100}; do
            env sleep 60 & pid=$!
            for _ in {1..5}; do ! is_gone "$pid" || echo "gone"; done
            kill "$pid"; wait "$pid" 2>/dev/null
            is_gone "$pid" || echo "there"
        done"""
        waiting = SCRIPTS / "lib" / "cluster" / "waiting.sh"
        done = subprocess.run(["bash", "-c", script, "test", waiting], capture_output=True, text=True)
        self.assertEqual(done.stdout, "")

    def test_a_signal_ends_the_command_before_the_cluster(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=number):
                for name in ("child", "said"):
                    (self.root / name).unlink(missing_ok=True)
                sleeps = f"trap 'echo ended >>\"{self.root}/said\"; exit' TERM; sleep 600 & echo $! >'{self.root}/child'; wait"
                # A shell cannot trap what its parent ignores, as `nohup` does.
                heard = ["env", f"--default-signal={number.name.removeprefix('SIG')}", self.root / "scripts" / "lib" / "with-cluster"]
                process = subprocess.Popen([*heard, "sh", "-c", sleeps], env=self.environment)
                child = self.pid_in("child")
                process.send_signal(number)
                self.assertEqual(process.wait(30), 128 + number)
                self.assertEqual(self.asked(), ["reset", "up", "status", "ended", "down"])
                self.assert_gone(child)


if __name__ == "__main__":
    unittest.main()
