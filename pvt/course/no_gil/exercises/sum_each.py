"""Add without a crowd: `add_all(shared, numbers)`.

Four threads call it at the same time, each with its own numbers. `shared.add(amount)` is one addition under a lock.
The total must be right, and no thread may call `shared.add` more than once.
"""

import threading

from pvt.tools.learner import learners_function, together

ARGUMENTS = ("shared", "numbers")
WORKERS, EACH = 4, 500


class Shared:
    """A sum with a lock, which notes who has called."""

    def __init__(self):
        self._total, self._lock, self._calls = 0, threading.Lock(), {}

    def add(self, amount):
        with self._lock:
            me = threading.get_ident()
            self._calls[me] = self._calls.get(me, 0) + 1
            self._total += amount


def run(*, source, name):
    add_all, shared = learners_function(source, name), Shared()
    lists = [list(range(at, EACH + at)) for at in range(WORKERS)]
    together(*(lambda numbers=numbers: add_all(shared, numbers) for numbers in lists))
    total = shared._total
    yield {
        "total": float(total) if isinstance(total, int | float) else repr(total),
        "expected": float(sum(map(sum, lists))),
        "calls": max(shared._calls.values(), default=0),
    }


def judge(rows):
    (row,) = rows
    if not row["calls"]:
        return False, "Nothing was added. Call shared.add with what this thread has found."
    if row["calls"] > 1:
        return (
            False,
            f"One thread took the lock {row['calls']} times. Add up for yourself first, and share the sum.",
        )
    if row["total"] != row["expected"]:
        more = (
            "more"
            if not isinstance(row["total"], str) and row["total"] > row["expected"]
            else "not"
        )
        why = (
            "more than all numbers together: is your own sum shared by the threads?"
            if more == "more"
            else "not the sum of all numbers. Which ones did not get in?"
        )
        return False, f"The total is {row['total']}, {why}"
    return True, f"{WORKERS} threads added {WORKERS * EACH:,} numbers, and took the lock once each."
