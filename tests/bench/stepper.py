"""Speed of the stepper under each Python found, as minimum, median and maximum of five runs.

Promised: each puzzle's first bad schedule within 2 s, a move by hand within 0.5 s, and Stop within
0.2 s. Schedules a second are shown beside these. At the end every puzzle's repair is searched up to
three preemptions under every Python."""

import contextlib
import io
import statistics
import time
from functools import cache

import pvt
from tests.bench.lab import show
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
    show("a move by hand, s (promised: 0.5)", [move() for _ in range(20)])
    show("Stop of a search, s (promised: 0.2)", [stop() for _ in range(10)])
    print("repairs that are safe up to three preemptions")
    for version in versions:
        rows = [row for row in puzzles(version) if row["question"] == "repaired"]
        good = [row for row in rows if set(row["counts"]) == {"safe"}]
        print(
            f"  {version:5} {len(good)} of {len(rows)}, {sum(r['counts']['safe'] for r in good):,} schedules"
        )


def move():
    """Seconds from a press on "Step thread 0" to the view that shows it."""
    view = seated("lost_update")
    begin = time.perf_counter()
    view.asked(view, {"do": "step", "thread": 0})
    wait(view)
    return time.perf_counter() - begin


def stop():
    """Seconds from a press on Stop, while a long search is under way, to the view at rest."""
    view = seated("lost_wakeup")
    view.asked(view, {"do": "prove"})
    while "tried" not in view.state["status"]:
        time.sleep(0.01)
    begin = time.perf_counter()
    view.asked(view, {"do": "stop"})
    wait(view)
    return time.perf_counter() - begin


def seated(program):
    with contextlib.redirect_stdout(io.StringIO()):  # it would be displayed
        view = pvt.step(program)
    wait(view)
    return view


def wait(view):
    while view.working:
        time.sleep(0.001)


@cache
def puzzles(version):
    """The answers of all puzzles under one Python."""
    from pvt.stepper.puzzles import NAMES

    return ask(version, "puzzles", 300, names=NAMES, replays=100)


def first_seconds(version):
    """Puzzle → seconds to its first bad schedule."""
    return {row["name"]: row["seconds"] for row in puzzles(version) if row["question"] == "broken"}
