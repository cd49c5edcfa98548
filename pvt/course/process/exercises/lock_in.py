"""Lock a worker in: `prepare()` runs first in a fresh child process and limits what the child may
do from then on.

Afterwards a modest job must still work: it opens 8 files and takes 16 MiB. A greedy one must be
refused, both when it opens 200 files and (on Linux) when it takes 400 MiB. The greedy one is sly:
it lifts every soft limit it can.
"""

import contextlib
import mmap
import os
import sys

from pvt.tools.learner import learners_function

ARGUMENTS = ()
MODEST, GREEDY = {"files": 8, "memory": 16 << 20}, {"files": 200, "memory": 400 << 20}


def run(*, source, name):
    prepare = learners_function(source, name)
    tasks = (
        {"files": open_files, "memory": take_memory}
        if sys.platform == "linux"
        else {"files": open_files}
    )
    for task, act in tasks.items():
        yield {"job": "before", "task": task, "done": done(act, GREEDY[task])}
    prepare()
    for job, amounts in (("modest", MODEST), ("greedy", GREEDY)):
        for task, act in tasks.items():
            yield {"job": job, "task": task, "done": done(act, amounts[task])}
    lift_soft_limits()
    for task, act in tasks.items():
        yield {"job": "sly", "task": task, "done": done(act, GREEDY[task])}


def open_files(count):
    with contextlib.ExitStack() as files:
        for _ in range(count):
            files.enter_context(open(os.devnull))


def take_memory(size):
    mmap.mmap(-1, size).close()


def done(act, amount):
    """Whether the system lets it."""
    try:
        act(amount)
    except (OSError, MemoryError):
        return False
    return True


def lift_soft_limits():
    """A soft limit may be raised up to the hard one, by anybody."""
    import resource

    for number in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_DATA):
        _, hard = resource.getrlimit(number)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(number, (hard, hard))


def judge(rows):
    able_to = {(row["job"], row["task"]): row["done"] for row in rows}
    tasks = [task for (job, task), able in able_to.items() if job == "before" and able]
    if ("sly", "files") not in able_to:
        return False, "prepare ended the whole process: let it return, so that the job can begin."
    if not tasks:
        return (
            False,
            "This machine refuses the greedy job even without limits: the exercise cannot be"
            " decided here.",
        )
    for task in tasks:
        what = {"files": "RLIMIT_NOFILE", "memory": "RLIMIT_AS"}[task]
        if not able_to["modest", task]:
            return (
                False,
                f"The modest job was refused its {task}: {what} is too tight. What the child has"
                " counts too.",
            )
    loose = [task for task in tasks if able_to["greedy", task]]
    if loose == tasks:
        return (
            False,
            "Nothing was refused. The module resource limits the process that asks for it: which of"
            " its limits stop the greedy job?",
        )
    if loose:
        return False, f"The greedy job still gets its {loose[0]}: set a limit for that too."
    if sly := [task for task in tasks if able_to["sly", task]]:
        return (
            False,
            f"The greedy job lifted its soft limit and got its {sly[0]}: lower the hard limit too.",
        )
    return True, f"the greedy job was refused its {' and its '.join(tasks)}; the modest one works."
