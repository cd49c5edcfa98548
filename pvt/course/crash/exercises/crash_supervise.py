"""Be the supervisor: `supervise(start, most)` restarts a worker that crashes, at most `most` times.

`start()` starts a worker in a process of its own and returns it. `worker.join()` waits for its end,
then `worker.exitcode` is 0 if it did its work, and `worker.result` is what it has written so far.
Return the result of the worker that succeeds; or None if, after `most` restarts, the last one has
crashed as well.
"""

import multiprocessing

from pvt.tools import crashes
from pvt.tools.learner import learners_function

ARGUMENTS = ("start", "most")
HALF, WHOLE = 21, 42  # what a worker has written before it crashes, and when it is done
CASES = (
    (0, 3, "segfault"),
    (2, 3, "os._exit"),
    (3, 3, "exception"),
    (1, 1, "abort"),
    (9, 2, "segfault"),
    (9, 0, "exception"),
)


def work(cell, how):
    """Write a half result; crash, or write the rest."""
    crashes.quiet()
    cell[0] = HALF
    if how:
        crashes.WAYS[how]()
    cell[0] = WHOLE


class Worker:
    """A process, and what it has written."""

    def __init__(self, how):
        self.cell = multiprocessing.RawArray("i", 1)
        self.process = multiprocessing.Process(target=work, args=(self.cell, how))
        self.process.start()

    def join(self, timeout=None):
        self.process.join(timeout)

    @property
    def exitcode(self):
        return self.process.exitcode

    @property
    def result(self):
        return self.cell[0]


class TooMany(Exception):
    """Raised in the learner's function when it goes on and on."""


def run(*, source, name):
    supervise = learners_function(source, name)
    for crashing, most, how in CASES:
        crowd, overlaps = [], []

        def start(crashing=crashing, most=most, how=how, crowd=crowd, overlaps=overlaps):
            if len(crowd) > most + 2:
                raise TooMany
            overlaps += [worker for worker in crowd if worker.exitcode is None]
            crowd.append(Worker(how if len(crowd) < crashing else None))
            return crowd[-1]

        try:
            got = supervise(start, most)
        except TooMany:
            got = None
        for worker in crowd:
            worker.join()
        case = {
            "crashing": crashing,
            "most": most,
            "how": how,
            "starts": len(crowd),
            "overlaps": len(overlaps),
        }
        yield case | {"got": got if type(got) is int else None, "type": type(got).__name__}


def judge(rows):
    for row in rows:
        wanted, allowed = min(row["crashing"], row["most"]) + 1, 1 + row["most"]
        crash = f"{row['crashing'] or 'no'} workers that crash ({row['how']}) before one succeeds"
        if why := wrong(row, wanted, allowed):
            return False, f"With most = {row['most']} and {crash}: {why}"
    return True, f"{len(rows)} supervised workers: restarted as often as needed, given up in time."


def wrong(row, wanted, allowed):
    """What is wrong with this row, or None."""
    if not row["starts"]:
        return "no worker was started. Call start()."
    if row["overlaps"]:
        return (
            "a worker was started while another was at work. Wait for its end first: worker.join()."
        )
    if row["starts"] > allowed:
        return (
            f"{row['starts']} workers were started, {allowed} are allowed: the first, and"
            " `most` restarts."
        )
    if row["starts"] > wanted:
        return (
            f"{row['starts']} workers were started, though number {wanted} had succeeded: its"
            " exitcode was 0."
        )
    if row["got"] == HALF:
        return (
            "what came back is the half result of a worker that crashed. Look at exitcode:"
            " only 0 is success."
        )
    if row["starts"] < wanted:
        return (
            f"it gave up after {row['starts']} workers, {allowed} are allowed: the first, and"
            " `most` restarts."
        )
    if row["crashing"] >= allowed:
        text = f"all had crashed, and the result is of type {row['type']}. Return None."
        return None if row["type"] == "NoneType" else text
    if row["got"] != WHOLE:
        back = "nothing" if row["type"] == "NoneType" else f"another {row['type']}"
        return f"the last worker succeeded, but {back} came back. Return its result."
