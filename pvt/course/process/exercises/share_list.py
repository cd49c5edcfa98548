"""Share a list with processes, on purpose: `collected(work, items)` returns a plain list with every
item in it.

`work(marks, item)` appends the item to `marks`. Run it for each item in another process, never in
your own.
"""

import os

from pvt.tools.learner import learners_function

ARGUMENTS = ("work", "items")
ITEMS = ("bread", "milk", "apples")


def work(marks, item):
    marks.append((item, os.getpid(), type(marks).__name__))


def run(*, source, name):
    try:
        result = learners_function(source, name)(work, ITEMS)
    except OSError:
        if "Manager(" not in source:
            raise
        result = "no manager"  # it has ended, and its list cannot be reached
    marks = (
        [mark for mark in result if isinstance(mark, tuple) and len(mark) == 3]
        if isinstance(result, list)
        else []
    )
    yield {
        "returned": "nothing" if result == "no manager" else type(result).__name__,
        "managed": ".list(" in source,
        "length": len(result) if isinstance(result, list) else 0,
        "by_work": len(marks),
        "missing": len(set(ITEMS) - {item for item, *_ in marks}),
        "through": ", ".join(sorted({through for *_, through in marks})),
        "in_own_process": sum(pid == os.getpid() for _, pid, _ in marks),
    }


def judge(rows):
    seen = rows[0]
    if seen["returned"] == "nothing":
        return (
            False,
            "The manager had ended when its list was used. Make the plain list before that:"
            " list(marks).",
        )
    if seen["returned"] == "ListProxy":
        return (
            False,
            "A ListProxy came back: it asks the manager for every item. Make a plain list of it:"
            " list(marks).",
        )
    if seen["returned"] != "list":
        return (
            False,
            f"The result is of type {seen['returned']}. Return the list that work has filled.",
        )
    if not seen["length"] and seen["managed"]:
        return (
            False,
            "The list is empty. Did work(marks, item) run in each process, and was it joined"
            " before the end?",
        )
    if not seen["length"]:
        return False, (
            "The list is empty. Each process filled a copy of its own. Who could keep a list that"
            " all of them reach?"
        )
    if not seen["by_work"]:
        return (
            False,
            "The items did not come through work(marks, item). Start a process with it as target.",
        )
    if seen["in_own_process"]:
        return (
            False,
            f"work ran {seen['in_own_process']} times in your own process. Start a"
            " multiprocessing.Process.",
        )
    if seen["missing"]:
        return (
            False,
            f"{seen['missing']} of {len(ITEMS)} items are missing. Were all started, and joined"
            " before the end?",
        )
    if seen["length"] > len(ITEMS):
        return False, f"{seen['length']} entries for {len(ITEMS)} items: work was run too often."
    kept = (
        " into a list that a manager keeps"
        if seen["through"] == "ListProxy"
        else f" through a {seen['through']}"
    )
    return True, f"all {len(ITEMS)} items are there, written by other processes{kept}."
