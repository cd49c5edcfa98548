"""Repair the counter: `add(counter, times)` adds 1 to `counter.total`, `times` times; four threads
run it at once.

The free run shows what happens here and now. It would let `counter.total += 1` pass, which no
interpreter with a GIL interrupts; so a search follows, over every order of steps that the language
allows. The search starts the threads itself and cannot follow a function that starts some of its
own, such as a pool. Such a function is tried on a counter that pauses after each reading: whoever
reads without a lock then loses additions, not now and then but surely.
"""

import sys
import threading
import time

from pvt.tools.learner import learners_function, together

ARGUMENTS = ("counter", "times")
WORKERS, TIMES, FEW = 4, 5_000, 3
PAUSE = 0.001  # seconds after each reading of the slow counter
SLOWLY = 20  # additions of each thread to it
OWN_THREADS = "start"  # in what the search says of a function with threads of its own

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


class SlowCounter(Counter):
    """The same, but whoever has read the total pauses: the others come in between, unless a lock
    keeps them out."""

    @property
    def total(self):
        found = self.kept
        time.sleep(PAUSE)
        return found

    @total.setter
    def total(self, number):
        self.kept = number


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
    search = searched(source, name)
    slow = SlowCounter()
    if search["ending"] == "error":
        together(*[lambda: add(slow, SLOWLY)] * WORKERS)
        total = {"expected": WORKERS * SLOWLY, "counted": slow.kept - slow.start}
    else:
        total = {"expected": None, "counted": None}
    yield {
        "test": "slow counter",
        **total,
        "ending": None,
        "because": None,
        "complete": True,
        **seen,
    }
    yield search | seen


def searched(source, name):
    """One row: the first bad ending that the search finds, or that there is none."""
    from pvt.stepper.searching import run as search

    rows = list(
        search(source=source + PROGRAM.format(name=name), preemptions=2, seconds=3.0, first=True)
    )
    bad = [row for row in rows if row["kind"] == "ending" and row["ending"] != "safe"]
    worst = bad[0] if bad else rows[-1]
    found = {
        "ending": bad[0]["ending"] if bad else "safe",
        "because": worst["because"],
        "complete": rows[-1]["complete"],
    }
    return {"test": "every order", "expected": None, "counted": None, **found}


def judge(rows):
    alone, free, slow, search = rows
    if alone["counted"] == 0:
        return False, "Nothing was added to counter.total. Was the new value written back?"
    if alone["counted"] != alone["expected"]:
        text = (
            f"One thread alone, with times = {alone['expected']}, changed counter.total by"
            f" {alone['counted']:,}."
        )
        return False, f"{text} Add 1 to what is there, times times."
    if free["counted"] < free["expected"] or search["ending"] == "broken":
        return False, lost(free)
    if search["ending"] == "deadlock":
        return (
            False,
            "No addition is lost, but the threads can stop each other for ever:"
            f" {search['because']}.",
        )
    if search["ending"] == "error" and OWN_THREADS in search["because"]:
        return judge_own_threads(free, slow)
    if search["ending"] != "safe":
        return (
            False,
            f"The free run was exact, but the search could not finish: {search['because']}.",
        )
    return True, f"all {free['expected']:,} additions counted, and {search['because']}."


def judge_own_threads(free, slow):
    """What a function that starts threads of its own has shown; the search could not follow it."""
    if slow["counted"] != slow["expected"]:
        return False, lost(slow)
    return True, (
        f"all {free['expected']:,} additions counted, and {slow['expected']} of"
        f" {slow['expected']} with a pause after"
        " each reading. Your function starts threads of its own, so the search over every order"
        " could not follow it."
    )


def lost(free):
    """What to say of a loss, seen in the free run or found by the search."""
    gone = free["expected"] - free["counted"]
    if not gone:
        text = "Exact here, by accident: there is an order of steps in which an addition is lost."
    else:
        text = f"{gone:,} of {free['expected']:,} additions are lost."
    if free["lock"]:
        return (
            text + " A lock made inside the function is a new one in each thread: use counter.lock."
        )
    if free["with"]:
        return text + " Reading and writing must both be inside the lock, in one go."
    return text + " Take counter.lock before you read, and keep it until you have written."
