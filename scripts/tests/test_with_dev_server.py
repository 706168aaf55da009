"""scripts/with-dev-server passes the exit code on, and leaves nothing behind. A stand-in plays the server."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "with-dev-server"

STAND_IN = """#!/usr/bin/env python3
import os, pathlib, socket, sys, time
if sys.argv[1:3] == ["server", "start-dev"]:
    pathlib.Path(os.environ["STAND_IN_PID_FILE"]).write_text(str(os.getpid()))
    listener = socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])))
    time.sleep(600)
"""


def is_running(pid: int) -> bool:
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class WithDevServer(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        stand_in = self.folder / "bin" / "temporal"
        stand_in.parent.mkdir()
        stand_in.write_text(STAND_IN)
        stand_in.chmod(0o755)
        self.pid_file = self.folder / "pid"
        self.environment = {
            **os.environ,
            "HOURGLASS_CACHE": str(self.folder),
            "STAND_IN_PID_FILE": str(self.pid_file),
            "TEMPORAL_NAMESPACE": "the-user's-own",
        }

    def run_script(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [str(SCRIPT), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=self.environment)

    def assert_server_is_gone(self) -> None:
        deadline = time.monotonic() + 5
        while is_running(int(self.pid_file.read_text())) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertFalse(is_running(int(self.pid_file.read_text())))

    def test_the_command_gets_the_address_and_none_of_the_users_settings(self) -> None:
        show = 'test "$HOURGLASS_TEST_ADDRESS" = "$TEMPORAL_ADDRESS" && echo "at $TEMPORAL_ADDRESS${TEMPORAL_NAMESPACE-.}"'
        done = self.run_script("sh", "-c", show)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"\Aat 127\.0\.0\.1:\d+\.\n\Z", "the output is the command's alone")
        self.assertIn("== dev server at 127.0.0.1:", done.stderr)
        self.assert_server_is_gone()

    def test_the_commands_exit_code_is_passed_on(self) -> None:
        self.assertEqual(self.run_script("sh", "-c", "exit 7").returncode, 7)
        self.assert_server_is_gone()

    def test_a_command_that_does_not_exist_is_an_error(self) -> None:
        done = self.run_script("no-such-command")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot run no-such-command", done.stderr)
        self.assert_server_is_gone()

    def test_a_process_that_is_left_behind_is_killed_and_an_error(self) -> None:
        done = self.run_script("sh", "-c", "sleep 600 >/dev/null 2>&1 &")
        self.assertEqual(done.returncode, 1)
        self.assertIn("left a process behind", done.stderr)
        self.assert_server_is_gone()

    def test_the_server_goes_with_the_script_even_when_that_is_killed(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(signal=number):
                command = [str(SCRIPT), "sh", "-c", "echo up; exec sleep 600"]
                process = subprocess.Popen(
                    command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment
                )
                while process.stdout.readline() != "up\n":
                    pass
                process.send_signal(number)
                process.wait(20)
                process.stdout.close()
                self.assert_server_is_gone()


if __name__ == "__main__":
    unittest.main()
