"""A number for life: `badge(store, numbers, lock)` returns the number of the calling thread.

`store` is one `threading.local()`, `numbers` an iterator of new numbers that may be asked by one
thread at a time, `lock` a lock; all threads get the same three. A thread has one number for its
whole life, and no other ever gets it.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from pvt.tools.learner import learners_function, together

ARGUMENTS = ("store", "numbers", "lock")
LATER, CROWD = 5, 4
LATE = " Is the lock given back on every way out? with lock: does it."


class Numbers:
    """1, 2, 3 … to whom asks alone; a second one in the middle of it is noted, and gets the same
    number."""

    def __init__(self):
        self.last, self.inside, self.crowded, self.asked = 100, 0, False, 0

    def __iter__(self):
        return self

    def __next__(self):
        self.inside += 1
        self.asked += 1
        self.crowded |= self.inside > 1
        number = self.last + 1
        time.sleep(0.02)
        self.last, self.inside = number, self.inside - 1
        return number


def run(*, source, name):
    badge = learners_function(source, name)
    yield from by_turns(badge)
    yield crowd(badge)


def by_turns(badge):
    """Two threads by turns, then new ones, each when the one before has ended."""
    store, numbers, lock = threading.local(), Numbers(), threading.Lock()
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        for _ in range(3):
            for thread, pool in (("A", first), ("B", second)):
                result = pool.submit(badge, store, numbers, lock).result()
                yield row(thread, result, numbers)
    for number in range(LATER):
        with ThreadPoolExecutor(1) as later:
            result = later.submit(badge, store, numbers, lock).result()
            yield row(f"later {number}", result, numbers)


def crowd(badge):
    """Four new threads at the same moment."""
    store, numbers, lock = threading.local(), Numbers(), threading.Lock()
    found = []
    together(*[lambda: found.append(badge(store, numbers, lock))] * CROWD)
    return row("crowd", found[0], numbers) | {"different": len(set(map(repr, found)))}


def row(thread, result, numbers):
    """What one call gave."""
    fine = isinstance(result, int) and 100 < result <= numbers.last
    return {
        "thread": thread,
        "badge": result if fine else None,
        "returned": repr(result)[:60],
        "asked": numbers.asked,
        "crowded": numbers.crowded,
        "different": CROWD,
    }


def judge(rows):
    *turns, crowd = rows
    owners = {}
    for row in turns:
        thread, number = row["thread"], row["badge"]
        if number is None:
            return (
                False,
                f"thread {thread} got {row['returned']}. Return a number that next(numbers) gave.",
            )
        mine = [other for other, who in owners.items() if who == thread]
        if mine and mine != [number]:
            return (
                False,
                (
                    f"thread {thread} got {number}, after it had {mine[0]}. Keep its number in an"
                    " attribute of store."
                ),
            )
        if owners.get(number, thread) != thread:
            late = thread.startswith("later")
            why = (
                "an earlier thread, which has ended: thread ids are used again, so they cannot be"
                " keys"
                if late
                else "another thread: store has attributes of its own for each thread"
            )
            return False, f"thread {thread} got {number}, the number of {why}."
        owners[number] = thread
    if crowd["crowded"]:
        return (
            False,
            (
                f"{CROWD} new threads came at once, and two asked numbers at the same time:"
                f" {crowd['different']} numbers for four threads. Hold the lock that all of them"
                " share while you ask."
            ),
        )
    if crowd["badge"] is None:
        return False, f"a thread got {crowd['returned']}. Return a number that next(numbers) gave."
    if crowd["different"] < CROWD:
        return False, f"{CROWD} new threads at once got {crowd['different']} different numbers."
    if turns[-1]["asked"] > len(owners):
        return (
            False,
            (
                f"{turns[-1]['asked']} numbers were taken for {len(owners)} threads. Ask only for a"
                " thread that has none."
            ),
        )
    return (
        True,
        (
            f"{len(owners)} threads had {len(owners)} numbers, also those that came later and those"
            " that came at once."
        ),
    )
