"""Throughput against the size of a pool: computing needs no more threads than cores, waiting as
many as waits overlap.

The wait is a model of a database that takes its time; the computing of each job is calibrated to
this machine. With a GIL, one core is all that threads compute on.
"""

import time
from math import ceil
from typing import Literal

from pvt import host, timing
from pvt.claims import Claim
from pvt.course.birth.throughput import Pool, work

QUESTION = "How many threads should a pool have?"
OUTCOMES = ("Computing and waiting", "Only waiting", "Neither")  # what do more threads speed up?
COMPUTE = 100e-6  # seconds of computing in each job
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
LONGEST = 0.2  # seconds for one pool
ROUNDS = 9
PATIENCE = 3.5  # no round begins later
SECONDS = 4.2  # usual
OFTEN = 4  # every fourth round measures all pools, the others those that decide
LEAST = 3  # rounds that a verdict needs
FEW = 5  # a small pool for waiting
ENOUGH = 0.65  # share that counts as enough
CLOSE = 0.05  # too close to it
MORE = 1.15  # times that would count as more
SURE = 1.6  # what a machine that changes its speed meanwhile cannot make
SLOW = (
    0.7  # of what the machine did when the jobs were calibrated: from there on it has become slower
)


def compute(numbers):
    sum(numbers)


def compute_and_wait(numbers, seconds):
    sum(numbers)
    time.sleep(seconds)


STUDY = (compute, compute_and_wait, work)


def run(*, most: Literal[50, 200, 500, 1_000] = 200, wait_ms: Literal[1, 5, 20] = 5):
    """Pools of 1 to `most` threads; a job of the waiting kind computes, and then waits for some
    milliseconds."""
    others, wait, numbers = timing.Neighbours(), wait_ms / 1000, calibrated()
    knee = ceil((1 if host.has_gil() else host.cores()) * (1 + wait / COMPUTE))
    works = {
        "computing": lambda: compute(numbers),
        "waiting": lambda: compute_and_wait(numbers, wait),
    }
    counts = {
        "computing": lambda size: max(200, 2 * size),
        "waiting": lambda size: max(4 * size, min(8 * size, 500)),
    }
    sizes = sorted(
        {
            size
            for size in (*SIZES, knee, host.cores())
            if size <= most and not knee / 1.2 < size < knee
        }
    )
    few = eighth(sizes, knee)
    decide = [("computing", size) for size in sizes if size <= host.cores() or size == most]
    decide += [("waiting", size) for size in sizes if size in (few, FEW, knee, most)]
    for number, (name, size) in timing.interleaved(
        [(n, size) for n in works for size in sizes], ROUNDS, PATIENCE
    ):
        if (number + 1) % OFTEN and (name, size) not in decide:
            continue
        pool = Pool(size)
        rate = pool.rate(works[name], counts[name](size), LONGEST)
        row = {
            "round": number,
            "work": name,
            "size": size,
            "threads": len(pool.threads),
            "rate": rate,
            "most": most,
        }
        yield row | {"knee": knee, "cores": host.cores()}
    return others.cores()


def eighth(sizes, knee):
    """The largest of these pools with at most an eighth of the threads that the formula names; 0
    for none."""
    return max((size for size in sizes if size <= knee / 8), default=0)


def calibrated():
    """Numbers whose sum takes COMPUTE seconds here; the fastest of some tries, for others may
    have disturbed them."""
    tries = (
        timing.calibrated(lambda times: [sum(range(500)) for _ in range(times)], 0.01)
        for _ in range(3)
    )
    return range(max(round(500 * COMPUTE / 0.01 * count) for count in tries))


def rates(rows, name, size):
    """Jobs a second by round, of pools that got all their threads; the first round counts while
    alone."""
    wanted = {"work": name, "size": size, "threads": size}
    known = [row["rate"] for row in rows if wanted.items() <= row.items()]
    return known[1:] or known


def curve(rows, name):
    """(size, `Spread` of the jobs a second) of every size that is known."""
    sizes = sorted({row["size"] for row in rows})
    return [(size, timing.spread(known)) for size in sizes if (known := rates(rows, name, size))]


def named(size):
    """So many threads, in words."""
    return f"{size} thread{'s' * (size != 1)}"


def paired(rows, name, size, base):
    """How many times what a pool of `base` threads did one of this size did: round by round, in
    the median."""
    spread = timing.ratios(rates(rows, name, size), rates(rows, name, base))
    return spread and spread.middle


def gain(rows, name, size, base):
    """The same, or that of the best rounds if it is less: more is more in most rounds, and where
    nobody disturbed."""
    if not (median := paired(rows, name, size, base)):
        return None
    return min(median, max(rates(rows, name, size)) / max(rates(rows, name, base)))


def small(rows):
    """The pool with no more threads than cores that computed most: two may already quarrel about
    the GIL."""
    known = [
        (spread.most, size) for size, spread in curve(rows, "computing") if size <= rows[0]["cores"]
    ]
    return max(known, default=(0, 1))[1]


