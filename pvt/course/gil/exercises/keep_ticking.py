"""Keep the interface alive: `run_beside(job, tick)`.

`job()` takes a while and returns a result. Call `tick()` again and again, some 60 times a second,
for as long as the job takes, and return its result. The interface belongs to the thread that calls
you: `tick` only there, the job not.
"""

import threading
import time

from pvt.tools.learner import learners_function

ARGUMENTS = ("job", "tick")
LENGTHS = (0.3, 1.2)  # seconds that the jobs take at least: no fixed number of ticks fits both
PART, ENOUGH = 0.3, 6  # seconds, and the ticks that must come in each such part of a job
PATIENCE = 1.5  # seconds at most that a part waits for its ticks
GRACE = 0.25  # seconds in which ticks may still come after the job
MANY = 4_000  # ticks too many


class Interface:
    """Counts ticks while a job is under way and after it, and the threads that they came from."""

    def __init__(self, length):
        self.home = threading.get_ident()
        self.parts = round(length / PART)
        self.job = self.ended = None
        self.under_way = False
        self.during = self.late = self.strange = self.times = 0

    def tick(self):
        self.strange += threading.get_ident() != self.home
        self.during += self.under_way
        self.late += self.ended is not None and time.monotonic() > self.ended + GRACE

    def work(self):
        """A job that is done when each of its parts has seen enough ticks, or one has waited for
        them in vain."""
        self.job, self.under_way = threading.get_ident(), True
        self.times += 1
        for part in range(self.parts):
            if not self.waited(self.during if part else 0):
                break
        self.under_way, self.ended = False, time.monotonic()
        return "the result"

    def waited(self, before):
        """Wait for the ticks of one part; whether enough came."""
        begin = time.monotonic()
        while (passed := time.monotonic() - begin) < PART or self.during - before < ENOUGH:
            if passed > PATIENCE:
                return False
            time.sleep(0.005)
        return True


def run(*, source, name):
    run_beside = learners_function(source, name)
    for length in LENGTHS:
        interface = Interface(length)
        result = run_beside(interface.work, interface.tick)
        yield {
            "times": interface.times,
            "done": not interface.under_way,
            "at_home": interface.job == interface.home,
            "during": interface.during,
            "wanted": ENOUGH * interface.parts,
            "late": interface.late,
            "strange": interface.strange,
            "result": result if isinstance(result, str) else repr(result),
        }


def judge(rows):
    """The first job that something is wrong with decides."""
    for row in rows:
        if wrong := mistake(row):
            return False, wrong
    ticks = " and ".join(str(row["during"]) for row in rows)
    return True, f"{ticks} ticks came while a short and a long job ran, and both results came back."


def mistake(row):
    """What is wrong with the ticks beside one job; None if nothing is."""
    if row["times"] != 1:
        return (
            f"the job was done {row['times']} times. Start it once, with job as the target, not"
            " job()."
        )
    if row["at_home"]:
        return (
            "the job ran in the interface's own thread: nothing could tick. Give it a thread of"
            " its own."
        )
    if not row["done"]:
        return "you returned while the job was still under way. Tick until it is done."
    if row["strange"]:
        return (
            f"{row['strange']} ticks came from another thread. Tick in the thread that called you."
        )
    if row["during"] < row["wanted"]:
        return f"only {row['during']} ticks came while the job ran. Tick until it is done."
    if row["during"] > MANY:
        return (
            f"{row['during']:,} ticks: a loop that never rests takes the GIL from the job. Sleep in"
            " between."
        )
    if row["late"] > 1:
        return f"{row['late']} ticks came long after the job was done. Stop when it is."
    if row["result"] != "the result":
        return f"you returned {row['result']} instead of the job's result. A future keeps it: result()."
    return None
