"""Looks at the status page with a real browser: what its DOM holds, with and without JavaScript, and a picture of it.

run.py CHROMIUM STATUS_PROGRAM SCREENSHOT; the server's address is in HOURGLASS_TEST_ADDRESS.
"""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-color-profile=srgb",
]  # fmt: skip
EVIL = "<img src=x onerror=\"document.title='caught'\">"
AS_TEXT = "&lt;img src=x onerror="  # how a DOM that is written out shows it


def browse(chromium: str, url: str, *flags: str) -> str:
    """What the browser wrote. It looks for three of the page's seconds: long enough for some polls."""
    with tempfile.TemporaryDirectory() as profile:
        command = [chromium, *FLAGS, f"--user-data-dir={profile}", "--virtual-time-budget=3000", *flags, url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{chromium} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def expect(holds: bool, what: str, dom: str) -> None:
    if not holds:
        sys.exit(f"expected: {what}\nthe DOM is:\n{dom}")


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def wait_until_ready(address: str) -> None:
    """All workers are registered, and the three activities run."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.HTTPError):
            get(f"http://{address}/readyz")
            if json.loads(get(f"http://{address}/tree.json"))["running_activities"] == 3:
                return
        time.sleep(0.05)
    sys.exit("the workers are not ready after 60 s")


def tell(worker: subprocess.Popen, command: str, answer: str) -> None:
    worker.stdin.write(command + "\n")
    worker.stdin.flush()
    if (line := worker.stdout.readline().strip()) != answer:
        sys.exit(f"the program answered {command!r} with {line!r}, expected {answer!r}")


def check_dom(dom: str, drawn_by: str) -> None:
    for node in ("Runtime", "BridgeHolder", "WorkerSupervisor", "ActivityPollLoop", "WorkflowStateCache"):
        expect(f'<b class="id">{node}</b>' in dom, f"the node {node}, drawn by {drawn_by}", dom)
    expect('<h3 class="id">orders</h3>' in dom, f"the task queue orders, drawn by {drawn_by}", dom)
    expect("<span class=\"count\">3 of 300</span>" in dom, f"three running activities, drawn by {drawn_by}", dom)
    expect(AS_TEXT in dom and "<img" not in dom, f"a name as text only, drawn by {drawn_by}", dom)
    expect("<title>Hourglass status</title>" in dom, f"a name that did not run, drawn by {drawn_by}", dom)


def main() -> None:
    chromium, program, screenshot = sys.argv[1:]
    env = {**os.environ, "TEMPORAL_ADDRESS": os.environ["HOURGLASS_TEST_ADDRESS"]}
    worker = subprocess.Popen([program], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        address = worker.stdout.readline().strip()
        wait_until_ready(address)
        page = f"http://{address}/"

        check_dom(get(page), "the server")
        dom = browse(chromium, page, "--dump-dom")
        check_dom(dom, "the page's script")
        expect("1 restart" not in dom, "no restart before anything was killed", dom)
        expect("the program does not answer" not in dom, "that the script reached the program", dom)

        tell(worker, "kill BridgeHolder", "killed")
        wait_until_ready(address)
        dom = browse(chromium, page, "--dump-dom")
        found = re.search(r'BridgeHolder</b><span class="restarts">1 restart</span>.*?last exit: killed', dom)
        expect(found is not None, "the restart of the BridgeHolder", dom)
        for drawn, by in ((get(page), "the server"), (dom, "the page's script")):
            row = '<td class="count">1</td><td class="name">hourglass_cascades</td><td class="id">child BridgeHolder</td>'
            expect(row in drawn, f"the cascade among the counters, drawn by {by}", drawn)

        tell(worker, f"stop {EVIL}", "stopped")  # the picture is for a document
        pathlib.Path(screenshot).unlink(missing_ok=True)
        browse(chromium, page, f"--screenshot={screenshot}", "--window-size=1380,1160")
        picture = pathlib.Path(screenshot).read_bytes()
        expect(picture.startswith(b"\x89PNG") and len(picture) > 10_000, f"a picture at {screenshot}", dom)

        worker.stdin.close()
        code = worker.wait(timeout=60)
        if code != 0:
            sys.exit(f"{program} ended with {code}, expected 0")
    finally:
        worker.kill()
        worker.wait()


if __name__ == "__main__":
    main()
