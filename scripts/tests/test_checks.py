"""Each check finds a bad example and lets a good one pass."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent


class CheckTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        subprocess.run(["git", "init", "--quiet", str(self.root)], check=True)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def run_check(self, name: str, *arguments: str) -> str:
        """What the check says; nothing if it passes."""
        command = [str(SCRIPTS / name), "--root", str(self.root), *arguments]
        environment = {**os.environ, "HOURGLASS_CACHE": str(self.root / "cache")}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        self.assertEqual(done.returncode, 1 if done.stderr else 0, done.stderr)
        return done.stderr


class Layers(CheckTest):
    def test_a_folder_may_include_those_before_it(self) -> None:
        self.write("include/hourglass/base/error.hpp", "#pragma once\n")
        self.write("src/core/client.hpp", "#pragma once\n#include <hourglass_bridge.h>\n")
        self.write("src/core/client.cpp", '#include "src/core/client.hpp"\n#include <hourglass/base/error.hpp>\n')
        self.assertEqual(self.run_check("check-layers"), "")

    def test_a_folder_may_not_include_a_later_one(self) -> None:
        self.write("src/worker/worker.hpp", "#pragma once\n")
        self.write("src/base/log.cpp", "\n" + '#include "../worker/worker.hpp"\n')
        self.assertIn("src/base/log.cpp:2: includes ../worker/worker.hpp", self.run_check("check-layers"))

    def test_supervision_knows_no_temporal(self) -> None:
        self.write("include/hourglass/convert/payload.hpp", "#pragma once\n")
        self.write("include/hourglass/supervision/pid.hpp", "#include <hourglass/convert/payload.hpp>\n")
        self.assertIn("supervision may use base, but not convert", self.run_check("check-layers"))

    def test_a_public_header_shows_no_protobuf_and_no_boost(self) -> None:
        self.write("include/hourglass/client/client.hpp", '#include "temporal/api/x.pb.h"\n#include <boost/asio.hpp>\n')
        said = self.run_check("check-layers")
        self.assertIn("client.hpp:1: includes temporal/api/x.pb.h", said)
        self.assertIn("client.hpp:2: includes boost/asio.hpp", said)

    def test_only_headers_that_are_asked_for_show_protobuf(self) -> None:
        self.write("include/hourglass/raw.hpp", '#include "temporal/api/x.pb.h"\n')
        self.write("src/client/raw.cpp", "#include <hourglass/raw.hpp>\n")
        self.assertEqual(self.run_check("check-layers"), "")
        self.write("include/hourglass/client/client.hpp", "#include <hourglass/raw.hpp>\n")
        self.assertIn("must not get it through another header", self.run_check("check-layers"))

    def test_a_public_header_includes_nothing_internal(self) -> None:
        self.write("src/base/result.hpp", "#pragma once\n")
        self.write("include/hourglass/base/error.hpp", '#include "src/base/result.hpp"\n')
        self.assertIn("public headers show no", self.run_check("check-layers"))

    def test_only_core_includes_the_bridge(self) -> None:
        self.write("src/worker/poller.cpp", '#include "hourglass_bridge.h"\n')
        self.assertIn("only src/core", self.run_check("check-layers"))

    def test_the_workflow_engine_has_no_thread_and_no_clock(self) -> None:
        self.write(
            "src/workflow/run.cpp",
            "#include <thread>\nauto now = std::chrono::steady_clock::now();\n// std::thread in a comment is fine\n",
        )
        said = self.run_check("check-layers")
        self.assertIn("run.cpp:1: includes thread", said)
        self.assertIn("run.cpp:2: `steady_clock::now` reads a clock", said)
        self.assertNotIn("run.cpp:3", said)

    def test_an_example_uses_public_headers_only(self) -> None:
        self.write("src/base/result.hpp", "#pragma once\n")
        self.write("examples/order/main.cpp", '#include "src/base/result.hpp"\n#include "order.hpp"\n')
        self.write("examples/order/order.hpp", "#pragma once\n")
        said = self.run_check("check-layers")
        self.assertIn("main.cpp:1", said)
        self.assertNotIn("main.cpp:2", said)

    def test_an_unknown_folder_must_be_added_to_the_table(self) -> None:
        self.write("src/misc/a.cpp", "int a;\n")
        self.assertIn("the folder misc has no row", self.run_check("check-layers"))


class Files(CheckTest):
    def test_ordinary_files_pass(self) -> None:
        self.write("src/base/a.cpp", "int a;\n" * 500)
        self.write("include/hourglass/a.hpp", "int a();\n" * 300)
        self.assertEqual(self.run_check("check-files"), "")

    def test_long_files_do_not(self) -> None:
        self.write("src/base/a.cpp", "int a;\n" * 501)
        self.write("include/hourglass/a.hpp", "int a();\n" * 301)
        self.write("bridge/src/a.rs", "\n" * 501)
        said = self.run_check("check-files")
        for name in ("src/base/a.cpp:500", "include/hourglass/a.hpp:300", "bridge/src/a.rs:500"):
            self.assertIn(name, said)

    def test_unfinished_work_is_found(self) -> None:
        word = "TO" + "DO"
        self.write("src/base/a.cpp", f"// {word}: later\n")
        self.write("bridge/src/a.rs", f"fn f() {{ {word.lower()}!() }}\n")
        said = self.run_check("check-files")
        self.assertIn("src/base/a.cpp:1", said)
        self.assertIn("bridge/src/a.rs:1", said)

    def test_a_unit_test_that_sleeps_is_found(self) -> None:
        self.write("tests/unit/base/a_test.cpp", "std::this_thread::sleep_for(1s);\n")
        self.assertIn("virtual clock", self.run_check("check-files"))

    def test_a_test_that_is_switched_off_is_found(self) -> None:
        self.write("tests/integration/a_test.cpp", "TEST(A, DISABLED_works) {}\n")
        self.assertIn("DISABLED_", self.run_check("check-files"))


class Snippets(CheckTest):
    SOURCE = "// [greet]\n    int greet();\n      // [inner]\n    int more();\n// [greet]\nint other();\n"

    def document(self, reference: str, code: str) -> None:
        self.write("README.md", f"# A\n\n<!-- snippet: {reference} -->\n```cpp\n{code}```\n\nText.\n")

    def test_an_equal_region_passes(self) -> None:
        self.write("examples/a.cpp", self.SOURCE)
        self.document("examples/a.cpp#greet", "int greet();\nint more();\n")
        self.assertEqual(self.run_check("check-snippets"), "")

    def test_a_different_one_fails_and_is_fixed(self) -> None:
        self.write("examples/a.cpp", self.SOURCE)
        self.document("examples/a.cpp#greet", "int greet(int);\n")
        self.assertIn("README.md:3: differs from examples/a.cpp", self.run_check("check-snippets"))
        self.assertEqual(self.run_check("check-snippets", "--fix"), "")
        self.assertEqual(self.run_check("check-snippets"), "")
        text = (self.root / "README.md").read_text()
        self.assertIn("```cpp\nint greet();\nint more();\n```\n\nText.", text)

    def test_a_whole_file_is_compared(self) -> None:
        self.write("examples/a.cpp", "int a;\n")
        self.document("examples/a.cpp", "int b;\n")
        self.assertIn("differs", self.run_check("check-snippets"))

    def test_a_missing_source_fails(self) -> None:
        self.document("examples/a.cpp", "int a;\n")
        self.assertIn("examples/a.cpp does not exist", self.run_check("check-snippets"))
        self.write("examples/a.cpp", "int a;\n")
        self.document("examples/a.cpp#none", "int a;\n")
        self.assertIn("0 lines `// [none]`", self.run_check("check-snippets"))

    def test_a_reference_without_code_fails(self) -> None:
        self.write("README.md", "<!-- snippet: examples/a.cpp -->\n\n```cpp\nint a;\n```\n")
        self.assertIn("not followed at once", self.run_check("check-snippets"))

    def test_tests_that_a_table_names_have_to_exist(self) -> None:
        table = "| feature | here | tests |\n|---|---|---|\n"
        named = "`unit/a_test.cpp`, `b_test.cpp`, `bad/no_*.cpp`, `interop/` (all but `wave`)"
        rows = f"| greets | `greet` | {named} |\n| waves | no | |\n"
        self.write("README.md", f"{table}{rows}\n| no | such table | `of tests` |\n")
        said = self.run_check("check-snippets")
        for path in ("unit/a_test.cpp", "unit/b_test.cpp", "bad/no_*.cpp", "interop"):
            self.assertIn(f"README.md:3: tests/{path} does not exist\n", said)
        self.assertEqual(said.count("\n"), 4)
        for path in ("unit/a_test.cpp", "unit/b_test.cpp", "bad/no_name.cpp", "interop/run.py"):
            self.write(f"tests/{path}", "")
        self.assertEqual(self.run_check("check-snippets"), "")


@unittest.skipUnless(shutil.which("kube-score") and shutil.which("kube-fields"), "needs kube-score and kube-fields")
class Manifests(CheckTest):
    WORKER = "examples/production/invoice_worker.cpp"

    def copy(self, **replacements: str) -> None:
        """Our own manifest, with texts replaced; each has to be there."""
        text = (SCRIPTS.parent / "deploy/kubernetes/worker.yaml").read_text()
        for old, new in replacements.values():
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.write("deploy/kubernetes/worker.yaml", text)

    def test_our_own_passes(self) -> None:
        self.copy()
        self.assertEqual(self.run_check("check-manifests"), "")

    def test_a_misspelt_field_is_found(self) -> None:
        self.copy(typing_error=("replicas:", "replicsa:"))
        self.assertIn('unknown field "spec.replicsa"', self.run_check("check-manifests"))

    def test_a_container_that_may_become_root_is_found(self) -> None:
        self.copy(right=("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"), root=("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"))
        self.assertIn("writable root filesystem", self.run_check("check-manifests"))

    def test_an_image_that_changes_by_itself_is_found(self) -> None:
        self.copy(image=("invoice-worker:1.0.0", "invoice-worker:latest"))
        self.assertIn("Image with latest tag", self.run_check("check-manifests"))

    def test_a_budget_of_somebody_else_is_found(self) -> None:
        self.copy(budget=("minAvailable: 1\n  selector:\n    matchLabels: {app: invoice-worker}", "minAvailable: 1\n  selector:\n    matchLabels: {app: other}"))
        self.assertIn("No matching PodDisruptionBudget was found", self.run_check("check-manifests"))

    def test_a_pod_that_is_killed_while_its_worker_stops_is_found(self) -> None:
        self.copy()
        self.write(self.WORKER, "worker.graceful_shutdown_timeout = 33s;\n")  # 2 * 33 + 75 = 141
        self.assertIn("must be more than 141", self.run_check("check-manifests"))
        self.write(self.WORKER, "worker.graceful_shutdown_timeout = 32s;\n")
        self.assertEqual(self.run_check("check-manifests"), "")


@unittest.skipUnless(shutil.which("clang++-19"), "needs clang++-19")
class Headers(CheckTest):
    def test_a_header_that_includes_what_it_uses_passes(self) -> None:
        self.write("include/hourglass/a.hpp", "#pragma once\n#include <string>\nstd::string name();\n")
        self.assertEqual(self.run_check("check-headers"), "")

    def test_one_that_does_not_fails(self) -> None:
        self.write("include/hourglass/a.hpp", "#pragma once\nstd::string name();\n")
        self.assertIn("include/hourglass/a.hpp:1: does not compile by itself", self.run_check("check-headers"))


@unittest.skipUnless(shutil.which("clang-tidy-19"), "needs clang-tidy-19")
class Tidy(CheckTest):
    def setUp(self) -> None:
        super().setUp()
        shutil.copy(SCRIPTS.parent / ".clang-tidy", self.root)
        entry = f'{{"directory": "{self.root}", "file": "{self.root}/src/a.cpp", '
        entry += f'"command": "/usr/bin/ccache clang++-19 -std=c++20 -o a.o -c {self.root}/src/a.cpp"}}'
        self.write("build/clang/compile_commands.json", f"[{entry}]")

    def test_a_clean_file_passes_and_a_misnamed_function_does_not(self) -> None:
        self.write("src/a.cpp", '#include "a.hpp"\nint answer() { return 42; }\n')
        self.write("src/a.hpp", "int answer();\n")
        self.assertEqual(self.run_check("check-tidy"), "")
        self.write("src/a.hpp", "int answer();\nint theAnswer();\n")
        self.assertIn("invalid case style for function 'theAnswer'", self.run_check("check-tidy"))


if __name__ == "__main__":
    unittest.main()
