"""Two processes map the same block of memory: each sees what the other writes, and additions get lost as in threads.

Each worker notes its process id in a cell of its own, then adds to the one counter that all share: read,
call a function, write back. Threads do the same in the same block beside them, and both once more with a lock.
"""

import multiprocessing
import os
import sys
import threading
import time
from typing import Annotated, Literal

from pvt.claims import Claim

QUESTION = "Can processes share memory, and is it safe?"
OUTCOMES = (
    "Only the threads lose additions",
    "Threads and processes lose additions",
    "None loses additions",
)
NEEDS = ("shared memory",)
ROUNDS, PATIENCE, SECONDS = (
    3,
    4.0,
    0.6,
)  # rounds at least; seconds we wait for a loss of each kind; usual seconds
MANY = {"thread": "threads", "process": "processes"}


def one_more(number):
    return number + 1


def no_lock(cells, lock, times):
    for _ in range(times):
        found = cells[0]
        cells[0] = one_more(found)


def with_lock(cells, lock, times):
    for _ in range(times):
        with lock:
            found = cells[0]
            cells[0] = one_more(found)


STUDY = (no_lock, with_lock)
WAYS = {"no lock": no_lock, "lock": with_lock}
KINDS = {
    "thread": (threading.Thread, threading.Barrier, threading.Lock),
    "process": (multiprocessing.Process, multiprocessing.Barrier, multiprocessing.Lock),
}


def run(
    *, workers: Annotated[int, range(2, 7)] = 2, additions: Literal[1_000, 10_000, 50_000] = 50_000
):
    """`additions` per worker to the one counter; with the lock a tenth of it, because waiting takes long."""
    begin, losers, number = time.perf_counter(), set(), 0
    while number < ROUNDS or (len(losers) < 2 and time.perf_counter() - begin < PATIENCE):
        number += 1
        for way in WAYS:
            for kind in KINDS:
                row = one_round(
                    kind, way, workers, additions if way == "no lock" else additions // 10
                )
                yield {"round": number, "way": way, "workers_are": kind, "workers": workers, **row}
                if row["lost"] and way == "no lock":
                    losers.add(kind)


def one_round(kind, way, workers, additions):
    """A fresh block of memory; all workers start together behind a barrier."""
    from multiprocessing.shared_memory import SharedMemory

    Worker, Barrier, Lock = KINDS[kind]
    block, barrier, lock = (
        SharedMemory(create=True, size=8 * (1 + workers)),
        Barrier(workers, timeout=20),
        Lock(),
    )
    crowd = [
        Worker(target=work, args=(block, mine, way, additions, barrier, lock))
        for mine in range(1, workers + 1)
    ]
    begin = time.perf_counter()
    for worker in crowd:
        worker.start()
    for worker in crowd:
        worker.join()
    seconds = time.perf_counter() - begin
    with block.buf.cast("q") as cells:
        counted, notes = cells[0], list(cells[1 : workers + 1])
    block.close(), block.unlink()
    expected = workers * additions
    wrote = [os.getpid() if kind == "thread" else worker.pid for worker in crowd]
    seen = sum(note == pid for note, pid in zip(notes, wrote, strict=True))
    return {
        "expected": expected,
        "counted": counted,
        "lost": expected - counted,
        "notes_seen": seen,
        "processes": len(set(notes)),
        "seconds": seconds,
    }


def work(block, mine, way, additions, barrier, lock):
    """One worker, thread or process: `block` is the same memory for all of them."""
    sys.setswitchinterval(1e-5)
    with block.buf.cast("q") as cells:
        cells[mine] = os.getpid()
        barrier.wait()
        WAYS[way](cells, lock, additions)


def lost(rows, kind, way="no lock"):
    """How many additions are missing and how many were made."""
    mine = [row for row in rows if row["workers_are"] == kind and row["way"] == way]
    return sum(row["lost"] for row in mine), sum(row["expected"] for row in mine)


def outcome(rows):
    by_threads, by_processes = lost(rows, "thread")[0], lost(rows, "process")[0]
    if by_processes:
        return OUTCOMES[1] if by_threads else None
    return OUTCOMES[0] if by_threads else OUTCOMES[2]


def sentence(rows):
    ways = []
    for way in WAYS:
        parts = [
            f"{gone:,} of {all_:,} by {MANY[kind]}"
            for kind in KINDS
            for gone, all_ in [lost(rows, kind, way)]
            if all_
        ]
        ways += [f"with {way}, lost {' and '.join(parts)}"] if parts else []
    return f"In one block of memory, {'; '.join(ways)}."


def draw(ax, rows):
    """Four bars: what was lost without and with a lock, in per cent of the additions."""
    bars = [(kind, way) for way in WAYS for kind in KINDS]
    for at, (kind, way) in enumerate(bars):
        gone, all_ = lost(rows, kind, way)
        if all_:
            ax.bar(at, 100 * gone / all_, color=kind, hatch="//" if gone else "", edgecolor="white")
            ax.annotate(
                f"{gone:,} lost\nof {all_:,}",
                (at, 100 * gone / all_),
                ha="center",
                va="bottom",
                fontsize=10,
            )
    ax.set(
        ylabel="additions lost, %", ylim=(0, 112), yticks=range(0, 101, 20), xticks=range(len(bars))
    )
    ax.set_xlim(-0.6, len(bars) - 0.4)
    ax.set_xticklabels([f"{MANY[kind]},\n{way}" for kind, way in bars])


def share(rows):
    """A check: did the parent read in the block what its children wrote there?"""
    mine = [row for row in rows if row["workers_are"] == "process"]
    seen, all_ = sum(row["notes_seen"] for row in mine), sum(row["workers"] for row in mine)
    because = f"the parent read {seen} of {all_} notes that {all_} other processes had written into one block of memory."
    return all_ > 0 and seen == all_, because


def loses(rows):
    """A check: did processes lose additions in shared memory?"""
    gone, all_ = lost(rows, "process")
    threads, total = lost(rows, "thread")
    return (
        gone > 0,
        f"processes lost {gone:,} of {all_:,} additions, threads {threads:,} of {total:,}.",
    )


def heals(rows):
    gone = {kind: lost(rows, kind, "lock") for kind in KINDS}
    text = ", ".join(
        f"{MANY[kind]} lost {missing:,} of {all_:,} additions"
        for kind, (missing, all_) in gone.items()
    )
    if not lost(rows, "process")[0]:
        return (
            None,
            f"nothing was lost without a lock either, so nothing is shown; with a lock, {text}.",
        )
    return not any(missing for missing, _ in gone.values()), f"with a lock, {text}."


SHARE = "Processes can share memory: what one writes there, the other reads."
RACE = "Processes that share memory lose each other's additions, as threads do."
LOCK = "A lock that processes share keeps their additions."
CLAIMS = [
    Claim("talk.processes-can-share", SHARE, {}, share),
    Claim("talk.sharing-races", RACE, {}, loses, kind="can"),
    Claim("talk.sharing-lock", LOCK, {}, heals),
]
