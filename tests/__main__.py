"""`python -m tests`: every part, whatever fails, and the totals at the end; `python -m tests soak`:
what takes longer.

Most tests run side by side. What counts on having the machine to itself is marked `alone` and comes
afterwards: two browsers at a time, for each waits most of its time, and then what must not be in a
process with other threads.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

from pvt import host

PYTEST = ("pytest", "-q")
NOTEBOOKS = ("--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=120", "notebooks")
CORES = host.cores()
MOST = 12  # tests at a time; more would only measure each other
SIDE_BY_SIDE = ("-n", str(min(CORES + 1, MOST)), "--dist", "loadscope")
BROWSERS = ("-n", str(min(CORES, 2)), "--dist", "loadscope")
PARTS = {
    "what ruff finds": ("ruff", "check", "."),
    "the form of the code": ("ruff", "format", "--check", "."),
    "tests side by side": (
        *PYTEST,
        *SIDE_BY_SIDE,
        "-m",
        "not alone and not soak",
        "tests",
        *NOTEBOOKS,
    ),
    "tests in a browser": (*PYTEST, *BROWSERS, "-m", "not soak", "tests/browser"),
    "tests alone": (*PYTEST, "-m", "alone and not soak", "tests", "--ignore=tests/browser"),
}
SOAK = {
    "every case of the stepper under every Python": (
        *PYTEST,
        *SIDE_BY_SIDE,
        "-m",
        "not soak",
        "tests/stepper",
    ),
    "what takes longer": (*PYTEST, "-m", "soak", "tests"),
}
COUNTED = ("passed", "failed", "skipped")


def main(words):
    """Run the parts and print what failed; 1 if anything did."""
    begin, failures, totals = time.perf_counter(), [], dict.fromkeys(COUNTED, 0)
    soak = words == ["soak"]
    if soak:
        os.environ["PVT_EVERY_CASE"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        for title, command in (SOAK if soak else PARTS).items():
            print(f"\n== {title}", flush=True)
            report = Path(folder, "report.xml")
            report.unlink(missing_ok=True)
            wanted = [f"--junitxml={report}"] if command[0] == "pytest" else []
            ended = subprocess.run([sys.executable, "-m", *command, *wanted]).returncode
            outcomes = (
                read(report) if report.exists() else [("passed" if ended == 0 else "failed", title)]
            )
            if ended and not any(outcome == "failed" for outcome, _ in outcomes):
                outcomes.append(("failed", f"{title}: exit {ended}"))
            failures += [name for outcome, name in outcomes if outcome == "failed"]
            for outcome, _ in outcomes:
                totals[outcome] += 1
    for name in failures:
        print(f"FAILED {name}")
    print(f"All parts took {time.perf_counter() - begin:.0f} s.")
    print(", ".join(f"{count} {outcome}" for outcome, count in totals.items()))
    return 1 if failures else 0


def read(report):
    """The (outcome, name) of every test in a report of pytest."""
    found = []
    for case in ElementTree.parse(report).iter("testcase"):
        endings = {child.tag for child in case}
        name = f"{case.get('classname')}::{case.get('name')}"
        outcome = "skipped" if "skipped" in endings else "passed"
        found.append(("failed" if endings & {"failure", "error"} else outcome, name))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
