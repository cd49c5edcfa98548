"""A forked child shares its parent's memory page by page until one of the two writes:
copy-on-write, seen happening."""

import mmap
import os
import socket
import time
from contextlib import suppress
from statistics import median
from typing import Literal

from pvt import procfs
from pvt.claims import Claim

QUESTION = "How much memory does a forked child have of its own?"
NEEDS = ("fork", "/proc")
OUTCOMES = (
    "All of the buffer, from the start",
    "Only what it writes, objects or bytes",
    "What it writes, and objects that it reads",
)
ROUNDS, STEPS, SECONDS, MIB = 2, 8, 1.0, 1 << 20


def read(buffer, places):
    for at in places:
        buffer[at]


def write(buffer, places):
    for at in places:
        buffer[at] = 1


STUDY = (read, write)


def plain_bytes(size):
    """A buffer with every page written once. Small pages: a huge one might be copied as a whole."""
    buffer = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(AttributeError, OSError):  # a system without huge pages
        buffer.madvise(mmap.MADV_NOHUGEPAGE)
    write(buffer, range(0, size, mmap.PAGESIZE))
    return buffer


def python_objects(size):
    """Objects of 496 bytes with their heads: Python gives their memory back at once, the C
    library might keep it."""
    return [bytes(463) for _ in range(size // 496)]


CASES = {  # what the parent fills, what the child does, the distance of the places that it touches
    "reads bytes": (plain_bytes, read, mmap.PAGESIZE),
    "writes bytes": (plain_bytes, write, mmap.PAGESIZE),
    "reads objects": (python_objects, read, 1),
}


def run(*, buffer_mib: Literal[16, 32, 64, 128] = 32):
    """The parent fills a buffer and forks; the child then touches it, an eighth after the other."""
    for case, (fill, touch, step) in CASES.items():
        for number in range(1, ROUNDS + 1):
            empty, buffer = fork_seconds(), fill(buffer_mib * MIB)
            times = {"fork_seconds": fork_seconds(), "fork_without_seconds": empty}
            for seen in forked(buffer, touch, range(0, len(buffer), step), buffer_mib * MIB):
                yield {"round": number, "child": case, "buffer": buffer_mib * MIB, **seen, **times}
            del buffer


def fork_seconds():
    """What a fork costs the parent: the median of five."""
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        if (child := os.fork()) == 0:
            os._exit(0)
        times.append(time.perf_counter() - begin)
        os.waitpid(child, 0)
    return median(times)


def forked(buffer, touch, places, size):
    """Fork, let the child touch part after part, and look at both processes before and after
    each."""
    ours, theirs = socket.socketpair()
    if (child := os.fork()) == 0:
        touch_parts(buffer, touch, places, theirs)
    theirs.close()
    with ours:
        for step in range(STEPS + 1):
            yield {
                "touched": step * size // STEPS,
                **memory("child", child),
                **memory("parent", os.getpid()),
            }
            ours.send(b"+")
            ours.recv(1)
    os.waitpid(child, 0)


def touch_parts(buffer, touch, places, parent):
    """In the child: at each request touch the next part and say so; at one request more, end."""
    try:
        for step in range(STEPS):
            parent.recv(1)
            touch(buffer, places[step * len(places) // STEPS : (step + 1) * len(places) // STEPS])
            parent.send(b"+")
        parent.recv(1)
    finally:
        os._exit(0)


def memory(who, pid):
    """The bytes that a process has in memory: all, shared with another, its own. None where they
    are unknown."""
    resident, private = procfs.memory(pid).get("Rss"), procfs.private(pid)
    shared = None if resident is None else resident - private
    return {f"{who}_resident": resident, f"{who}_shared": shared, f"{who}_private": private}


def curve(rows, case, key="child_private"):
    """MiB touched and median MiB of memory of a kind, point by point, for a case, as far as it
    is known."""
    seen = {}
    for row in rows:
        if row["child"] == case and row[key] is not None:
            seen.setdefault(row["touched"] / MIB, []).append(row[key] / MIB)
    return [(touched, median(sizes)) for touched, sizes in sorted(seen.items())]


def own(rows, case):
    """MiB of its own that the child has after the fork and when it has touched all; None if not
    (yet) known."""
    line = curve(rows, case)
    return (line[0][1], line[-1][1]) if line and line[-1][0] * MIB == rows[0]["buffer"] else None


def outcome(rows):
    seen, half = [own(rows, case) for case in CASES], rows[0]["buffer"] / MIB / 2
    return (
        None
        if None in seen
        else OUTCOMES[0 if seen[0][0] > half else 2 if seen[2][1] > half else 1]
    )


def sentence(rows):
    ends = {case: line for case in CASES if (line := curve(rows, case))}
    parts = [f"{case}, {line[-1][1]:.1f} MiB" for case, line in ends.items()]
    return f"The child's own memory at the end: {'; '.join(parts) or 'unknown here'}."


LINES = (  # case, column, colour, line, label, points from the end of the line up to the label
    ("reads bytes", "child_private", "other", "s-", "own, reads bytes", 5),
    ("writes bytes", "child_private", "process", "o-", "own, writes bytes", -9),
    ("reads objects", "child_private", "trouble", "^--", "own, only reads objects", 7),
    ("writes bytes", "child_shared", "ink", ":", "shared, writes bytes", 8),
)


def draw(ax, rows):
    """The child's memory against the part of the buffer that it has touched; each line has its
    name at its end."""
    size = rows[0]["buffer"] / MIB
    for case, key, colour, line, label, above in LINES:
        if seen := curve(rows, case, key):
            names = colour.replace("other", "ink")
            ax.plot(*zip(*seen, strict=True), line, color=colour)
            ax.annotate(
                label,
                seen[-1],
                (8, above),
                textcoords="offset points",
                va="center",
                color=names,
                fontsize=9,
            )
    ax.set(xlabel="touched by the child, MiB", ylabel="memory of the child, MiB")
    ax.set(xlim=(-0.03 * size, 1.4 * size), ylim=(0, 1.25 * size))


UNTOLD = None, "this system does not tell which pages are shared."


def copied_at_once(rows):
    if not own(rows, "writes bytes"):
        return UNTOLD
    mine, all_ = (
        curve(rows, "writes bytes", key)[0][1] for key in ("child_private", "child_resident")
    )
    full, empty = (
        1e3 * median(row[key] for row in rows) for key in ("fork_seconds", "fork_without_seconds")
    )
    because = (
        f"right after the fork {mine:.1f} of the child's {all_:.1f} MiB were its own, the rest"
        " was shared. Only the"
        f" list of pages is copied: a fork took {empty:.1f} ms without the parent's buffer,"
        f" {full:.1f} ms with it."
    )
    return (True if mine > 0.9 * all_ else False if mine < 0.3 * all_ else None), because


def copied_when_written(rows):
    if not own(rows, "writes bytes"):
        return UNTOLD
    (_, first), *_, (size, _) = line = curve(rows, "writes bytes")
    off = max(abs(mine - first - touched) for touched, mine in line)
    steps = ", ".join(f"{mine:.0f}" for _, mine in line)
    because = (
        f"the child wrote {size:.0f} MiB in {STEPS} parts; its own memory before and after"
        f" each: {steps} MiB."
    )
    return (True if off < 0.15 * size else False if off > 0.5 * size else None), because


def reading_is_free(rows):
    plain, things = own(rows, "reads bytes"), own(rows, "reads objects")
    if not plain or not things:
        return UNTOLD
    size, cost = rows[0]["buffer"] / MIB, [end - begin for begin, end in (plain, things)]
    because = (
        f"reading {size:.0f} MiB of bytes cost {cost[0]:.1f} MiB, as much in Python objects"
        f" {cost[1]:.1f} MiB:"
        " using an object writes its reference count."
    )
    return (True if max(cost) < 0.1 * size else False if max(cost) > 0.5 * size else None), because


CLAIMS = [
    Claim(
        "process.fork-copies",
        "A fork copies the parent's memory for the child.",
        {},
        copied_at_once,
    ),
    Claim(
        "process.fork-writes",
        "A page is copied when parent or child writes to it.",
        {},
        copied_when_written,
    ),
    Claim(
        "process.fork-reading", "Reading alone costs a forked child no memory.", {}, reading_is_free
    ),
]
