"""A time-out falls due while tasks are under way: when does each of them really stop?"""

import asyncio
import time
from typing import Literal

from pvt import timing
from pvt.claims import Claim

QUESTION = "When does the work really stop?"
OUTCOMES = (
    "When its time is up",
    "At its next await",
    "When all of it is done",
)
SECONDS = 2.0  # as usual
WORK = 0.3  # seconds that each work takes if nobody stops it
CLEANING = 0.1  # seconds that the last of them takes to clean up


async def waits(done):
    await asyncio.sleep(WORK)
    done()


async def computes(done):
    compute(WORK)
    await asyncio.sleep(0.01)
    done()


async def swallows(done):
    try:
        await asyncio.sleep(WORK)
    except asyncio.CancelledError:
        await asyncio.sleep(WORK / 2)
    done()


async def in_a_thread(done):
    await asyncio.to_thread(blocks, done)


async def cleans_up(done):
    try:
        await asyncio.sleep(WORK)
        done()
    finally:
        await asyncio.sleep(CLEANING)


async def shielded(done):
    await asyncio.shield(asyncio.create_task(waits(done)))


def compute(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def blocks(done):
    time.sleep(WORK)
    done()


WAYS = {
    "awaits": waits,
    "computes, then awaits": computes,
    "swallows CancelledError": swallows,
    "awaits a thread": in_a_thread,
    "cleans up in finally": cleans_up,
    "awaits shield(…)": shielded,
}
STUDY = (computes, swallows, in_a_thread, cleans_up, shielded)


def run(*, limit_ms: Literal[50, 100, 400] = 100):
    """Each work takes 300 ms and gets `limit_ms`."""
    for way, work in WAYS.items():
        yield asyncio.run(limited(way, work, limit_ms / 1000))


async def limited(way, work, limit):
    """One row: when the caller went on, when the task ended, and whether all of the work was
    done in the end."""
    begin, done, ended = time.perf_counter(), [], []

    async def task():
        try:
            await work(lambda: done.append(time.perf_counter() - begin))
        finally:
            ended.append(time.perf_counter() - begin)

    timed_out = False
    try:
        async with asyncio.timeout(limit):
            await task()
    except TimeoutError:
        timed_out = True
    heard = time.perf_counter() - begin
    await asyncio.sleep(max(0.0, 1.5 * WORK - heard))  # what goes on behind our back may end
    return {
        "way": way,
        "limit": limit,
        "timed_out": timed_out,
        "heard": heard,
        "ended": ended[0],
        "done": done[0] if done else None,
    }


def of(rows, way):
    return next((row for row in rows if row["way"] == way), None)


def outcome(rows):
    """When the work stopped that computes and then awaits."""
    one = of(rows, "computes, then awaits")
    if one is None or one["limit"] > WORK:
        return None
    if one["done"] is not None:
        return OUTCOMES[2]
    return OUTCOMES[1] if one["ended"] >= WORK else OUTCOMES[0]


def phrase(one):
    heard = "timed out" if one["timed_out"] else "ended"
    done = "not done" if one["done"] is None else f"done at {timing.text(one['done'])}"
    return f"{one['way']}: {heard} at {timing.text(one['heard'])}, the work {done}"


def sentence(rows):
    late = [one["way"] for one in rows if one["heard"] > 1.5 * one["limit"]]
    return (
        f"A time-out of {timing.text(rows[0]['limit'])} ends {len(rows) - len(late)} of {len(rows)}"
        f" in time{'; late: ' * bool(late)}{', '.join(late)}."
    )


def draw(ax, rows):
    """A bar for each work, hatched after its time-out; a mark where the caller goes on, a cross
    where it is all done."""
    limit = rows[0]["limit"] * 1e3
    for at, one in enumerate(rows):
        end = max(one["ended"], one["done"] or 0) * 1e3
        ax.barh(-at, min(limit, end), 0.6, color="thread", label="in time" if not at else None)
        ax.barh(
            -at,
            max(0, end - limit),
            0.6,
            left=limit,
            color="none",
            edgecolor="trouble",
            hatch="///",
            label="after the time-out" if not at else None,
        )
        ax.plot([one["heard"] * 1e3] * 2, [-at - 0.4, -at + 0.4], color="ink", linewidth=2)
        if one["done"] is not None:
            text = " all of it was done"
            ax.text(end + 4, -at, text, va="center", fontsize=9, color="ink")
    ax.axvline(limit, color="ink", linestyle="--", linewidth=1)
    ax.set(xlabel="ms; the black line: the caller goes on", xlim=(0, 1.75e3 * WORK))
    ax.set(ylim=(0.5 - len(WAYS), 0.5))
    ax.set(yticks=[-at for at in range(len(rows))], yticklabels=[one["way"] for one in rows])


def at_next_await(rows):
    one, plain = of(rows, "computes, then awaits"), of(rows, "awaits")
    because = f"{phrase(plain)}; {phrase(one)}."
    if plain["done"] is not None:
        return None, f"{because} The machine was too busy: all of it came before the time-out."
    return one["timed_out"] and one["done"] is None and one["ended"] >= WORK, because


def ends_the_thread(rows):
    one = of(rows, "awaits a thread")
    because = f"{phrase(one)}"
    if not one["timed_out"]:
        return None, f"{because}: the machine was too busy."
    late = (
        f", {timing.text(one['done'] - one['heard'])} after the caller had gone on"
        if one["done"]
        else ""
    )
    return one["done"] is None, f"{because}{late}."


def swallowed(rows):
    one = of(rows, "swallows CancelledError")
    late = one["ended"] > one["limit"]
    return late and not one["timed_out"] and one["done"] is not None, f"{phrase(one)}."


CLAIMS = [
    Claim(
        "asyncio.cancel-at-await",
        "A task that is cancelled stops at an await, and not before.",
        {},
        at_next_await,
    ),
    Claim(
        "asyncio.time-out-ends-thread",
        "A time-out ends the thread that asyncio.to_thread has started.",
        {},
        ends_the_thread,
    ),
    Claim(
        "asyncio.cancel-swallowed",
        "A task can swallow its cancellation, and then no time-out is raised.",
        {},
        swallowed,
        kind="can",
    ),
]
