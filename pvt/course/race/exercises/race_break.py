"""Break a "fixed" program: reading takes the lock, writing takes the lock, and additions vanish all
the same.

Write `attack(account, times)`: it adds 1 to the account `times` times, using only `account.read()`
and `account.write(value)`. Four threads run it at once. It has done its work if the balance ends
too low.
"""

import sys
import threading
import time

from pvt.tools.learner import learners_function, together

ARGUMENTS = ("account", "times")
WORKERS, TIMES = 4, 5_000


class Account:
    """Each step by itself is guarded: no thread ever sees a half-written balance."""

    def __init__(self):
        self._balance, self._lock, self._writes, self._strange = 0, threading.Lock(), 0, 0
        self._seen = threading.local()  # what each thread has read last

    def read(self):
        with self._lock:
            self._seen.balance = self._balance
            return self._balance

    def write(self, value):
        with self._lock:
            self._balance = value
            self._writes += 1
            self._strange += value != vars(self._seen).pop("balance", value) + 1


def run(*, source, name):
    attack = learners_function(source, name)
    sys.setswitchinterval(1e-5)
    until = time.monotonic() + 3
    while time.monotonic() < until:
        account = Account()
        together(*[lambda account=account: attack(account, TIMES)] * WORKERS)
        row = {
            "writes": account._writes,
            "balance": account._balance,
            "strange": account._strange,
            "private": "._" in source,
        }
        yield row
        if row["balance"] != row["writes"] or row["strange"] or not row["writes"]:
            return


def judge(rows):
    last = rows[-1]
    if last["private"]:
        return (
            False,
            "Leave the names that begin with _ alone: use only account.read() and"
            " account.write(value).",
        )
    if not last["writes"]:
        return (
            False,
            "Nothing was written. Read the balance and write it back with 1 added, times times.",
        )
    if last["writes"] < WORKERS * TIMES:
        return (
            False,
            f"{last['writes']:,} writes were made, {WORKERS * TIMES:,} expected: add 1, times"
            " times.",
        )
    if last["strange"]:
        text = f"{last['strange']:,} writes were not what the thread had just read, with 1 added."
        return False, f"{text} A wrong addition proves nothing: read, add 1, write, each time."
    if last["balance"] >= last["writes"]:
        return (
            False,
            "No addition was lost. Each should use what was read a moment before: read, add 1,"
            " write.",
        )
    lost = last["writes"] - last["balance"]
    return True, (
        f"{lost:,} of {last['writes']:,} additions are gone. The lock is free between read and"
        " write:"
        " guard the whole of read – add – write, not each step."
    )
