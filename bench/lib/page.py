"""docs/measurements.md: tables, pictures, and what they were measured with. Nothing is in it that was not measured."""

import datetime
import os
import pathlib
import platform
import re
import statistics

import chart
import compiling
import curve_chart
import goals
import jobs
from measured import Entry, Measured
from programs import CACHE, NAMES, ROOT, Programs, run, version_of

IMAGES = ROOT / "docs/images"

# What a section's figures are of. No numbers: those are measured.
WORDS = {
    jobs.REPLAY: "`seq` is one activity after the other, `fan` all at once; the number is how many. Those were recorded on the server; the longer "
    "ones, named by their events, are made as `seq` goes on, and replayed where that ends in reasonable time.",
    jobs.LIVE: "On the dev server. Wall time is mostly the server's: compare CPU time, which is the worker's process alone, its client included. `workflows of one task` have no activity.",
    jobs.MEMORY: "How much resident memory grows, by workflow; all are cached. Without a server it is the whole worker with Temporal Core, "
    "whose gRPC service is replaced by a callback into the same process; that takes memory, too.",
    jobs.WORKERS: "Each with a task queue of its own, over one connection to the dev server. They poll and find nothing.",
    jobs.ALONE: "Of a whole worker with Temporal Core's in-process service: Core's gRPC service is a callback into the same process, so that no "
    "server and no network is measured. A workflow task's turn-around is from handing it to Core until Core hands out the answer: "
    "Core, the tree, the workflow's code, encoding, and Core again. The callback decodes and encodes each message once more, on the same cores; "
    "that is in the figures.",
    jobs.START: "With the server up. The stripped size is without shared libraries; those that a program needs besides the runtime of C and C++ are "
    "their own line, as they are on disk. Compiling is the one translation unit, without a compiler cache.",
    jobs.HEAL: "From the kill of a part of the tree until the tree is whole and the worker polls again, and until a workflow with an activity, started "
    "then, has finished on the dev server. A part takes those below it along.",
    jobs.PIECES: "Of Hourglass alone, without Core, on one thread, but for those of processes: those go through the threads of a pool.",
}


def cell(values: list[float] | None) -> str:
    if not values:
        return "–"
    if len(values) == 1:
        return goals.number(values[0])
    return f"{goals.number(statistics.median(values))} ({goals.number(min(values))}–{goals.number(max(values))})"


def ratio(entry: Entry, other: str) -> str:
    ratios = entry.ratios(other) if other in entry.sdks else []
    if not ratios:
        return "–"
    middle = f"{entry.ratio(other):.2f}x"
    return middle if len(ratios) == 1 else f"{middle} ({min(ratios):.2f}–{max(ratios):.2f})"


def table(entries: list[Entry]) -> str:
    sdks = [sdk for sdk in NAMES if any(sdk in entry.sdks for entry in entries)]
    others = [sdk for sdk in sdks if sdk != "cpp"]
    head = ["job", "figure", *(NAMES[sdk] for sdk in sdks), *(f"to {NAMES[sdk]}" for sdk in others)]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for entry in entries:
        better = "more is better" if entry.more_is_better else "less is better"
        cells = [cell(entry.sdks.get(sdk)) for sdk in sdks]
        lines.append("| " + " | ".join([entry.job, f"{entry.figure}, {better}", *cells, *(ratio(entry, sdk) for sdk in others)]) + " |")
    return "\n".join(lines)


def setting(programs: Programs, rounds: int) -> str:
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{NAMES[sdk]} {version_of(sdk)}" for sdk in programs.jobs)
    server = run([CACHE / "bin/temporal", "--version"]).strip()
    compiler, flags = compiling.compiler(programs.build)
    core = re.search(r'name = "temporalio-sdk-core"\nversion = "([^"]+)"', (ROOT / "bridge/Cargo.lock").read_text()).group(1)
    return (
        f"Measured {datetime.date.today()} by `bench/compare --rounds {rounds}` on {os.cpu_count()} cores ({model.group(1) if model else platform.machine()}, "
        f"{memory:.0f} GB), Linux {platform.release()}. {versions}. Hourglass with {compiler}, `{flags}`, over Temporal Core {core}. "
        f"{server}, in memory, on the same cores. All SDKs at their defaults, but "
        "for the size of the cache in the jobs of waiting workflows. Median of the rounds, in brackets the least and the greatest; a ratio "
        "is of the two numbers of one round, in which the machine's speed changes least."
    )


def text(found: Measured, words: str) -> str:
    parts = ["# Measurements", words, "`bench/compare --write` writes this page.", "## Goals", goals.table(found)]
    for section in found.sections():
        entries = [entry for entry in found.entries.values() if entry.section == section]
        parts += [f"## {section}", WORDS[section], table(entries)]
        if section == jobs.REPLAY:
            parts += ["![events a second by length](images/replay.svg)"]
        if section == jobs.MEMORY:
            parts += ["![resident memory over activations](images/memory.svg)"]
    parts += ["## Beside other SDKs", "![ratios](images/measurements.svg)"]
    return "\n\n".join(parts) + "\n"


def pictures(found: Measured) -> dict[str, str]:
    """By the file's name."""
    named = {"Replay": "replay.svg", "Resident memory": "memory.svg"}
    drawn = {named[title]: curve_chart.curves(title, x, y, series, NAMES) for (title, x, y), series in found.curves.items()}
    compared = [entry for entry in found.entries.values() if len(entry.sdks) > 1]
    if compared:
        drawn["measurements.svg"] = chart.ratios(compared, NAMES)
    return drawn


def write(found: Measured, words: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    for name, picture in pictures(found).items():
        (IMAGES / name).write_text(picture)
    (ROOT / "docs/measurements.md").write_text(text(found, words))
