"""A fork copies its parent's list of pages: it takes longer the more memory is filled. A thread or
a program does not.

The memory is filled with small pages: with huge ones, where a system uses them unasked, the list is
512 times shorter.
"""

import mmap
import time
from contextlib import suppress
from typing import Literal

from pvt import host, timing
from pvt.claims import Claim
from pvt.course.birth import kinds

QUESTION = "Does a big program pay more for its children?"
NEEDS = ("fork",)
OUTCOMES = ("Each of them takes longer", "Only the fork takes longer", "None takes longer")
KINDS = {"thread": 40, "program": 5, "fork": 2}  # workers that make one measurement
ROUNDS = 7
STEPS = 4  # steps of filling
PATIENCE = 1.8  # no round begins later
SECONDS = 2.2  # usual seconds
MB = 1_000_000
# Times its time without the memory: what takes longer has grown, less is noise; the fork grows
# sevenfold
GREW = 2
STUDY = (kinds.threads, kinds.forks, kinds.programs)


def run(*, megabytes: Literal[50, 100, 200, 500] = 200):
    """Fill `megabytes` of memory, a quarter after the other, and start and end workers at every
    step; then empty them again."""
    ways = {kind: way for kind, (way, _) in kinds.available().items() if kind in KINDS}
    size, full, others = possible(megabytes * MB), [], timing.Neighbours()
    for number, filled in timing.interleaved(
        [size * step // STEPS for step in range(STEPS + 1)], ROUNDS, PATIENCE
    ):
        fill(full, filled)
        for kind, way in ways.items():
            seconds = measured(way, KINDS[kind])
            yield {
                "round": number,
                "filled": filled,
                "kind": kind,
                "seconds": seconds,
            }
    return others.cores()


def possible(size):
    """The bytes asked for, or what a quarter of this machine's memory, or of a limit on it,
    leaves."""
    known = [host.memory(), host.limits().get("limit_address_space")]
    return min([size, *(limit // 4 for limit in known if limit)])


def fill(full, size):
    """Have exactly `size` bytes in touched buffers: fill new ones or give back the last."""
    while sum(map(len, full)) > size:
        full.pop().close()
    if missing := size - sum(map(len, full)):
        buffer = mmap.mmap(-1, missing, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        with suppress(AttributeError, OSError):  # a system without huge pages
            buffer.madvise(mmap.MADV_NOHUGEPAGE)
        for at in range(0, missing, mmap.PAGESIZE):
            buffer[at] = 1
        full.append(buffer)


def measured(start_and_end, count):
    """Seconds for one; the first pays for the pages that the fork before has left to be copied."""
    start_and_end(1)
    begin = time.perf_counter()
    start_and_end(count)
    return (time.perf_counter() - begin) / count


def seconds(rows, kind, filled):
    """Seconds by round; the first round, which warms up, counts while alone."""
    known = [row["seconds"] for row in rows if row["kind"] == kind and row["filled"] == filled]
    return known[1:] or known


def ends(rows, kind):
    """Its seconds with all filled, and with nothing filled, by round."""
    return seconds(rows, kind, max(row["filled"] for row in rows)), seconds(rows, kind, 0)


def there(rows):
    """Kind -> how many times its seconds with nothing filled it took with all filled, a
    `Spread`: all measured so."""
    kinds = dict.fromkeys(row["kind"] for row in rows if max(row["filled"] for row in rows))
    return {kind: spread for kind in kinds if (spread := timing.ratios(*ends(rows, kind)))}


def outcome(rows):
    grown = {kind: spread.middle > GREW for kind, spread in there(rows).items()}
    if "fork" not in grown or (grown["fork"] != any(grown.values())):
        return None
    return OUTCOMES[0] if all(grown.values()) else OUTCOMES[1] if grown["fork"] else OUTCOMES[2]


def sentence(rows):
    most = max(row["filled"] for row in rows)
    parts = []
    for kind in there(rows):
        first, last = (
            timing.text(timing.spread(seconds(rows, kind, size)).middle) for size in (0, most)
        )
        parts.append(f"{kind} {first}, then {last}")
    return (
        f"With nothing filled, then with {most // MB} MB: {'; '.join(parts) or 'not measured yet'}."
    )


def draw(ax, rows):
    """A line for each kind, time over filled memory."""
    sizes = sorted({row["filled"] for row in rows})
    for kind, look in {"fork": "s-", "program": "^--", "thread": "o-"}.items():
        line = [
            (size / MB, timing.spread(seconds(rows, kind, size)))
            for size in sizes
            if seconds(rows, kind, size)
        ]
        if line:
            at, times = zip(*line, strict=True)
            off = [
                [one.middle - one.lower for one in times],
                [one.upper - one.middle for one in times],
            ]
            colour = "thread" if kind == "thread" else "process"
            ax.errorbar(
                at,
                [one.middle for one in times],
                off,
                fmt=look,
                color=colour,
                capsize=3,
                linewidth=1.6,
            )
            text = f"{kind}, {timing.text(times[-1].middle)}"
            ax.annotate(
                text,
                (at[-1], times[-1].middle),
                (9, 0),
                textcoords="offset points",
                va="center",
                fontsize=10,
            )
    ax.set(xlabel="filled by the parent, MB", ylabel="start and end of one", yscale="log")
    ax.set(xlim=(-0.03 * max(sizes[-1] / MB, 1), 1.3 * max(sizes[-1] / MB, 1)), ylim=(3e-5, 0.1))
    ax.set(yticks=[1e-4, 1e-3, 1e-2, 1e-1])
    ax.set_yticklabels(["100 µs", "1 ms", "10 ms", "100 ms"])
    ax.minorticks_off()


def only_the_fork(rows):
    """Whether the fork has grown with the memory and the others have not."""
    times = there(rows)
    known = {kind: ends(rows, kind) for kind in times}
    parts = [
        f"{kind} {spread.middle:.1f} ({spread.least:.1f} to {spread.most:.1f}; the quickest"
        f" {timing.quickest(*known[kind]):.1f})"
        for kind, spread in times.items()
    ]
    because = (
        f"with {max(row['filled'] for row in rows) // MB} MB filled, times what it took"
        f" without: {', '.join(parts)}."
    )
    grown = {kind: timing.beyond(*both, GREW) for kind, both in known.items()}
    forked, *others = grown.pop("fork"), *grown.values()
    answer = None if forked is None or None in others else forked and True not in others
    return timing.decided(answer, because, timing.others(rows), stands=True)


GROWS = (
    "The more memory a program has filled, the longer its fork takes; starting a thread or a"
    " program does not."
)
CLAIMS = [Claim("birth.big-parent", GROWS, {}, only_the_fork)]
