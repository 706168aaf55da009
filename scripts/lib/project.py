"""What the checks share: the project's files, and how a finding is reported."""

import argparse
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GENERATED = {"bridge/include/hourglass_bridge.h"}


def files(root: pathlib.Path, *suffixes: str) -> list[str]:
    """The files that are in git or could be added to it, without generated ones, relative to `root`, sorted."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0"))
    return sorted(n for n in names - GENERATED if n.endswith(suffixes) and (root / n).is_file())


def parser(doc: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--root", type=pathlib.Path, default=ROOT, help="the checkout (default: this one)")
    return made


def report(findings: list[str]) -> int:
    """Prints the findings, each `file:line: what, and what to do`; the exit code."""
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0
