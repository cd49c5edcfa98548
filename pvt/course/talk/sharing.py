"""Two processes map the same block of memory: each sees what the other writes, and additions get
lost as in threads.

Each worker notes its process id in a cell of its own, then adds to the one counter that all share:
read, call a function, write back. Threads do the same in the same block beside them, and both once
more with a lock.
"""

import multiprocessing
import os
import sys
import threading
from typing import Annotated, Literal

from pvt.claims import Claim
from pvt.tools import losing

QUESTION = "Can processes share memory, and is it safe?"
OUTCOMES = (
    "Only the threads lose additions",
    "Threads and processes lose additions",
    "None loses additions",
)
NEEDS = ("shared memory",)
ROUNDS = 3  # at least
PATIENCE = 4.0  # seconds we wait for a loss of each kind
SECONDS = 0.6


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
FREE, LOCKED = "no lock", "lock"
WAYS = {FREE: no_lock, LOCKED: with_lock}
KINDS = {
    "thread": (threading.Thread, threading.Barrier, threading.Lock),
    "process": (multiprocessing.Process, multiprocessing.Barrier, multiprocessing.Lock),
}


def run(
    *, workers: Annotated[int, range(2, 7)] = 2, additions: Literal[1_000, 10_000, 50_000] = 50_000
):
    """`additions` per worker to the one counter; with the lock a tenth of it, because waiting
    takes long."""
    times = {FREE: additions, LOCKED: additions // 10}
    yield from losing.rounds(
        (FREE, LOCKED),
        ROUNDS,
        PATIENCE,
        lambda kind, way: one_round(kind, way, workers, times[way]),
    )


def one_round(kind, way, workers, additions):
    """A fresh block of memory; all workers start together behind a barrier."""
    from multiprocessing.shared_memory import SharedMemory

    worker, barrier, lock = KINDS[kind]
    block = SharedMemory(create=True, size=8 * (1 + workers))
    shared = way, additions, barrier(workers, timeout=20), lock()
    crowd, seconds = losing.together(
        worker, work, [(block, mine, *shared) for mine in range(1, workers + 1)]
    )
    with block.buf.cast("q") as cells:
        counted, notes = cells[0], list(cells[1 : workers + 1])
    block.close(), block.unlink()
    wrote = [os.getpid() if kind == "thread" else one.pid for one in crowd]
    return {
        "workers": workers,
        **losing.counts(workers * additions, counted),
        "notes_seen": sum(note == pid for note, pid in zip(notes, wrote, strict=True)),
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


def outcome(rows):
    by_threads, by_processes = (losing.lost(rows, kind, FREE)[0] for kind in losing.WORKERS)
    if by_processes:
        return OUTCOMES[1] if by_threads else None
    return OUTCOMES[0] if by_threads else OUTCOMES[2]


def sentence(rows):
    return losing.sentence(rows, WAYS, "additions")


def draw(ax, rows):
    losing.draw(ax, rows, WAYS, "additions")


def share(rows):
    """A check: did the parent read in the block what its children wrote there?"""
    mine = [row for row in rows if row["workers_are"] == "process"]
    seen, all_ = sum(row["notes_seen"] for row in mine), sum(row["workers"] for row in mine)
    because = (
        f"the parent read {seen} of {all_} notes that {all_} other processes had written"
        " into one block of memory."
    )
    return all_ > 0 and seen == all_, because


def loses(rows):
    """A check: did processes lose additions in shared memory?"""
    gone, all_ = losing.lost(rows, "process", FREE)
    threads, total = losing.lost(rows, "thread", FREE)
    because = f"processes lost {gone:,} of {all_:,} additions, threads {threads:,} of {total:,}."
    return gone > 0, because


def heals(rows):
    answer, text = losing.healed(rows, LOCKED, "additions")
    if not losing.lost(rows, "process", FREE)[0]:
        because = "nothing was lost without a lock either, so nothing is shown"
        return None, f"{because}; with a lock, {text}."
    return answer, f"with a lock, {text}."


SHARE = "Processes can share memory: what one writes there, the other reads."
RACE = "Processes that share memory lose each other's additions, as threads do."
LOCK = "A lock that processes share keeps their additions."
CLAIMS = [
    Claim("talk.processes-can-share", SHARE, {}, share),
    Claim("talk.sharing-races", RACE, {}, loses, kind="can"),
    Claim("talk.sharing-lock", LOCK, {}, heals),
]