def outcome(rows):
    computing, waiting = (
        gain(rows, name, rows[0]["most"], small(rows)) for name in ("computing", "waiting")
    )
    if rows[0]["most"] < 50 or not computing or not waiting:
        return None
    return OUTCOMES[0 if computing > MORE else 1 if waiting > MORE else 2]


def sentence(rows):
    parts = []
    for name in ("computing", "waiting"):
        if line := curve(rows, name):
            best, size = max((spread.middle, size) for size, spread in line)
            first, least = line[0][1].middle, line[0][0]
            parts.append(f"{name} {best:,.0f} with {named(size)} ({first:,.0f} with {least})")
    return f"Most jobs a second: {'; '.join(parts)}."


def draw(ax, rows):
    """A line for each kind of work, jobs a second over threads; the size that the formula names
    is marked."""
    for name, look in {"waiting": "o-", "computing": "s--"}.items():
        if line := curve(rows, name):
            sizes, spreads = zip(*line, strict=True)
            off = [
                [one.middle - one.least for one in spreads],
                [one.most - one.middle for one in spreads],
            ]
            ax.errorbar(
                sizes,
                [one.middle for one in spreads],
                off,
                fmt=look,
                color="thread",
                capsize=2,
                markersize=5,
            )
            ax.annotate(
                name, (sizes[0], spreads[0].most), (-4, 7), textcoords="offset points", fontsize=11
            )
    knee, top = rows[0]["knee"], 4 * max(row["rate"] for row in rows)
    ax.axvline(knee, color="ink", linestyle=":", linewidth=1.2)
    text = f"cores × (1 + wait ÷ compute) = {knee} "
    ax.annotate(
        text, (knee, top), (-4, -4), textcoords="offset points", ha="right", va="top", fontsize=10
    )
    ax.set(xscale="log", yscale="log", xlabel="threads in the pool", ylabel="jobs a second")
    ax.set(
        xlim=(0.8, 4 * max(rows[0]["most"], knee)),
        ylim=(30, top),
        xticks=SIZES,
        yticks=[100, 1_000, 10_000],
    )
    ax.set(xticklabels=[f"{size:,}" for size in SIZES], yticklabels=["100", "1,000", "10,000"])
    ax.minorticks_off()


def text(rows, name, *sizes):
    """What pools of these sizes did, in words."""
    known = {size: spread for size in sizes if (spread := timing.spread(rates(rows, name, size)))}
    rated = "{0.middle:,.0f} jobs a second with {1} ({0.least:,.0f} to {0.most:,.0f})"
    return f"{name}: " + ", ".join(
        rated.format(spread, named(size)) for size, spread in known.items()
    )


def slower(rows):
    """Whether this machine computes less than when the jobs were calibrated: then it is not
    waiting that takes long."""
    done = timing.spread(rates(rows, "computing", small(rows)))
    return not done or done.middle < SLOW / COMPUTE


def more(name, few, stands):
    """A check: does the largest pool get more done than one with few threads?"""

    def check(rows):
        size, base = rows[0]["most"], few(rows)
        times = gain(rows, name, size, base)
        if not times:
            return None, f"this system does not allow {named(size)} here."
        because = (
            f"{text(rows, name, base, size)}: {times:.2f} times, round by round or at their"
            " best, the lesser."
        )
        if len(rates(rows, name, size)) < LEAST:
            return None, f"too few rounds were finished: {because}"
        answer = True if times > (MORE if stands else SURE) else False if times < MORE else None
        if answer is not stands and slower(rows):
            return None, f"this machine has become slower meanwhile: {because}"
        return timing.decided(answer, because, timing.others(rows), stands=stands)

    return check


def formula(rows):
    """Whether the pool of the formula's size does nearly what the best one does, and one of an
    eighth far less."""
    knee, line = rows[0]["knee"], curve(rows, "waiting")
    rounds = len(rates(rows, "waiting", knee))
    best = max(
        ((spread.middle, size) for size, spread in line if spread.count == rounds),
        default=(0, knee),
    )[1]
    fewer = eighth((size for size, _ in line), knee)
    share, less = (paired(rows, "waiting", size, best) for size in (knee, fewer))
    if not share or not less:
        return None, f"the formula names {knee} threads: too few or too many to compare here."
    because = f"the formula names {knee} threads; {text(rows, 'waiting', fewer, knee, best)}."
    close = min(abs(share - ENOUGH), abs(less - ENOUGH)) < CLOSE or rounds < LEAST
    answer = None if close else share > ENOUGH > less
    if not answer and slower(rows):
        return None, f"this machine has become slower meanwhile: {because}"
    return timing.decided(answer, because, timing.others(rows), stands=True)


BIG_COMPUTING = (
    "For computing, a pool of 200 threads gets more done than one with no more threads than cores."
)
BIG_WAITING = "For waiting, a pool of 200 threads gets more done than one of 5."
FORMULA = (
    "For waiting, cores × (1 + wait ÷ compute) threads are enough, and an eighth of them is not."
)
CLAIMS = [
    Claim("pool.size-computing", BIG_COMPUTING, {}, more("computing", small, False)),
    Claim("pool.size-waiting", BIG_WAITING, {}, more("waiting", lambda rows: FEW, True)),
    Claim("pool.size-formula", FORMULA, {}, formula),
]
