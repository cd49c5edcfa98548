"""What one worker costs: the time to start and end it, and the memory that it takes while it
waits."""

import threading
import time
from statistics import median
from typing import Literal

from pvt import procfs
from pvt.claims import Claim
from pvt.tools import crowd

QUESTION = "How much does a worker cost?"
OUTCOMES = ("A process costs less than twice a thread", "2 to 10 times", "More than 10 times")
ROUNDS = 11  # of start and end
CROWD = 4  # processes that wait together
SECONDS = 1.0


def nothing():
    """All that the worker does."""


def start_and_end(kind):
    worker = kind(target=nothing)
    worker.start()
    worker.join()


STUDY = (nothing, start_and_end)


def run(*, threads: Literal[50, 200, 1_000] = 200):
    """Start and end, thread and process in turn; then idle `threads`, and a few idle processes."""
    yield timed(0, "thread", threading.Thread)
    import multiprocessing

    for number in range(1, ROUNDS):
        yield timed(number, "process", multiprocessing.Process)
        yield timed(number, "thread", threading.Thread)
    yield idle_threads(threads)
    yield idle_processes()


def row(worker, number=None, seconds=None, resident=None, virtual=None, count=1):
    """One measurement; resident and virtual bytes are those of one worker."""
    memory = {"resident": resident, "virtual": virtual}
    return {"worker": worker, "round": number, "seconds": seconds, **memory, "count": count}


def timed(number, worker, kind):
    begin = time.perf_counter()
    start_and_end(kind)
    return row(worker, number, time.perf_counter() - begin)


def idle_threads(count):
    """What `count` waiting threads add to this process, for each."""
    waiting, before = crowd.Threads(), memory()
    waiting.add(count)  # fewer where no more are to be had: then those are weighed
    added = [
        None if then is None else (now - then) / max(1, waiting.count)
        for now, then in zip(memory(), before, strict=True)
    ]
    waiting.leave()
    return row("thread", None, None, *added, waiting.count)


def idle_processes():
    """What a waiting process has for itself alone, and its addresses."""
    with crowd.processes(None, CROWD) as found:
        seen = [memory(pid, own=True) for pid in found]
    known = [list(one) for one in zip(*seen, strict=True)] or [[None], [None]]
    weights = (None if None in one else median(one) for one in known)
    return row("process", None, None, *weights, len(seen))


def memory(pid="self", own=False):
    """(resident or, with `own`, private bytes; virtual bytes) of a process; None twice where
    there is no /proc."""
    found = procfs.sizes("VmRSS", "VmSize", pid=pid)
    resident = procfs.private(pid) if own else found.get("VmRSS")
    return (None, None) if None in (resident, found.get("VmSize")) else (resident, found["VmSize"])


def seconds(rows, worker):
    """Median seconds of start and end, None as long as there are none; the first of each warms
    up."""
    known = [
        one["seconds"] for one in rows if one["worker"] == worker and one["seconds"] is not None
    ]
    return median(known[1:] or known) if known else None


def spread(rows, worker):
    """The median, and from least to most, in words."""
    known = sorted(
        one["seconds"] * 1e6
        for one in rows
        if one["worker"] == worker and one["seconds"] is not None
    )
    return f"{seconds(rows, worker) * 1e6:,.0f} µs ({known[0]:,.0f}–{known[-1]:,.0f})"


def weighed(rows, worker):
    """The row that weighs this kind of worker, or None."""
    return next(
        (one for one in rows if one["worker"] == worker and one["resident"] is not None), None
    )


def outcome(rows):
    thread, process = seconds(rows, "thread"), seconds(rows, "process")
    if not thread or not process:
        return None
    return (
        OUTCOMES[0]
        if process < 2 * thread
        else OUTCOMES[1]
        if process < 10 * thread
        else OUTCOMES[2]
    )


def spoken(rows, worker):
    """Time and memory of one worker, as far as they are known."""
    known, heavy = seconds(rows, worker), weighed(rows, worker)
    text = "not measured yet" if known is None else f"{known * 1e6:,.0f} µs"
    return text + (f", {heavy['resident'] / 1024:,.0f} KiB" if heavy else "")


def sentence(rows):
    return (
        f"Time to start and end, and memory: thread {spoken(rows, 'thread')}; process"
        f" {spoken(rows, 'process')}."
    )


def draw(ax, rows):
    """A bar for each kind on a logarithmic scale, with its memory written on it."""
    for at, worker in enumerate(("thread", "process")):
        if known := seconds(rows, worker):
            ax.bar(at, known * 1e6, 0.6, color=worker)
            ax.annotate(
                spoken(rows, worker), (at, known * 1e6), ha="center", va="bottom", fontsize=11
            )
    ax.set(
        yscale="log", ylabel="start and end, µs", xticks=[0, 1], xlim=(-0.6, 1.6), ylim=(10, 1e6)
    )
    ax.set_xticklabels(["thread", "process"])


def lighter(rows):
    thread, process = seconds(rows, "thread"), seconds(rows, "process")
    because = (
        f"start and end of a thread {spread(rows, 'thread')}, of a process"
        f" {spread(rows, 'process')}:"
        f" {process / thread:,.0f} times."
    )
    return (None if 1 / 1.5 < process / thread < 1.5 else process > thread), because


def heavier(rows):
    answer, because = lighter(rows)
    thread, process = weighed(rows, "thread"), weighed(rows, "process")
    if not thread or not process:
        return None, because + " This system does not tell how much memory each has for itself."
    because += (
        f" Memory: {thread['resident'] / 1024:,.0f} KiB for each of {thread['count']} waiting"
        " threads,"
        f" {process['resident'] / 1024:,.0f} KiB of its own for a waiting process."
    )
    return answer and process["resident"] > thread["resident"], because


def gigabytes(rows):
    """Whether ten thousand waiting threads, at what one takes here, need 10 GB or more."""
    thread = weighed(rows, "thread")
    if not thread:
        return None, "this system does not tell how much memory a thread takes."
    resident, virtual = (1e4 * thread[key] / 1e9 for key in ("resident", "virtual"))
    return resident >= 10, (
        f"{thread['count']} waiting threads took {thread['resident'] / 1024:,.1f} KiB each, so"
        " 10,000 would take"
        f" {resident:.2f} GB; they would claim {virtual:,.0f} GB of addresses, which is not memory."
    )


HEAVY = "Creating a process costs more than creating a thread, in time and in memory."
CLAIMS = [
    Claim("process.heavy", HEAVY, {}, heavier),
    Claim("thread.light", "A thread is faster to create than a process.", {}, lighter),
    Claim("thread.memory", "10,000 threads need 10 to 80 GB of memory.", {}, gigabytes),
]
