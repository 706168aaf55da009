"""Reads the same files and variables with Python's SDK and with ours: both must find the same profile, or refuse it.
What we write, Python and the command `temporal` read.

profiles.py CPP_PROFILE, run by a Python that has `temporalio`; `temporal` is on the PATH.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import tomllib

# All that the file says; the classes of temporalio.envconfig leave the codec away.
from temporalio.bridge.temporal_sdk_bridge import envconfig as whole

FULL = """
[profile.default]
address = "temporal.test:7234"
namespace = "orders"
api_key = "key"
unknown = 5
[profile.default.tls]
client_cert_path = "cert.pem"
client_key_data = '''
-----BEGIN KEY-----
ä
'''
server_name = "temporal.internal"
[profile.default.codec]
endpoint = "http://codec.test"
auth = "Bearer x"
[profile.default.grpc_meta]
Some_Header = "a \\"quoted\\" value"
x-y = ""
[profile."other one"]
address = "other.test:7233"
tls = {disabled = true, disable_host_verification = true}
"""

# (what, the file, the variables, the profile that is named, strict)
CASES = [
    ("nothing", "", {}, "", False),
    ("blanks", " \n\t\n", {}, "", True),
    ("all of it", FULL, {}, "", False),
    ("all of it, strictly", FULL.replace("unknown = 5\n", ""), {}, "", True),
    ("an unknown table, else", "[profiles.default]", {}, "", False),
    ("another profile", FULL, {}, "other one", False),
    ("another profile by variable", FULL, {"TEMPORAL_PROFILE": "other one"}, "", False),
    ("a profile by name before that of the variable", FULL, {"TEMPORAL_PROFILE": "default"}, "other one", False),
    ("no default profile", "[profile.x]\naddress = 'x:1'", {}, "", False),
    ("an empty table of tls", "[profile.default.tls]", {}, "", False),
    ("an empty codec", "[profile.default]\ncodec = {}", {}, "", False),
    ("tls that is switched off", "[profile.default.tls]\ndisabled = true", {}, "", False),
    ("tls that is switched on", "[profile.default.tls]\ndisabled = true", {"TEMPORAL_TLS": "1"}, "", False),
    ("tls by variable", "", {"TEMPORAL_TLS": "TRUE"}, "", False),
    ("no tls by variable", FULL, {"TEMPORAL_TLS": "false"}, "", False),
    (
        "variables over the file",
        FULL,
        {
            "TEMPORAL_ADDRESS": "env:1",
            "TEMPORAL_NAMESPACE": "env",
            "TEMPORAL_API_KEY": "env-key",
            "TEMPORAL_TLS_CLIENT_CERT_PATH": "env.pem",
            "TEMPORAL_TLS_CLIENT_KEY_DATA": "env\npem",
            "TEMPORAL_TLS_SERVER_CA_CERT_DATA": "ca",
            "TEMPORAL_TLS_SERVER_NAME": "env.internal",
            "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION": "true",
            "TEMPORAL_CODEC_ENDPOINT": "http://env.test",
            "TEMPORAL_CODEC_AUTH": "env",
            "TEMPORAL_GRPC_META_SOME_HEADER": "env",
            "TEMPORAL_GRPC_META_MORE": "more",
        },
        "",
        False,
    ),
    ("a header that is taken back", FULL, {"TEMPORAL_GRPC_META_SOME_HEADER": ""}, "", False),
    ("variables alone", "", {"TEMPORAL_API_KEY": "k", "TEMPORAL_CODEC_AUTH": "a"}, "", False),
]

# What both refuse.
REFUSED = [
    ("an unknown key, strictly", FULL, {}, "", True),
    ("an unknown table, strictly", "[profiles.default]", {}, "", True),
    ("an unknown key of tls, strictly", "[profile.x.tls]\nname = 'a'", {}, "", True),
    ("a profile that is not there", FULL, {}, "missing", False),
    ("a profile that is not there, by variable", FULL, {"TEMPORAL_PROFILE": "missing"}, "", False),
    ("a variable of data for a path", FULL, {"TEMPORAL_TLS_CLIENT_CERT_DATA": "x"}, "", False),
    ("a variable of a path for data", FULL, {"TEMPORAL_TLS_CLIENT_KEY_PATH": "x"}, "", False),
    (
        "variables of a path and of data",
        "",
        {"TEMPORAL_TLS_CLIENT_KEY_PATH": "x", "TEMPORAL_TLS_CLIENT_KEY_DATA": "y"},
        "",
        False,
    ),
    ("a path and data", "[profile.x.tls]\nserver_ca_cert_path = 'a'\nserver_ca_cert_data = 'b'", {}, "", False),
    ("no TOML", "[profile.default]\naddress = localhost", {}, "", False),
    ("a key twice", "[profile.default]\naddress = 'a'\naddress = 'b'", {}, "", False),
    ("a number for a text", "[profile.default]\naddress = 7233", {}, "", False),
    ("a text for a table", "[profile.default]\ntls = 'on'", {}, "", False),
    ("a text for a flag", "[profile.default.tls]\ndisabled = 'no'", {}, "", False),
    ("a list as a header", "[profile.default.grpc_meta]\na = ['b']", {}, "", False),
    ("a wrong type in a profile that is not asked for", "[profile.x]\naddress = 1", {}, "", False),
    ("a byte that is no text", b"[profile.default]\naddress = '\xff'", {}, "", False),
]


def of_python(file: str, env: dict[str, str], profile: str, strict: bool) -> dict | None:
    try:
        found = whole.load_client_connect_config(
            profile=profile or None,
            path=file,
            data=None,
            disable_file=False,
            disable_env=False,
            config_file_strict=strict,
            env_vars=env,
        )
    except whole.ConfigError:
        return None
    as_text = lambda value: value.decode() if isinstance(value, bytes) else value
    for source in (found.get("tls") or {}).values():
        if isinstance(source, dict):
            source.update({key: as_text(value) for key, value in source.items()})
    return found


def of_cpp(program: str, file: str, env: dict[str, str], profile: str, strict: bool) -> dict | None:
    done = subprocess.run(
        [program, file, profile, "1" if strict else "0"], env=env, capture_output=True, text=True, timeout=60
    )
    if done.returncode == 1:
        return None
    if done.returncode != 0:
        sys.exit(f"{program} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def of_command(file: str) -> dict:
    """What `temporal` has read, in the words of the file."""
    command = ["temporal", "--config-file", file, "--profile", "again", "config", "get", "--output", "json"]
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def main() -> None:
    program, failed = sys.argv[1], 0
    cases = [(*case, False) for case in CASES] + [(*case, True) for case in REFUSED]
    with tempfile.TemporaryDirectory() as folder:
        for number, (what, text, env, profile, strict, refused) in enumerate(cases):
            file = pathlib.Path(folder) / f"{number}.toml"
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
            wanted = of_python(str(file), env, profile, strict)
            found = of_cpp(program, str(file), env, profile, strict)
            if (found and found["profile"]) != wanted or refused != (wanted is None):
                failed += 1
                print(f"{what}:\n  Python: {wanted}\n  C++:    {found and found['profile']}")
            if not found or not wanted:
                continue
            # What we write, Python reads.
            again = pathlib.Path(folder) / f"{number}-again.toml"
            again.write_text(found["toml"])
            read = of_python(str(again), {}, "again", True)
            if read != wanted:
                failed += 1
                print(f"{what}, written by us:\n  before: {wanted}\n  after:  {read}")
            written = tomllib.loads(found["toml"])["profile"]["again"]
            if (written.get("tls") or {}).get("disabled") is False:
                del written["tls"]["disabled"]  # the command knows no difference
            if (read := of_command(str(again))) != written:
                failed += 1
                print(f"{what}, written by us:\n  before:     {written}\n  `temporal`: {read}")
    print(f"{len(cases)} cases, {failed} differ")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
