"""Hold the lock for a shorter time: `sell(item, price, ledger, guard)` is to be 1.4 times as fast
with four tills.

`price(item)` waits for another service. `ledger["sum"]` grows by the price; its two halves, reading
and writing, belong together under the lock `guard`.
"""

import threading
import time

from pvt.course.your_program.faster import compared, judged
from pvt.tools.learner import learners_function, together

ARGUMENTS = ("item", "price", "ledger", "guard")
TILLS, ITEMS, WAIT, BETWEEN = 4, 5, 0.012, 0.001  # seconds of a price; after a lock was given back


class Guard:
    """A lock that knows who has it. Who gives it back pauses, so that the next who waits comes in
    between."""

    def __init__(self):
        self.lock, self.owner = threading.Lock(), None

    def acquire(self, *args, **kwargs):
        taken = self.lock.acquire(*args, **kwargs)
        self.owner = threading.get_ident() if taken else self.owner
        return taken

    def release(self):
        self.owner = None
        self.lock.release()
        time.sleep(BETWEEN)

    def locked(self):
        return self.lock.locked()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()


class Ledger(dict):
    """Notes when it is touched without the lock, and how often it is written."""

    def __init__(self, guard):
        super().__init__(sum=0)
        self.guard, self.bare, self.written = guard, 0, 0

    def __getitem__(self, key):
        self.bare += self.guard.owner != threading.get_ident()
        return super().__getitem__(key)

    def __setitem__(self, key, value):
        self.bare += self.guard.owner != threading.get_ident()
        self.written += 1
        super().__setitem__(key, value)


def price(item):
    time.sleep(WAIT)
    return 3 + item % 5


def all_under_the_lock(item, price, ledger, guard):
    with guard:
        ledger["sum"] = ledger["sum"] + price(item)


def day(sell):
    """Four tills sell; what became of the ledger."""
    guard = Guard()
    ledger = Ledger(guard)

    def till():
        for item in range(ITEMS):
            sell(item, price, ledger, guard)

    together(*[till] * TILLS)
    right = TILLS * sum(3 + item % 5 for item in range(ITEMS))
    if not ledger.written:
        return "nothing was written"
    if ledger.bare:
        return "touched without the lock"
    if guard.locked():
        return "the lock was kept"
    return "right" if dict.__getitem__(ledger, "sum") == right else "wrong"


def run(*, source, name):
    sell = learners_function(source, name)
    yield from compared(lambda: day(all_under_the_lock), lambda: day(sell))


def judge(rows):
    results = {row["result"] for row in rows if row["kind"] == "yours"}
    if "nothing was written" in results:
        return False, 'nothing is in the ledger. Add the price to ledger["sum"].'
    if "touched without the lock" in results:
        return (
            False,
            (
                "the ledger was read or written by a till that did not hold the lock: an addition"
                " can vanish. Take guard."
            ),
        )
    if "the lock was kept" in results:
        return False, "at the end the lock is still held. A with statement gives it back."
    if results != {"right"}:
        return (
            False,
            "the sum is not right: between reading and writing, another till had the lock.",
        )
    passed, why = judged(rows)
    return passed, why + ("" if passed else " Which part of it does not touch the ledger?")
