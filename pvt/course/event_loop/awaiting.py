"""Five coroutines wait: called, in a row, gathered, in a group, in threads; which waits overlap?

Whether waits overlap is read from their order, not from how long they took: a busy machine changes
times only.
"""

import asyncio
import gc
import threading
import time
import warnings
from itertools import pairwise
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim

QUESTION = "Which of these waits overlap?"
OUTCOMES = (
    "All: every await lets the others go on",
    "Those of tasks and of threads, not the awaits in a row",
    "Only those in threads",
)
SECONDS = 1.2
CALLED = "only called"
IN_A_ROW = "await in a row"
DROPPED = "task that nobody keeps"
THREADS = "threads"


async def only_call(wait, count):
    for number in range(count):
        wait(number)


async def await_in_a_row(wait, count):
    for number in range(count):
        await wait(number)


async def tasks_first(wait, count):
    tasks = [asyncio.create_task(wait(number)) for number in range(count)]
    for task in tasks:
        await task


async def gather(wait, count):
    await asyncio.gather(*(wait(number) for number in range(count)))


async def task_group(wait, count):
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(wait(number))


WAYS = {
    CALLED: only_call,
    IN_A_ROW: await_in_a_row,
    "tasks, then await": tasks_first,
    "gather": gather,
    "TaskGroup": task_group,
}
OVERLAPPING = ("tasks, then await", "gather", "TaskGroup")
STUDY = tuple(WAYS.values())


def run(*, waits: Annotated[int, range(1, 11)] = 5, wait_ms: Literal[20, 100, 200] = 100):
    """`waits` coroutines wait for `wait_ms` milliseconds each, in each way."""
    for way, go in WAYS.items():
        yield from as_rows(way, *watched(go, waits, wait_ms / 1000), wait_ms / 1000)
    yield from as_rows(DROPPED, *asyncio.run(dropped(waits)), wait_ms / 1000)
    yield from as_rows(THREADS, *in_threads(waits, wait_ms / 1000), wait_ms / 1000)


def watched(go, waits, seconds):
    """Run one way: the spans of its waits by number, the warnings that came, the time at which
    it began."""
    spans, begin = {}, time.perf_counter()

    async def wait(number):
        spans[number] = [time.perf_counter(), None, threading.get_ident()]
        await asyncio.sleep(seconds)
        spans[number][1] = time.perf_counter()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(go(wait, waits))
        gc.collect()
    warned = sum("was never awaited" in str(one.message) for one in caught)
    return {number: spans.get(number) for number in range(waits)}, warned, begin


async def dropped(waits):
    """Tasks to which nobody keeps a reference wait for replies that nobody else knows of; then
    garbage is collected."""
    spans, begin, gone = {}, time.perf_counter(), []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, found: gone.append("destroyed" in found["message"]))

    async def wait(number):
        spans[number] = [time.perf_counter(), None, threading.get_ident()]
        await loop.create_future()
        spans[number][1] = time.perf_counter()

    for number in range(waits):
        asyncio.create_task(wait(number))  # noqa: RUF006 – that is the mistake to be shown
    await asyncio.sleep(0.01)
    gc.collect()  # Python does it whenever it likes; here we do not wait for that
    await asyncio.sleep(0.01)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    return spans, sum(gone), begin


