"""Builds the bridge's crate, or runs its tests, over Temporal Core with our patches or without.

The crate is built from a copy in cargo's target folder, which changes only in files that differ. Checkouts that share the folder
so share the build: cargo judges by time and place, and takes the sources of another checkout for its own if they are older than
what it built last. The folder is locked meanwhile.

Core, too, is a copy: the registry's, whose checksum Cargo.lock holds, with the patches of `patches/` applied. One copy for
each state of the patches, next to the crate's.
"""

import argparse
import fcntl
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = ("Cargo.toml", "Cargo.lock", "src/**/*.rs", "tests/**/*.rs")
CORE = "temporalio-sdk-core"


def registry_copy(cargo: str, crate: str) -> pathlib.Path:
    """Where cargo keeps the sources of `crate`."""
    command = [cargo, "metadata", "--format-version", "1", "--locked", "--manifest-path", str(HERE / "Cargo.toml")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"cargo metadata failed, so {crate} cannot be found:\n{done.stderr}")
    for package in json.loads(done.stdout)["packages"]:
        if package["name"] == crate:
            return pathlib.Path(package["manifest_path"]).parent
    sys.exit(f"bridge/Cargo.lock does not name the crate {crate}")


def patched_core(cargo: str, folder: pathlib.Path) -> pathlib.Path:
    """The patched copy of Core in `folder`, made unless it is there."""
    original = registry_copy(cargo, CORE)
    patches = sorted((HERE / "patches").glob("*.patch"))
    for patch in patches:
        if not patch.name.startswith(f"{original.name}-"):
            sys.exit(f"bridge/patches/{patch.name} is not for {original.name}, which bridge/Cargo.lock names: see patches/README.md")
    digest = hashlib.sha256(b"\0".join(patch.read_bytes() for patch in patches)).hexdigest()[:12]
    made = folder / f"{original.name}-patched-{digest}"
    if made.is_dir():
        return made
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        copy = pathlib.Path(scratch) / "core"
        shutil.copytree(original, copy)
        for patch in patches:
            # No fuzz: a place that only looks alike would be patched too.
            command = ["patch", "--strip=1", "--fuzz=0", "--batch", "--forward", f"--directory={copy}", f"--input={patch}"]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"bridge/patches/{patch.name} does not apply to {original.name}:\n{done.stdout}{done.stderr}")
        copy.rename(made)
    return made


def wanted_files(core: pathlib.Path | None) -> dict[str, bytes]:
    """What the copy of the crate is to consist of."""
    files = {
        str(path.relative_to(HERE)): path.read_bytes() for pattern in SOURCES for path in HERE.glob(pattern) if path.is_file()
    }
    if core is not None:
        manifest = f'\n[patch.crates-io]\n{CORE} = {{ path = "../{core.name}" }}\n'
        files["Cargo.toml"] += manifest.encode()
        # What comes from a folder has no source and no checksum in a lock file.
        entry = re.compile(rf'(name = "{CORE}"\nversion = "[^"]*"\n)source = "[^"]*"\nchecksum = "[^"]*"\n')
        lock, replaced = entry.subn(r"\1", files["Cargo.lock"].decode())
        if replaced != 1:
            sys.exit(f"bridge/Cargo.lock has {replaced} entries of {CORE} with a checksum, expected 1")
        files["Cargo.lock"] = lock.encode()
    return files


def bring_up_to_date(crate: pathlib.Path, files: dict[str, bytes]) -> None:
    for path in list(crate.rglob("*")):
        if path.is_file() and str(path.relative_to(crate)) not in files:
            path.unlink()
    for name, content in files.items():
        path = crate / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cargo", required=True)
    parser.add_argument("--target-dir", required=True, type=pathlib.Path)
    parser.add_argument("--unpatched", action="store_true", help="take Core as it is")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--library", type=pathlib.Path, help="build, and copy the static library here")
    what.add_argument("--test", action="store_true", help="run the crate's tests")
    what.add_argument("--patched-core", action="store_true", help="print where the patched Core is")
    args = parser.parse_args()

    target = args.target_dir
    target.mkdir(parents=True, exist_ok=True)
    with open(target / "hourglass-bridge.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        core = None if args.unpatched else patched_core(args.cargo, target)
        if args.patched_core:
            print(core)
            return
        crate = target / ("hourglass-bridge-unpatched" if args.unpatched else "hourglass-bridge")
        bring_up_to_date(crate, wanted_files(core))
        verb = ["test"] if args.test else ["build", "--lib"]
        command = [args.cargo, *verb, "--release", "--locked", f"--manifest-path={crate / 'Cargo.toml'}", f"--target-dir={target}"]
        done = subprocess.run(command, cwd=crate)
        if done.returncode != 0:
            sys.exit(done.returncode)
        if args.library:
            # Into place at once: who is cut off in between leaves no half of a library behind.
            new = args.library.with_suffix(".new")
            shutil.copyfile(target / "release" / "libhourglass_bridge.a", new)
            os.replace(new, args.library)


main()
