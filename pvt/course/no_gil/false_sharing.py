"""Do two counters disturb each other that nobody shares? Two threads of C count, each in a place of its own in memory.

A core fetches memory in lines, of 64 bytes on most machines and 128 on Apple's, and only one core at a time may write
to a line. Counters that lie in one line go back and forth between the cores, although no thread ever looks at the
other's. Python would hide it: its own work takes far longer. So this is C, with no GIL in the way.
"""

import os
import subprocess
import tempfile
from typing import Literal

from pvt import timing
from pvt.claims import Claim
from pvt.host import cores, cores_physical
from pvt.tools import compiler

QUESTION = "Do two counters in memory disturb each other?"
OUTCOMES = ("No, nobody shares them", "Only side by side", "At any distance")
NEEDS = ("fork",)  # pthreads
SECONDS = 3.0
ROUNDS, BUDGET = 12, 2.0  # rounds at most, seconds for all
ALONE = 1.3  # times as slow: that is a disturbance
SOURCE = os.path.join(os.path.dirname(__file__), "false_sharing.c")
PLACES = (8, 64, 128, 1_024)  # bytes from one counter to the other


def run(*, millions: Literal[1, 4, 20] = 4):
    """So many `millions` of additions each."""
    both, watch = two_apart(), timing.Neighbours()
    here = {"cores": cores(), "physical": cores_physical()}
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "count")
        if why := compiler.compiled(SOURCE, program, "-pthread"):
            yield {"round": 0, "apart": None, "seconds": None, **here, "why": why}
            return None
        for number, apart in timing.interleaved(PLACES, ROUNDS, BUDGET):
            seconds = measured(program, apart, millions * 1_000_000, both)
            yield {
                "round": number,
                "apart": apart,
                "seconds": seconds,
                **here,
                "why": None,
            }
    return watch.cores()


def two_apart():
    """Two cores that this process may use, not halves of one where the system tells; fewer where
    there are none."""
    known = timing.allowed()
    pairs = ([known[0], other] for other in known[1:])
    return next((pair for pair in pairs if cores_physical(allowed=pair) == 2), known[:2])


def measured(program, apart, times, both):
    """The seconds of two threads that count so many times, in places so many bytes apart."""
    places = [str(core) for core in both] if len(both) == 2 else ["-1", "-1"]
    answer = subprocess.check_output([program, str(apart), str(times), *places], text=True)
    seconds, *counted = answer.split()
    if list(map(int, counted)) != [times, times]:
        raise RuntimeError(f"counted {counted}, not {times} each")
    return float(seconds)


STUDY = (measured,)


def times(rows, apart):
    """The seconds at this distance; the first round warms up."""
    return [row["seconds"] for row in rows if row["apart"] == apart and row["round"]]


def slower(rows, apart=PLACES[0]):
    """How many times as long as at the largest distance, round by round."""
    return timing.ratios(times(rows, apart), times(rows, PLACES[-1]))


def outcome(rows):
    if (timing.others(rows) or 0) > timing.BUSY or not slower(rows):
        return None
    near, far = (slower(rows, apart).above(ALONE) for apart in (PLACES[0], PLACES[2]))
    if None in (near, far):
        return None
    return OUTCOMES[2 if far else 1 if near else 0]


def sentence(rows):
    if rows[-1]["why"]:
        return f"Nothing was measured: {rows[-1]['why']}."
    known = [(apart, timing.spread(times(rows, apart))) for apart in PLACES if times(rows, apart)]
    ends = [
        f"{apart:,} bytes apart {timing.text(one.middle)}"
        for apart, one in dict(known[:1] + known[-1:]).items()
    ]
    return f"Two threads count, on a core each: {'; '.join(ends) or 'not measured yet'}."


def draw(ax, rows):
    """A bar for each distance: how long the same additions took."""
    for at, apart in enumerate(PLACES):
        if found := timing.spread(times(rows, apart)):
            look = {"color": "trouble", "hatch": "//"} if apart < 64 else {"color": "thread"}
            ax.bar(at, found.middle * 1e3, 0.6, edgecolor="white", **look)
            error = [[found.middle - found.lower], [found.upper - found.middle]]
            ax.errorbar(
                at,
                found.middle * 1e3,
                [[one * 1e3 for one in part] for part in error],
                color="ink",
                capsize=3,
            )
    ax.set(
        ylabel="the same additions, ms",
        xlabel="from one counter to the other",
        xticks=range(len(PLACES)),
    )
    ax.set_xticklabels([f"{apart:,} bytes" for apart in PLACES])


def disturbs(rows):
    if rows[-1]["why"]:
        return None, f"{rows[-1]['why']}."
    found, here = slower(rows), rows[-1]
    if not found:
        return None, "not measured."
    text = (
        f"{PLACES[0]} bytes apart it took {found.middle:.1f} times as long"
        f" ({found.lower:.1f} to {found.upper:.1f}) as {PLACES[-1]:,} bytes apart."
    )
    if here["cores"] < 2:
        return None, f"one core: here nothing can run at the same time. {text}"
    if here["physical"] == 1 and found.above(ALONE) is not True:
        return None, f"both cores are halves of one physical core, which share their lines. {text}"
    return timing.decided(found.above(ALONE), text, timing.others(rows))


CLAIMS = [
    Claim(
        "nogil.false-sharing",
        "Two counters side by side in memory slow each other down, though nobody shares them.",
        {},
        disturbs,
    )
]
