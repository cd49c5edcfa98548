"""A worker of a pool dies: one pool fails all tasks that wait, one never answers; one that is
watched loses none."""

import time
import warnings
from collections import Counter
from typing import Annotated, Literal

from pvt.claims import Claim
from pvt.course.crash import broken_pools
from pvt.tools import crashes
from pvt.tools.foremost import foremost

QUESTION = "A worker of a pool dies. Which tasks are lost?"
LOSERS = ("ProcessPoolExecutor", "multiprocessing.Pool", "watched by us")
OUTCOMES = (*LOSERS[:2], "Our own pool", "All lose the same number")  # which one loses the most
SECONDS = 2.5
STUDY = (
    broken_pools.executor,
    broken_pools.pool,
    broken_pools.watched,
    broken_pools.hired,
    broken_pools.serve,
)


def run(
    *,
    tasks: Annotated[int, range(8, 25)] = 16,
    how: Literal["segfault", "os._exit", "exception"] = "segfault",
    crashing: Annotated[int, range(1, 5)] = 1,
):
    """Of these `tasks`, task 3 ends its worker in this way, in its first `crashing` attempts."""
    from multiprocessing import active_children

    warnings.filterwarnings(
        "ignore", ".*multi-threaded, use of fork", DeprecationWarning
    )  # the pools do that
    for name, does in broken_pools.POOLS.items():
        begin = time.perf_counter()
        try:
            for number, attempt, fate in does(
                [(number, 1, how, crashing) for number in range(1, tasks + 1)]
            ):
                yield row(name, number, attempt, fate, time.perf_counter() - begin)
        except (OSError, EOFError, RuntimeError) as problem:
            yield row(name, None, None, crashes.refusal(problem), time.perf_counter() - begin)
        for worker in active_children():
            worker.kill()
            worker.join()


def row(pool, task, attempts, fate, at):
    return {"pool": pool, "task": task, "attempts": attempts, "fate": fate, "at": at}


def fates(rows, pool):
    """task -> what became of it; empty if the pool could not work."""
    mine = [row for row in rows if row["pool"] == pool]
    return (
        {}
        if any(row["task"] is None for row in mine)
        else {row["task"]: row["fate"] for row in mine}
    )


def lost(rows, pool):
    """task -> why, of the tasks without a result."""
    return {task: fate for task, fate in fates(rows, pool).items() if fate != "done"}


def outcome(rows):
    counts = {name: len(lost(rows, name)) for name in broken_pools.POOLS if fates(rows, name)}
    if len(counts) < len(broken_pools.POOLS):
        return None
    return foremost([counts[name] for name in LOSERS], OUTCOMES[:3], OUTCOMES[3])


def text(rows, pool):
    """What became of the tasks of a pool, in words."""
    known, gone = fates(rows, pool), Counter(lost(rows, pool).values())
    if not known:
        return f"{pool}: " + next(
            (row["fate"] for row in rows if row["pool"] == pool and row["task"] is None), "not seen"
        )
    why = "".join(f" ({fate}: {count})" for fate, count in gone.items())
    return f"{pool}: {gone.total()} of {len(known)} tasks lost{why}"


def sentence(rows):
    return (
        "; ".join(
            text(rows, name)
            for name in broken_pools.POOLS
            if any(row["pool"] == name for row in rows)
        )
        + "."
    )


def draw(ax, rows):
    """A box for each task: done, perhaps at a later attempt, failed, or never answered."""
    levels = {name: -at for at, name in enumerate(broken_pools.POOLS)}
    most = max([row["task"] or 0 for row in rows] + [8])
    for row in rows:
        if row["task"]:
            box(ax, row["task"], levels[row["pool"]], row["fate"], row["attempts"])
    for name, level in levels.items():
        if known := fates(rows, name):
            ax.text(
                most + 0.8,
                level,
                f"{len(lost(rows, name))} of {len(known)} lost",
                fontsize=10,
                va="center",
            )
    ax.annotate(
        "its worker dies",
        (broken_pools.BAD, 0.45),
        (broken_pools.BAD + 1, 0.8),
        fontsize=10,
        arrowprops={"arrowstyle": "->"},
        va="center",
    )
    ax.set(
        xlim=(0.4, most * 1.2 + 1),
        ylim=(-2.5, 1.1),
        xticks=range(1, most + 1, 1 if most < 17 else 2),
    )
    ax.set(xlabel="task    (✔ result, 2× at the second attempt; ✘ failed; ? no answer)")
    ax.set_yticks(list(levels.values()), levels)
    ax.grid(visible=False)


def box(ax, at, level, fate, attempts):
    look = (
        {"color": "process", "alpha": 0.35}
        if fate == "done"
        else {"color": "none", "edgecolor": "trouble", "hatch": "//"}
    )
    ax.bar(at, 0.8, 0.86, bottom=level - 0.4, **look)
    sign = {"done": "✔", "no answer": "?"}.get(fate, "✘") + f"\n{attempts}×" * (attempts > 1)
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1} if fate != "done" else None
    ax.text(at, level, sign, ha="center", va="center", fontsize=10, color="ink", bbox=paper)


def takes_all(rows):
    known, gone = fates(rows, "ProcessPoolExecutor"), lost(rows, "ProcessPoolExecutor")
    if not known:
        return None, text(rows, "ProcessPoolExecutor") + "."
    because = f"{text(rows, 'ProcessPoolExecutor')}. The worker died of task {broken_pools.BAD}."
    if len(gone) == 1 and gone.get(broken_pools.BAD) == "BrokenProcessPool":
        return None, because + " All others were done before it was noticed."
    return set(gone.values()) == {"BrokenProcessPool"}, because


def never_answers(rows):
    mine = [row for row in rows if row["pool"] == "multiprocessing.Pool"]
    known = fates(rows, "multiprocessing.Pool")
    if not known:
        return None, text(rows, "multiprocessing.Pool") + "."
    others = max(row["at"] for row in mine if row["task"] != broken_pools.BAD)
    answer = known[broken_pools.BAD] == "no answer" and len(lost(rows, "multiprocessing.Pool")) == 1
    because = (
        f"{len(known) - 1} other tasks answered within {others:.2f} s; task"
        f" {broken_pools.BAD}, whose worker died, gave"
    )
    return (
        answer,
        f"{because} {known[broken_pools.BAD]} in {mine[-1]['at']:.2f} s. Nothing told us that it"
        " is lost.",
    )


def loses_none(rows):
    known = fates(rows, "watched by us")
    tries = max((row["attempts"] or 0 for row in rows if row["pool"] == "watched by us"), default=0)
    if not known:
        return None, text(rows, "watched by us") + "."
    because = f"{text(rows, 'watched by us')}; task {broken_pools.BAD} took {tries} attempts."
    return not lost(rows, "watched by us"), because


CLAIMS = [
    Claim(
        "crash.pool",
        "When a worker of a ProcessPoolExecutor dies, all waiting tasks fail with it.",
        {},
        takes_all,
    ),
    Claim(
        "crash.pool-silent",
        "When a worker of a multiprocessing.Pool dies, its task never answers.",
        {},
        never_answers,
    ),
    Claim(
        "crash.pool-watched",
        "A pool that watches its workers and hands on their tasks loses none.",
        {},
        loses_none,
    ),
]
