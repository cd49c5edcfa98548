"""The worker that has task 3 is killed: in a pool its tasks are lost; on machines task 3 is done
again, effect and all.

Each task posts a letter before its work is done. A file for each letter counts how often it was
posted. With a key the post office knows the letter, and takes it once.
"""

import os
import signal
import tempfile
import time
from contextlib import suppress
from typing import Annotated

from pvt.claims import Claim
from pvt.tools import cluster

QUESTION = "The worker of task 3 is killed. What becomes of the tasks?"
OUTCOMES = (
    "Task 3 is lost everywhere",
    "Done again, letter posted once",
    "Done again, letter posted twice",
)
NEEDS = ("dask.distributed", "fork")
SECONDS = 4.0
WORKERS, TASK, BAD, PATIENCE = 3, 0.05, 3, 20.0
CASES = (("thread", False), ("process", False), ("machine", False), ("machine", True))


def deliver(number, folder, keyed):
    """Post a letter, then work. The first worker that does this with task 3 is killed on the
    way."""
    attempt = len(attempts(folder, number)) + 1
    open(os.path.join(folder, f"attempt-{number}-{attempt}"), "x").close()
    post(folder, number, attempt, keyed)
    if number == BAD and attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(TASK)
    return number


def post(folder, number, attempt, keyed):
    """Post the letter. With a key, which is the same in every attempt, the same letter is taken
    once."""
    key = number if keyed else f"{number}-{attempt}"
    with suppress(FileExistsError):
        open(os.path.join(folder, f"letter-{key}"), "x").close()


def attempts(folder, number):
    """The attempts at a task so far."""
    return [name for name in os.listdir(folder) if name.startswith(f"attempt-{number}-")]


def in_threads(folder, tasks, pipe):
    """A process with a pool of threads; it says which tasks are done, as long as it lives."""
    from concurrent.futures import ThreadPoolExecutor, as_completed

    with ThreadPoolExecutor(WORKERS) as pool:
        futures = [pool.submit(deliver, number, folder, False) for number in tasks]
        for future in as_completed(futures):
            pipe.send(future.result())


def in_processes(folder, tasks):
    """A pool of processes: it breaks, and gives up all that is not done."""
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

    with ProcessPoolExecutor(WORKERS) as pool:
        futures = []
        with suppress(BrokenExecutor):
            futures += [pool.submit(deliver, number, folder, False) for number in tasks]
        for future in futures:
            with suppress(BrokenExecutor):
                yield future.result(PATIENCE)


def on_machines(there, folder, tasks, keyed):
    """The scheduler knows who had which task, and gives it to another machine."""
    futures = [there.client.submit(deliver, one, folder, keyed, pure=False) for one in tasks]
    for future in futures:
        yield cluster.result(future, PATIENCE)


STUDY = (deliver, post, in_threads, in_processes, on_machines)


def run(*, tasks: Annotated[int, range(6, 25)] = 12):
    """So many `tasks` for three workers."""
    numbers = range(1, tasks + 1)
    with cluster.launched(
        WORKERS, scheduler__work_stealing=False
    ) as processes:  # before there are threads
        for kind, keyed in CASES[:2]:
            yield from case(kind, keyed, numbers, threads if kind == "thread" else in_processes)
        with processes.client() as there:
            for kind, keyed in CASES[2:]:
                yield from case(kind, keyed, numbers, machines(there, keyed))


def threads(folder, numbers):
    """What the threads have done before their process was killed."""
    import multiprocessing

    ours, theirs = multiprocessing.Pipe(duplex=False)
    house = multiprocessing.Process(target=in_threads, args=(folder, numbers, theirs))
    house.start()
    theirs.close()
    with ours, suppress(EOFError):
        while True:
            yield ours.recv()
    house.join()


def machines(there, keyed):
    return lambda folder, numbers: on_machines(there, folder, numbers, keyed)


def case(kind, keyed, numbers, does):
    """A row for each task."""
    folder = tempfile.mkdtemp()
    done = set(does(folder, numbers))
    posted = [name.split("-")[1] for name in os.listdir(folder) if name.startswith("letter")]
    for number in numbers:
        found = {"kind": kind, "key": keyed, "task": number, "done": number in done}
        letters = posted.count(str(number))
        yield found | {"attempts": len(attempts(folder, number)), "letters": letters}


