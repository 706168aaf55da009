"""Runs the linter for workflows over the two files here, and compares what it finds with what they say.

run.py LINTER COMPILER INCLUDE_FOLDER...
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def expected(file: pathlib.Path) -> set[tuple[int, str]]:
    """The lines that say `// finds: RULE`."""
    lines = enumerate(file.read_text().splitlines(), start=1)
    return {(number, match[1]) for number, line in lines if (match := re.search(r"// finds: ([\w-]+)", line))}


def lint(linter: str, build: str, *names: str) -> tuple[int, set[tuple[str, int, str]]]:
    files = [str(HERE / name) for name in names]
    done = subprocess.run([linter, "-p", build, *files], capture_output=True, text=True, cwd=HERE)
    print(done.stderr)
    if done.returncode != 2 and f"file 1 of {len(names)}: {names[0]}\n" not in done.stderr:
        sys.exit("the linter does not say which file it looks at")
    found = re.findall(r"^([\w.]+):(\d+): (\w[\w-]*)", done.stderr, re.MULTILINE)
    return done.returncode, {(file, int(line), rule) for file, line, rule in found}


def main() -> None:
    linter, compiler, *folders = sys.argv[1:]
    includes = [argument for folder in folders for argument in ("-isystem" if "json" in folder else "-I", folder)]
    with tempfile.TemporaryDirectory() as build:
        # Twice, as for two targets: the linter takes one of them, and sees nothing of the other, which finds no header.
        entries = [
            {"directory": build, "file": str(HERE / name), "arguments": [compiler, "-std=c++20", *found_in, "-c", str(HERE / name)]}
            for name in ("findings.cpp", "clean.cpp")
            for found_in in ([], includes)
        ]
        pathlib.Path(build, "compile_commands.json").write_text(json.dumps(entries))
        code, found = lint(linter, build, "findings.cpp", "clean.cpp")
        wanted = {("findings.cpp", *place) for place in expected(HERE / "findings.cpp")}
        for place in sorted(wanted - found):
            print(f"not found: {place}")
        for place in sorted(found - wanted):
            print(f"found, but is none: {place}")
        if code != 1 or found != wanted:
            sys.exit(f"the linter ended with {code}, expected 1, with {len(wanted)} findings")
        if lint(linter, build, "clean.cpp") != (0, set()):
            sys.exit("the linter has something to say about clean.cpp")
        if lint(linter, build, "run.py")[0] != 2:
            sys.exit("the linter did not say that it cannot look at a file that nobody compiles")


if __name__ == "__main__":
    main()
