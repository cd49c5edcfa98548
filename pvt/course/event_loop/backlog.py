"""More comes in than goes out: into a queue without a bound, one that waits, one that refuses.

What comes in is due by the clock, as the requests of strangers are: a machine that stalls does not
slow it down.
"""

import asyncio
import time
import tracemalloc
from itertools import pairwise
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim

QUESTION = "How much waits in the queue?"
OUTCOMES = (
    "Little, with a bound and without",
    "More and more without a bound",
    "More and more, with a bound too",
)
SECONDS = 2.5  # as usual
WORK = 0.008  # seconds that one item takes
SPAN = 0.7  # seconds in which items come in
ITEM = 20_000  # bytes of an item
LOOK = 0.02  # seconds between two looks
STALL = SPAN / 5  # seconds between two looks after which a machine is too busy to decide anything


async def unbounded(queue, item):
    queue.put_nowait(item)
    return True


async def wait_for_room(queue, item):
    await queue.put(item)
    return True


async def refuse(queue, item):
    try:
        queue.put_nowait(item)
    except asyncio.QueueFull:
        return False
    return True


async def consume(queue, took):
    while True:
        item = await queue.get()
        took(item)
        await asyncio.sleep(WORK)


NO_BOUND, WAITS, REFUSES = "no bound", "bound, put waits", "bound, put_nowait"
WAYS = {NO_BOUND: unbounded, WAITS: wait_for_room, REFUSES: refuse}
COLOURS = {NO_BOUND: ("trouble", "-"), WAITS: ("thread", "-"), REFUSES: ("other", "--")}
STUDY = (unbounded, wait_for_room, refuse, consume)


def run(*, faster: Annotated[int, range(1, 9)] = 4, bound: Literal[1, 10, 50] = 10):
    """Items are due `faster` times as often as one is processed; `bound` is the length of the
    queue."""
    tracemalloc.start()
    for way, put in WAYS.items():
        looks = []
        asyncio.run(line(put, bound if put is not unbounded else 0, WORK / faster, looks.append))
        for look in looks:
            yield {"way": way, "bound": bound, "faster": faster, **look}


async def line(put, bound, gap, note):
    """One producer, one consumer, one that looks now and then at what waits, and how much memory
    that takes."""
    queue, begin = asyncio.Queue(bound), time.perf_counter()
    seen = {"in": 0, "refused": 0, "out": 0, "age": 0.0}
    empty = tracemalloc.get_traced_memory()[0]

    def took(item):
        seen["out"] += 1
        seen["age"] = time.perf_counter() - begin - item[0]

    def look():
        now = time.perf_counter() - begin
        note(
            {
                "at": now,
                "due": due(now, gap),
                "came": seen["in"],
                "refused": seen["refused"],
                "done": seen["out"],
                "waiting": queue.qsize(),
                "memory": max(0, tracemalloc.get_traced_memory()[0] - empty),
                "age": seen["age"],
            }
        )

    async def observe():
        while True:
            look()
            await asyncio.sleep(LOOK)

    tasks = [asyncio.create_task(observe()), asyncio.create_task(consume(queue, took))]
    await produce(queue, put, gap, begin, seen)
    look()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def produce(queue, put, gap, begin, seen):
    """Put all that is due, then sleep until more is; an item knows when it was put."""
    while (now := time.perf_counter() - begin) < SPAN:
        if seen["in"] + seen["refused"] == due(now, gap):
            await asyncio.sleep(gap)
            continue
        taken = await put(queue, (now, bytes(ITEM)))
        seen["in" if taken else "refused"] += 1


def due(now, gap):
    """How many items strangers have sent until `now`, in seconds, one each `gap`."""
    return int(min(now, SPAN) / gap) + 1


def of(rows, way):
    return [row for row in rows if row["way"] == way]


def most(rows, way):
    return max(row["waiting"] for row in of(rows, way))


def grows(rows, way):
    """Whether the backlog at the end is larger than the bound, and than half-way."""
    mine = of(rows, way)
    half = [row for row in mine if row["at"] < SPAN / 2] or mine[:1]
    return mine[-1]["waiting"] > max(half[-1]["waiting"], mine[-1]["bound"])


def stalled(rows, way):
    """The longest time in seconds in which nobody looked, where it is too long; None otherwise."""
    times = [0.0, *(row["at"] for row in of(rows, way))]
    longest = max(late - early for early, late in pairwise(times))
    return longest if longest > STALL else None


def outcome(rows):
    if not of(rows, REFUSES) or rows[0]["faster"] < 2:
        return None
    if stalled(rows, NO_BOUND):
        return None
    free, bounded = grows(rows, NO_BOUND), grows(rows, WAITS)
    return OUTCOMES[2] if free and bounded else OUTCOMES[1] if free else OUTCOMES[0]


def phrase(rows, way):
    last = of(rows, way)[-1]
    text = f"{way}: {last['waiting']} wait at the end in {last['memory'] / 1e6:.1f} MB"
    text += f", {last['done']} are done, the last was {timing.text(last['age'])} old"
    return text + (f", {last['refused']} were refused" if last["refused"] else "")


def sentence(rows):
    parts = [f"{way} {of(rows, way)[-1]['waiting']}" for way in WAYS if of(rows, way)]
    return f"Items that wait at the end: {'; '.join(parts)}."


def draw(ax, rows):
    """What waits over time, a line for each way, with the age of the last item at its end."""
    for way, (colour, style) in COLOURS.items():
        if mine := of(rows, way):
            at, waiting = [row["at"] * 1e3 for row in mine], [row["waiting"] for row in mine]
            ax.plot(at, waiting, style, color=colour, linewidth=2.5, label=way)
    if mine := of(rows, NO_BOUND):
        last = mine[-1]
        text = f"{last['memory'] / 1e6:.1f} MB, next item {last['age'] * 1e3:,.0f} ms old "
        ax.annotate(
            text,
            (last["at"] * 1e3, last["waiting"]),
            ha="right",
            va="bottom",
            fontsize=10,
            color="ink",
        )
    ax.axhline(rows[0]["bound"], color="ink", linestyle=":", linewidth=1)
    top = max(row["waiting"] for row in rows)
    ax.set(
        xlabel="ms", ylabel="items that wait", xlim=(0, SPAN * 1.05e3), ylim=(0, max(top, 1) * 1.15)
    )


def without_bound(rows):
    free = of(rows, NO_BOUND)
    half = [row for row in free if row["at"] < SPAN / 2] or free[:1]
    because = f"half-way {half[-1]['waiting']} items waited; {phrase(rows, NO_BOUND)}."
    if seconds := stalled(rows, NO_BOUND):
        text = timing.text(seconds)
        return None, f"{because} The machine was too busy: nothing ran for {text}."
    return grows(rows, NO_BOUND), because


def with_bound(rows):
    last = of(rows, WAITS)[-1]
    because = (
        f"at most {most(rows, WAITS)} items waited, where {last['bound']} may; of"
        f" {last['due']} that were due"
    )
    because += (
        f" the producer had put {last['came']}, for it waited; without a bound"
        f" {most(rows, NO_BOUND)} waited."
    )
    return most(rows, WAITS) <= last["bound"] and last["came"] < last["due"], because


CLAIMS = [
    Claim(
        "asyncio.unbounded-grows",
        "Without a bound the backlog grows for as long as more comes in than goes out.",
        {},
        without_bound,
    ),
    Claim(
        "asyncio.bounded-queue",
        "A bounded queue makes the producer wait, and keeps the backlog small.",
        {},
        with_bound,
    ),
]
