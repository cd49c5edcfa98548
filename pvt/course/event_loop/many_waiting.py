"""Ten thousand that only wait, as tasks and as threads: memory of one more, and time to start it.

Each crowd has a process of its own, so that none gets memory which another has left.
"""

import asyncio
import gc
import multiprocessing
import time
from typing import Literal

from pvt import procfs, timing
from pvt.claims import Claim
from pvt.tools import ceilings, crowd

QUESTION = "What does one more that waits cost?"
OUTCOMES = (
    "A thread takes less than twice the memory of a task",
    "A thread takes 2 to 5 times the memory of a task",
    "A thread takes more than 5 times the memory of a task",
)
SECONDS = 3.5  # as usual
LONGEST = 8.0  # seconds to start a crowd
PATIENCE = 40.0  # seconds we wait for a crowd's answer
FEW = {"task": 500, "thread": 50}  # fewer, and the memory of each is lost in the noise
KINDS = ("task", "thread")


async def waits(go):
    await go.wait()


async def crowd_of_tasks(count):
    go = asyncio.Event()
    tasks = [asyncio.create_task(waits(go)) for _ in range(count)]
    await asyncio.sleep(0)  # all of them are begun now, and wait
    return go, tasks


def crowd_of_threads(count):
    waiting = crowd.Threads()
    waiting.add(count, until=time.perf_counter() + LONGEST)
    return waiting


STUDY = (waits, crowd_of_tasks, crowd_of_threads)


def run(*, waiters: Literal[100, 1_000, 10_000] = 10_000):
    """`waiters` of each kind, fewer threads where a limit is near: `why` names it."""
    known = [*ceilings.shared(), *ceilings.own(crowd.weigh_thread())]
    for kind in KINDS:
        allowed, why = (
            ceilings.granted(waiters, known, bold=True) if kind == "thread" else (waiters, "")
        )
        found = in_a_process(kind, allowed)
        yield {"kind": kind, "asked": waiters, **found, "why": found["why"] or why}


def in_a_process(kind, count):
    """What a fresh process reports of its crowd."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=answer, args=(kind, count, there), daemon=True)
    process.start()
    there.close()
    try:
        return here.recv() if here.poll(PATIENCE) else nothing("it did not answer in time")
    except EOFError:
        return nothing("its process ended")
    finally:
        process.kill()
        process.join()
        here.close()


def nothing(why):
    return {"count": 0, "seconds": None, "memory": None, "why": why}


def answer(kind, count, there):
    """In the process of the crowd: start it, weigh it, report, and end."""
    crowd.one_arena()
    if kind == "task":
        there.send(asyncio.run(tasks(count)))
    else:
        there.send(threads(count))


async def tasks(count):
    warm = await crowd_of_tasks(10)
    gc.disable()  # as for threads: what is born here stays
    before, begin = memory(), time.perf_counter()
    go, born = await crowd_of_tasks(count)
    seconds, after = time.perf_counter() - begin, memory()
    for event in (go, warm[0]):
        event.set()
    await asyncio.wait(born + warm[1])
    return figures("task", count, seconds, before, after, "")


def threads(count):
    crowd_of_threads(2).leave()
    before, begin = memory(), time.perf_counter()
    waiting = crowd_of_threads(count)
    seconds, after = time.perf_counter() - begin, memory()
    why = waiting.refused
    if not why and waiting.count < count:
        why = f"{LONGEST:g} s were over"
    return figures("thread", waiting.count, seconds, before, after, why)


def memory():
    """Resident bytes and page tables of this process, or None where that is unknown."""
    found = procfs.sizes("VmRSS", "VmPTE")
    return sum(found.values()) if len(found) == 2 else None


def figures(kind, count, seconds, before, after, why):
    known = before is not None and after is not None and count >= FEW[kind]
    kernel = crowd.KERNEL if kind == "thread" else 0
    each = (after - before) / count + kernel if known else None
    return {"count": count, "seconds": seconds / max(1, count), "memory": each, "why": why}


def of(rows, kind):
    return next((row for row in rows if row["kind"] == kind), None)


def times(rows, key):
    """A thread's figure divided by a task's; None where one is unknown."""
    task, thread = of(rows, "task"), of(rows, "thread")
    if not task or not thread or not task[key] or not thread[key]:
        return None
    return thread[key] / task[key]


def outcome(rows):
    ratio = times(rows, "memory")
    if ratio is None:
        return None
    return OUTCOMES[0] if ratio < 2 else OUTCOMES[1] if ratio <= 5 else OUTCOMES[2]


def short(row):
    """Why there are fewer than asked for."""
    return f" (asked for {row['asked']:,}: {row['why']})" if row["count"] < row["asked"] else ""


def phrase(row):
    if not row["count"]:
        return f"no {row['kind']} could be started: {row['why']}"
    noun = f"{row['count']:,} {row['kind']}{'s' * (row['count'] != 1)}{short(row)}"
    size = f"{row['memory'] / 1024:,.1f} KiB" if row["memory"] else "memory unknown"
    return f"{noun}: {size} and {timing.text(row['seconds'])} each"


def sentence(rows):
    return f"What one waiter costs – {'; '.join(phrase(row) for row in rows)}."


def draw(ax, rows):
    """Two groups of bars on a logarithmic scale: memory of one more, and the time until it is
    there."""
    ticks = []
    for at, (key, unit, factor) in enumerate((("memory", "KiB", 1 / 1024), ("seconds", "µs", 1e6))):
        for offset, kind in enumerate(KINDS):
            row = of(rows, kind)
            if not row or not row[key]:
                continue
            value = row[key] * factor
            colour = "thread" if kind == "thread" else "other"
            x = at + 0.4 * offset - 0.2
            label = f"{row['count']:,} {kind}s" if not at else None
            ax.bar(x, value, 0.36, color=colour, label=label, hatch=None if offset else "..")
            ax.annotate(f"{value:,.1f} {unit}", (x, value), ha="center", va="bottom", fontsize=11)
        ticks.append({"memory": "memory of each, KiB", "seconds": "time to start each, µs"}[key])
    ax.set(yscale="log", ylim=(0.1, 3000), xlim=(-0.6, 1.6), ylabel="KiB or µs")
    ax.set_xticks(range(2), ticks)


def larger(key, noun, borders):
    """A check: is a thread's figure the larger one, clearly?"""

    def check(rows):
        ratio = times(rows, key)
        because = "; ".join(phrase(row) for row in rows)
        if ratio is None:
            return None, f"{because}: {noun} cannot be compared here."
        answer = True if ratio > borders[1] else False if ratio < borders[0] else None
        return answer, f"{because}. A thread takes {ratio:,.1f} times the {noun} of a task."

    return check


CLAIMS = [
    Claim(
        "asyncio.task-lighter",
        "A task that waits takes less than half the memory of a thread that waits.",
        {},
        larger("memory", "memory", (1.6, 2.5)),
    ),
    Claim(
        "asyncio.task-sooner",
        "Tasks are started faster than threads.",
        {},
        larger("seconds", "time", (0.7, 1.5)),
    ),
]
