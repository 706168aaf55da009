"""The jobs: what is run in which SDK, and the figures that are taken from what it prints."""

import dataclasses
import json
import math
from collections.abc import Callable

import compiling
import sizes
from programs import SDKS, WORK, Programs, run, run_job

REPLAY, LIVE, MEMORY, WORKERS = "Replay", "Live workflows", "Memory", "Workers in one process"
ALONE, START, HEAL, PIECES = "Latency and throughput", "Start-up, size and compile time", "Healing", "The pieces of a task"

ONE_TASK = "workflows of one task"

# Of the tree; each is killed.
PARTS = ("Runtime", "BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher")
PIECE_NAMES = {
    "next_activity": "a workflow task, decode to encode",
    "first_activity": "a run's first task, and its end",
    "waiting_run": "a run that waits",
    "fan_out/1000": "each of 1,000 activities at once",
    "coroutine_frame": "a coroutine, awaited",
    "waiting_frame": "a coroutine that waits",
    "number_there_and_back": "a number to a payload and back",
    "struct_to_payload": "a struct to a payload",
    "struct_from_payload": "a struct from a payload",
    "refused_call": "a call across the bridge and back",
    "call_and_answer/real_time": "a call of a process and its answer",
    "cast/real_time": "a message to a process",
    "restart/real_time": "a restart by a supervisor",
}
PIECE_COUNTERS = {"next_activity": "allocations", "first_activity": "allocations", "waiting_run": "bytes", "coroutine_frame": "allocations", "waiting_frame": "bytes"}
MICROSECONDS = {"ns": 1e-3, "us": 1.0, "ms": 1e3}


@dataclasses.dataclass(frozen=True)
class Scale:
    """How much work the jobs are."""

    # Recorded to be replayed: the workflow, and how many activities.
    recorded: tuple = (
        ("seq100", "Sequential", 100), ("seq1000", "Sequential", 1000), ("fan100", "FanOut", 100), ("fan1000", "FanOut", 1000)
    )  # fmt: skip
    # Made to be replayed: how many events.
    made: tuple = (5_000, 10_000, 20_000, 50_000)
    # A job is as many replays of its history as make that many events: a tenth of a second says little on a busy machine.
    replayed_events: int = 60_000
    live: tuple = (("Sequential", 50, 20, 16), ("FanOut", 20, 50, 8))
    one_task: tuple = ("Sequential", 500, 0, 16)
    waiting: int = 1500
    cached: tuple = (10_000, 100_000)
    workers: tuple = (10, 100)
    activations: int = 1_000_000
    per_second: int = 1000
    seconds: int = 20
    parallel: int = 64
    kills: int = 3
    piece_seconds: float = 0.3


