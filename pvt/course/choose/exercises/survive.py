"""Lose only the task that crashes: `run_all(task, items)`.

Return the list of `task(item)` for all items, in their order, with None for each item whose task
ends its process. Some do: not by an exception, but as a crash in C code would, at once. Three of
the eight items here are like that.
"""

import os

from pvt.tools.learner import learners_function

ARGUMENTS = ("task", "items")
LATE = (
    " A multiprocessing.Pool waits for ever for a worker that is gone; a ProcessPoolExecutor"
    " notices."
)
ITEMS, CRASHING = tuple(range(10, 18)), (11, 14, 17)


def task(item):
    """Doubles an item, or ends the process without a word."""
    if item in CRASHING:
        os._exit(3)
    return 2 * item


def run(*, source, name):
    run_all = learners_function(source, name)
    yield {"item": None, "kind": "began", "returned": None, "wanted": None}
    results = run_all(task, list(ITEMS))
    kind = type(results).__name__
    yield {
        "item": None,
        "kind": kind,
        "returned": len(results) if kind == "list" else None,
        "wanted": len(ITEMS),
    }
    for item, result in zip(ITEMS, results if kind == "list" else (), strict=False):
        wanted = None if item in CRASHING else 2 * item
        yield {
            "item": item,
            "kind": type(result).__name__,
            "returned": repr(result),
            "wanted": repr(wanted),
        }


def judge(rows):
    kind = rows[1]["kind"]
    if kind != "list":
        return False, f"it returned {kind}, not a list. Return a list with one entry for each item."
    if rows[1]["returned"] != len(ITEMS):
        return (
            False,
            f"it returned {rows[1]['returned']} results for {len(ITEMS)} items: put None where a"
            " task was lost.",
        )
    wrong = [row for row in rows[2:] if row["returned"] != row["wanted"]]
    lost = [row for row in wrong if row["returned"] == "None"]
    if lost:
        items = ", ".join(str(row["item"]) for row in lost)
        text = f"the tasks of {items} do not crash, yet they were lost."
        return False, f"{text} Give each task a process of its own, and bring back its result."
    if wrong:
        row = wrong[0]
        return (
            False,
            f"for item {row['item']} it gave {row['returned']}, wanted is {row['wanted']}.",
        )
    return (
        True,
        f"{len(CRASHING)} tasks crashed, and the other {len(ITEMS) - len(CRASHING)} gave their"
        " results.",
    )
