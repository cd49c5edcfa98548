"""Ask how each process ended: `endings(works)` returns the exit code of each, in the order of
`works`.

Each work is a function without parameters that runs in a process of its own, all at the same time.
None may be left.
"""

import os
import signal
import time
from pathlib import Path

from pvt.tools.learner import learners_function

ARGUMENTS = ("works",)
PATIENCE = 3.0  # seconds that a work waits for the others to have begun
COUNT = 4
LATE = " Does somebody wait for a process that was not started, or that waits for the others?"


def begun(number):
    """Note who has begun, and wait until all have; False where that is the caller itself."""
    if os.getpid() == int(Path("caller").read_text()):
        Path("own").touch()
        return False
    with open(f"calls-{number}", "a") as calls:
        calls.write(f"{os.getpid()}\n")
    if not all_begun():
        Path("alone").touch()
    return True


def all_begun():
    """Wait until all works have begun or one was alone; False where neither came in time."""
    until = time.monotonic() + PATIENCE
    while len(list(Path().glob("calls-*"))) < COUNT and not Path("alone").exists():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def returns():
    begun(0)


def leaves():
    if begun(1):
        time.sleep(0.6)  # the first to be asked is not the first to end
        os._exit(3)


def raises():
    if begun(2):
        raise SystemExit(1)


def is_killed():
    if begun(3):
        os.kill(os.getpid(), signal.SIGTERM)


WORKS = (leaves, returns, is_killed, raises)


def run(*, source, name):
    endings = learners_function(source, name)
    Path("caller").write_text(str(os.getpid()))
    answer = endings(list(WORKS))
    all_begun()  # who was started and is late has begun, too
    left = alive()
    calls = [len(path.read_text().split()) for path in Path().glob("calls-*")]
    answer = list(answer) if isinstance(answer, list | tuple) else answer
    known = isinstance(answer, list) and all(isinstance(one, int | None) for one in answer)
    wanted = [3, 0, -signal.SIGTERM if os.name != "nt" else signal.SIGTERM, 1]
    yield {
        "kind": type(answer).__name__ if not isinstance(answer, list) else "list",
        "answer": ", ".join(map(str, answer)) if known else None,
        "none": isinstance(answer, list) and None in answer,
        "count": len(answer) if isinstance(answer, list) else 0,
        "wanted": ", ".join(map(str, map(int, wanted))),
        "right": known and answer == wanted,
        "same": known and sorted(map(str, answer)) == sorted(map(str, wanted)),
        "calls": sum(calls),
        "begun": len(calls),
        "own": Path("own").exists(),
        "alone": Path("alone").exists(),
        "left": left,
    }


def alive():
    """How many processes below this one live, or have ended and were not asked; they are ended and
    asked here."""
    import multiprocessing

    children = [one for one in list(multiprocessing.process._children) if one.is_alive()]
    for child in children:
        child.kill()
        child.join()
    zombies = 0
    while hasattr(os, "WNOHANG"):
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if not pid:
            break
        zombies += 1
    return len(children) + zombies


def judge(rows):
    (row,) = rows
    if row["own"]:
        return (
            False,
            (
                "a work ran in your own process. Hand it over as target=work, without calling it,"
                " then start()."
            ),
        )
    if row["none"]:
        return (
            False,
            (
                "None is in the list: a process that has not ended has no exit code yet. join() it"
                " first."
            ),
        )
    if row["begun"] < COUNT:
        return False, f"{row['begun']} of {COUNT} works were begun. Start a process for each."
    if row["calls"] > COUNT:
        return False, f"works were begun {row['calls']} times. Start each of the {COUNT} once."
    if row["alone"]:
        return (
            False,
            "they did not run at the same time. Start all of them before you wait for the first.",
        )
    if row["left"]:
        return (
            False,
            (
                f"{row['left']} processes were left: still alive, or zombies that nobody has asked."
                " join() each."
            ),
        )
    if row["answer"] is None:
        return (
            False,
            (
                f"the result is of type {row['kind']}. Return a list with the exitcode of each"
                " process."
            ),
        )
    if row["same"] and not row["right"]:
        return (
            False,
            f"the codes came as {row['answer']}, not as {row['wanted']}: keep the order of works.",
        )
    if not row["right"]:
        return (
            False,
            (
                f"the list is {row['answer']}, not {row['wanted']}. Process.exitcode says how one"
                " ended."
            ),
        )
    return (
        True,
        (
            f"{row['answer']}: left with 3, came back, killed by a signal, left with 1; and none is"
            " a zombie."
        ),
    )
