"""Speed of the stepper under each Python found, as minimum, median and maximum of five runs.

Promised: 2,500 schedules a second (1,500 on 3.11), and each puzzle's first bad schedule within 2 s. At the end every
puzzle's repair is searched up to three preemptions under every Python, which the tests do for two of them.
"""

import statistics
from functools import cache

from tests.stepper.pythons import ask, pythons

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
        rates = [
            row["rate"]
            for row in ask(version, "rates", 300, source=STEPS, preemptions=3, times=RUNS)
        ]
        print(
            f"  {version:5}",
            *(f"{value:8,.0f}" for value in (min(rates), statistics.median(rates), max(rates))),
        )
    print("seconds to the first bad schedule, slowest of the versions")
    first = [first_seconds(version) for version in versions]
    for name in first[0]:
        print(f"  {name:16}", f"{max(seconds[name] for seconds in first):6.3f}")
    print("repairs that are safe up to three preemptions")
    for version in versions:
        rows = [row for row in puzzles(version) if row["question"] == "repaired"]
        good = [row for row in rows if set(row["counts"]) == {"safe"}]
        print(
            f"  {version:5} {len(good)} of {len(rows)}, {sum(r['counts']['safe'] for r in good):,} schedules"
        )


@cache
def puzzles(version):
    """The answers of all puzzles under one Python."""
    from pvt.stepper.puzzles import NAMES

    return ask(version, "puzzles", 300, names=NAMES, replays=100)


def first_seconds(version):
    """Puzzle → seconds to its first bad schedule."""
    return {row["name"]: row["seconds"] for row in puzzles(version) if row["question"] == "broken"}
