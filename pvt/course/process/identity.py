"""Wave after wave of short-lived workers tells its ids: which are new every time, which are used
again?"""

import os
import queue
import threading
from typing import Annotated

from pvt.claims import Claim

QUESTION = "Does each worker get a new number?"
OUTCOMES = (
    "None: every number is new",
    "The thread id",
    "The native id",
    "The pid",
)  # which comes back first
SECONDS = 0.8


def who_am_i():
    return {
        "pid": os.getpid(),
        "thread_id": threading.get_ident(),
        "native_id": threading.get_native_id(),
    }


def report_ids(report, all_here):
    """What a worker does: it reports its ids, and lives on until all of its wave have reported
    theirs."""
    report.put(who_am_i())
    all_here.wait()


STUDY = (who_am_i, report_ids)


def run(*, together: Annotated[int, range(2, 9)] = 3, waves: Annotated[int, range(2, 11)] = 5):
    """`together`: how many workers live at the same time; then they end and the next wave
    begins."""
    yield from rows_of(
        "thread", threading.Thread, queue.SimpleQueue, threading.Event, together, waves
    )
    import multiprocessing as mp

    yield from rows_of("process", mp.Process, mp.SimpleQueue, mp.Event, together, waves)


def rows_of(kind, worker_type, queue_type, event_type, together, waves):
    """The twins differ only in where the three types come from."""
    for wave in range(1, waves + 1):
        report, all_here = queue_type(), event_type()
        crowd = [worker_type(target=report_ids, args=(report, all_here)) for _ in range(together)]
        for worker in crowd:
            worker.start()
        reports = [report.get() for _ in crowd]
        all_here.set()
        for worker in crowd:
            worker.join()
        for ids in reports:
            yield {"workers_are": kind, "wave": wave, "starter": os.getpid(), **ids}


def column(rows, kind, key):
    return [row[key] for row in rows if row["workers_are"] == kind]


def used_again(ids):
    """How many of these came with an id that one before had had."""
    return len(ids) - len(set(ids))


def among_the_living(rows, kind, key):
    """How many workers had the same id as another one of their wave: both were alive."""
    waves = {row["wave"] for row in rows}
    return sum(
        used_again(column([row for row in rows if row["wave"] == wave], kind, key))
        for wave in waves
    )


def back_in(rows, kind, key):
    """The first wave in which somebody has an id that one before had had; None if there is none."""
    waves = sorted({row["wave"] for row in rows})
    known = {
        wave: column([row for row in rows if row["wave"] <= wave], kind, key) for wave in waves
    }
    return next((wave for wave in waves if used_again(known[wave])), None)


def outcome(rows):
    if not column(rows, "process", "pid"):
        return None
    kinds = [("thread", "thread_id"), ("thread", "native_id"), ("process", "pid")]
    back = {at: wave for at, kind in enumerate(kinds, 1) if (wave := back_in(rows, *kind))}
    return OUTCOMES[min(back, key=back.get, default=0)]


LINES = (  # who, which id, its name, colour, line, points from the end of the line up to the label
    ("process", "pid", "pids of processes", "process", "s-", 12),
    ("thread", "native_id", "native ids of threads", "ink", ".:", -4),
    ("thread", "thread_id", "thread ids of threads", "thread", "o-", 2),
    ("process", "thread_id", "thread ids in processes", "trouble", "^--", -4),
)


def sentence(rows):
    known = {name: column(rows, kind, key) for kind, key, name, *_ in LINES}
    parts = [f"{name} {len(set(ids))}" for name, ids in known.items() if ids]
    return f"Different ids of {max(map(len, known.values()))} workers: {'; '.join(parts)}."


def draw(ax, rows):
    """For each kind of id: how many different ones there were, worker by worker. A straight rise
    means: all new."""
    for kind, key, name, colour, line, above in LINES:
        if ids := column(rows, kind, key):
            count = [len(set(ids[: at + 1])) for at in range(len(ids))]
            ax.plot(range(1, len(ids) + 1), count, line, color=colour)
            ax.annotate(
                name,
                (len(ids), count[-1]),
                (9, above),
                textcoords="offset points",
                va="center",
                color=colour,
            )
    ax.locator_params(integer=True)
    most = max(len(column(rows, kind, "pid")) for kind in ("thread", "process"))
    ax.set(
        xlabel="workers so far",
        ylabel="different ids so far",
        xlim=(0.5, 1.5 * most + 1),
        ylim=(0, 1.15 * most + 1),
    )


def own_pid(rows):
    pids = [rows[0]["starter"], *column(rows, "process", "pid")]
    if len(pids) == 1:
        return None, "no process has reported its id."
    twice = among_the_living(rows, "process", "pid") + pids.count(pids[0]) - 1
    return (
        not twice,
        f"{len(pids) - 1} processes and their starter had {len(set(pids))} different pids.",
    )


def own_thread_id(rows):
    ids = column(rows, "thread", "thread_id")
    doubles = among_the_living(rows, "thread", "thread_id")
    because = (
        f"{doubles or 'none'} of {len(ids)} threads had the same id as another that was alive."
        f" But {used_again(ids)} had one that an earlier thread had had."
    )
    return not doubles, because


def never_again(rows):
    again = used_again(column(rows, "thread", "thread_id"))
    ids = column(rows, "thread", "thread_id")
    natives = used_again(column(rows, "thread", "native_id"))
    because = (
        f"{again} of {len(ids)} threads got the id of one that had ended. Of the native ids,"
        " which the operating"
        f" system gives, {natives or 'none'} came twice."
    )
    return (False if again else None), because


def pid_of_the_house(rows):
    pids, natives = set(column(rows, "thread", "pid")), set(column(rows, "thread", "native_id"))
    because = (
        f"{len(column(rows, 'thread', 'pid'))} threads reported {len(pids)} pid and"
        f" {len(natives)} native ids."
    )
    return pids == {rows[0]["starter"]}, because


CLAIMS = [
    Claim("process.pid", "Every process has a process id of its own.", {}, own_pid),
    Claim("thread.tid", "Every thread has an id of its own in its process.", {}, own_thread_id),
    Claim(
        "thread.tid-again",
        "The id of a thread that has ended is not given to another.",
        {},
        never_again,
    ),
    Claim(
        "thread.pid",
        "A thread has no pid of its own, but that of its process.",
        {},
        pid_of_the_house,
    ),
]
