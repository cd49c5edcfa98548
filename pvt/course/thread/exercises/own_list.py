"""Give each thread a list of its own: `remember(store, item)` adds the item and returns the calling thread's list.

`store` is one `threading.local()`, the same for all threads. Two threads call by turns, then new ones come.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

from pvt.tools.learner import learners_function

ARGUMENTS = ("store", "item")
LATER = 5


def run(*, source, name):
    remember, store = learners_function(source, name), threading.local()
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        for number in range(1, 4):
            for thread, pool in (("A", first), ("B", second)):
                result = pool.submit(remember, store, f"{thread}{number}").result()
                yield row(thread, result, [f"{thread}{count + 1}" for count in range(number)])
    for number in range(1, LATER + 1):
        with ThreadPoolExecutor(1) as later:
            yield row("later", later.submit(remember, store, f"C{number}").result(), [f"C{number}"])


def row(thread, result, expected):
    """What one call gave."""
    right_kind = isinstance(result, list)
    return {
        "thread": thread,
        "expected": " ".join(expected),
        "got": " ".join(map(str, result)) if right_kind else None,
        "returned": type(result).__name__,
    }


def judge(rows):
    for row in rows:
        if row["got"] is None:
            return (
                False,
                f"The result is of type {row['returned']}. Return the list of the calling thread.",
            )
        if row["got"] == row["expected"]:
            continue
        wanted, got = set(row["expected"].split()), set(row["got"].split())
        text = f"Thread {row['thread']} should have {row['expected']}, it has {row['got'] or 'nothing'}."
        if row["thread"] == "later" and got - wanted:
            return False, (
                f"A new thread should have {row['expected']} alone, it has {row['got']}: what an earlier thread left."
                " Thread ids are used again, so they cannot be keys. Use an attribute of store."
            )
        if got - wanted:
            return (
                False,
                f"{text} The list is shared. Keep it in an attribute of store: each thread has its own there.",
            )
        if got < wanted:
            return (
                False,
                f"{text} Earlier items are gone. Make a new list only if the thread has none yet.",
            )
        return False, f"{text} Add each item once, at the end."
    return True, f"each thread has its own items only, also the {LATER} that came later."
