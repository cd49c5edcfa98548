"""A launcher that no script can turn into a fork bomb: `launch(start, jobs, most, deepest)`.

`start(job)` starts a real process and returns it; its `wait()` waits for the end and returns the
two jobs that the script wants to have launched, each with a `depth` one greater than its own. They
will want two more, and so on. Run all jobs up to depth `deepest`, never more than `most` at a time,
and not one after another either.
"""

import subprocess
import sys
from typing import NamedTuple

from pvt.tools.learner import learners_function

ARGUMENTS = ("start", "jobs", "most", "deepest")
JOBS, MOST, DEEPEST = 3, 4, 1
CAP = 12  # the box: no more processes than these, whatever is asked for
TOTAL = sum(JOBS * 2**depth for depth in range(DEEPEST + 1))


class Job(NamedTuple):
    name: str
    depth: int


class Box:
    """Starts at most CAP processes and remembers how many were alive at once."""

    def __init__(self):
        self.started, self.alive, self.peak, self.deepest, self.refused = [], [], 0, 0, False

    def start(self, job):
        if len(self.started) == CAP:
            self.refused = True
            raise RuntimeError("the box is full")
        self.started.append(job)
        self.deepest = max(self.deepest, job.depth)
        process = Process(self, job)
        self.alive.append(process)
        self.peak = max(self.peak, len(self.alive))
        return process


class Process:
    """A script at work. Nobody has taken notice of its end before `wait` returns."""

    def __init__(self, box, job):
        self.box, self.job = box, job
        code = f"print({job.name!r} + '0', {job.name!r} + '1')"
        self.popen = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", code], stdout=subprocess.PIPE, text=True
        )

    def wait(self):
        wanted, _ = self.popen.communicate()
        self.box.alive.remove(self)
        return [Job(name, self.job.depth + 1) for name in wanted.split()]


def run(*, source, name):
    launch, box = learners_function(source, name), Box()
    try:
        launch(box.start, [Job(str(number), 0) for number in range(JOBS)], MOST, DEEPEST)
    except RuntimeError:
        if not box.refused:
            raise
    left = len(box.alive)
    for process in list(box.alive):
        process.popen.communicate()
    again = len(box.started) - len(set(box.started))
    yield {
        "started": len(box.started),
        "again": again,
        "peak": box.peak,
        "deepest": box.deepest,
        "refused": box.refused,
        "left": left,
    }


FAULTS = (  # the first that applies is the answer
    (
        lambda row: row["deepest"] > DEEPEST,
        "it started a job of depth {deepest}. Drop what is deeper than deepest: the fuse.",
    ),
    (
        lambda row: row["again"],
        "{again} jobs were started twice. Take a job off the list when you start it.",
    ),
    (
        lambda row: row["peak"] > MOST,
        "{peak} processes were alive at once. Wait for one before you start the next.",
    ),
    (
        lambda row: row["left"],
        "{left} processes were not waited for, so what they wanted is unknown. Call wait() on"
        " each.",
    ),
    (
        lambda row: not row["started"],
        "no job was started. Call start(job), and wait() on what it returns.",
    ),
    (
        lambda row: row["started"] < TOTAL,
        "only {started} jobs were started. Put what wait() returns on the list.",
    ),
    (
        lambda row: row["peak"] < MOST,
        "only {peak} ran at a time. Start several before you wait for the first.",
    ),
)


def judge(rows):
    row = rows[0]
    for applies, text in FAULTS:
        if applies(row):
            return False, text.format(**row)
    return (
        True,
        f"{row['started']} jobs, at most {row['peak']} processes at a time, and nothing deeper"
        f" than {row['deepest']}.",
    )
