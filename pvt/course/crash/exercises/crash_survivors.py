"""Who is still alive? `survivors(kind, how, workers)` says how many workers live on after worker 1
has crashed.

`kind` is "thread" (all in one process) or "process" (one each), `how` is "segfault", "os._exit",
"exception" or "sys.exit", `workers` says how many there were. Nobody catches or watches anything.
Judged against real crashes.
"""

import multiprocessing

from pvt.course.crash import crash
from pvt.tools.learner import learners_function

ARGUMENTS = ("kind", "how", "workers")
CASES = (
    ("thread", "segfault", 3),
    ("process", "segfault", 3),
    ("thread", "exception", 4),
    ("process", "os._exit", 2),
    ("thread", "os._exit", 2),
    ("process", "exception", 3),
    ("thread", "sys.exit", 3),
)
WHY = {
    "segfault": "The signal goes to the thread that caused it, and ends the whole process: all"
    " threads are gone.",
    "os._exit": "os._exit ends the process at once, whichever thread calls it. No thread is left.",
    "exception": "Python ends the thread that raised, and no other.",
    "sys.exit": "sys.exit only raises SystemExit. In a thread that is not the main one, this ends"
    " that thread alone.",
    "process": "What one process does ends no other process.",
}


def run(*, source, name):
    survivors = learners_function(source, name)
    for kind, how, workers in CASES:
        ends = [row["alive"] for row in crash.case(multiprocessing, how, kind, workers)]
        alive = None if None in ends else sum(ends)
        answer = survivors(kind, how, workers)
        number = answer if type(answer) is int else None
        case = {"kind": kind, "how": how, "workers": workers}
        yield case | {"alive": alive, "answer": number, "type": type(answer).__name__}


def judge(rows):
    seen = [row for row in rows if row["alive"] is not None]
    for row in seen:
        case = f"One of {row['workers']} workers, each a {row['kind']}, ended by {row['how']}"
        if row["answer"] is None:
            return (
                False,
                f"{case}: a number is wanted, how many are alive. The result is of type"
                f" {row['type']}.",
            )
        if row["answer"] == row["workers"]:
            return False, f"{case}: you say that all are alive. Worker 1 is dead for sure."
        if row["answer"] != row["alive"]:
            why = WHY["process" if row["kind"] == "process" else row["how"]]
            return False, f"{case}: here {row['alive']} lived on, you said {row['answer']}. {why}"
    if len(seen) < len(rows):
        return (
            False,
            f"Right in {len(seen)} cases; this machine could not start the others. Try again.",
        )
    return True, f"all {len(rows)} crashes ended as you said."
