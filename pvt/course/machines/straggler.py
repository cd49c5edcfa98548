"""One worker of four is slow: whoever shares the work out beforehand waits for it, whoever hands it
out bit by bit less.

The tasks only wait, so cores do not matter. A second copy of what is late costs a task done twice;
the first answer counts. The three plans are the same code for threads, processes and machines: each
is an executor with one worker.
"""

import time
from collections import deque
from contextlib import ExitStack
from typing import Annotated, Literal

from pvt.claims import Claim
from pvt.tools import cluster

QUESTION = "One of four workers is slow. How long do all wait?"
OUTCOMES = (
    "As long as the slow one takes",
    "Less, task by task",
    "Least with a second copy",
)
NEEDS = ("dask.distributed",)
SECONDS = 5.0
WORKERS, TASKS, TASK, SLOW = 4, 8, 0.03, 3
LESS = 1.2  # times as long is a difference
PLANS = ("shared out", "task by task", "with a second copy")
KINDS = ("thread", "process", "machine")


def task(at, slower):
    """Wait, as for a disk; worker number 4 takes longer."""
    time.sleep(TASK * (slower if at == SLOW else 1))
    return at


def several(at, slower, count):
    for _ in range(count):
        task(at, slower)


def shared_out(workers, slower):
    """Everybody gets the same share, beforehand."""
    share = TASKS // WORKERS
    futures = [worker.submit(several, at, slower, share) for at, worker in enumerate(workers)]
    for future in futures:
        future.result()
    return TASKS


def task_by_task(workers, slower, copies=False):
    """Whoever is idle gets the next task; with `copies` also one that another has not finished
    yet."""
    from concurrent.futures import FIRST_COMPLETED, wait

    waiting, done, running, started = deque(range(TASKS)), set(), {}, 0
    idle = deque(range(WORKERS))
    while len(done) < TASKS:
        late = deque(one for at, one in running.values() if one not in done) if copies else ()
        while idle and (waiting or late):
            number, at = (waiting or late).popleft(), idle.popleft()
            running[workers[at].submit(task, at, slower)] = at, number
            started += 1
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            at, number = running.pop(future)
            done.add(number)
            idle.append(at)
    return started


def with_a_second_copy(workers, slower):
    """The first answer counts; the other one comes too late and is thrown away."""
    return task_by_task(workers, slower, copies=True)


STUDY = (task, shared_out, task_by_task, with_a_second_copy)


def run(*, slower: Annotated[int, range(1, 21)] = 10, kind: Literal["all", *KINDS] = "all"):
    """Worker 4 takes several times as long."""
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    with cluster.launched(WORKERS) as processes, ExitStack() as pools:
        for name, pool in (("process", ProcessPoolExecutor), ("thread", ThreadPoolExecutor)):
            workers = [
                pools.enter_context(pool(1)) for _ in range(WORKERS if kind in ("all", name) else 0)
            ]
            for future in [worker.submit(task, 0, 0) for worker in workers]:
                future.result()  # they are there, and there are no threads of the cluster's yet
            yield from plans(name, workers, slower) if workers else ()
        if kind in ("all", "machine"):
            there = pools.enter_context(processes.client())
            yield from plans("machine", [executor(there, name) for name in there.names], slower)


def executor(there, name):
    """One machine as an executor of concurrent.futures."""
    return there.client.get_executor(**there.on(name))


def plans(kind, workers, slower):
    """A row for each plan."""
    for name, plan in zip(PLANS, (shared_out, task_by_task, with_a_second_copy), strict=True):
        begin = time.perf_counter()
        started = plan(workers, slower)
        seconds = time.perf_counter() - begin
        yield {"kind": kind, "plan": name, "seconds": seconds, "tasks": started}
        for worker in workers:  # who is late shall not be late for the next plan
            worker.submit(task, 0, 0).result()


def seconds(rows, kind, plan):
    """How long it took, or None."""
    return next(
        (row["seconds"] for row in rows if (row["kind"], row["plan"]) == (kind, plan)), None
    )


def gain(rows, kind, one, other):
    """How many times as long the first plan takes as the second; None if one was not seen."""
    slow, fast = seconds(rows, kind, one), seconds(rows, kind, other)
    return slow / fast if slow and fast else None


def outcome(rows):
    seen = [kind for kind in KINDS if seconds(rows, kind, PLANS[2])]
    if not seen:
        return None
    if gain(rows, seen[-1], PLANS[0], PLANS[1]) < LESS:
        return OUTCOMES[0]
    return OUTCOMES[2] if gain(rows, seen[-1], PLANS[1], PLANS[2]) > LESS else OUTCOMES[1]


def sentence(rows):
    kind = next(kind for kind in reversed(KINDS) if seconds(rows, kind, PLANS[0]))
    found = [(plan, seconds(rows, kind, plan)) for plan in PLANS]
    said = ", ".join(f"{plan} {1000 * one:,.0f} ms" for plan, one in found if one)
    return f"All tasks done by {plural(kind)}: {said}."


def plural(kind):
    return {"thread": "threads", "process": "processes", "machine": "machines"}[kind]


def draw(ax, rows):
    """A bar for each plan, a group for each kind; the dotted line is what four equal workers
    would take."""
    for group, kind in enumerate(KINDS):
        for at, plan in enumerate(PLANS):
            if found := seconds(rows, kind, plan):
                level = -4 * group - at
                ax.barh(level, 1000 * found, 0.8, color=kind, alpha=(0.9, 0.65, 0.4)[at])
                ax.text(
                    1000 * found,
                    level,
                    f" {1000 * found:,.0f}",
                    va="center",
                    color="ink",
                    fontsize=9,
                )
    ax.axvline(1000 * TASK * TASKS / WORKERS, color="ink", linestyle=":", linewidth=1)
    levels = [-4 * group - at for group in range(3) for at in range(3)]
    ax.set_yticks(
        levels, [f"{plural(kind)}, {plan}" for kind in KINDS for plan in PLANS], fontsize=8
    )
    ax.set(
        xlabel="ms until all tasks are done (dotted: with four equal workers)", ylim=(-10.6, 0.6)
    )
    ax.margins(x=0.12)


def shorter(one, other):
    """A check: does the second plan end the wait earlier, on machines?"""

    def check(rows):
        ratios = {kind: gain(rows, kind, one, other) for kind in KINDS}
        if ratios["machine"] is None:
            return None, "the plans were not seen on machines."
        parts = [f"{plural(kind)} {ratio:.1f} times" for kind, ratio in ratios.items() if ratio]
        because = f"{one}, against {other}: {', '.join(parts)} as long."
        if 1 / LESS < ratios["machine"] < LESS:
            return None, because + " That is too close to tell."
        return ratios["machine"] > 1, because

    return check


WAITS = (
    "Where the work is shared out beforehand, all wait for one slow machine longer than task"
    " by task."
)
COPY = "A second copy of what is late shortens the wait for a slow machine."
CLAIMS = [
    Claim("machines.straggler", WAITS, {}, shorter(PLANS[0], PLANS[1])),
    Claim("machines.second-copy", COPY, {}, shorter(PLANS[1], PLANS[2])),
]
