"""What failed is named with the lines that tell why, and what passed is not mentioned."""

import pathlib
import subprocess
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parent.parent / "lib" / "failed-tests"


def report(*cases: str) -> str:
    return f'<?xml version="1.0"?><testsuite name="t">{"".join(cases)}</testsuite>'


def case(name: str, status: str, output: str) -> str:
    return f'<testcase name="{name}" time="2" status="{status}"><system-out>{output}</system-out></testcase>'


class FailedTestsTest(unittest.TestCase):
    def say(self, text: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "dev.xml"
            path.write_text(text)
            return subprocess.run([TOOL, path], capture_output=True, text=True, check=True).stdout

    def test_names_what_failed_with_what_tells_why(self) -> None:
        noise = "\n".join(f"line {number}" for number in range(100))
        said = self.say(
            report(case("good", "run", "error: expected one"), case("bad", "fail", f"{noise}\na.cpp:3: Failure\nwas 2\n{noise}"))
        )
        self.assertEqual(said, "dev: bad failed after 2 s\n    a.cpp:3: Failure\n    was 2\n    line 0\n")

    def test_names_what_did_not_run_and_a_report_that_is_not_whole(self) -> None:
        self.assertEqual(self.say(report(case("absent", "notrun", ""))), "dev: absent did not run\n")
        self.assertTrue(self.say("<testsuite><testcase").startswith("dev: there is no whole report"))

    def test_shows_the_end_of_an_output_that_tells_nothing(self) -> None:
        said = self.say(report(case("slow", "fail", "\n".join(f"line {number}" for number in range(100)))))
        self.assertTrue(said.endswith("    line 99\n"), said)
        self.assertEqual(len(said.splitlines()), 13)


if __name__ == "__main__":
    unittest.main()
