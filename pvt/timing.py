"""Honest measuring: calibrate the work, warm up, interleave what is compared, repeat, tell the
spread, notice others.

A comparison is made round by round (A B, B A, A B, …), because a machine slows down and speeds up
while one looks.
"""

import os
import time
from itertools import takewhile
from statistics import quantiles
from typing import NamedTuple

from pvt import host, procfs

# Of the cores that we need, taken by others: from here on they may be the reason for what was
# measured
BUSY = 0.3
# The middle half of the rounds is wider than this share of the median: too uncertain to quote
NOISY = 0.35
# The quickest rounds decide if they differ by this factor, and if there are this many
CLEAR = 1.15
FEWEST = 3
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


class Spread(NamedTuple):
    """What repeated measurements say: least, quartiles and most, in the unit of the
    measurements."""

    least: float
    lower: float
    middle: float
    upper: float
    most: float
    count: int

    @property
    def noisy(self):
        return self.upper - self.lower > NOISY * abs(self.middle)

    def above(self, limit):
        """True if the middle half lies above the limit, False if below, None if the limit is
        inside: too close."""
        return True if self.lower > limit else False if self.upper < limit else None


def spread(values):
    """The `Spread` of these numbers, None left out; None if there are none."""
    known = sorted(value for value in values if value is not None)
    if len(known) < 2:
        return Spread(*(known * 5), 1) if known else None
    return Spread(known[0], *quantiles(known, method="inclusive"), known[-1], len(known))


def ratios(firsts, seconds):
    """The `Spread` of first / second, round by round; pairs with a None or a 0 are left out.
    None if none is left."""
    return spread(
        first / second for first, second in zip(firsts, seconds, strict=False) if first and second
    )


def quickest(firsts, seconds):
    """The least of the first divided by the least of the second: what disturbs a round can only
    add. None if empty."""
    one, other = (min(filter(None, values), default=None) for values in (firsts, seconds))
    return one / other if one and other else None


def beyond(firsts, seconds, limit):
    """Whether the first takes more than `limit` times as long, round by round; None where that is
    too close.

    Where the rounds differ too much, the quickest of each decide.
    """
    found = ratios(firsts, seconds)
    answer = found and found.above(limit)
    if answer is None and found and found.count >= FEWEST:
        times = quickest(firsts, seconds) / limit
        return True if times > CLEAR else False if times < 1 / CLEAR else None
    return answer


def calibrated(work, seconds):
    """How many repetitions of `work(repetitions)` take about `seconds` here. Raises nothing; at
    least 1.

    Of two tries the quicker one counts: in the other somebody else may have had the core.
    """

    def took():
        begin = time.perf_counter()
        work(count)
        return time.perf_counter() - begin

    count = 1
    while (taken := took()) <= seconds / 4 or (taken := min(taken, took())) <= seconds / 4:
        count *= 2
    return max(1, round(count * seconds / taken))


def interleaved(kinds, rounds, seconds=None):
    """Yield (round, kind): every kind in every round, each round in the opposite order; round 0 is
    there to warm up.

    After the first two rounds no new one begins when `seconds` have passed.
    """
    begin = time.perf_counter()
    for number in range(rounds + 1):
        if number > 1 and seconds is not None and time.perf_counter() - begin > seconds:
            return
        for kind in list(kinds)[:: 1 if number % 2 else -1]:
            yield number, kind


def text(seconds):
    """A time as a person would say it: 3.4 µs, 120 ms."""
    size, unit = next((one for one in UNITS if abs(seconds) >= one[0]), UNITS[-1])
    return f"{seconds / size:,.{0 if abs(seconds) >= 100 * size else 1}f} {unit}"


def ends(known, words=text):
    """The least and the most of (figure, name) pairs: "120 ms (pipe) to 3.4 s (queue)"; "" of
    none."""
    least_first = sorted(known)
    both = dict.fromkeys(least_first[:1] + least_first[-1:])
    return " to ".join(f"{words(figure)} ({name})" for figure, name in both)


def spoken(one):
    """The median of a `Spread` of seconds, and from least to most."""
    return f"{text(one.middle)} ({text(one.least)} to {text(one.most)})"


def pin(*cores):
    """Keep the calling thread, and what it starts, on these cores; whether that is possible
    here."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, cores)
    return True


def allowed():
    """The numbers of the cores this process may use, most suitable for pinning last; empty where
    it is unknown."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


class Neighbours:
    """What other processes took of the `needed` cores since this was made. Linux only: elsewhere it
    is unknown.

    Cores that we may use and do not need are theirs: on a large machine, or in a container that
    sees more of it than its quota grants, others may do a lot without taking anything from us.
    """

    def __init__(self, needed=2):
        self.cpus = {f"cpu{number}" for number in allowed()}
        self.spare = max(0, len(self.cpus) - min(needed, host.cores()))
        self.begin = self.now()

    def now(self):
        """(seconds, processor seconds of all, processor seconds of this process and of all below
        it), or None."""
        try:
            with open("/proc/stat") as file:
                total, *single = (
                    line.split() for line in takewhile(lambda line: line.startswith("cpu"), file)
                )
            mine = [words for words in single if words[0] in self.cpus] or [total]
            busy = sum(
                sum(map(int, words[1:9])) - int(words[4]) - int(words[5]) for words in mine
            )  # not idle, no disk
        except (OSError, ValueError):
            return None
        return (
            time.perf_counter(),
            busy / os.sysconf("SC_CLK_TCK"),
            sum(os.times()[:4]) + below(os.getpid()),
        )

    def cores(self):
        """How many of the needed cores others took on average, or None where it is unknown."""
        now = self.now()
        if not now or not self.begin or now[0] - self.begin[0] < 0.05:
            return None
        passed, busy, own = (late - early for late, early in zip(now, self.begin, strict=True))
        return max(0.0, (busy - own) / passed - self.spare)


def below(pid):
    """Processor seconds of the living processes below this one, and of those that they have
    waited for. Linux only."""
    return sum(procfs.processor(child, waited=True) for child in procfs.tree(pid)[1:])


def others(rows):
    """The cores that others took while these rows were measured (`pvt.claims.Rows`), None where
    it is unknown."""
    return getattr(rows, "others", None)


def company(rows, most=BUSY):
    """A sentence about others that were busy, if they took more than `most` of the needed cores;
    else nothing."""
    busy = others(rows) or 0.0
    if busy <= most:
        return ""
    return f" Others took {busy:.1f} of the cores needed here: run it again when it is quiet."


def decided(answer, because, cores, stands=None):
    """(answer, because), or None with the reason: too close, or others took these `cores` of the
    needed ones.

    `stands` is the answer that a busy machine cannot bring about: it is given there too.
    """
    busy = (cores or 0) > BUSY
    if answer is not None and (answer is stands or not busy):
        return answer, because
    if not busy:
        return None, f"{because} Too close to decide."
    return None, f"{because} Others took {cores:.1f} of the cores needed here: too uncertain."
