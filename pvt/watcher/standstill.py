"""A run that was ended while nobody could go on: all waited for others, without a time limit.

Nobody ran, slept or read in its last second. What waits for the world outside, as a server does
for the network, does not stand still: it may be woken up.
"""

from dataclasses import dataclass

LIMITED = " (with a time limit)"  # in notes of waits that end by themselves
OPEN = 1.0  # seconds: who was known to wait no longer before the end waited to the end
LEAST = 1.0  # seconds that it must have lasted
POOL = "ThreadPoolExecutor-"  # beginning of the names of a pool's threads
PIECE = "a condition"  # what who waits for the result of a piece of work waits for


@dataclass
class StandStill:
    """How long nobody could go on, and who waited for what."""

    seconds: float
    locks: list  # names of those that waited for a lock
    others: list  # names of those that waited for another worker
    pool: int = 0  # threads of a pool that all waited for results of pieces
    queued: int = 0  # pieces that lay in its queue


def stand_still(seen, lanes):
    """The `StandStill` of a run, None if there was none."""
    if seen.ended_by_itself:
        return None
    alive = [one for one in lanes if one.kind != "task" and one.end > seen.end - OPEN]
    waits = [waiting(seen, one, lanes) for one in alive]
    if not waits or None in waits:
        return None
    seconds = seen.end - max(since for since, _ in waits)
    if seconds < LEAST:
        return None
    found = [pair for _, pairs in waits for pair in pairs]
    locks = [name for name, state in found if state == "lock"]
    others = [name for name, state in found if state != "lock"]
    return StandStill(seconds, locks, others, *pool(seen, alive))


def waiting(seen, lane, lanes):
    """(since when a thread waits to the end, [(who, "lock" or "worker"), …]); None if it does not,
    or if its wait may end by itself.
    """
    begin, _, known, state, what, *_ = seen.open.get(lane.number, (0, 0, 0, "", ""))
    limited = isinstance(what, str) and what.endswith(LIMITED)
    if limited or known - seen.begin < seen.end - OPEN:
        return None
    since = begin - seen.begin
    if state in ("lock", "worker"):
        return since, [(lane.name, state)]
    tasks = tasks_of(seen, lane, lanes)
    kinds = {state for _, state in tasks}
    if state == "io" and "lock" in kinds and kinds <= {"lock", "worker"}:
        return since, tasks  # its loop waits for nothing but its tasks
    return None


def tasks_of(seen, lane, lanes):
    """[(name, what it waits for), …] of the tasks in a thread's loop that have not ended."""
    last = {}
    for process, thread, task, called, _, _, waits, _ in seen.steps:
        if (process, thread) == (lane.process, lane.number) and task:
            last[task, called] = waits
    names = {(one.process, one.number): one.name for one in lanes if one.kind == "task"}
    return [
        (names.get((lane.process, task), f"task {called}"), waits)
        for (task, called), waits in last.items()
        if waits != "ended"
    ]


def pool(seen, alive):
    """(threads of a pool that all wait for results of pieces of work, what lies in its queue)."""
    mine = [one for one in alive if POOL in one.name]
    wait = [seen.open[one.number][4] for one in mine]
    process = {one.process for one in mine}
    queued = [
        size
        for queue, (_, size) in seen.left.items()
        if isinstance(queue, tuple) and {queue[0]} == process
    ]
    if not mine or set(wait) != {PIECE} or not any(queued):
        return 0, 0
    return len(mine), max(queued)
