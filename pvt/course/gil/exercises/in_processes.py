"""Let processes do the heavy work: `compute_all(heavy, numbers)`.

`heavy(number)` takes long, computes in Python, and can be sent to another process. Return the list
of its results, in the order of `numbers`. Two or more processes must take part, and the caller must
not do any of it.
"""

import os
import time
from pathlib import Path

from pvt.tools.learner import learners_function

ARGUMENTS = ("heavy", "numbers")
NUMBERS, PATIENCE = (5, 3, 8, 1, 9, 2), 3.0  # seconds that a worker waits for a second one
waited = False


class Result(int):
    """A number that remembers which process has computed it."""


def heavy(number):
    """The square of a number, in a process that leaves its mark and waits once for another to
    leave one too."""
    global waited
    caller = int(Path("caller").read_text())
    if os.getpid() != caller and not waited:
        waited = True
        Path(f"mark-{os.getpid()}").touch()
        until = time.monotonic() + PATIENCE
        while len(list(Path().glob("mark-*"))) < 2 and time.monotonic() < until:
            time.sleep(0.005)
    result = Result(sum(number for _ in range(number)))
    result.pid = os.getpid()
    return result


def run(*, source, name):
    compute_all = learners_function(source, name)
    Path("caller").write_text(str(os.getpid()))
    found = compute_all(heavy, list(NUMBERS))
    found = list(found) if hasattr(found, "__iter__") else [found]
    here = {"caller": os.getpid(), "given": len(NUMBERS), "got": len(found)}
    for at, one in enumerate(found or [None]):
        known = isinstance(one, Result)
        right = known and at < len(NUMBERS) and one == NUMBERS[at] ** 2
        yield {
            **here,
            "kind": type(one).__name__,
            "pid": one.pid if known else None,
            "right": right,
        }


def judge(rows):
    if not rows[0]["got"]:
        return (
            False,
            f"the list is empty. Return one result for each of the {rows[0]['given']} numbers.",
        )
    strange = next((row["kind"] for row in rows if row["pid"] is None), None)
    if strange:
        also = " A future is a promise: ask it for its result()." if strange == "Future" else ""
        return (
            False,
            f"the list holds {strange}, not what heavy returned. Return the results"
            f" themselves.{also}",
        )
    if rows[0]["got"] != rows[0]["given"]:
        return (
            False,
            f"{rows[0]['got']} results for {rows[0]['given']} numbers. Return one for each.",
        )
    pids = {row["pid"] for row in rows}
    if rows[0]["caller"] in pids:
        who = "all" if len(pids) == 1 else "some"
        return (
            False,
            f"{who} of it ran in the caller's own process. A loop and threads stay"
            " there. Which executor does not?",
        )
    if len(pids) < 2:
        return (
            False,
            "one process did everything. Allow two workers, and hand out all numbers before you"
            " wait for one.",
        )
    if not all(row["right"] for row in rows):
        return (
            False,
            "the results are in another order than the numbers. executor.map keeps the order.",
        )
    return (
        True,
        f"{len(pids)} processes computed {len(rows)} results, in the right order; the caller none.",
    )
