"""A child process locks itself in: it is refused what its parent may do. A thread that does so
locks in all threads."""

import contextlib
import errno
import mmap
import os
import tempfile
import threading

from pvt import procfs
from pvt.claims import Claim
from pvt.tools.forked import NOBODY, become, in_a_child

QUESTION = "Who is bound when a worker locks itself in?"
OUTCOMES = (
    "Only the worker, thread or process",
    "The worker's whole process, and no other",
    "Its parent as well",
)
NEEDS, SECONDS = ("fork", "resource limits"), 0.2
FILES = 64
MEMORY = 256 << 20
WORKERS = ("child", "locked child", "its parent", "locked thread", "thread beside it")


def open_files():
    with contextlib.ExitStack() as files:
        for _ in range(FILES):
            files.enter_context(open(os.devnull))


def take_memory():
    mmap.mmap(-1, MEMORY).close()


def start_process():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def read_secret():
    with open(secret_file()) as file:
        file.read()


def few_files():
    limit("RLIMIT_NOFILE", FILES // 2)


def little_memory():
    """A quarter of what will be asked for, beside what is in use. Linux only: elsewhere this
    limit does not bind."""
    limit("RLIMIT_AS", procfs.addresses() + MEMORY // 4)


def no_processes():
    """This limit counts all processes of a user, and does not bind root."""
    if os.geteuid() == 0:
        become(NOBODY)
    limit("RLIMIT_NPROC", 0)


def another_user():
    become(NOBODY)


def limit(name, most):
    """Set a limit for good: without the hard one, the worker could lift the soft one again."""
    import resource

    resource.setrlimit(getattr(resource, name), (most, most))


def lift():
    """Try to get rid of all limits again."""
    import resource

    for name, most in (("RLIMIT_NOFILE", 2 * FILES), ("RLIMIT_AS", -1), ("RLIMIT_NPROC", -1)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (most, most))


STUDY = (few_files, little_memory, no_processes, another_user, limit)
LOCKS = {
    f"open {FILES} files": (open_files, few_files),
    f"take {MEMORY >> 20} MiB": (take_memory, little_memory),
    "start a process": (start_process, no_processes),
    "read a secret file": (read_secret, another_user),
}


def secret_file():
    return os.path.join(tempfile.gettempdir(), "secret")


def run(*, sly: bool = False):
    """Each task, by each worker. `sly`: once locked in, it tries to lift its limits; that takes
    a right of root's."""
    with open(os.open(secret_file(), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write("secret")
    for task, (act, lock) in LOCKS.items():
        children = [in_a_child(attempt, act)[0], in_a_child(attempt, act, lock, sly)[0]]
        threads = in_a_child(by_threads, act, lock, sly)[0] or (None, None)
        for worker, answered in zip(WORKERS, (*children, attempt(act), *threads), strict=True):
            may, answer = answered or (None, "no answer")
            yield {
                "task": task,
                "worker": worker,
                "may": may,
                "answer": answer,
                "root": os.geteuid() == 0,
            }


def attempt(act, lock=None, sly=False):
    """Lock in, then act: whether that is allowed (None: this cannot be locked here), and the
    system's answer."""
    try:
        if lock:
            lock()
        if sly:
            lift()
    except (OSError, ValueError, AttributeError) as problem:
        return None, f"cannot lock: {spoken(problem)}"
    try:
        act()
    except (OSError, MemoryError) as problem:
        return False, spoken(problem)
    return True, "done"


def spoken(problem):
    return errno.errorcode.get(getattr(problem, "errno", None), type(problem).__name__)


def by_threads(act, lock, sly):
    """A thread locks itself in and acts; then the main thread acts, which has locked nothing."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(attempt(act, lock, sly)))
    thread.start()
    thread.join()
    return answers[0], attempt(act) if answers[0][0] is not None else (None, "cannot lock")


def may(rows, worker):
    """task -> whether this worker may; only those that the parent may do too, and that can be
    locked here."""
    able = {row["task"] for row in rows if row["worker"] == "its parent" and row["may"]}
    mine = [row for row in rows if row["worker"] == worker and row["task"] in able]
    return {row["task"]: row["may"] for row in mine if row["may"] is not None}


def refused(rows, worker):
    return [task for task, allowed in may(rows, worker).items() if not allowed]


def outcome(rows):
    if any(row["may"] is False for row in rows if row["worker"] == "its parent"):
        return OUTCOMES[2]
    if not may(rows, "thread beside it"):
        return None
    return OUTCOMES[1] if refused(rows, "thread beside it") else OUTCOMES[0]


def sentence(rows):
    parts = [f"{worker} {len(refused(rows, worker))}" for worker in WORKERS]
    requests = max(len(may(rows, one)) for one in WORKERS)
    return f"Requests refused (of {requests}): {'; '.join(parts)}."


def draw(ax, rows):
    """A grid: tasks by workers; what was refused is hatched and names the system's answer."""
    tasks = list(dict.fromkeys(row["task"] for row in rows))
    for row in rows:
        at, level = WORKERS.index(row["worker"]), -tasks.index(row["task"])
        colour = "thread" if "thread" in row["worker"] else "process"
        edge = colour if row["worker"].startswith("locked") else "trouble"
        look = {
            True: {"color": colour, "alpha": 0.3},
            False: {"color": "none", "edgecolor": edge, "hatch": "//"},
        }
        ax.barh(
            level,
            0.94,
            0.88,
            left=at,
            **look.get(row["may"], {"color": "none", "edgecolor": "other"}),
        )
        box = (
            {"facecolor": "white", "edgecolor": "none", "pad": 1.5} if row["may"] is False else None
        )
        text = (
            f"refused\n{row['answer']}"
            if row["may"] is False
            else row["answer"].replace(": ", "\n")
        )
        ax.annotate(
            text, (at + 0.47, level), ha="center", va="center", fontsize=8, color="ink", bbox=box
        )
    ax.grid(visible=False)
    ax.set(
        xticks=[at + 0.47 for at in range(len(WORKERS))],
        yticks=[-at for at in range(len(tasks))],
        xlim=(0, 5),
    )
    ax.set(
        xticklabels=[worker.replace(" ", "\n", 1) for worker in WORKERS],
        yticklabels=tasks,
        ylabel="task",
    )


def security(rows):
    able = may(rows, "locked child")
    if not able:
        return None, "no limit could be set here, or the parent was refused as well."
    free = [task for task in able if task not in refused(rows, "locked child")]
    plain = refused(rows, "child")
    because = (
        f"a child locked in was refused {len(able) - len(free)} of {len(able)} tasks that its"
        " parent may do"
        f" ({', '.join(able)}). A child that was not locked in was refused {len(plain)}:"
        " isolation has to be asked for."
    )
    return not free, because


def own_limits(rows):
    """True if some limit binds the thread that set it and not the thread beside it."""
    bound = refused(rows, "locked thread")
    both = set(bound) & set(refused(rows, "thread beside it"))
    if not bound:
        return None, "no limit that a thread has set bound even that thread."
    because = (
        f"of {len(bound)} limits that one thread has set, {len(both)} bound the thread"
        " beside it too."
    )
    return len(both) < len(bound), because


CLAIMS = [
    Claim(
        "process.security",
        "A process can be refused what its parent may do.",
        {},
        security,
    ),
    Claim("thread.own-limits", "A thread can be locked into limits of its own.", {}, own_limits),
]
