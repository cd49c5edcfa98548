"""A switch takes as long between processes with 256 MB each as between small ones: memory is not
saved, nor restored.

The kernel changes one register, which says where the new process's page tables are. What the
processor remembers of them, in its TLB, is marked with a number for each process (PCID, ASID) where
the processor can do that. Linux on x86 has six such numbers for a core and gives them out in turn
(TLB_NR_DYN_ASIDS in arch/x86/include/asm/tlbflush.h): a process that comes back after six others
pays a flush. What must then be fetched again shows only if memory is used between two switches, so
it is measured both ways: touched before only, and touched in every turn, where the time of the
touching itself is subtracted. How long one copy of the memory takes is measured beside it: saving
it would cost that, at least.
"""

import time
from typing import Annotated, Literal

from pvt import host, timing
from pvt.claims import Claim
from pvt.course.switch import pingpong

QUESTION = "Does more memory slow a switch?"
OUTCOMES = (
    "It takes longer the more memory there is",
    "It takes about as long, whatever the memory",
)
NEEDS = ("fork", "processor affinity", "/proc")
SECONDS = 4.0  # usual seconds
MB = 1_000_000
SIZES = (0, 16, 64, 256)  # MB
HANDOVERS = 200  # in one measurement
TIMES = 10  # measurements with one partner
PATIENCE = 0.07  # seconds for them
MARKS = {"thread": "o", "process": "s"}
TOUCHED = {"before": "-", "between": ":"}  # when the memory is touched, and the line for it
STUDY = (
    pingpong.ping_and_touch,
    pingpong.pong_and_touch,
    pingpong.look,
    pingpong.touch,
    *pingpong.STUDY,
)


def run(*, largest_mb: Literal[16, 64, 256] = 256, rounds: Annotated[int, range(2, 21)] = 8):
    """All on one core. Starter and partner process have up to `largest_mb` each; a thread has its
    starter's.

    Memory is touched before the clock starts only, or 256 pages of it between any two switches as
    well.
    """
    import mmap

    watch, room = timing.Neighbours(), (host.memory() or 1 << 40) / 4 / MB
    sizes = [size for size in SIZES if size <= min(largest_mb, room)]
    for number, size in timing.interleaved(sizes, rounds, SECONDS - 0.8):
        block = (
            mmap.mmap(-1, size * MB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) if size else b""
        )
        pingpong.touch(block)
        copy = size * MB * a_byte_copied()
        for worker in MARKS:
            for touched in TOUCHED if size else ["before"]:
                measured = hand_over(number, worker, block, touched == "between")
                same = {"round": number, "memory": size * MB, "worker": worker, "touched": touched}
                yield from (same | one | {"copy": copy} for one in measured)
        if size:
            block.close()
    return watch.cores()


def hand_over(number, worker, block, between):
    """Measure a few times with the same partner, only once where others leave it no time."""
    core, _ = pingpong.cores(number, "together")
    timing.pin(*core)
    with pingpong.Partner(worker, core, block, between) as partner:
        end, found = time.perf_counter() + PATIENCE, []
        while len(found) < TIMES and (not found or time.perf_counter() < end):
            found.append(partner.measured(HANDOVERS))
    return found


def a_byte_copied():
    """Seconds to copy a byte of a large block; the first copy takes memory from the kernel and
    does not count."""
    block, copy = bytearray(4 * MB), bytearray(4 * MB)
    copy[:] = block
    begin = time.perf_counter()
    copy[:] = block
    return (time.perf_counter() - begin) / len(block)


def cost(rows, size, worker, touched="before"):
    """The `Spread` of the quicker half of the rounds; round 0, which warms up, counts as long as it
    is alone.

    Without memory there is nothing to touch: then both ways are one.
    """
    mine = [row for row in rows if (row["memory"], row["worker"]) == (size, worker)]
    mine = [row for row in mine if row["touched"] == touched or not size]
    return pingpong.quickest(
        [row["switch"] for row in [row for row in mine if row["round"]] or mine]
    )


def sizes(rows):
    return sorted({row["memory"] for row in rows})


def ends(rows, touched="before"):
    """The cost for a process with the least memory and with the most; None where there is none."""
    return cost(rows, sizes(rows)[0], "process"), cost(rows, sizes(rows)[-1], "process", touched)


def growth(rows):
    """By which part of one copy of the memory a switch takes longer with it than without; None if
    it is unknown.

    The larger part of the two ways of touching it.
    """
    known = [pair for touched in TOUCHED if all(pair := ends(rows, touched))]
    if not known or not copying(rows):
        return None
    return max(large.middle - small.middle for small, large in known) / copying(rows)


