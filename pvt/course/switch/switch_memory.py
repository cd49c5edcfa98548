"""A switch takes as long between processes with 256 MB each as between small ones: memory is not saved, nor restored.

The kernel changes one register, which says where the new process's page tables are. What the processor remembers of
them, in its TLB, is marked with a number for each process (PCID, ASID) where the processor can do that, and kept.
How long one copy of the memory takes here is measured beside it: that is what saving it would cost, at least.
"""

import time
from typing import Annotated, Literal

from pvt import host, timing
from pvt.claims import Claim
from pvt.course.switch import pingpong

QUESTION = "Does a switch cost more if there is more memory?"
OUTCOMES = ("It takes longer the more memory there is", "It takes about as long, whatever the memory")
NEEDS = ("fork", "processor affinity", "/proc")
SECONDS = 3.0  # usual seconds
MB = 1 << 20
SIZES = (0, 16, 64, 256)  # MB
HANDOVERS, TIMES, PATIENCE = 200, 10, 0.1  # in one measurement; measurements with one partner, and seconds for them
MARKS = {"thread": "o", "process": "s"}
STUDY = (pingpong.touch, *pingpong.STUDY)


def run(*, largest_mb: Literal[16, 64, 256] = 256, rounds: Annotated[int, range(2, 21)] = 8):
    """All on one core. Starter and partner process have up to `largest_mb` each; a thread has its starter's."""
    import mmap

    watch, room = timing.Neighbours(), (host.memory() or 1 << 40) / 4 / MB
    sizes = [size for size in SIZES if size <= min(largest_mb, room)]
    for number, size in timing.interleaved(sizes, rounds, SECONDS - 0.8):
        block = mmap.mmap(-1, size * MB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) if size else b""
        pingpong.touch(block)
        copy = size * MB * a_byte_copied()
        for worker in MARKS:
            many = hand_over(number, worker, block)
            same = {"copy": copy, "others": watch.cores()}
            yield from ({"round": number, "memory": size * MB, "worker": worker, **one, **same} for one in many)
        if size:
            block.close()


def hand_over(number, worker, block):
    """Measure a few times with the same partner, only once where others leave it no time."""
    core, _ = pingpong.cores(number, "together")
    timing.pin(*core)
    with pingpong.Partner(worker, core, block) as partner:
        end, found = time.perf_counter() + PATIENCE, []
        while len(found) < TIMES and (not found or time.perf_counter() < end):
            found.append(partner.measured(HANDOVERS))
    return found


def a_byte_copied():
    """Seconds to copy a byte of a large block; the first time, which takes its memory from the kernel, is not told."""
    block, copy = bytearray(4 * MB), bytearray(4 * MB)
    copy[:] = block
    begin = time.perf_counter()
    copy[:] = block
    return (time.perf_counter() - begin) / len(block)


def cost(rows, size, worker, key="switch"):
    """The `Spread` of the quicker half of the rounds; round 0, which warms up, counts as long as it is alone."""
    mine = [row for row in rows if (row["memory"], row["worker"]) == (size, worker)]
    return pingpong.quickest([row[key] for row in [row for row in mine if row["round"]] or mine])


def sizes(rows):
    return sorted({row["memory"] for row in rows})


def ends(rows):
    """The cost for a process with the least memory and with the most; None where there is none."""
    return cost(rows, sizes(rows)[0], "process"), cost(rows, sizes(rows)[-1], "process")


def growth(rows):
    """By which part of one copy of the memory a switch takes longer with it than without; None if nobody can tell."""
    small, large = ends(rows)
    return (large.middle - small.middle) / copying(rows) if small and large and copying(rows) else None


def outcome(rows):
    part = growth(rows)
    return None if part is None or 0.1 < part < 0.5 else OUTCOMES[0 if part >= 0.5 else 1]


def spoken(rows, worker):
    costs = ((size, cost(rows, size, worker)) for size in sizes(rows))
    return ", ".join(f"{size // MB} MB {timing.spoken(many) if many else 'not counted here'}" for size, many in costs)


def sentence(rows):
    said = "; ".join(f"{worker} {spoken(rows, worker)}" for worker in MARKS if any(r["worker"] == worker for r in rows))
    return f"A switch on one core, by memory touched: {said}. To copy the most once takes {timing.said(copying(rows))}."


def copying(rows, size=None):
    """Seconds to copy so much memory once, by default the most there was: the least that saving it can take."""
    size = sizes(rows)[-1] if size is None else size
    return min(row["copy"] for row in rows if row["memory"] == size)


def draw(ax, rows):
    """Two flat lines, or not; and far above, what one copy of the memory takes."""
    for at, (worker, mark) in enumerate(MARKS.items()):
        found = [(size, many) for size in sizes(rows) if (many := cost(rows, size, worker))]
        shown = [SIZES.index(size // MB) + 0.08 * at for size, _ in found]
        spread = [[many.middle - many.least for _, many in found], [many.most - many.middle for _, many in found]]
        ax.errorbar(shown, [many.middle for _, many in found], spread, fmt=f"{mark}-", color=worker, capsize=3)
        for at, many in zip(shown[-1:], [many for _, many in found][-1:], strict=True):
            side = {"xytext": (0, 9 if worker == "thread" else -16), "textcoords": "offset points", "ha": "right"}
            ax.annotate(f"{worker} {timing.said(many.middle)}", (at, many.middle), fontsize=10, color=worker, **side)
    large = [size for size in sizes(rows) if size]
    places = [SIZES.index(size // MB) for size in large]
    ax.plot(places, [copying(rows, size) for size in large], "x--", color="ink")
    if large:
        ax.annotate("one copy of this memory ", (places[-1], copying(rows)), ha="right", va="bottom", fontsize=10)
    ax.set(yscale="log", ylim=(1e-7, 1), xlim=(-0.4, len(SIZES) - 0.6), ylabel="time for one switch")
    ax.set(xticks=range(len(SIZES)), xticklabels=[f"{size} MB" for size in SIZES], xlabel="memory of each partner")
    ax.set(
        yticks=[1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1], yticklabels=["1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms"]
    )
    ax.minorticks_off()


def saved(rows):
    """Does the cost grow by at least half of what one copy of the memory takes?"""
    part = growth(rows)
    if len(sizes(rows)) < 2:
        return None, "there is not enough memory here to compare."
    if part is None:
        return None, pingpong.UNCOUNTED
    copy = f"one copy of {sizes(rows)[-1] // MB} MB takes {timing.said(copying(rows))} here"
    because = f"process {spoken(rows, 'process')}; {copy}."
    if 0.1 < part < 0.5 or (part >= 0.5 and (rows[-1]["others"] or 0) > pingpong.BUSY):
        return None, f"{pingpong.blame(rows)} A switch: {because}"
    return part >= 0.5, because


SAVES = "A switch from process to process saves and restores their whole memory."
CLAIMS = [Claim("switch.saves-memory", SAVES, {}, saved)]
