"""Four tasks are under way, and one of them fails: what becomes of the others?"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Literal

from pvt import timing
from pvt.claims import Claim

QUESTION = "What becomes of the others?"
OUTCOMES = (
    "gather and TaskGroup both cancel them",
    "gather lets them run, TaskGroup cancels them",
    "Both let them run",
)
SECONDS = 1.0  # as usual
TASKS = 4
FAILS = 0.15  # of the others' time: when the one fails


class Failure(Exception):
    """What one of the tasks raises."""


async def gather(tasks):
    await asyncio.gather(*tasks)


async def gather_all(tasks):
    await asyncio.gather(*tasks, return_exceptions=True)


async def task_group(tasks):
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(task)


WAYS = {
    "gather": gather,
    "gather, exceptions\nreturned": gather_all,
    "TaskGroup": task_group,
}
THREADS = "threads"
STUDY = tuple(WAYS.values())


def run(*, failing: Annotated[int, range(1, TASKS + 1)] = 2, wait_ms: Literal[200, 400] = 200):
    """Each task waits `wait_ms` and then sends an order; task number `failing` fails long
    before."""
    for way, go in WAYS.items():
        yield from asyncio.run(watched(way.replace("\n", " "), go, failing - 1, wait_ms / 1000))
    yield from in_threads(failing - 1, wait_ms / 1000)


async def watched(way, go, failing, seconds):
    """The rows of one way: we look at the others until each of them has ended."""
    begin, found = time.perf_counter(), {}

    async def order(number):
        found[number] = row = {"end": None, "fate": None}
        try:
            await asyncio.sleep(seconds * FAILS if number == failing else seconds)
            row["fate"] = "failed" if number == failing else "sent"
            if number == failing:
                raise Failure
        except asyncio.CancelledError:
            row["fate"] = "cancelled"
            raise
        finally:
            row["end"] = time.perf_counter() - begin

    heard, raised = None, ""
    try:
        await go([order(number) for number in range(TASKS)])
    except BaseException as problem:
        raised = type(problem).__name__
    heard = time.perf_counter() - begin
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
    return [row(way, number, found[number], heard, raised, seconds) for number in range(TASKS)]


def in_threads(failing, seconds):
    """The same with a thread each: nobody can cancel a thread."""
    begin, found = time.perf_counter(), {}

    def order(number):
        time.sleep(seconds * FAILS if number == failing else seconds)
        found[number] = {
            "end": time.perf_counter() - begin,
            "fate": "failed" if number == failing else "sent",
        }
        if number == failing:
            raise Failure

    with ThreadPoolExecutor(TASKS) as pool:
        futures = [pool.submit(order, number) for number in range(TASKS)]
        raised = type(futures[failing].exception()).__name__
        heard = time.perf_counter() - begin
    for number in range(TASKS):
        yield row(THREADS, number, found[number], heard, raised, seconds)


def row(way, number, found, heard, raised, seconds):
    return {
        "way": way,
        "task": number + 1,
        **found,
        "heard": heard,
        "raised": raised,
        "wait": seconds,
    }


def of(rows, way):
    return [row for row in rows if row["way"] == way]


def others(rows, way):
    """What became of those that did not fail: "sent", "cancelled" or "both"; None if the machine
    was too slow to tell."""
    mine = of(rows, way)
    failed = [one["end"] for one in mine if one["fate"] == "failed"]
    if not mine or not failed or failed[0] > mine[0]["wait"] * 0.7:
        return None
    fates = {one["fate"] for one in mine} - {"failed"}
    return fates.pop() if len(fates) == 1 else "both"


def outcome(rows):
    plain, group = others(rows, "gather"), others(rows, "TaskGroup")
    return {
        ("cancelled", "cancelled"): OUTCOMES[0],
        ("sent", "cancelled"): OUTCOMES[1],
        ("sent", "sent"): OUTCOMES[2],
    }.get((plain, group))


def phrase(rows, way):
    mine = of(rows, way)
    count = {fate: sum(one["fate"] == fate for one in mine) for fate in ("sent", "cancelled")}
    because = (
        f"{way}: {count['sent']} of the others sent their order, {count['cancelled']} were"
        " cancelled"
    )
    heard = f"raised {mine[0]['raised']}" if mine[0]["raised"] else "raised nothing"
    return f"{because}; it {heard} after {timing.text(mine[0]['heard'])}"


def sentence(rows):
    parts = []
    for way in dict.fromkeys(row["way"] for row in rows):
        mine = of(rows, way)
        fates = [one["fate"] for one in mine if one["fate"] != "failed"]
        parts.append(f"{way} {fates.count('sent')} of {len(fates)}")
    return f"After a failure the others still send: {'; '.join(parts)}."


LOOKS = {
    "sent": {"color": "thread"},
    "failed": {"color": "trouble"},
    "cancelled": {"color": "none", "edgecolor": "trouble", "hatch": "///"},
}


def draw(ax, rows):
    """A lane for each way with a bar for each task, coloured by how it ended; a line where the
    caller goes on."""
    ways, seen = list(dict.fromkeys(row["way"] for row in rows)), set()
    for at, way in enumerate(ways):
        for place, one in enumerate(of(rows, way)):
            y = -at + 0.3 - 0.2 * place
            label = one["fate"] if one["fate"] not in seen else None
            seen.add(one["fate"])
            ax.barh(y, one["end"] * 1e3, 0.15, label=label, **LOOKS[one["fate"]])
        heard = of(rows, way)[0]["heard"] * 1e3
        ax.plot([heard, heard], [-at - 0.45, -at + 0.45], color="ink", linewidth=2)
    ax.set(xlabel="ms; the black line: the caller goes on", ylim=(0.5 - len(ways), 0.5))
    names = [way.replace(", ", ",\n") for way in ways]
    ax.set(yticks=[-at for at in range(len(ways))], yticklabels=names)


def decided(way, wanted):
    """A check: do the others all end as wanted?"""

    def check(rows):
        found, because = others(rows, way), phrase(rows, way) + "."
        if found is None:
            return None, f"{because} The machine was too busy: the failure came too late."
        return found == wanted, because

    return check


CLAIMS = [
    Claim(
        "asyncio.taskgroup-cancels",
        "When a task of a TaskGroup fails, the others are cancelled.",
        {},
        decided("TaskGroup", "cancelled"),
    ),
    Claim(
        "asyncio.gather-cancels",
        "When one of its tasks fails, gather cancels the others.",
        {},
        decided("gather", "cancelled"),
    ),
]