def outcome(rows):
    part = growth(rows)
    return None if part is None or 0.1 < part < 0.5 else OUTCOMES[0 if part >= 0.5 else 1]


def spoken(rows, worker, touched="before"):
    costs = (
        (size, cost(rows, size, worker, touched))
        for size in sizes(rows)
        if size or touched == "before"
    )
    return ", ".join(
        f"{size // MB} MB {timing.spoken(one) if one else 'not counted here'}"
        for size, one in costs
    )


def both(rows, worker):
    """A worker's costs, and those with memory touched between switches where there are any."""
    between = any(row["touched"] == "between" and row["worker"] == worker for row in rows)
    more = f"; touched between switches {spoken(rows, worker, 'between')}" if between else ""
    return f"{worker} {spoken(rows, worker)}{more}"


def sentence(rows):
    """The most memory against none, for a process; every other figure stands in the rows."""
    small, large = ends(rows)
    _, touched = ends(rows, "between")
    if not small or not large:
        return "No switch of a process has been counted yet."
    size = f"{sizes(rows)[-1] // MB} MB"
    more = f" ({timing.text(touched.middle)} if touched between switches)" if touched else ""
    return (
        f"A process switch takes {timing.text(small.middle)} without memory and"
        f" {timing.text(large.middle)} with"
        f" {size}{more}; one copy takes {timing.text(copying(rows))}."
    )


def copying(rows, size=None):
    """Seconds to copy `size` bytes of memory once, by default the most there was: the least that
    saving it can take."""
    size = sizes(rows)[-1] if size is None else size
    return min(row["copy"] for row in rows if row["memory"] == size)


def line(ax, rows, worker, touched, shift):
    """The cost of one kind of switch over the memory; the legend says which it is, and what it
    costs at the end."""
    found = [(size, one) for size in sizes(rows) if (one := cost(rows, size, worker, touched))]
    if not found or (found == found[:1] and touched == "between"):
        return
    at = [SIZES.index(size // MB) + shift for size, _ in found]
    middle = [one.middle for _, one in found]
    spread = [
        [one.middle - one.least for _, one in found],
        [one.most - one.middle for _, one in found],
    ]
    label = f"{worker}{', touched' if touched == 'between' else ''} {timing.text(middle[-1])}"
    ax.errorbar(
        at,
        middle,
        spread,
        fmt=f"{MARKS[worker]}{TOUCHED[touched]}",
        color=worker,
        capsize=3,
        label=label,
    )


def draw(ax, rows):
    """Flat lines, or not, dotted where memory is touched between switches; far above, what one
    copy of it takes."""
    for at, worker in enumerate(MARKS):
        for touched in TOUCHED:
            line(ax, rows, worker, touched, 0.08 * at)
    large = [size for size in sizes(rows) if size]
    places = [SIZES.index(size // MB) for size in large]
    ax.plot(places, [copying(rows, size) for size in large], "x--", color="ink")
    if large:
        ax.annotate(
            "one copy of this memory ",
            (places[-1], copying(rows)),
            ha="right",
            va="bottom",
            fontsize=10,
        )
    ax.set(
        yscale="log", ylim=(1e-7, 1), xlim=(-0.4, len(SIZES) - 0.6), ylabel="time for one switch"
    )
    ax.set(
        xticks=range(len(SIZES)),
        xticklabels=[f"{size} MB" for size in SIZES],
        xlabel="memory of each partner",
    )
    ax.set(
        yticks=[1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1],
        yticklabels=["1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms"],
    )
    ax.minorticks_off()


def saved(rows):
    """Does the cost grow by at least half of what one copy of the memory takes?"""
    part = growth(rows)
    if len(sizes(rows)) < 2:
        return None, "there is not enough memory here to compare."
    if part is None:
        return None, pingpong.UNCOUNTED
    copy = f"one copy of {sizes(rows)[-1] // MB} MB takes {timing.text(copying(rows))} here"
    because = f"{both(rows, 'process')}; {copy}."
    if 0.1 < part < 0.5 or (part >= 0.5 and (timing.others(rows) or 0) > pingpong.BUSY):
        return None, f"{pingpong.blame(rows)} A switch: {because}"
    return part >= 0.5, because


SAVES = "A switch from process to process saves and restores their whole memory."
CLAIMS = [Claim("switch.saves-memory", SAVES, {}, saved)]
