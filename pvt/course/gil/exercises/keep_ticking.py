"""Keep the interface alive: `run_beside(job, tick)`.

`job()` takes a while and returns a result. Call `tick()` again and again, some 60 times a second,
for as long as the job takes, and return its result. The interface belongs to the thread that calls
you: `tick` only there, the job not.
"""

import threading
import time

from pvt.tools.learner import learners_function

ARGUMENTS = ("job", "tick")
ENOUGH = 6  # ticks
LEAST = 0.3  # seconds at least
PATIENCE = 1.5  # seconds at most without ticks
MANY = 1_000  # ticks too many


class Interface:
    """Counts ticks while a job is under way, and the threads that they came from."""

    def __init__(self):
        self.home = threading.get_ident()
        self.job = None
        self.under_way = False
        self.during = 0
        self.strange = 0
        self.times = 0

    def tick(self):
        self.strange += threading.get_ident() != self.home
        self.during += self.under_way

    def work(self):
        """A job that is done when it has seen enough ticks, or has waited for them in vain."""
        self.job, self.under_way, begin = threading.get_ident(), True, time.monotonic()
        self.times += 1
        while (passed := time.monotonic() - begin) < LEAST or (
            self.during < ENOUGH and passed < PATIENCE
        ):
            time.sleep(0.005)
        self.under_way = False
        return "the result"


def run(*, source, name):
    run_beside, interface = learners_function(source, name), Interface()
    result = run_beside(interface.work, interface.tick)
    yield {
        "times": interface.times,
        "done": not interface.under_way,
        "at_home": interface.job == interface.home,
        "during": interface.during,
        "strange": interface.strange,
        "result": result if isinstance(result, str) else repr(result),
    }


def judge(rows):
    (row,) = rows
    if row["times"] != 1:
        return (
            False,
            f"the job was done {row['times']} times. Start it once, with job as the target, not"
            " job().",
        )
    if row["at_home"]:
        return (
            False,
            "the job ran in the interface's own thread: nothing could tick. Give it a thread of"
            " its own.",
        )
    if not row["done"]:
        return False, "you returned while the job was still under way. Tick until it is done."
    if row["strange"]:
        return (
            False,
            f"{row['strange']} ticks came from another thread. Tick in the thread that called you.",
        )
    if row["during"] < ENOUGH:
        return (
            False,
            f"{row['during']} ticks came while the job ran. Do not wait for it: tick until it is"
            " done.",
        )
    if row["during"] > MANY:
        return (
            False,
            f"{row['during']:,} ticks: a loop that never rests takes the GIL from the job. Sleep"
            " in between.",
        )
    if row["result"] != "the result":
        return (
            False,
            f"you returned {row['result']} instead of the job's result. A future keeps it:"
            " result().",
        )
    return True, f"{row['during']} ticks came while the job ran, and its result came back."
