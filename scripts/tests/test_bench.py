"""bench/compare's page: goals that name figures which are measured, verdicts, tables and pictures."""

import json
import pathlib
import sys
import tempfile
import types
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench" / "lib"))
import compiling
import goals
import jobs
import page
from measured import Measured
from programs import SDKS


def all_jobs() -> list[jobs.Job]:
    program = pathlib.Path("program")
    programs = types.SimpleNamespace(
        jobs={sdk: [program] for sdk in SDKS}, alone=[program], pieces=[program], checkout=program, build=program
    )
    scale = jobs.Scale()
    names = [name for name, _, _ in scale.recorded] + [jobs.made_name(count) for count in scale.made]
    return jobs.all_jobs(programs, scale, dict.fromkeys(names, 6005))


def measured(values: dict[str, float]) -> Measured:
    """Every figure that there is, in every SDK that has it."""
    found = Measured()
    for job in all_jobs():
        for figure, (_, more_is_better) in job.figures.items():
            for sdk in job.sdks:
                found.add(job.section, job.name, figure, more_is_better, sdk, [values[sdk]])
        if job.curve:
            found.add_points(job.curve.title, job.curve.x, job.curve.y, "cpp", [(1, 2), (3, 4)])
    return found


ALIKE = dict.fromkeys(SDKS, 7.0)


class GoalsTest(unittest.TestCase):
    def test_each_goal_names_what_is_measured(self) -> None:
        found = measured(ALIKE)
        for goal in goals.GOALS:
            self.assertGreater(goal.value(found), 0, goal.what)

    def test_a_goal_that_was_not_measured_says_so(self) -> None:
        self.assertEqual(goals.table(Measured()).count("not measured"), len(goals.GOALS))

    def test_verdicts_say_by_how_much(self) -> None:
        least = goals.Goal("speed", 10, goals.AT_LEAST, "x", lambda _: 0)
        most = goals.Goal("size", 10, goals.AT_MOST, " MB", lambda _: 0)
        self.assertEqual(least.verdict(10), "met")
        self.assertEqual(least.verdict(8), "missed by 25 %")
        self.assertEqual(least.verdict(2), "missed by a factor of 5.0")
        self.assertEqual(most.verdict(10), "met")
        self.assertEqual(most.verdict(12), "missed by 20 %")
        self.assertEqual(most.wanted(), "at most 10 MB")


class PageTest(unittest.TestCase):
    def test_has_each_section_and_each_figure(self) -> None:
        text = page.text(measured(ALIKE), "the setting")
        for job in all_jobs():
            self.assertIn(f"## {job.section}\n", text)
            for figure in job.figures:
                self.assertIn(f"| {job.name} | {figure}, ", text)

    def test_compares_with_each_other_sdk(self) -> None:
        found = measured({"cpp": 6.0, "go": 3.0, "rust": 12.0, "python": 60.0})
        entries = [entry for entry in found.entries.values() if entry.job == "replay seq100"]
        self.assertTrue(page.table(entries).endswith("| 6 | 3 | 12 | 60 | 2.00x | 0.50x | 0.10x |"))

    def test_pictures_are_well_formed(self) -> None:
        drawn = page.pictures(measured(ALIKE))
        self.assertEqual(set(drawn), {"replay.svg", "memory.svg", "measurements.svg"})
        for picture in drawn.values():
            xml.etree.ElementTree.fromstring(picture)


class CompilingTest(unittest.TestCase):
    def test_runs_without_the_compiler_cache_and_writes_elsewhere(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            entry = {"file": f"/a/{compiling.SOURCE}", "directory": "/b", "command": "ccache g++ -O2 -o old.o -c checkout.cpp"}
            (pathlib.Path(folder) / "compile_commands.json").write_text(json.dumps([entry]))
            command, directory = compiling.command_for(pathlib.Path(folder), pathlib.Path("/new.o"))
        self.assertEqual(command, ["g++", "-O2", "-o", "/new.o", "-c", "checkout.cpp"])
        self.assertEqual(directory, "/b")


if __name__ == "__main__":
    unittest.main()
