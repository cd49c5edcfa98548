"""Make a process pool pay for tiny tasks: `run_all(pool, task, items)`.

`pool` is a `ProcessPoolExecutor` with two workers. Return the list of `task(item)` for all 2,000
items, in their order. `pool.map(task, items)` does it with 2,000 hand-overs. Do it with at most 40,
and keep both workers busy.
"""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from pvt.tools.learner import learners_function

ARGUMENTS = ("pool", "task", "items")
WORKERS, ITEMS, MOST = 2, 2_000, 40
SHARE = 0.75  # of all items in one hand-over: too much for the other worker to be busy
hand_over = None  # in a worker: the number of the one that it is at


class Counting(ProcessPoolExecutor):
    """A pool that numbers what it is given."""

    handed = 0

    def submit(self, fn, /, *args, **kwargs):
        self.handed += 1
        return super().submit(numbered, self.handed, fn, args, kwargs)


def numbered(number, fn, args, kwargs):
    """Carry out a hand-over in a worker, which knows its number meanwhile."""
    global hand_over
    hand_over = number
    return fn(*args, **kwargs)


class Result(int):
    """A number that remembers the hand-over in which it was computed; None in the caller's own
    process."""


def task(item):
    """A tiny task."""
    result = Result(item * item)
    result.by = hand_over
    return result


def run(*, source, name):
    run_all = learners_function(source, name)
    with Counting(WORKERS) as pool:
        results = run_all(pool, task, list(range(ITEMS)))
        handed = pool.handed
    is_list = isinstance(results, list)
    right = [item * item for item in range(ITEMS)]
    shares = Counter(getattr(one, "by", None) for one in results) if is_list else Counter()
    yield {
        "own": shares.pop(None, 0),
        "largest": max(shares.values(), default=0),
        "kind": type(results).__name__,
        "count": len(results) if is_list else None,
        "holds": type(results[0]).__name__ if is_list and results else None,
        "same": is_list and results == right,
        "sorted": (
            is_list and all(isinstance(one, int) for one in results) and sorted(results) == right
        ),
        "handed": handed,
    }


def judge(rows):
    row = rows[-1]
    if row["kind"] != "list":
        return (
            False,
            (
                f"it returned {row['kind']}, not a list. pool.map gives an iterator: make a list of"
                " it."
            ),
        )
    if row["count"] != ITEMS:
        return (
            False,
            (
                f"it returned {row['count']} results for {ITEMS:,} items. One result for each item"
                " is wanted."
            ),
        )
    if row["holds"] == "Future":
        return (
            False,
            (
                "the list holds futures, promises of results. Ask each for its result(), or take"
                " pool.map."
            ),
        )
    if not row["same"]:
        return (
            False,
            (
                "the results are"
                f" {'not in the order of the items' if row['sorted'] else 'not those of task'}."
            ),
        )
    if row["handed"] == 0:
        return (
            False,
            "nothing was handed to the pool: this process did all the work. Let the workers do it.",
        )
    if row["own"]:
        return (
            False,
            (
                f"{row['own']:,} of the results do not come from the pool. Let the workers do all"
                " of the work."
            ),
        )
    if row["handed"] < WORKERS:
        return (
            False,
            (
                "all items went over at once, to one worker. Leave the other something to do:"
                " smaller chunks."
            ),
        )
    if row["largest"] > SHARE * ITEMS:
        return (
            False,
            (
                f"one hand-over carried {row['largest']:,} of {ITEMS:,} items: the other worker had"
                " little to do."
            ),
        )
    if row["handed"] > MOST:
        return (
            False,
            (
                f"the results are right, after {row['handed']:,} hand-overs. Let each carry many"
                " items: a chunk."
            ),
        )
    return (
        True,
        f"{ITEMS:,} tasks in {row['handed']} hand-overs, at most {row['largest']} items in each.",
    )