def chosen(rows, kind, keyed=False):
    return [row for row in rows if row["kind"] == kind and row["key"] == keyed]


def bad(rows, keyed=False):
    """The row of the task whose machine was killed, or None."""
    return next((row for row in chosen(rows, "machine", keyed) if row["task"] == BAD), None)


def outcome(rows):
    found = bad(rows)
    if not found:
        return None
    if not found["done"]:
        return OUTCOMES[0]
    return OUTCOMES[2] if found["letters"] > 1 else OUTCOMES[1]


def result(rows, kind, keyed=False):
    """How many tasks of a case are done, and how often the letter of task 3 was posted."""
    mine = chosen(rows, kind, keyed)
    if not mine:
        return ""
    done = f"{sum(row['done'] for row in mine)} of {len(mine)} tasks done"
    letters = next((row["letters"] for row in mine if row["task"] == BAD), 0)
    name = {"thread": "threads", "process": "processes", "machine": "machines"}[kind]
    return f"{name}{' with a key' * keyed}: {done}, letter {BAD} posted {letters}×"


def sentence(rows):
    names = {"thread": "in threads", "process": "in processes", "machine": "on machines"}
    done = [
        f"{sum(row['done'] for row in chosen(rows, kind))} of {len(chosen(rows, kind))} {name}"
        for kind, name in names.items()
        if chosen(rows, kind)
    ]
    letters = f", letter {BAD} posted {bad(rows)['letters']} times" if bad(rows) else ""
    return f"Tasks done: {', '.join(done)}{letters}."


def draw(ax, rows):
    """A box for each task: done or lost; in it, how often its letter was posted."""
    names = ["threads", "processes", "machines", "machines,\nwith a key"]
    for level, one in enumerate(CASES):
        for row in chosen(rows, *one):
            colour = {"color": one[0], "alpha": 0.35}
            lost = {"color": "none", "edgecolor": "trouble", "hatch": "//"}
            ax.bar(row["task"], 0.8, 0.86, bottom=-level - 0.4, **(colour if row["done"] else lost))
            sign = ("✔" if row["done"] else "✘") + "✉" * row["letters"]
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            ax.text(
                row["task"],
                -level,
                sign,
                ha="center",
                va="center",
                fontsize=9,
                color="ink",
                bbox=None if row["done"] else paper,
            )
    most = max(row["task"] for row in rows)
    ax.set(
        xlim=(0.4, most + 0.6), ylim=(-3.6, 0.6), xticks=range(1, most + 1, 1 if most < 17 else 2)
    )
    ax.set(xlabel=f"task (✔ done, ✘ lost, ✉ a letter; the worker of task {BAD} is killed)")
    ax.set_yticks([0, -1, -2, -3], names)
    ax.grid(visible=False)


def done_again(rows):
    mine, found = chosen(rows, "machine"), bad(rows)
    if not found:
        return None, "no task of the machines was seen."
    beside = "; ".join(filter(None, (result(rows, "thread"), result(rows, "process"))))
    because = (
        f"{result(rows, 'machine')}; attempts at task {BAD}: {found['attempts']}. Beside"
        f" it: {beside}."
    )
    return all(row["done"] for row in mine) and found["attempts"] > 1, because


def posted_twice(rows):
    found = bad(rows)
    if not found or found["attempts"] < 2:
        return None, f"task {BAD} was not done again."
    return found["letters"] > 1, f"{result(rows, 'machine')} in {found['attempts']} attempts."


def posted_once(rows):
    found = bad(rows, True)
    if not found or found["attempts"] < 2:
        return None, f"task {BAD} was not done again."
    mine = chosen(rows, "machine", True)
    right = all(row["letters"] == 1 and row["done"] for row in mine)
    return right, f"{result(rows, 'machine', True)} in {found['attempts']} attempts."


AGAIN = (
    "When a worker on another machine is killed, its task is done again elsewhere, and none"
    " is lost."
)
TWICE = "A task that is done again can have its effect twice."
ONCE = "With a key for each effect, it happens once, however often the task is done."
CLAIMS = [
    Claim("machines.done-again", AGAIN, {}, done_again),
    Claim("machines.effect-twice", TWICE, {}, posted_twice, kind="can"),
    Claim("machines.idempotent", ONCE, {}, posted_once),
]
