"""What a program has started, as the operating system lists it: processes, their parents, and
the threads inside."""

import os
import threading
from typing import Annotated

from pvt import procfs
from pvt.claims import Claim

QUESTION = "Which processes and threads does the system see?"
OUTCOMES = (
    "Processes only",
    "Processes, with their threads inside",
    "Processes and threads side by side",
)
SECONDS = 0.4


def live(threads, report, end):
    """What each process does: it starts its threads, tells who they are, and waits for the end."""
    for number in range(1, threads + 1):
        threading.Thread(
            target=threading.Event().wait, name=f"thread {number}", daemon=True
        ).start()
    report.put(
        (
            os.getpid(),
            os.getppid(),
            [*named().items()],
        )
    )
    end.wait()


STUDY = (live,)


def run(*, processes: Annotated[int, range(1, 5)] = 2, threads: Annotated[int, range(0, 5)] = 2):
    """The starter starts `processes`, and each of them `threads` beside its main one."""
    import multiprocessing as mp

    report, end = mp.SimpleQueue(), mp.Event()
    crowd = [mp.Process(target=live, args=(threads, report, end)) for _ in range(processes)]
    for worker in crowd:
        worker.start()
    reported = {pid: (parent, dict(lives)) for pid, parent, lives in (report.get() for _ in crowd)}
    reported[os.getpid()] = (
        os.getppid(),
        named(),
    )
    yield from listed(reported)
    end.set()
    for worker in crowd:
        worker.join()


def named():
    """Native id -> name of this process's threads. The own id is asked anew: some Pythons keep one
    from before a fork."""
    me = threading.current_thread()
    return {
        threading.get_native_id() if thread is me else thread.native_id: thread.name
        for thread in threading.enumerate()
    }


def listed(reported):
    """A row for each thread that Python knows or the system lists; `reported`: pid -> (parent,
    native id -> name)."""
    seen = seen_by_system()
    for pid in seen or reported:
        parent, names = reported.get(pid, (None, {}))
        parent = seen[pid]["parent"] if seen else parent
        tasks = seen[pid]["tasks"] if seen else {}
        for native in {**tasks, **names}:
            yield {
                "pid": pid,
                "parent": parent,
                "started_here": pid in reported,
                "native_id": native,
                "python_name": names.get(native),
                "system_name": tasks.get(native),
                "system_lists_it": (native in tasks) if seen else None,
            }


def seen_by_system(pid=None, parent=None):
    """pid -> parent and tasks (native id -> name) of this process and all below it; None where
    there is no /proc."""
    pid, parent = pid or os.getpid(), parent or os.getppid()
    if "/proc" in os.environ.get("PVT_WITHOUT", "").split(","):
        return None
    tasks = {
        native: (procfs.text(f"/proc/{pid}/task/{native}/comm") or "").strip()
        for native in procfs.threads(pid)
    }
    if not tasks:
        return None
    found = {pid: {"parent": parent, "tasks": tasks}}
    for child in procfs.children(pid):
        found |= seen_by_system(child, pid) or {}
    return found


def processes(rows):
    """pid -> its rows, parents before their children."""
    found = {}
    for row in rows:
        found.setdefault(row["pid"], []).append(row)
    return found


def depth(pid, found):
    """How many parents of a process are in the picture too."""
    parent = found[pid][0]["parent"]
    return 1 + depth(parent, found) if parent in found else 0


def outcome(rows):
    seen = [row["system_lists_it"] for row in rows]
    if None in seen:
        return None
    inside = {row["native_id"] for row in rows if row["native_id"] != row["pid"]}
    if inside & {row["pid"] for row in rows}:
        return OUTCOMES[2]
    return (
        OUTCOMES[1]
        if any(row["native_id"] in inside and row["system_lists_it"] for row in rows)
        else OUTCOMES[0]
    )


def sentence(rows):
    found = processes(rows)
    extra = sum(not mine[0]["started_here"] for mine in found.values())
    by = (
        "the system lists"
        if rows[0]["system_lists_it"] is not None
        else "Python knows of (there is no /proc to ask)"
    )
    text = f"{len(found)} processes with {len(rows)} threads in all is what {by}."
    return text + f" {extra} of the processes were started by multiprocessing for itself." * bool(
        extra
    )


def draw(ax, rows):
    """A box for each process, further right the deeper in the tree, and in it a box for each
    thread."""
    found = processes(rows)
    for line, (pid, mine) in enumerate(found.items()):
        at = 0.5 * depth(pid, found)
        ax.barh(
            -line,
            1.5 + 1.15 * len(mine),
            0.8,
            at - 0.1,
            color="none",
            edgecolor="process",
            linewidth=1.5,
        )
        name = f"process {pid}" if mine[0]["started_here"] else f"helper {pid}"
        ax.annotate(name, (at, -line), va="center", color="process", fontsize=10, fontweight="bold")
        for number, row in enumerate(mine):
            text = f"{row['python_name'] or row['system_name']}\n{row['native_id']}"
            box = {"boxstyle": "round", "facecolor": "none", "edgecolor": "thread"}
            ax.annotate(
                text,
                (at + 1.9 + 1.15 * number, -line),
                va="center",
                ha="center",
                fontsize=8,
                bbox=box,
            )
    widest = max(1.9 + 1.15 * len(mine) for mine in found.values())
    ax.set(xticks=[], yticks=[], xlim=(-0.1, widest + 0.6), ylim=(-len(found) + 0.4, 0.6))
    ax.spines[["left", "bottom"]].set_visible(False)


def inside(rows):
    """Each thread that Python knows is listed by the system in its process, and nowhere else."""
    if rows[0]["system_lists_it"] is None:
        return None, "this system has no /proc that lists threads."
    named = [row for row in rows if row["python_name"]]
    lost = [row["native_id"] for row in named if not row["system_lists_it"]]
    twice = len(rows) - len({row["native_id"] for row in rows})
    because = (
        f"Python knows {len(named)} threads; the system lists {len(named) - len(lost)} of"
        " them in their process"
    )
    return not lost and not twice, f"{because}, and {twice or 'none'} in a second one."


CLAIMS = [
    Claim(
        "thread.inside",
        "Every thread lives inside one process, and the system lists it there.",
        {},
        inside,
    )
]
