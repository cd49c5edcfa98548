"""How often does chance find what a search finds? Two threads add 1 each to one counter, freely and
by every schedule.

In a free run two threads meet behind a barrier and go through a thousand fresh counters; each
counter is one run of the program in which both add once. The search runs the same two lines under
every schedule, once in the world of all that the language allows, and once where this interpreter
really switches.
"""

import inspect
import sys
import threading
import time
from typing import Annotated

from pvt.claims import Claim

QUESTION = "Who finds the lost addition?"
OUTCOMES = (
    "Both find it in counter += 1",
    "Only the search finds it in counter += 1",
    "Neither finds it in counter += 1",
)
SECONDS = 3.0  # usual seconds
BATCH = 1_000  # counters between two barriers
MILLION = 1_000_000  # free runs at most
PREEMPTIONS, LIMIT = 3, 10.0

HEAD = """
from types import SimpleNamespace


def setup():
    return SimpleNamespace(total=0)


def safe(counter):
    return counter.total == 2
"""


class Counter:
    """One run's counter."""

    __slots__ = ("total",)

    def __init__(self):
        self.total = 0


def one():
    return 1


def plus_one(counter):
    counter.total += 1


def plus_call(counter):
    counter.total += one()


PROGRAMS = {"counter += 1": (plus_one,), "counter += one()": (plus_call, one)}
STUDY = (plus_one, plus_call, one)
WAYS = ("free runs", "search: the language", "search: this interpreter")


def run(*, patience: Annotated[int, range(1, 11)] = 1):
    """`patience`: seconds for the free runs of each program."""
    sys.setswitchinterval(1e-5)
    for name, functions in PROGRAMS.items():
        for tried, bad, complete, spent in free_runs(functions[0], patience):
            yield row(name, WAYS[0], tried, bad, complete, spent)
        for way, world in zip(WAYS[1:], ("language", "interpreter"), strict=True):
            yield row(name, way, *searched(functions, world))


def row(program, way, tried, bad, complete, seconds):
    return {
        "program": program,
        "way": way,
        "tried": tried,
        "bad": bad,
        "complete": complete,
        "seconds": seconds,
    }


def free_runs(add, patience):
    """Yield tried, bad, complete and seconds so far, now and then, until the time or the million
    is over."""
    begin, tried, bad = time.perf_counter(), 0, 0
    crowd, done = threading.Barrier(3), []
    box = {"counters": []}
    for _ in range(2):
        threading.Thread(target=go_through, args=(add, box, crowd), daemon=True).start()
    shown = begin
    while not done:
        box["counters"] = [Counter() for _ in range(BATCH)]
        crowd.wait()  # go
        crowd.wait()  # both are through
        tried, bad = tried + BATCH, bad + sum(counter.total != 2 for counter in box["counters"])
        now = time.perf_counter()
        done = [1] if now - begin > patience or tried >= MILLION else []
        if done or now - shown > 0.2:
            shown = now
            yield tried, bad, bool(done), now - begin
    box["counters"] = None
    crowd.wait()


def go_through(add, box, crowd):
    while True:
        crowd.wait()
        if box["counters"] is None:
            return
        for counter in box["counters"]:
            add(counter)
        crowd.wait()


def searched(functions, world):
    """Tried, bad, complete and seconds of a search."""
    from pvt.stepper.searching import run as search

    texts = [HEAD, *(inspect.getsource(function) for function in functions)]
    name = functions[0].__name__
    source = "\n\n".join([*texts, f"THREADS = [{name}, {name}]\n"])
    rows = list(search(source=source, preemptions=PREEMPTIONS, seconds=LIMIT, world=world))
    bad = sum(
        row["schedules"] for row in rows if row["kind"] == "ending" and row["ending"] != "safe"
    )
    return rows[-1]["schedules"], bad, rows[-1]["complete"], rows[-1]["seconds"]


def last(rows):
    """The last row of each program and way."""
    return {(row["program"], row["way"]): row for row in rows}


def outcome(rows):
    mine = last(rows)
    free, found = mine.get(("counter += 1", WAYS[0])), mine.get(("counter += 1", WAYS[1]))
    if found is None:
        return None
    return OUTCOMES[2] if not found["bad"] else OUTCOMES[0] if free["bad"] else OUTCOMES[1]


def sentence(rows):
    found = {program: [] for program, _ in last(rows)}
    for (program, way), row in last(rows).items():
        found[program] += [way] if row["bad"] else []
    parts = [f"in {program} by: {finders(ways)}" for program, ways in found.items()]
    return f"A lost addition was found {'; '.join(parts)}."


def finders(ways):
    """Free runs, and in which worlds a search; in a few words."""
    searches = [way.split()[-1] for way in ways if way != WAYS[0]]
    found = [WAYS[0]] * (WAYS[0] in ways)
    found += [f"search ({', '.join(searches)})"] * bool(searches)
    return ", ".join(found) or "none"


def draw(ax, rows):
    """A group of bars a program: the share of runs that lose an addition, by each way, with the
    numbers."""
    looks = dict(
        zip(
            WAYS,
            (
                {"color": "other"},
                {"color": "thread"},
                {"color": "none", "edgecolor": "thread", "hatch": ".."},
            ),
            strict=True,
        )
    )
    for (program, way), row in last(rows).items():
        at = list(PROGRAMS).index(program) + 0.28 * (WAYS.index(way) - 1)
        share = row["bad"] / row["tried"]
        ax.bar(at, share, 0.26, label=way if program == "counter += 1" else None, **looks[way])
        ax.annotate(
            f"{row['bad']:,} of\n{row['tried']:,}",
            (at, share),
            ha="center",
            va="bottom",
            fontsize=9,
        )
    ax.set(ylabel="share of runs that lose an addition", xticks=range(len(PROGRAMS)), ylim=(0, 1))
    ax.set_xticklabels(list(PROGRAMS))


def search_finds(rows):
    """A check: does the search find a schedule in which the bare statement loses an addition?"""
    mine = last(rows)
    free, found, here = (mine["counter += 1", way] for way in WAYS)
    because = (
        f"{found['bad']} of {found['tried']} schedules that the language allows lose an"
        " addition; of the"
    )
    because += f" {here['tried']} schedules of this interpreter {here['bad']} do, and"
    return found["bad"] > 0, f"{because} of {free['tried']:,} free runs {free['bad']:,}."


FINDS = "A search over all schedules finds the addition that counter += 1 can lose."
CLAIMS = [Claim("race.search-finds", FINDS, {}, search_finds)]