QUICK = Scale(
    recorded=(("seq3", "Sequential", 3), ("fan3", "FanOut", 3)), made=(500, 1000), replayed_events=1, live=(("Sequential", 2, 3, 2), ("FanOut", 2, 3, 2)),
    one_task=("Sequential", 2, 0, 2), waiting=3, cached=(50,), workers=(2,), activations=3000,
    per_second=200, seconds=1, parallel=8, kills=1, piece_seconds=0.001,
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Curve:
    title: str
    x: str
    y: str
    points: Callable[[dict], list]  # of what was printed


@dataclasses.dataclass
class Job:
    section: str
    name: str
    run: Callable[[str], dict]  # of an SDK
    # name -> (a number or several of what was printed, whether more is better)
    figures: dict[str, tuple[Callable, bool]]
    sdks: tuple = SDKS
    once: bool = False  # not every round: it takes minutes, or comes out the same
    curve: Curve | None = None


def of_peers(programs: Programs, arguments: Callable[[str], list]) -> Callable[[str], dict]:
    return lambda sdk: run_job([*programs.jobs[sdk], *arguments(sdk)])


def of_alone(programs: Programs, *arguments) -> Callable[[str], dict]:
    return lambda _: run_job([*programs.alone, *arguments])


def history_file(name: str, sdk: str) -> str:
    return str(WORK / f"{name.replace(' ', '_').replace(',', '')}.{'json' if sdk in ('go', 'python') else 'pb'}")


def made_name(events: int) -> str:
    """Of a history that goes on as `seq1000` does."""
    return f"{events:,} events"


def replays(programs: Programs, scale: Scale, events: dict[str, int]) -> list[Job]:
    """Of recorded histories in every SDK, and of made ones, ever longer, where that ends in reasonable time."""

    made = [made_name(count) for count in scale.made]

    def job(name: str, count: int) -> Job:
        is_made = name in made
        times = 2 * math.ceil(scale.replayed_events / count / 2)  # so that two threads have as much to do

        def per_second(line: dict) -> float:
            return count * line["runs"] / line["wall_s"]

        return Job(
            REPLAY,
            f"replay {name}",
            of_peers(programs, lambda sdk: ["replay", history_file(name, sdk), times]),
            {"events/s": (per_second, True)},
            sdks=("cpp", "go") if is_made else SDKS,
            curve=Curve("Replay", "events", "events/s", lambda line: [(count, per_second(line))]) if is_made else None,
        )

    return [job(name, count) for name, count in events.items()]


def live(programs: Programs, scale: Scale) -> list[Job]:
    def job(name: str, words: tuple, cpu: str, units: int) -> Job:
        figures = {
            cpu: (lambda line: 1000 * line["cpu_s"] / units, False),
            "wall s": (lambda line: line["wall_s"], False),
            "resident MB": (lambda line: line["resident"] / 1e6, False),
        }
        return Job(LIVE, name, of_peers(programs, lambda _: ["run", *words]), figures)

    jobs = []
    for words in scale.live:
        workflow, workflows, activities, _ = words
        shape = "sequential" if workflow == "Sequential" else "fan-out"
        jobs.append(job(f"{workflows:,} x {activities:,} {shape}", words, "CPU ms/activity", workflows * activities))
    # Without an activity: each workflow ends in its first task.
    jobs.append(job(ONE_TASK, scale.one_task, "CPU ms/workflow task", scale.one_task[1]))
    return jobs


def memory(programs: Programs, scale: Scale) -> list[Job]:
    bytes_each = {"bytes/workflow": (lambda line: line["bytes_per_workflow"], False)}
    jobs = [Job(MEMORY, f"{scale.waiting:,} waiting workflows", of_peers(programs, lambda _: ["cache", scale.waiting]), bytes_each)]
    for count in scale.cached:
        figures = {
            **bytes_each,
            "resident MB": (lambda line: line["resident"] / 1e6, False),
            "workflows in memory": (lambda line: line["workflows"], True),
        }
        jobs.append(Job(MEMORY, f"{count:,} waiting workflows, no server", of_alone(programs, "cached", count), figures, ("cpp",)))
    jobs.append(Job(
        MEMORY,
        f"{scale.activations:,} activations, no server",
        of_alone(programs, "activations", scale.activations),
        {
            "bytes/activation that stay": (lambda line: line["bytes_per_activation"], False),
            "resident MB at the end": (lambda line: line["resident"] / 1e6, False),
        },
        ("cpp",),
        once=True,
        curve=Curve(
            "Resident memory", "activations", "MB", lambda line: [(count, resident / 1e6) for count, resident in line["samples"]]
        ),
    ))  # fmt: skip
    return jobs


def workers(programs: Programs, scale: Scale) -> list[Job]:
    figures = {
        "until all poll, s": (lambda line: line["ready_s"], False),
        "kB/worker": (lambda line: line["bytes_per_worker"] / 1e3, False),
        "threads": (lambda line: line["threads"], False),
        "CPU of all while idle, ms/s": (lambda line: 1000 * line["idle_cpu_per_s"], False),
    }
    return [Job(WORKERS, f"{count:,} workers", of_peers(programs, lambda _, count=count: ["workers", count]), figures, ("cpp",)) for count in scale.workers]


def alone(programs: Programs, scale: Scale) -> list[Job]:
    return [
        Job(
            ALONE,
            f"{scale.per_second:,} workflow tasks a second",
            of_alone(programs, "turnaround", scale.per_second, scale.seconds),
            {
                "p50 us": (lambda line: line["p50_us"], False),
                "p99 us": (lambda line: line["p99_us"], False),
                "tasks late by more than a step": (lambda line: line["behind"], False),
            },
            ("cpp",),
        ),
        Job(
            ALONE,
            f"workflow tasks, {scale.parallel} at a time",
            of_alone(programs, "throughput", max(1, scale.seconds // 2), scale.parallel),
            {
                "tasks/s": (lambda line: line["tasks_per_s"], True),
                "CPU us/task": (lambda line: line["cpu_us_per_task"], False),
                "CPU of Core's threads, us/task": (lambda line: line["core_cpu_us_per_task"], False),
            },
            ("cpp",),
        ),
    ]


def start(programs: Programs) -> list[Job]:
    since_start = {"ms": (lambda line: 1000 * (line["at"] - line["started"]), False)}
    compiled = tuple(sdk for sdk in SDKS if sdk != "python")
    jobs = programs.jobs
    return [
        Job(START, "process start to first finished workflow", of_peers(programs, lambda _: ["first"]), since_start),
        Job(START, "process start to first poll", of_peers(programs, lambda _: ["polls"]), since_start, ("cpp",)),
        Job(
            START,
            "program of the jobs",
            lambda sdk: {"stripped": sizes.stripped(jobs[sdk][0]), "shared": sizes.shared_libraries(jobs[sdk][0])},
            {"stripped MB": (lambda line: line["stripped"] / 1e6, False), "shared libraries MB": (lambda line: line["shared"] / 1e6, False)},
            compiled,
            once=True,
        ),
        Job(
            START,
            "the README's example",
            lambda _: {"stripped": sizes.stripped(programs.checkout)},
            {"stripped MB": (lambda line: line["stripped"] / 1e6, False)},
            ("cpp",),
            once=True,
        ),
        Job(
            START,
            "compiling the README's example",
            lambda _: {"seconds": compiling.seconds(programs.build)},
            {"s": (lambda line: line["seconds"], False)},
            ("cpp",),
        ),
    ]


def heal(programs: Programs, scale: Scale) -> list[Job]:
    figures = {}
    for part in PARTS:
        for what, key in (("polls again", "polls_s"), ("workflow done", "workflow_s")):
            figures[f"{part}, {what}, ms"] = (lambda line, part=part, key=key: [1000 * each for each in line["parts"][part][key]], False)
    return [Job(HEAL, "killed", of_peers(programs, lambda _: ["heal", scale.kills]), figures, ("cpp",))]


def pieces(programs: Programs, scale: Scale) -> list[Job]:
    def measure(_: str) -> dict:
        told = json.loads(run([*programs.pieces, "--benchmark_format=json", f"--benchmark_min_time={scale.piece_seconds}"]))
        return {each["name"]: each for each in told["benchmarks"]}

    def microseconds(line: dict, name: str) -> float:
        time = "real_time" if name.endswith("/real_time") else "cpu_time"
        return line[name][time] * MICROSECONDS[line[name]["time_unit"]]

    figures = {}
    for name, words in PIECE_NAMES.items():
        figures[f"{words}, us"] = (lambda line, name=name: microseconds(line, name), False)
        if counter := PIECE_COUNTERS.get(name):
            figures[f"{words}, {counter}"] = (lambda line, name=name, counter=counter: line[name][counter], False)
    return [Job(PIECES, "piece", measure, figures, ("cpp",))]


def all_jobs(programs: Programs, scale: Scale, events: dict[str, int]) -> list[Job]:
    return [
        *replays(programs, scale, events),
        *live(programs, scale),
        *memory(programs, scale),
        *workers(programs, scale),
        *alone(programs, scale),
        *start(programs),
        *heal(programs, scale),
        *pieces(programs, scale),
    ]
