"""Let threads share an iterator: `share(iterator)`.

Return an iterator over the same items on which many threads may call next() at the same time. Each item must go to
exactly one of them, and none may be fetched before somebody asks: the iterator could be endless.
"""

import threading
import time

from pvt.tools.learner import learners_function, together

ARGUMENTS = ("iterator",)
WORKERS, ITEMS, INSIDE = 4, 80, 0.0005  # seconds that fetching an item takes


class Fragile:
    """An iterator that notes whether two threads were inside it at once."""

    def __init__(self):
        self.next, self.inside, self.crowds, self.lock = 0, 0, 0, threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            self.inside += 1
            self.crowds += self.inside > 1
        time.sleep(INSIDE)
        with self.lock:
            self.inside -= 1
            if self.next == ITEMS:
                raise StopIteration
            self.next += 1
            return self.next


def run(*, source, name):
    fragile = Fragile()
    shared = learners_function(source, name)(fragile)
    row = {
        "early": fragile.next,
        "iterator": hasattr(shared, "__next__"),
        "kind": type(shared).__name__,
    }
    taken, problems = [], []

    def work():
        try:
            for item in shared:
                taken.append(item)
        except Exception as problem:
            problems.append(f"{type(problem).__name__}: {problem}")

    if row["iterator"]:
        together(*[work] * WORKERS)
    numbers = [item for item in taken if isinstance(item, int)]
    yield {
        **row,
        "crowds": fragile.crowds,
        "taken": len(taken),
        "distinct": len({*numbers} & {*range(1, ITEMS + 1)}),
        "problem": problems[0] if problems else None,
    }


def judge(rows):
    (row,) = rows
    if row["early"]:
        return (
            False,
            f"{row['early']} items were fetched before anybody asked. An endless iterator would never come back.",
        )
    if not row["iterator"]:
        return (
            False,
            f"You returned {row['kind']}, on which next() cannot be called. Return an iterator.",
        )
    if row["problem"] and "generator already executing" in row["problem"]:
        return (
            False,
            "A thread was refused: a generator that is running cannot be moved on by a second thread. Write a class.",
        )
    if row["problem"]:
        return False, f"A thread ended with {row['problem']}. Only StopIteration may end it."
    if row["crowds"]:
        return (
            False,
            f"{row['crowds']} times two threads were inside next() at once. One lock, made once, must guard it.",
        )
    if (row["taken"], row["distinct"]) != (ITEMS, ITEMS):
        return (
            False,
            f"{row['taken']} items were handed out, {row['distinct']} different ones, instead of {ITEMS}.",
        )
    return (
        True,
        f"{WORKERS} threads got {ITEMS} items, each exactly once, and never met inside next().",
    )
