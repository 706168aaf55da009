"""Copies the protos that cmake/protos.txt lists out of the crate temporalio-protos and generates their C++ classes.

Debian's protoc writes packages as namespaces word for word, and `namespace` and `export` are C++ keywords: those two
package segments get an underscore. The wire format knows no packages, so it does not change; full names do, which
matters for `Any` and for `messageType` metadata of Temporal's own messages only.

A field is called `linux`, which compilers define as a macro where GNU's extensions are on, as they are by default: the
headers that mention it undefine the macro.
"""

import argparse
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys

ROOTS = ["api_upstream", "local", "testsrv_upstream", "api_cloud_upstream", "grpc", ""]
MACRO = "linux"
KEYWORD_PACKAGES = re.compile(r"(temporal\.api(?:\.cloud)?)\.(namespace|export)\.v1")


def crate_protos(manifest: str) -> pathlib.Path:
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--manifest-path", manifest]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"cargo metadata of {manifest} failed, so the .proto files cannot be found:\n{done.stderr}")
    for package in json.loads(done.stdout)["packages"]:
        if package["name"] == "temporalio-protos":
            return pathlib.Path(package["manifest_path"]).parent / "protos"
    sys.exit("bridge/Cargo.lock does not name the crate temporalio-protos, which holds the .proto files")


def undefine_macro(header: pathlib.Path) -> None:
    text = header.read_text()
    if re.search(rf"\b{MACRO}\b", text):
        header.write_text(f"#undef {MACRO}\n{text}")


def find(protos: pathlib.Path, name: str) -> pathlib.Path:
    for root in ROOTS:
        path = protos / root / name
        if path.is_file():
            return path
    sys.exit(f"{name} is listed in cmake/protos.txt but is not below {protos}")


def main() -> None:
    parser = argparse.ArgumentParser()
    for option in ("--manifest", "--list", "--protoc", "--out"):
        parser.add_argument(option, required=True)
    args = parser.parse_args()

    lines = pathlib.Path(args.list).read_text().splitlines()
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    protos = crate_protos(args.manifest)
    version = subprocess.run([args.protoc, "--version"], capture_output=True, text=True, check=True).stdout
    digest = hashlib.sha256(f"{version}{pathlib.Path(__file__).read_text()}".encode())
    texts = {}
    for name in names:
        texts[name] = KEYWORD_PACKAGES.sub(r"\1.\2_.v1", find(protos, name).read_text())
        digest.update(f"{name}\0{texts[name]}".encode())

    out = pathlib.Path(args.out)
    stamp = out / "stamp"
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    shutil.rmtree(out, ignore_errors=True)
    (out / "gen").mkdir(parents=True)
    for name, text in texts.items():
        target = out / "in" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    print(f"generating C++ for {len(names)} protos", flush=True)
    done = subprocess.run([args.protoc, f"-I{out / 'in'}", f"--cpp_out={out / 'gen'}", *names])
    if done.returncode != 0:
        sys.exit("protoc failed; its message is above")
    for header in (out / "gen").rglob("*.pb.h"):
        undefine_macro(header)
    stamp.write_text(digest.hexdigest())


if __name__ == "__main__":
    main()
