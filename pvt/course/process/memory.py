"""Workers append to one list: a thread's mark is there afterwards, a process's mark is not."""

import os
import queue
import threading
from typing import Annotated

from pvt.claims import Claim

QUESTION = "Which marks does each worker find in its list?"
OUTCOMES = (
    "Its own mark only",
    "The starter's mark and its own",
    "The marks of all",
)  # what the last process finds
SECONDS = 0.6


def leave_mark(marks, name, report):
    """What every worker does, thread or process; `marks` is the starter's list, or what has
    become of it."""
    marks.append(name)
    report.put(view(marks))


def let_work(kind, report, marks, names):
    """The twins differ only in `kind`: `threading.Thread` or `multiprocessing.Process`."""
    for name in names:
        worker = kind(target=leave_mark, args=(marks, name, report))
        worker.start()
        worker.join()
        yield f"worker {name}", None if report.empty() else report.get()


STUDY = (leave_mark, let_work)


def view(marks):
    """What somebody sees of the list, and who that is."""
    return {
        "sees": "".join(marks),
        "object_id": id(marks),
        "pid": os.getpid(),
        "native_id": threading.get_native_id(),
    }


NOTHING = {"sees": None, "object_id": None, "pid": None, "native_id": None}


def run(*, workers: Annotated[int, range(1, 6)] = 3):
    """The starter leaves the mark S, then each worker one of its own, one after the other."""
    names = "ABCDE"[:workers]
    yield from workers_of("thread", "", threading.Thread, queue.SimpleQueue(), names)
    import multiprocessing

    for method in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context(method)
        yield from workers_of("process", method, context.Process, context.SimpleQueue(), names)


def workers_of(name, method, kind, report, names):
    """Rows: the starter's view before, each worker's, and the starter's afterwards."""
    marks, who = ["S"], {"workers_are": name, "started_by": method}
    yield who | {"seen_by": "starter before"} | view(marks)
    for seen_by, seen in let_work(kind, report, marks, names):
        yield who | {"seen_by": seen_by} | (seen or NOTHING)
    yield who | {"seen_by": "starter after"} | view(marks)


def groups(rows):
    """Rows by way of starting: "thread", "process, fork", …"""
    found = {}
    for row in rows:
        found.setdefault(
            ", ".join(filter(None, (row["workers_are"], row["started_by"]))), []
        ).append(row)
    return found


def finished(rows, kind):
    """The finished groups of this kind: name -> (the starter before, the workers, the starter
    afterwards)."""
    return {
        name: (mine[0], mine[1:-1], mine[-1])
        for name, mine in groups(rows).items()
        if name.startswith(kind) and mine[-1]["seen_by"] == "starter after"
    }


def outcome(rows):
    views = [
        (before["sees"], workers[-1]["sees"])
        for before, workers, _ in finished(rows, "process").values()
    ]
    found = {answer(first, last) for first, last in views if last}
    return OUTCOMES[found.pop()] if len(found) == 1 and all(last for _, last in views) else None


def answer(first, last):
    """Which outcome it is if the last process finds these marks, and its starter had `first`."""
    if last == first + last[-1]:
        return 1
    return 0 if len(last) == 1 else 2


def sentence(rows):
    parts = [
        f"{name} {workers[-1]['sees']}/{after['sees']}"
        for name, (_, workers, after) in finished(rows, "").items()
    ]
    known = "; ".join(parts) or "not yet known"
    return f"Found by the last worker / by the starter afterwards: {known}."


def draw(ax, rows):
    """A group of bars for each way of starting: which marks each one sees."""
    begin, ticks = 0.0, []
    for name, mine in groups(rows).items():
        for at, row in enumerate(mine, 1):
            bar(ax, begin + at, row)
            ticks.append((begin + at, row["seen_by"].split()[-1]))
        pids, ids = (len({row[key] for row in mine}) for key in ("pid", "object_id"))
        text = f"{name}\n{pids} pid{'s' * (pids > 1)}, {ids} id{'s' * (ids > 1)}"
        ax.annotate(
            text, (begin + 0.5, 1), xycoords=("data", "axes fraction"), va="top", fontsize=9
        )
        begin += len(mine) + 1
    ax.set(
        ylabel="marks seen in the list", ylim=(0, 1.6 * max(len(row["sees"] or "") for row in rows))
    )
    ax.set_xticks([at for at, _ in ticks], [who for _, who in ticks], rotation=90, fontsize=8)


def bar(ax, at, row):
    """One view of the list, with each mark in its place: the starter's in grey, a worker's in
    its colour."""
    fill, text = (
        ("other", "ink") if row["seen_by"].startswith("starter") else (row["workers_are"], "white")
    )
    ax.bar(at, len(row["sees"] or ""), 0.9, color=fill)
    for height, mark in enumerate(row["sees"] or ""):
        ax.annotate(
            mark,
            (at, height + 0.5),
            ha="center",
            va="center",
            fontsize=8,
            color=text,
            fontweight="bold",
        )


def not_shared(rows):
    """Every process that could be asked had put its mark in a list, and the starter's list has
    none of them."""
    done = finished(rows, "process")
    silent = [
        name
        for name, (_, workers, _) in done.items()
        if any(worker["pid"] is None for worker in workers)
    ]
    if silent or not done:
        return None, f"no answer from a worker ({', '.join(silent) or 'no process started'})."
    marked = all(
        worker["sees"].endswith(worker["seen_by"][-1])
        for _, workers, _ in done.values()
        for worker in workers
    )
    found = {name: after["sees"] for name, (_, _, after) in done.items() if after["sees"] != "S"}
    text = ", ".join(
        f"{name.split()[-1]}: {workers[-1]['sees']}" for name, (_, workers, _) in done.items()
    )
    because = (
        f"what the last process saw in its list – {text}; what the starter found afterwards"
        f" – {found or 'S'}."
    )
    return marked and not found, because


def shared(rows):
    """Every thread saw what those before it had written, in the very same list, and so did the
    starter."""
    (before, workers, after), *_ = finished(rows, "thread").values()
    if any(worker["pid"] is None for worker in workers):
        return None, "a thread gave no answer."
    same = len({(row["object_id"], row["pid"]) for row in (before, *workers, after)}) == 1
    grew = [row["sees"] for row in (before, *workers, after)]
    rising = all(
        later == earlier + row["seen_by"][-1]
        for earlier, later, row in zip(grew, grew[1:], workers, strict=False)
    )
    because = (
        f"the list as seen by one after the other: {', '.join(grew)};"
        f" {'one' if same else 'more than one'} object."
    )
    return same and rising and grew[-1] == grew[-2], because


SAME = "All threads of a process see the same memory: what one writes, the others find."
OWN = "Processes do not share memory by default: what one writes, the others do not find."
CLAIMS = [
    Claim("thread.shared", SAME, {}, shared),
    Claim("process.not-shared", OWN, {}, not_shared),
]