def in_threads(waits, seconds):
    """The same waits in a thread each."""
    spans, begin = {}, time.perf_counter()

    def wait(number):
        spans[number] = [time.perf_counter(), None, threading.get_ident()]
        time.sleep(seconds)
        spans[number][1] = time.perf_counter()

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(waits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spans, 0, begin


def as_rows(way, spans, warned, begin, seconds):
    """A row for each wait: from when to when, and what Python complained of."""
    threads = len({span[2] for span in spans.values() if span})
    for number, span in sorted(spans.items()):
        yield {
            "way": way,
            "wait": number,
            "asked": seconds,
            "begin": span[0] - begin if span else None,
            "end": span[1] - begin if span and span[1] else None,
            "threads": threads,
            "complaints": warned,
        }


def of(rows, way):
    """The rows of one way."""
    return [row for row in rows if row["way"] == way]


def overlap(rows, way):
    """True if all waits of this way had begun before the first ended, False if none did; None
    for neither, or one."""
    mine = of(rows, way)
    if len(mine) < 2 or any(row["end"] is None for row in mine):
        return None
    if max(row["begin"] for row in mine) < min(row["end"] for row in mine):
        return True
    spans = sorted((row["begin"], row["end"]) for row in mine)
    apart = all(one[1] <= two[0] for one, two in pairwise(spans))
    return False if apart else None


def took(rows, way):
    """Seconds until the last wait had ended; None where one has not."""
    ends = [row["end"] for row in of(rows, way)]
    return max(ends) if ends and None not in ends else None


def outcome(rows):
    found = {way: overlap(rows, way) for way in (IN_A_ROW, *OVERLAPPING)}
    if None in found.values():
        return None
    together = [found[way] for way in OVERLAPPING]
    if all(together):
        return OUTCOMES[0] if found[IN_A_ROW] else OUTCOMES[1]
    return None if any(together) else OUTCOMES[2]


def sentence(rows):
    asked, ways = rows[0]["asked"], list(dict.fromkeys(row["way"] for row in rows))
    ends = [took(rows, way) for way in ways]
    counts = {
        "take as long as one": sum(end is not None and end < 2 * asked for end in ends),
        "take much longer": sum(end is not None and end >= 2 * asked for end in ends),
        "never end": ends.count(None),
    }
    parts = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
    most = max(row["wait"] for row in rows) + 1
    return f"Of {len(ways)} ways to make {most} waits of {timing.text(asked)}, {parts}."


def fate(rows, way):
    """What became of waits that have not ended."""
    mine = of(rows, way)
    if mine[0]["begin"] is None:
        return "none of them ran"
    return f"{mine[0]['complaints']} of {len(mine)} vanished"


def draw(ax, rows):
    """A lane for each way, in it a bar for each wait; what never ran, or vanished, is written
    there."""
    ways = list(dict.fromkeys(row["way"] for row in rows))
    longest = max([row["end"] or 0 for row in rows] + [rows[0]["asked"]])
    for at, way in enumerate(ways):
        mine = of(rows, way)
        height = 0.8 / len(mine)
        for place, row in enumerate(mine):
            if row["end"] is not None:
                colour = "other" if way == THREADS else "thread"
                y = -at + 0.4 - height * (place + 0.5)
                ax.barh(
                    y,
                    (row["end"] - row["begin"]) * 1e3,
                    height * 0.8,
                    left=row["begin"] * 1e3,
                    color=colour,
                )
        if took(rows, way) is None:
            text = fate(rows, way)
            ax.text(longest * 10, -at, text, va="center", fontsize=10, color="trouble")
    ax.set(xlabel="ms since the first was asked for", ylim=(0.6 - len(ways), 0.5))
    ax.set(xlim=(0, longest * 1.03e3), yticks=[-at for at in range(len(ways))], yticklabels=ways)


def nothing_ran(rows):
    mine = of(rows, CALLED)
    ran = sum(row["begin"] is not None for row in mine)
    because = f"{len(mine)} coroutines were called: {ran} of them ran a line"
    because += f", and Python warned {mine[0]['complaints']} times that one was never awaited."
    return ran == 0, because


def in_a_row(rows):
    apart = overlap(rows, IN_A_ROW)
    first = took(rows, IN_A_ROW)
    mine = of(rows, IN_A_ROW)
    because = f"{len(mine)} waits of {timing.text(mine[0]['asked'])} took {timing.text(first)}: "
    because += (
        "none began before the one before it had ended." if apart is False else "some overlapped."
    )
    return apart is False, because


def all_at_once(rows):
    because, answers = [], []
    for way in OVERLAPPING:
        answers.append(overlap(rows, way))
        mine = of(rows, way)
        because.append(f"{way} {timing.text(took(rows, way))} in {mine[0]['threads']} thread")
    text = f"{len(mine)} waits of {timing.text(mine[0]['asked'])}: {', '.join(because)};"
    text += f" one after the other {timing.text(took(rows, IN_A_ROW))}."
    return all(answers), text


def vanishes(rows):
    mine = of(rows, DROPPED)
    gone = mine[0]["complaints"]
    because = f"{gone} of {len(mine)} such tasks were destroyed while they waited"
    return gone > 0, because + (
        ", after one collection of garbage. Only the log says so." if gone else "."
    )


CLAIMS = [
    Claim(
        "asyncio.call-runs-nothing", "Calling a coroutine runs none of its code.", {}, nothing_ran
    ),
    Claim(
        "asyncio.awaits-in-a-row",
        "Coroutines that are awaited in a row wait one after the other.",
        {},
        in_a_row,
    ),
    Claim("asyncio.gather-overlaps", "Tasks of one thread wait at the same time.", {}, all_at_once),
    Claim(
        "asyncio.task-vanishes",
        "A task to which nobody keeps a reference can vanish before it is done.",
        {},
        vanishes,
        kind="can",
    ),
]
