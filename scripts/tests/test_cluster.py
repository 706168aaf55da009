"""scripts/cluster without a cluster: what it refuses, and what it says then. With one, scripts/test cluster uses each of its commands."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent


class ClusterTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def cluster(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        # No cache, whose programs would come before those that a test puts on the PATH.
        own = {"HOURGLASS_CLUSTER_FOLDER": str(self.folder / "cluster"), "HOURGLASS_CACHE": str(self.folder / "cache")}
        environment = {**os.environ, **own, **variables}
        return subprocess.run([SCRIPTS / "cluster", *arguments], capture_output=True, text=True, env=environment)

    def refused(self, *arguments: str, **variables: str) -> str:
        done = self.cluster(*arguments, **variables)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        return done.stderr

    def make_folder(self) -> pathlib.Path:
        folder = self.folder / "cluster"
        folder.mkdir()
        (folder / "made_by_scripts_cluster").touch()
        return folder

    def test_what_does_not_run_is_said(self) -> None:
        done = self.cluster("status")
        self.assertEqual(done.returncode, 1, done.stderr)
        for name in ("postgres", "frontend", "history", "matching", "worker"):
            self.assertRegex(done.stdout, rf"{name} +does not run")

    def test_nothing_to_stop_is_no_error(self) -> None:
        for command in ("down", "reset", "down"):
            done = self.cluster(command)
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)

    def test_commands_and_services_are_checked(self) -> None:
        self.assertIn("unknown command ''", self.refused())
        self.assertIn("unknown command 'stop'", self.refused("stop"))
        self.assertIn("'up' takes no argument", self.refused("up", "history"))
        self.assertIn("'kill' needs one of: frontend history matching worker", self.refused("kill"))
        self.assertIn("'start' needs one of", self.refused("start", "postgres"))

    def test_only_what_runs_is_killed_and_only_what_was_there_starts(self) -> None:
        self.assertIn("the service history does not run", self.refused("kill", "history"))
        self.assertIn("run scripts/cluster up", self.refused("start", "history"))

    def test_a_process_of_somebody_else_is_left_alone(self) -> None:
        self.make_folder()
        (self.folder / "cluster" / "history.pid").write_text(f"{os.getpid()}\n")
        self.assertIn("the service history does not run", self.refused("kill", "history"))
        self.assertEqual(self.cluster("down").returncode, 0)

    def test_a_port_is_a_port(self) -> None:
        for port in ("99", "58000", "7833x"):
            self.assertIn("HOURGLASS_CLUSTER_PORT", self.refused("status", HOURGLASS_CLUSTER_PORT=port))

    def test_a_folder_that_cannot_be_made_is_named(self) -> None:
        (self.folder / "file").write_text("")
        path = str(self.folder / "file" / "cluster")
        self.assertIn(f"cannot write to {path}", self.refused("up", HOURGLASS_CLUSTER_FOLDER=path))

    def test_a_folder_of_somebody_else_is_left_alone(self) -> None:
        folder = self.folder / "cluster"
        folder.mkdir()
        names = {"mine.yaml", "server.yaml", "history.log", "password"}
        for name in names:
            (folder / name).touch()
        for command in (["up"], ["down"], ["reset"], ["status"], ["kill", "history"], ["start", "history"]):
            self.assertIn("is not empty, and no cluster's", self.refused(*command))
        self.assertEqual({path.name for path in folder.iterdir()}, names)

    def test_reset_deletes_what_it_has_made_and_nothing_else(self) -> None:
        folder = self.make_folder()
        for name in ("mine.yaml", "mine.log", "server.yaml", "history.log", "password"):
            (folder / name).touch()
        done = self.cluster("reset")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual({path.name for path in folder.iterdir()}, {"mine.yaml", "mine.log", "lock", "made_by_scripts_cluster"})

    def test_data_of_a_version_that_is_gone_are_not_started(self) -> None:
        self.needs_postgres()
        postgres = self.make_folder() / "postgres"
        (postgres / "data").mkdir(parents=True)
        (postgres / "data" / "PG_VERSION").write_text("8\n")
        (postgres / "data.ready").touch()
        (self.folder / "cluster" / "schema.ready").touch()
        said = self.refused("up", PATH=self.path_with_a_server())
        self.assertIn("is of PostgreSQL 8", said)
        self.assertIn("scripts/cluster reset", said)
        self.assertEqual(self.cluster("reset").returncode, 0)

    def path_with_a_server(self) -> str:
        programs = self.folder / "bin"
        for name in ("temporal-server", "temporal"):
            self.write_program(programs / name, "")
        return f"{programs}:{os.environ['PATH']}"

    def write_program(self, path: pathlib.Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/bash\n{text}\n")
        path.chmod(0o755)

    def needs_postgres(self) -> None:
        if not list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")):
            self.skipTest("needs PostgreSQL")
        self.folder.chmod(0o755)  # for the user postgres

    def up_with_a_taken_port(self) -> tuple[int, str]:
        """PostgreSQL's, which is all but started then; and what is said."""
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            if not 1000 + 7199 <= port < 58000 + 7199:
                self.skipTest(f"the port {port} belongs to no cluster")
            return port, self.refused("up", HOURGLASS_CLUSTER_PORT=str(port - 7199), PATH=self.path_with_a_server())

    def test_a_port_that_is_taken_is_named(self) -> None:
        self.needs_postgres()
        port, said = self.up_with_a_taken_port()
        self.assertIn(f"port {port}, which PostgreSQL is to have, is taken by another program", said)

    def test_data_without_their_schema_are_made_afresh(self) -> None:
        self.needs_postgres()
        postgres = self.make_folder() / "postgres"
        (postgres / "data").mkdir(parents=True)
        (postgres / "data" / "PG_VERSION").write_text("8\n")
        (postgres / "data.ready").touch()
        _, said = self.up_with_a_taken_port()
        self.assertIn("is taken by another program", said)
        self.assertNotEqual((postgres / "data" / "PG_VERSION").read_text(), "8\n")

    def test_the_schema_of_data_that_are_gone_is_made_afresh(self) -> None:
        self.needs_postgres()
        ready = self.make_folder() / "schema.ready"
        ready.touch()
        _, said = self.up_with_a_taken_port()
        self.assertIn("is taken by another program", said)
        self.assertFalse(ready.exists())

    def install_postgres(self) -> pathlib.Path:
        """A folder that counts as /usr/lib/postgresql, if `bin` is on the PATH."""
        installed = self.folder / "installed"
        self.write_program(self.folder / "bin" / "find", f'exec {shutil.which("find")} "${{@/#\\/usr\\/lib\\/postgresql/{installed}}}"')
        return installed

    def test_the_schema_of_another_server_is_brought_up_to_date(self) -> None:
        self.needs_postgres()
        path, installed, folder = self.path_with_a_server(), self.install_postgres(), self.make_folder()
        self.write_program(installed / "15" / "bin" / "initdb", "exit 1")
        self.write_program(installed / "15" / "bin" / "pg_ctl", "exit 0  # it runs")
        (folder / "postgres" / "data").mkdir(parents=True)
        for name in ("postgres/data.ready", "password"):
            (folder / name).touch()
        (folder / "schema.ready").write_text("of an older server\n")
        asked = self.folder / "asked"
        self.write_program(self.folder / "bin" / "temporal-sql-tool", f'echo "$@" >>{asked}')
        for _ in range(2):
            self.assertIn("the service history ended at once", self.refused("up", PATH=path, HOURGLASS_CLUSTER_PORT="9743"))
        updates = asked.read_text().splitlines()
        self.assertEqual([line.split(" --user temporal ")[1] for line in updates], [
            "--db temporal update-schema --schema-name postgresql/v12/temporal",
            "--db temporal_visibility update-schema --schema-name postgresql/v12/visibility",
        ])  # fmt: skip

    def test_a_client_of_a_newer_version_is_no_server(self) -> None:
        self.needs_postgres()
        path, installed = self.path_with_a_server(), self.install_postgres()
        self.write_program(installed / "15" / "bin" / "initdb", "echo this is initdb of 15; exit 1")
        self.write_program(installed / "15" / "bin" / "pg_ctl", "exit 3")
        self.write_program(installed / "17" / "bin" / "psql", "")
        self.assertIn("this is initdb of 15", self.refused("up", PATH=path))


if __name__ == "__main__":
    unittest.main()
