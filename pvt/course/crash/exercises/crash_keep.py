"""Keep the other tasks: `run_all(work, items)` returns a dict, item -> `work(item)`, though some
items kill a worker.

`work(item)` must run in a process of its own, or in a pool of processes, because some items crash
it for real. The result of such an item is None. All others must be there, and nobody may be fed the
same poison more than three times.
"""

import os
import tempfile
from concurrent.futures import BrokenExecutor

from pvt.tools import crashes
from pvt.tools.learner import learners_function

ARGUMENTS = ("work", "items")
LATE = (
    " A multiprocessing.Pool waits for ever for a worker that is gone; a ProcessPoolExecutor"
    " notices."
)
BAD, MOST = {13: "segfault", 14: "os._exit", 27: "abort"}, 3
CASES = {
    "no item is bad": (3, 4, 5, 6),
    "one is bad": (11, 12, 13, 15, 16, 17),
    "three are bad": (27, 9, 13, 14, 8, 7),
}


def work(item):
    """The square of an item, unless it is a bad one. Notes that it was tried."""
    with open(tried(item), "ab", buffering=0) as file:
        file.write(b"x")
    if item in BAD:
        crashes.quiet()
        crashes.WAYS[BAD[item]]()
    return item * item


def tried(item):
    return os.path.join(tempfile.gettempdir(), f"tried-{item}")


def run(*, source, name):
    run_all = learners_function(source, name)
    for case, items in CASES.items():
        raised, got = None, {}
        for item in items:
            open(tried(item), "wb").close()
        try:
            got = run_all(work, list(items))
        except BrokenExecutor as problem:
            raised = type(problem).__name__
        known = got if isinstance(got, dict) else {}
        for item in items:
            row = {
                "case": case,
                "item": item,
                "bad": item in BAD,
                "raised": raised,
                "type": type(got).__name__,
            }
            right = known.get(item, 0) == (None if item in BAD else item * item)
            yield row | {
                "there": item in known,
                "right": right,
                "tries": os.path.getsize(tried(item)),
            }


def judge(rows):
    for row in rows:
        if why := wrong(row):
            return False, f"{row['case'].capitalize()}: {why}"
    most = max(row["tries"] for row in rows if row["bad"])
    return (
        True,
        f"all good items of {len(CASES)} lists are there; no bad one was tried more than {most}"
        " times.",
    )


def wrong(row):
    """What is wrong with this row, or None."""
    item = f"item {row['item']}"
    if row["raised"]:
        return (
            f"{row['raised']} came through. Catch it where you ask a future for its result;"
            " then use a new pool."
        )
    if row["type"] != "dict":
        return f"a dict is wanted, item -> result. The result is of type {row['type']}."
    if not row["there"] and row["bad"]:
        return f"{item} killed its worker and is missing. Give it the result None."
    if not row["there"] or (not row["bad"] and not row["right"]):
        return (
            f"{item} killed nobody, but its result is lost. A broken pool fails all: try each"
            " again in a new one."
        )
    if not row["right"]:
        return f"{item} killed its worker. Its result must be None."
    if row["bad"] and row["tries"] > MOST:
        return (
            f"{item} was tried {row['tries']} times and killed a worker each time. Try it"
            f" {MOST} times at most."
        )
    if not row["tries"]:
        return f"{item} never ran. Call work with it, in another process."
