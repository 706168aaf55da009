"""Builds the bridge's crate, or runs its tests, over Temporal Core with our patches or without.

The crate is built from a copy in cargo's target folder, which changes only in files that differ. Checkouts that share the folder
so share the build: cargo judges by time and place, and takes the sources of another checkout for its own if they are older than
what it built last. The folder is locked meanwhile.

What `patches/` has patches of are copies, too: the registry's, whose checksum Cargo.lock holds, with the patches applied. One copy
of each for each state of its patches, next to the crate's.
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
SOURCES = ("Cargo.toml", "Cargo.lock", "src/**/*.rs", "tests/**/*.rs", "calls/Cargo.toml", "calls/src/*.rs")


def registry_copies(cargo: str) -> dict[str, pathlib.Path]:
    """Where cargo keeps the sources of each crate, by its name and version as in `h2-0.4.20`."""
    command = [cargo, "metadata", "--format-version", "1", "--locked", "--manifest-path", str(HERE / "Cargo.toml")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"cargo metadata failed, so the crates that are patched cannot be found:\n{done.stderr}")
    packages = json.loads(done.stdout)["packages"]
    return {f"{package['name']}-{package['version']}": pathlib.Path(package["manifest_path"]).parent for package in packages}


def patches_by_crate(crates: dict[str, pathlib.Path]) -> dict[str, list[pathlib.Path]]:
    """The patches of each crate, by its name and version, with which their names begin."""
    found = {}
    for patch in sorted((HERE / "patches").glob("*.patch")):
        fitting = [crate for crate in crates if patch.name.startswith(f"{crate}-")]
        if len(fitting) != 1:
            sys.exit(
                f"bridge/patches/{patch.name} is for no crate that bridge/Cargo.lock names, or not for that version of it: "
                "see patches/README.md"
            )
        found.setdefault(fitting[0], []).append(patch)
    return found


def patched(crate: str, original: pathlib.Path, patches: list[pathlib.Path], folder: pathlib.Path) -> pathlib.Path:
    """The patched copy of `crate` in `folder`, made unless it is there."""
    digest = hashlib.sha256(b"\0".join(patch.read_bytes() for patch in patches)).hexdigest()[:12]
    made = folder / f"{crate}-patched-{digest}"
    if made.is_dir():
        return made
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        copy = pathlib.Path(scratch) / "crate"
        shutil.copytree(original, copy)
        for patch in patches:
            # No fuzz: a place that only looks alike would be patched too.
            command = ["patch", "--strip=1", "--fuzz=0", "--batch", "--forward", f"--directory={copy}", f"--input={patch}"]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"bridge/patches/{patch.name} does not apply to {crate}:\n{done.stdout}{done.stderr}")
        copy.rename(made)
    return made


def patched_crates(cargo: str, folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """The patched copies, by name and version of the crate."""
    crates = registry_copies(cargo)
    return {crate: patched(crate, crates[crate], patches, folder) for crate, patches in patches_by_crate(crates).items()}


def wanted_files(copies: dict[str, pathlib.Path]) -> dict[str, bytes]:
    """What the copy of the crate is to consist of; it takes other crates from `copies`."""
    files = {
        str(path.relative_to(HERE)): path.read_bytes() for pattern in SOURCES for path in HERE.glob(pattern) if path.is_file()
    }
    if not copies:
        return files
    manifest = "\n[patch.crates-io]\n"
    for crate, copy in copies.items():
        name, version = crate.rsplit("-", 1)
        manifest += f'{name} = {{ path = "../{copy.name}" }}\n'
        # What comes from a folder has no source and no checksum in a lock file.
        entry = re.compile(rf'(name = "{name}"\nversion = "{version}"\n)source = "[^"]*"\nchecksum = "[^"]*"\n')
        lock, replaced = entry.subn(r"\1", files["Cargo.lock"].decode())
        if replaced != 1:
            sys.exit(f"bridge/Cargo.lock has {replaced} entries of {crate} with a checksum, expected 1")
        files["Cargo.lock"] = lock.encode()
    files["Cargo.toml"] += manifest.encode()
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
    parser.add_argument("--unpatched", action="store_true", help="take Core, and what it is built on, as they are")
    parser.add_argument("--lto", action="store_true", help="optimise the library as a whole, which takes minutes more")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--library", type=pathlib.Path, help="build, and copy the static library here")
    what.add_argument("--test", action="store_true", help="run the crate's tests")
    what.add_argument("--patched", action="store_true", help="print where the patched crates are")
    args = parser.parse_args()
    if args.lto and args.unpatched:
        parser.error("--lto needs the patch of parking_lot_core")

    target = args.target_dir
    target.mkdir(parents=True, exist_ok=True)
    with open(target / "hourglass-bridge.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        copies = {} if args.unpatched else patched_crates(args.cargo, target)
        if args.patched:
            print("\n".join(map(str, copies.values())))
            return
        crate = target / ("hourglass-bridge-unpatched" if args.unpatched else "hourglass-bridge")
        bring_up_to_date(crate, wanted_files(copies))
        options = ["--release", "--locked", f"--manifest-path={crate / 'Cargo.toml'}", f"--target-dir={target}"]
        if args.test:
            command = [args.cargo, "test", *options]
        elif args.lto:
            command = [args.cargo, "rustc", "--lib", "--crate-type=staticlib", *options, "--", "-Clto=fat"]
        else:
            command = [args.cargo, "build", "--lib", *options]
        environment = dict(os.environ)
        if not args.unpatched:
            environment["HOURGLASS_CORE_PATCHED"] = "1"  # for the tests of what the patches do
            # Also without --lto, which reads bitcode, so that both share what is built. Cargo leaves it out unless the profile
            # says `lto`, and the profile would link each test for minutes.
            # Cargo looks at the first of the two that is set, and at no flags of a configuration file then.
            if encoded := os.environ.get("CARGO_ENCODED_RUSTFLAGS"):
                environment["CARGO_ENCODED_RUSTFLAGS"] = f"{encoded}\x1f-Cembed-bitcode=yes"
            else:
                environment["RUSTFLAGS"] = f"{os.environ.get('RUSTFLAGS', '')} -Cembed-bitcode=yes".strip()
        done = subprocess.run(command, cwd=crate, env=environment)
        if done.returncode != 0:
            sys.exit(done.returncode)
        if args.library:
            # Into place at once: who is cut off in between leaves no half of a library behind.
            new = args.library.with_suffix(".new")
            shutil.copyfile(target / "release" / "libhourglass_bridge.a", new)
            os.replace(new, args.library)


main()
