"""One workload, seven ways to keep it right: is the total exact, and what does an addition cost?"""

import itertools
import queue
import sys
import threading
import time
from statistics import median
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim
from pvt.host import has_gil

QUESTION = "Which remedy is exact, and what does it cost?"
OUTCOMES = ("A lock costs less than the addition", "1 to 3 additions", "More than 3 additions")
ROUNDS, SECONDS = 5, 4.0


def one_more(number):
    return number + 1


def nothing(shared, times):
    for _ in range(times):
        found = shared.total
        shared.total = one_more(found)


def guarded(shared, times):
    """For each remedy that has acquire and release: a lock, a re-entrant lock, a semaphore."""
    for _ in range(times):
        with shared.guard:
            found = shared.total
            shared.total = one_more(found)


def queued(shared, times):
    """Only one thread ever adds: the others send it what to add."""
    for _ in range(times):
        shared.queue.put(1)


def summed(shared, times):
    """Each worker counts for itself; the parts are added up at the end."""
    mine = 0
    for _ in range(times):
        mine = one_more(mine)
    shared.parts.append(mine)


def ticketed(shared, times):
    """An atomic step, made whole by the interpreter: no lock in sight, but one inside (the GIL, or
    the iterator's own)."""
    for _ in range(times):
        next(shared.tickets)


REMEDIES = {
    "nothing": (nothing, None),
    "Lock": (guarded, threading.Lock),
    "RLock": (guarded, threading.RLock),
    "Semaphore": (guarded, threading.Semaphore),
    "Queue": (queued, None),
    "a sum each": (summed, None),
    "atomic count": (ticketed, None),
}
STUDY = (nothing, guarded, queued, summed, ticketed)


class Shared:
    """What the workers of one round share."""

    def __init__(self, guard):
        self.total, self.guard = 0, guard and guard()
        self.queue, self.parts, self.tickets = queue.Queue(), [], itertools.count()

    def collected(self, expected):
        """The total, wherever the remedy has kept it."""
        for _ in range(expected if self.queue.qsize() else 0):
            self.total += self.queue.get()
        return self.total + sum(self.parts) or next(self.tickets)


def run(
    *, workers: Annotated[int, range(1, 9)] = 4, additions: Literal[1_000, 5_000, 20_000] = 5_000
):
    """`additions` per worker. Each remedy runs alone (1 worker) and contended (`workers`), in
    turn, five rounds."""
    sys.setswitchinterval(1e-5)
    crowds = sorted({1, workers})
    for number in range(ROUNDS):
        for name, (body, guard) in REMEDIES.items():
            for crowd in crowds:
                row = one_round(body, Shared(guard), crowd, additions * workers // crowd)
                yield {"round": number + 1, "remedy": name, "workers": crowd, **row}


def one_round(body, shared, workers, times):
    """The same number of additions, whatever the number of workers."""
    barrier = threading.Barrier(workers + 1)

    def work():
        barrier.wait()
        body(shared, times)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    barrier.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    expected = workers * times
    counted = shared.collected(expected)
    seconds = time.perf_counter() - begin
    return {
        "expected": expected,
        "counted": counted,
        "exact": counted == expected,
        "seconds": seconds / expected,
        "gil": has_gil(),
    }


def price(rows, remedy, crowd):
    """Median seconds of one addition."""
    return median(
        row["seconds"] for row in rows if row["remedy"] == remedy and row["workers"] == crowd
    )


def crowds(rows):
    return sorted({row["workers"] for row in rows})


def outcome(rows):
    """How much a lock adds when nobody else wants it."""
    ratio = price(rows, "Lock", 1) / price(rows, "nothing", 1) - 1
    return OUTCOMES[0] if ratio < 1 else OUTCOMES[1] if ratio < 3 else OUTCOMES[2]


def sentence(rows):
    wrong = sorted({row["remedy"] for row in rows if not row["exact"]})
    most = crowds(rows)[-1]
    remedies = {row["remedy"] for row in rows if row["workers"] == most}
    prices = [(price(rows, name, most), name) for name in remedies]
    ends = timing.ends(prices, lambda seconds: f"{seconds * 1e9:,.0f} ns")
    wrong = ", ".join(wrong).replace("nothing", "no remedy at all")
    exact = f"Wrong totals with {wrong}." if wrong else "All totals exact."
    return f"{exact} One addition with {most} workers takes {ends}."


def draw(ax, rows):
    """A pair of bars a remedy: alone, and contended; hatched where a total was wrong."""
    names = list(dict.fromkeys(row["remedy"] for row in rows))
    for offset, crowd in enumerate(crowds(rows)):
        for at, name in enumerate(names):
            mine = [row for row in rows if row["remedy"] == name and row["workers"] == crowd]
            if not mine:
                continue
            right = all(row["exact"] for row in mine)
            label = f"{crowd} worker{'s' * (crowd > 1)}" if name == "Lock" else None
            look = (
                {"color": ("other", "thread")[offset]}
                if right
                else {"color": "none", "edgecolor": "trouble", "hatch": "//"}
            )
            ax.bar(at + 0.4 * offset, price(rows, name, crowd) * 1e9, 0.38, label=label, **look)
            if not right:
                ax.annotate(
                    "wrong\ntotal",
                    (at + 0.4 * offset, price(rows, name, crowd) * 1e9),
                    ha="center",
                    va="bottom",
                    fontsize=8,
                )
    ax.set(
        yscale="log", ylabel="ns for one addition", xticks=[at + 0.2 for at in range(len(names))]
    )
    ax.set_xticklabels(names, rotation=20, ha="right")


def lock_exact(rows):
    mine = [row for row in rows if row["remedy"] == "Lock"]
    off = [row for row in mine if not row["exact"]]
    total = sum(row["expected"] for row in mine)
    return (
        not off,
        f"{len(mine) - len(off)} of {len(mine)} totals exact, {total:,} additions with a lock.",
    )


def lock_costs(rows):
    most = crowds(rows)[-1]
    alone = price(rows, "Lock", 1)
    bare = price(rows, "nothing", 1)
    crowded = price(rows, "Lock", most)
    because = (
        f"one addition: {bare * 1e9:.0f} ns without, {alone * 1e9:.0f} ns with a lock,"
        f" {crowded * 1e9:,.0f} ns when {most} threads want it."
    )
    return alone > bare, because


def remedies_work(rows):
    off = sorted({row["remedy"] for row in rows if not row["exact"] and row["remedy"] != "nothing"})
    most = crowds(rows)[-1]
    ranked = sorted((price(rows, name, most), name) for name in REMEDIES if name != "nothing")
    prices = ", ".join(f"{name} {cost * 1e9:,.0f} ns" for cost, name in ranked)
    if off == ["atomic count"] and not rows[0]["gil"]:
        return None, (
            "in this Python without a GIL, next() of an itertools.count is several steps, and lost some;"
            f" there was no atomic step to try. The other five are exact; with {most} threads: {prices}."
        )
    return not off, (
        f"wrong: {', '.join(off)}. " if off else "all six exact; "
    ) + f"with {most} threads: {prices}."


CLAIMS = [
    Claim("lock.exact", "With a lock, the total is exactly right.", {}, lock_exact),
    Claim("lock.cost", "A lock costs time, even when no other thread wants it.", {}, lock_costs),
    Claim(
        "sync.remedies",
        "Locks, semaphores, queues and atomic steps keep the total right.",
        {},
        remedies_work,
    ),
]
