"""Speed of the stepper under each Python found: schedules a second, and seconds to each puzzle's first bad schedule.

Run as a script; `table()` prints minimum, median and maximum of five runs.
"""

import statistics
import sys

from stepper_pythons import ROOT, ask, pythons

RUNS = 5
STEPS = """
from types import SimpleNamespace

def setup():
    return SimpleNamespace(x=0, y=0)

def work(shared):
    shared.x += 1
    shared.y += 1
    shared.x += 1
    shared.y += 1
    shared.x += 1

THREADS = [work, work]

def safe(shared):
    return shared.x == 6
"""
"""Two threads of ten shared accesses each."""


def table():
    """Print both tables."""
    versions = sorted(pythons(), key=lambda version: [int(part) for part in version.split(".")])
    print("schedules a second, two threads of ten steps: minimum, median, maximum")
    for version in versions:
        rates = [row["rate"] for row in ask(version, "rates", 300, source=STEPS, preemptions=3, times=RUNS)]
        print(f"  {version:5}", *(f"{value:8,.0f}" for value in (min(rates), statistics.median(rates), max(rates))))
    print("seconds to the first bad schedule, slowest of the versions")
    first = [first_seconds(version) for version in versions]
    for name in first[0]:
        print(f"  {name:16}", f"{max(seconds[name] for seconds in first):6.3f}")


def first_seconds(version):
    """Puzzle → seconds to its first bad schedule."""
    from pvt.stepper.puzzles import NAMES

    rows = ask(version, "puzzles", 300, names=NAMES, replays=1)
    return {row["name"]: row["seconds"] for row in rows if row["question"] == "broken"}


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    table()
