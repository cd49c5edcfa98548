"""One sum with a lock, or a sum for each thread? With nobody taking turns, sharing is what costs.

A round adds the same number of times, whatever the number of threads; so a time that stays the same means that more
threads gained nothing. A lock lets one thread at a time through: then it is a GIL of one's own making.
"""

import threading
import time
from functools import partial
from typing import Annotated

from pvt import timing
from pvt.claims import Claim
from pvt.course.no_gil import compared
from pvt.course.no_gil.compared import FREE, GIL
from pvt.host import cores

QUESTION = "One sum with a lock, or a sum for each thread?"
OUTCOMES = (
    "Without a GIL, both gain",
    "Without a GIL, only a sum each gains",
    "Neither gains",
)
SECONDS = 4.0
ROUNDS, BUDGET = 12, 1.2  # rounds at most, seconds for all
PIECE = 0.03  # seconds of one thread
LIMIT = 1.2  # a gain worth the name
TWO = 1.6  # as good as two cores
ONE = 1.0  # core that others may take while a thread waits for the lock


class Sum:
    def __init__(self):
        self.total, self.lock = 0, threading.Lock()


def locked(shared, times):
    for number in range(times):
        with shared.lock:
            shared.total += number


def own(shared, times):
    mine = 0
    for number in range(times):
        mine += number
    with shared.lock:
        shared.total += mine


WAYS = {"one sum, lock": locked, "a sum each": own}
STUDY = (locked, own)


def run(*, workers: Annotated[int, range(2, 9)] = 2):
    return (yield from compared.rows("free_sum", workers=workers))


def here(workers=2):
    plan = [(way, size) for way in WAYS for size in (1, workers)]
    times = {way: timing.calibrated(partial(work, Sum()), PIECE) for way, work in WAYS.items()}
    watch = timing.Neighbours()
    for number, (way, size) in timing.interleaved(plan, ROUNDS, BUDGET):
        row = one_round(WAYS[way], size, times[way])
        yield {"round": number, "way": way, "workers": size, **row, "cores": cores()}
    return watch.cores()


def one_round(work, workers, times):
    shared, barrier, spans = Sum(), threading.Barrier(workers), []
    each = times // workers

    def begin():
        barrier.wait()
        start = time.perf_counter()
        work(shared, each)
        spans.append((start, time.perf_counter()))

    threads = [threading.Thread(target=begin) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = max(end for _, end in spans) - min(start for start, _ in spans)
    return {"seconds": seconds, "exact": shared.total == workers * sum(range(each))}


def seconds(rows, way, alone):
    """The seconds of each round, by one thread or by all; the first round warms up."""
    most = max(row["workers"] for row in rows)
    return [
        row["seconds"]
        for row in rows
        if row["way"] == way
        and row["seconds"]
        and row["round"]
        and row["workers"] == (1 if alone else most)
    ]


def gain(rows, way):
    """How many times as fast all threads are as one, round by round."""
    return timing.ratios(seconds(rows, way, True), seconds(rows, way, False)) if rows else None


def faster(rows, way):
    return timing.beyond(seconds(rows, way, True), seconds(rows, way, False), LIMIT)


def outcome(rows):
    free = compared.of(rows, FREE)
    if not free or (timing.others(rows) or 0) > timing.BUSY:
        return None
    found = tuple(faster(free, way) for way in WAYS)
    return {(True, True): OUTCOMES[0], (False, True): OUTCOMES[1], (False, False): OUTCOMES[2]}.get(
        found
    )


def in_words(rows):
    most = max(row["workers"] for row in rows)
    parts = [f"{way} {found.middle:.2f}" for way in WAYS if (found := gain(rows, way))]
    return f"{most} threads, times as fast as one: {', '.join(parts) or 'not measured yet'}"


def sentence(rows):
    parts = []
    for build in dict.fromkeys(row["build"] for row in rows):
        mine = compared.of(rows, build)
        known = [f"{way} {found.middle:.2f}" for way in WAYS if (found := gain(mine, way))]
        parts.append(f"{compared.brief(rows, build)}: {', '.join(known) or 'not measured yet'}")
    return f"Times as fast – {'; '.join(parts)}."


def draw(ax, rows):
    """A bar for each way under each build: how many times as fast all threads were as one."""
    for group, build in enumerate((GIL, FREE)):
        for at, way in enumerate(WAYS):
            if found := gain(compared.of(rows, build), way):
                x = group + (at - 0.5) * 0.4
                look = {
                    "color": ("trouble", "thread")[at],
                    "hatch": ("//", "")[at],
                    "edgecolor": "white",
                }
                ax.bar(x, found.middle, 0.36, label=way if not group else None, **look)
                ax.annotate(
                    f"{found.middle:.2f}", (x, found.middle), ha="center", va="bottom", fontsize=10
                )
    ax.axhline(1, color="ink", linestyle="--", linewidth=1)
    ax.set(ylabel="times as fast as one thread", ylim=(0, 2.5), xlim=(-0.6, 1.6))
    ax.set_xticks((0, 1), [compared.label(rows, build) for build in (GIL, FREE)])


def gains(way, wanted):
    """A check: are all threads faster than one, this way?"""

    def check(rows):
        answer, others = faster(rows, way), timing.others(rows)
        if rows[-1]["cores"] < 2:
            return None, f"one core: here nothing can run at the same time; {in_words(rows)}."
        if not all(row["exact"] for row in rows):
            return False, f"a total was wrong; {in_words(rows)}."
        control = gain(rows, "a sum each")
        if control and control.middle > TWO and (others or 0) <= ONE:
            others = 0.0  # two cores were there: others took what a thread that waits leaves free
        verdict = answer if answer is None else answer is wanted
        return timing.decided(verdict, f"{in_words(rows)}.", others)

    return check


CLAIMS = [
    Claim(
        "nogil.locked-sum",
        "Without a GIL, two threads that add to one locked sum are faster than one.",
        {},
        compared.free(gains("one sum, lock", True)),
    ),
    Claim(
        "nogil.sum-each",
        "Without a GIL, two threads with a sum each are faster than one.",
        {},
        compared.free(gains("a sum each", True)),
    ),
]
