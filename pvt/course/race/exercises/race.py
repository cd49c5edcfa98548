"""Repair the counter: `add(counter, times)` adds 1 to `counter.total`, `times` times; four threads run it at once.

The free run shows what happens here and now. It would let `counter.total += 1` pass, which no interpreter
with a GIL interrupts; so a search follows, over every order of steps that the language allows.
"""

import sys
import threading

from pvt.tools.learner import learners_function, together

ARGUMENTS = ("counter", "times")
WORKERS, TIMES, FEW = 4, 5_000, 3

PROGRAM = """
import threading


class Counter:
    def __init__(self):
        self.total, self.lock = 0, threading.Lock()


def setup():
    return Counter()


def worker(counter):
    {name}(counter, 2)


THREADS = [worker, worker]


def safe(counter):
    return counter.total == 4
"""


class Counter:
    """Starts at some number, so that a total cannot be guessed."""

    def __init__(self):
        self.start = self.total = 700
        self.lock = threading.Lock()


def run(*, source, name):
    add = learners_function(source, name)
    sys.setswitchinterval(1e-5)
    seen = {"lock": "Lock(" in source, "with": ".lock" in source}
    alone = Counter()
    add(alone, FEW)
    total = {"expected": FEW, "counted": alone.total - alone.start}
    yield {"test": "alone", **total, "ending": None, "because": None, "complete": True, **seen}
    counter = Counter()
    together(*[lambda: add(counter, TIMES)] * WORKERS)
    total = {"expected": WORKERS * TIMES, "counted": counter.total - counter.start}
    yield {"test": "free run", **total, "ending": None, "because": None, "complete": True, **seen}
    yield searched(source, name) | seen


def searched(source, name):
    """One row: the first bad ending that the search finds, or that there is none."""
    from pvt.stepper.searching import run as search

    rows = list(search(source=source + PROGRAM.format(name=name), preemptions=2, seconds=3.0, first=True))
    bad = [row for row in rows if row["kind"] == "ending" and row["ending"] != "safe"]
    worst = bad[0] if bad else rows[-1]
    found = {
        "ending": bad[0]["ending"] if bad else "safe",
        "because": worst["because"],
        "complete": rows[-1]["complete"],
    }
    return {"test": "every order", "expected": None, "counted": None, **found}


def judge(rows):
    alone, free, search = rows
    if alone["counted"] == 0:
        return False, "Nothing was added to counter.total. Was the new value written back?"
    if alone["counted"] != alone["expected"]:
        said = f"One thread alone, with times = {alone['expected']}, changed counter.total by {alone['counted']:,}."
        return False, f"{said} Add 1 to what is there, times times."
    if free["counted"] < free["expected"] or search["ending"] == "broken":
        return False, lost(free)
    if search["ending"] == "deadlock":
        return False, f"No addition is lost, but the threads can stop each other for ever: {search['because']}."
    if search["ending"] != "safe":
        return False, f"The free run was exact, but the search could not finish: {search['because']}."
    return True, f"all {free['expected']:,} additions counted, and {search['because']}."


def lost(free):
    """What to say of a loss, seen in the free run or found by the search."""
    gone = free["expected"] - free["counted"]
    if not gone:
        said = "Exact here, by accident: there is an order of steps in which an addition is lost."
    else:
        said = f"{gone:,} of {free['expected']:,} additions are lost."
    if free["lock"]:
        return said + " A lock made inside the function is a new one in each thread: use counter.lock."
    if free["with"]:
        return said + " Reading and writing must both be inside the lock, in one go."
    return said + " Take counter.lock before you read, and keep it until you have written."
