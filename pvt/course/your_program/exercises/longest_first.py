"""Hand out the work in a better order: `order(jobs)` is to get four workers done 1.4 times as soon.

`jobs` is a list of pairs (name, seconds that it takes, about). Return all of them, in the order in
which they are to be handed out: each of the four workers takes the next as soon as it is free.
Several lists are tried.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pvt.course.your_program.faster import compared, judged
from pvt.tools.learner import learners_function

ARGUMENTS = ("jobs",)
UNIT, WORKERS = 0.012, 4  # seconds of a short job; workers
ROUNDS, TRIES = 2, 2  # for each list; a busy machine gets more of them


def jobs(*places):
    """24 short jobs, with long ones at these places."""
    long = dict.fromkeys(places, 8 * UNIT)
    return [(f"job {at:02}", long.get(at, UNIT)) for at in range(24 + len(places))]


LISTS = {
    "the long job at the end": jobs(24),
    "the long job in between": jobs(20),
    "a long job at each end": jobs(0, 25),
}


def done(jobs):
    """Four workers do the jobs."""
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        list(pool.map(time.sleep, [seconds for _, seconds in jobs]))


def run(*, source, name):
    order = learners_function(source, name)
    for case, given in LISTS.items():
        rows = []
        for _ in range(TRIES):
            for row in compared(partial(done, given), partial(ordered, order, given), ROUNDS):
                rows.append(row | {"list": case, "jobs": len(given)})
                yield rows[-1]
            if judged(rows)[0]:
                break
        else:
            return


def ordered(order, given):
    """The jobs are done in the learner's order; what was wrong with it, or "right"."""
    found = order(list(given))
    if not isinstance(found, list):
        return type(found).__name__
    if sorted(found) != sorted(given):
        return f"{len(found)} jobs" if len(found) != len(given) else "other jobs"
    done(found)
    return "right"


def judge(rows):
    bad = [row for row in rows if row["kind"] == "yours" and row["result"] != "right"]
    if bad:
        wrong = bad[0]["result"]
        if wrong == "NoneType":
            return False, "you returned None. list.sort gives None: sorted gives the list."
        if wrong.endswith("jobs"):
            return (
                False,
                f"you returned {wrong} instead of the {bad[0]['jobs']} that there are. Each belongs in"
                " once.",
            )
        return False, f"you returned {wrong} instead of a list of pairs."
    said = []
    for case in dict.fromkeys(row["list"] for row in rows):
        passed, text = judged([row for row in rows if row["list"] == case])
        said.append(f"with {case}: {text}")
        if not passed:
            return False, f"{said[-1]} Which job must not be the last to begin?"
    return True, " ".join(said)
