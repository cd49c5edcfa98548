"""A heart beats fifty times a second in an event loop: does it beat beside work of all kinds?

A beat cannot fall into work that keeps the loop's thread, however fast or busy the machine is: so
beats are counted.
"""

import asyncio
import time
from itertools import pairwise
from typing import Literal

from pvt import timing
from pvt.claims import Claim

QUESTION = "Does the heart beat while the work is done?"
OUTCOMES = (
    "Always: the work is a task of its own",
    "Not while a coroutine sleeps with time.sleep or computes",
    "Not while anything computes, in a thread either",
)
SECONDS = 3.0  # as usual
PERIOD = 0.02  # seconds between two beats
BEFORE, AFTER = 4, 4  # beats before and after the work
ENOUGH = 2  # beats during the work: the loop goes on; blocked, it cannot have one
PIECES = 50  # pauses in the work that pauses
LANES = {  # each way, and what it does to the loop as far as one can read
    "await asyncio.sleep": "awaits",
    "time.sleep": "blocks",
    "Python code": "blocks",
    "Python code, with pauses": "awaits",
    "to_thread(time.sleep)": "awaits",
    "to_thread(Python code)": "awaits",
}


async def beat(note):
    while True:
        await asyncio.sleep(PERIOD)
        note()


def python_code(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


async def with_pauses(seconds):
    for _ in range(PIECES):
        python_code(seconds / PIECES)
        await asyncio.sleep(0)


STUDY = (beat, python_code, with_pauses)


def run(*, work_ms: Literal[100, 200, 500] = 200):
    """The work lasts `work_ms` in each way, or a little longer."""
    for way in LANES:
        beats, begin, end = asyncio.run(beside(work(way, work_ms / 1000)))
        for number, at in enumerate(beats):
            yield {
                "way": way,
                "beat": number,
                "at": at - begin,
                "work": end - begin,
                "during": begin <= at <= end,
                "thread": way.startswith("to_thread"),
            }


def work(way, seconds):
    """A coroutine function that does the work, and returns from when to when it did."""

    async def go():
        begin = time.perf_counter()
        if way == "await asyncio.sleep":
            await asyncio.sleep(seconds)
        elif way == "time.sleep":
            time.sleep(seconds)
        elif way == "Python code":
            python_code(seconds)
        elif way == "Python code, with pauses":
            await with_pauses(seconds)
        elif way == "to_thread(time.sleep)":
            await asyncio.to_thread(time.sleep, seconds)
        else:
            await asyncio.to_thread(python_code, seconds)
        return begin, time.perf_counter()

    return go


async def beside(go):
    """The times of all beats, and from when to when the work was done."""
    beats = []
    heart = asyncio.create_task(beat(lambda: beats.append(time.perf_counter())))
    await until(beats, BEFORE)
    begin, end = await go()
    await until(beats, len(beats) + AFTER)
    heart.cancel()
    return beats, begin, end


async def until(beats, count):
    while len(beats) < count:
        await asyncio.sleep(PERIOD / 4)


def of(rows, way):
    return [row for row in rows if row["way"] == way]


def during(rows, way):
    """How many beats fell into the work."""
    return sum(row["during"] for row in of(rows, way))


def silence(rows, way):
    """The longest time between two beats."""
    times = [row["at"] for row in of(rows, way)]
    return max((late - early for early, late in pairwise(times)), default=0.0)


def beats_on(rows, way):
    """True if the heart beat during the work, False if it did not once, None for in between or
    unknown."""
    count = during(rows, way)
    return None if not of(rows, way) or 0 < count < ENOUGH else count > 0


def outcome(rows):
    found = {way: beats_on(rows, way) for way in LANES}
    if None in found.values():
        return None
    if all(found.values()):
        return OUTCOMES[0]
    if not found["to_thread(Python code)"]:
        return OUTCOMES[2]
    return OUTCOMES[1] if not (found["time.sleep"] or found["Python code"]) else None


def phrase(rows, way):
    count = during(rows, way)
    return (
        f"{way}: {count} beat{'s' * (count != 1)}, longest silence"
        f" {timing.text(silence(rows, way))}"
    )


def sentence(rows):
    ways = [way for way in LANES if of(rows, way)]
    parts = [f"{way} {timing.text(silence(rows, way))}" for way in ways]
    return f"Silence: {'; '.join(parts)}."


def draw(ax, rows):
    """A lane for each way: the work as a bar, each beat as a mark; silence is the gap between
    marks."""
    for at, way in enumerate(way for way in LANES if of(rows, way)):
        mine = of(rows, way)
        quiet = beats_on(rows, way) is False
        look = (
            {"color": "none", "edgecolor": "trouble", "hatch": "///"}
            if quiet
            else {"color": "#dddddd"}
        )
        ax.barh(-at, mine[0]["work"] * 1e3, 0.7, **look)
        ax.plot(
            [row["at"] * 1e3 for row in mine],
            [-at] * len(mine),
            "|",
            color="thread",
            markersize=13,
            mew=2,
        )
    most = max(row["work"] for row in rows) * 1e3
    ways = [way for way in LANES if of(rows, way)]
    ax.set(
        xlabel="ms since the work began", xlim=(-PERIOD * BEFORE * 1e3, most * 1.1 + PERIOD * 4e3)
    )
    ax.set(ylim=(0.6 - len(ways), 0.6), yticks=[-at for at in range(len(ways))], yticklabels=ways)


def blocking_stops(rows):
    silent = [beats_on(rows, way) for way in ("time.sleep", "Python code")]
    because = f"{phrase(rows, 'time.sleep')}; {phrase(rows, 'Python code')};"
    because += f" with await asyncio.sleep {during(rows, 'await asyncio.sleep')} beats."
    return None if None in silent else not any(silent), because


def keeps_beating(*ways):
    """A check: does the heart beat during the work, in all of these ways?"""

    def check(rows):
        answers = [beats_on(rows, way) for way in ways]
        because = "; ".join(phrase(rows, way) for way in ways) + "."
        return None if None in answers else all(answers), because

    return check


CLAIMS = [
    Claim(
        "asyncio.blocking-stops-all",
        "A coroutine that blocks or computes stops all other tasks of its loop.",
        {},
        blocking_stops,
    ),
    Claim(
        "asyncio.to-thread",
        "asyncio.to_thread keeps the loop running while a function blocks or computes.",
        {},
        keeps_beating("to_thread(time.sleep)", "to_thread(Python code)"),
    ),
    Claim(
        "asyncio.pauses",
        "Work that pauses with await asyncio.sleep(0) lets the other tasks run.",
        {},
        keeps_beating("Python code, with pauses"),
    ),
]
