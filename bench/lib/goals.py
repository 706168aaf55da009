"""What Hourglass is to reach, and whether it does."""

import dataclasses
from collections.abc import Callable

from jobs import ONE_TASK
from measured import Measured

AT_LEAST, AT_MOST = True, False


@dataclasses.dataclass(frozen=True)
class Goal:
    what: str
    limit: float
    at_least: bool
    unit: str
    value: Callable[[Measured], float]  # KeyError if it was not measured

    def wanted(self) -> str:
        return f"{'at least' if self.at_least else 'at most'} {number(self.limit)}{self.unit}"

    def verdict(self, value: float) -> str:
        if value >= self.limit if self.at_least else value <= self.limit:
            return "met"
        if value <= 0:
            return "missed"
        factor = self.limit / value if self.at_least else value / self.limit
        return f"missed by {100 * (factor - 1):.0f} %" if factor < 2 else f"missed by a factor of {factor:.1f}"


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ratio(job: str, figure: str, other: str, limit: float, at_least: bool, what: str) -> Goal:
    return Goal(what, limit, at_least, "x", lambda found: found.ratio(job, figure, other))


def absolute(job: str, figure: str, limit: float, at_least: bool, unit: str, what: str) -> Goal:
    return Goal(what, limit, at_least, unit, lambda found: found.median(job, figure))


LONG_TO_SHORT = Goal(
    "replay, events/s: 50,000 events, to 5,000 (1x: the cost grows linearly)", 0.8, AT_LEAST, "x",
    lambda found: found.median("replay 50,000 events", "events/s") / found.median("replay 5,000 events", "events/s"),
)  # fmt: skip
LIVE = ("50 x 20 sequential", "20 x 50 fan-out")
CACHED = "100,000 waiting workflows, no server"
PACED = "1,000 workflow tasks a second"

GOALS = [
    ratio("replay seq1000", "events/s", "go", 1.5, AT_LEAST, "replay seq1000, events/s, to Go"),
    ratio("replay seq1000", "events/s", "rust", 12, AT_LEAST, "replay seq1000, events/s, to Rust"),
    *(ratio(f"replay {name}", "events/s", "go", 1, AT_LEAST, f"replay {name}, events/s, to Go") for name in ("seq100", "fan100", "fan1000")),
    LONG_TO_SHORT,
    *(ratio(job, "CPU ms/activity", "rust", 0.6, AT_MOST, f"{job}, CPU, to Rust") for job in LIVE),
    *(ratio(job, "CPU ms/activity", "go", 0.5, AT_MOST, f"{job}, CPU, to Go") for job in LIVE),
    ratio(ONE_TASK, "CPU ms/workflow task", "rust", 0.6, AT_MOST, "a workflow task with its start and result, CPU, to Rust"),
    ratio(ONE_TASK, "CPU ms/workflow task", "go", 0.5, AT_MOST, "a workflow task with its start and result, CPU, to Go"),
    absolute("piece", "a workflow task, decode to encode, us", 4, AT_MOST, " us", "our share of a workflow task"),
    absolute("piece", "a workflow task, decode to encode, allocations", 20, AT_MOST, "", "allocations in it"),
    ratio("1,500 waiting workflows", "bytes/workflow", "go", 0.6, AT_MOST, "memory of a waiting workflow, to Go"),
    absolute("piece", "a run that waits, bytes", 2048, AT_MOST, " bytes", "memory of one without Core's part"),
    absolute(CACHED, "workflows in memory", 100_000, AT_LEAST, "", "waiting workflows in one process"),
    absolute("1,000,000 activations, no server", "bytes/activation that stay", 1, AT_MOST, " bytes", "memory that an activation leaves behind"),
    absolute(PACED, "p50 us", 50, AT_MOST, " us", "turn-around at 1,000 a second, p50"),
    absolute(PACED, "p99 us", 250, AT_MOST, " us", "turn-around at 1,000 a second, p99"),
    absolute("workflow tasks, 64 at a time", "tasks/s", 30_000, AT_LEAST, " a second", "workflow tasks of one worker"),
    absolute("process start to first finished workflow", "ms", 50, AT_MOST, " ms", "process start to first finished workflow"),
    absolute("the README's example", "stripped MB", 30, AT_MOST, " MB", "the README's example, stripped"),
    absolute("compiling the README's example", "s", 10, AT_MOST, " s", "compiling the README's example"),
]  # fmt: skip


def table(found: Measured) -> str:
    lines = ["| goal | wanted | measured | |", "|---|---|---|---|"]
    for goal in GOALS:
        try:
            value = goal.value(found)
        except KeyError:
            lines.append(f"| {goal.what} | {goal.wanted()} | not measured | |")
            continue
        lines.append(f"| {goal.what} | {goal.wanted()} | {number(value)}{goal.unit} | {goal.verdict(value)} |")
    return "\n".join(lines)
