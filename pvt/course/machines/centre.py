"""The scheduler is killed when half of the tasks are done: even the results that were ready are out
of reach.

They lie at the machines, but only the scheduler knew where. Who has written each result to a disk
goes on with a new scheduler where the old one stopped.
"""

import os
import tempfile
import time
from contextlib import ExitStack
from typing import Annotated

from pvt.claims import Claim
from pvt.tools import cluster

QUESTION = "The scheduler is killed half-way. Which ready results are done again?"
OUTCOMES = (
    "None is done again",
    "All are, unless they are on a disk",
    "All are, on a disk or not",
)
NEEDS = ("dask.distributed",)
SECONDS = 4.5
TASK, MACHINES, PATIENCE, BRIEFLY = 0.03, 2, 20.0, 0.2
CASES = ("a machine is killed", "the scheduler is killed", "the same, results on disk")


def work(number, folder):
    """The work itself; it notes that it was done once more."""
    time.sleep(TASK)
    with open(os.path.join(folder, f"done-{number}"), "ab", buffering=0) as file:
        file.write(b"x")
    return number * number


def kept(number, folder):
    """The same, but the result is looked up on the disk first, and written there before it is
    given back."""
    path = os.path.join(folder, f"result-{number}")
    if os.path.exists(path):
        with open(path) as file:
            return int(file.read())
    result = work(number, folder)
    with open(f"{path}.new", "w") as file:
        file.write(str(result))
    os.replace(f"{path}.new", path)  # all of it or nothing, also if we are killed here
    return result


STUDY = (work, kept)


def run(*, tasks: Annotated[int, range(6, 21)] = 12):
    """Half of the `tasks` are done when somebody is killed."""
    with ExitStack() as crowd:
        first, second, third = [crowd.enter_context(cluster.launched(MACHINES)) for _ in range(3)]
        yield from case(CASES[0], first, None, tasks, work)
        yield from case(CASES[1], first, second, tasks, work)
        yield from case(CASES[2], second, third, tasks, kept)


def case(name, old, new, tasks, does):
    """A row for each task: was its result ready, could it be fetched afterwards, how often was
    it done in all."""
    folder, numbers = tempfile.mkdtemp(), range(1, tasks + 1)
    with old.client() as there:
        futures = [there.client.submit(does, one, folder, pure=False) for one in numbers]
        cluster.until(lambda: sum(future.done() for future in futures) >= tasks // 2)
        ready = [future.done() for future in futures]
        victim = old.scheduler if new else old.machines.pop(there.names[0])
        victim.kill()
        victim.join()
        fetched = [fetch(future, PATIENCE if not new else BRIEFLY) for future in futures]
    if new:
        with new.client() as there:
            there.client.gather(
                [there.client.submit(does, one, folder, pure=False) for one in numbers]
            )
    for at, number in enumerate(numbers):
        row = {"case": name, "task": number, "ready": ready[at], "fetched": fetched[at]}
        path = os.path.join(folder, f"done-{number}")
        yield row | {"times": os.path.getsize(path) if os.path.exists(path) else 0}


def fetch(future, seconds):
    """Whether its result can still be had."""
    try:
        cluster.result(future, seconds)
    except Exception:  # cancelled, lost, or no answer in time
        return False
    return True


def chosen(rows, case):
    return [row for row in rows if row["case"] == case]


def counted(rows, case):
    """(tasks, ready when somebody was killed, fetched afterwards, ready ones that were done
    again) of a case."""
    mine = chosen(rows, case)
    ready = [row for row in mine if row["ready"]]
    again = sum(row["times"] > 1 for row in ready)
    return len(mine), len(ready), sum(row["fetched"] for row in mine), again


def outcome(rows):
    lost, kept = chosen(rows, CASES[1]), chosen(rows, CASES[2])
    if not kept or not any(row["ready"] for row in kept):
        return None
    if any(row["fetched"] for row in lost):
        return OUTCOMES[0]
    return OUTCOMES[2] if counted(rows, CASES[2])[3] else OUTCOMES[1]


def result(rows, case):
    """What became of the results, in words."""
    tasks, ready, fetched, again = counted(rows, case)
    words = (
        f"{case}: {ready} of {tasks} results were ready, {fetched} could be fetched from the"
        " cluster afterwards"
    )
    return words + f", {again} of the ready ones were done again" if tasks else ""


def sentence(rows):
    named = zip(CASES, ("a machine", "the scheduler", "it, with a disk"), strict=True)
    lost = [
        f"{counted(rows, case)[3]} of {counted(rows, case)[1]} for {name}"
        for case, name in named
        if chosen(rows, case)
    ]
    return f"Ready results done again: {'; '.join(lost)}."


def draw(ax, rows):
    """A box for each task: ready or not when somebody was killed, and how often it was done in
    all."""
    for level, case in enumerate(CASES):
        for row in chosen(rows, case):
            again = row["ready"] and row["times"] > 1
            look = (
                {"color": "machine", "alpha": 0.35}
                if row["ready"]
                else {"color": "other", "alpha": 0.25}
            )
            if again:
                look = {"color": "none", "edgecolor": "trouble", "hatch": "//"}
            ax.bar(row["task"], 0.8, 0.86, bottom=-level - 0.4, **look)
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 1} if again else None
            ax.text(
                row["task"],
                -level,
                f"{row['times']}×",
                ha="center",
                va="center",
                fontsize=9,
                color="ink",
                bbox=paper,
            )
    most = max(row["task"] for row in rows)
    ax.set(xlim=(0.4, most + 0.6), ylim=(-2.6, 0.6), xticks=range(1, most + 1))
    ax.set(xlabel="task (green: was ready, grey: was not, hatched: was ready and lost)")
    ax.set_yticks([0, -1, -2], [case.replace(" is", "\nis").replace(", ", ",\n") for case in CASES])
    ax.grid(visible=False)


def out_of_reach(rows):
    _, ready, fetched, _ = counted(rows, CASES[1])
    if not ready:
        return None, "no result was ready when the scheduler was killed."
    beside = f" Beside it, {result(rows, CASES[0])}."
    return fetched == 0, f"{result(rows, CASES[1])}.{beside}"


def goes_on(rows):
    _, ready, _, again = counted(rows, CASES[2])
    if not ready:
        return None, "no result was ready when the scheduler was killed."
    return again == 0, f"{result(rows, CASES[2])}."


LOST = "When the scheduler dies, even the results that were ready are out of reach."
DISK = "With each result on a disk, a new scheduler does nothing again that was ready."
CLAIMS = [
    Claim("machines.scheduler", LOST, {}, out_of_reach),
    Claim("machines.on-disk", DISK, {}, goes_on),
]
