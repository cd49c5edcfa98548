"""Five coroutines wait for as long: called, awaited in turn, gathered, in a task group, and in threads; who waits when?

Whether waits overlap is read from their order, not from how long they took: a busy machine changes times only.
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
    "All but the awaits in a row",
    "Only those in threads",
)
SECONDS = 1.2
CALLED, IN_A_ROW, DROPPED, THREADS = (
    "only called",
    "await in a row",
    "task that nobody keeps",
    "threads",
)


async def only_call(wait, many):
    for number in range(many):
        wait(number)


async def await_in_a_row(wait, many):
    for number in range(many):
        await wait(number)


async def tasks_first(wait, many):
    tasks = [asyncio.create_task(wait(number)) for number in range(many)]
    for task in tasks:
        await task


async def gather(wait, many):
    await asyncio.gather(*(wait(number) for number in range(many)))


async def task_group(wait, many):
    async with asyncio.TaskGroup() as group:
        for number in range(many):
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
    """So many `waits` of `wait_ms` milliseconds each, in each way."""
    for way, go in WAYS.items():
        yield from rows(way, *watched(go, waits, wait_ms / 1000), wait_ms / 1000)
    yield from rows(DROPPED, *asyncio.run(dropped(waits)), wait_ms / 1000)
    yield from rows(THREADS, *in_threads(waits, wait_ms / 1000), wait_ms / 1000)


def watched(go, waits, seconds):
    """Run one way: the spans of its waits by number, the warnings that came, the time at which it began."""
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
    """Tasks to which nobody keeps a reference wait for replies that nobody else knows of; then garbage is collected."""
    spans, begin, gone = {}, time.perf_counter(), []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, told: gone.append("destroyed" in told["message"]))

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


def rows(way, spans, warned, begin, seconds):
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


def of(many, way):
    """The rows of one way."""
    return [row for row in many if row["way"] == way]


def overlap(many, way):
    """True if all waits of this way had begun before the first ended, False if none did; None for neither, or one."""
    mine = of(many, way)
    if len(mine) < 2 or any(row["end"] is None for row in mine):
        return None
    if max(row["begin"] for row in mine) < min(row["end"] for row in mine):
        return True
    spans = sorted((row["begin"], row["end"]) for row in mine)
    apart = all(one[1] <= two[0] for one, two in pairwise(spans))
    return False if apart else None


def took(many, way):
    """Seconds until the last wait had ended; None where one has not."""
    ends = [row["end"] for row in of(many, way)]
    return max(ends) if ends and None not in ends else None


def outcome(many):
    found = {way: overlap(many, way) for way in (IN_A_ROW, *OVERLAPPING)}
    if None in found.values():
        return None
    together = [found[way] for way in OVERLAPPING]
    if all(together):
        return OUTCOMES[0] if found[IN_A_ROW] else OUTCOMES[1]
    return None if any(together) else OUTCOMES[2]


def sentence(many):
    said = []
    for way in dict.fromkeys(row["way"] for row in many):
        passed = took(many, way)
        said.append(f"{way}: {timing.said(passed) if passed else fate(many, way)}")
    first = many[0]
    return f"Waits of {timing.said(first['asked'])} each – {'; '.join(said)}."


def fate(many, way):
    """What became of waits that have not ended."""
    mine = of(many, way)
    if mine[0]["begin"] is None:
        return "none of them ran"
    return f"{mine[0]['complaints']} of {len(mine)} vanished"


def draw(ax, many):
    """A lane for each way, in it a bar for each wait; what never ran, or vanished, is written there."""
    ways = list(dict.fromkeys(row["way"] for row in many))
    longest = max([row["end"] or 0 for row in many] + [many[0]["asked"]])
    for at, way in enumerate(ways):
        mine = of(many, way)
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
        if took(many, way) is None:
            said = fate(many, way)
            ax.text(longest * 10, -at, said, va="center", fontsize=10, color="trouble")
    ax.set(xlabel="ms since the first was asked for", ylim=(0.6 - len(ways), 0.5))
    ax.set(xlim=(0, longest * 1.03e3), yticks=[-at for at in range(len(ways))], yticklabels=ways)


def nothing_ran(many):
    mine = of(many, CALLED)
    ran = sum(row["begin"] is not None for row in mine)
    because = f"{len(mine)} coroutines were called: {ran} of them ran a line"
    because += f", and Python warned {mine[0]['complaints']} times that one was never awaited."
    return ran == 0, because


def in_a_row(many):
    apart = overlap(many, IN_A_ROW)
    first = took(many, IN_A_ROW)
    mine = of(many, IN_A_ROW)
    because = f"{len(mine)} waits of {timing.said(mine[0]['asked'])} took {timing.said(first)}: "
    because += (
        "none began before the one before it had ended." if apart is False else "some overlapped."
    )
    return apart is False, because


def all_at_once(many):
    because, answers = [], []
    for way in OVERLAPPING:
        answers.append(overlap(many, way))
        mine = of(many, way)
        because.append(f"{way} {timing.said(took(many, way))} in {mine[0]['threads']} thread")
    said = f"{len(mine)} waits of {timing.said(mine[0]['asked'])}: {', '.join(because)};"
    said += f" one after the other {timing.said(took(many, IN_A_ROW))}."
    return all(answers), said


def vanishes(many):
    mine = of(many, DROPPED)
    gone = mine[0]["complaints"]
    because = f"{gone} of {len(mine)} such tasks were destroyed while they waited"
    return gone > 0, because + (
        ", after one collection of garbage. Nobody was told but the log." if gone else "."
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
