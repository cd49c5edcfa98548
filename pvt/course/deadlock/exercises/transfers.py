"""Repair the transfers: `transfer(source, target, amount)` moves money between two accounts, each
with a lock of its own.

Threads call it in opposite directions, and in a circle of three accounts. An account has a number
that never changes.
"""

from pvt.course.deadlock.exercises._searched import judged, rows

ARGUMENTS = ("source", "target", "amount")
BANK = """
import threading as _threading


class Account:
    def __init__(self, number):
        self.number, self.balance, self.lock = number, 100, _threading.Lock()


def bank(*moves):
    accounts = [Account(number) for number in range(1, 1 + max(max(move[:2]) for move in moves))]
    threads = []
    for giver, taker, amount in moves:
        pair = accounts[giver - 1], accounts[taker - 1]
        threads.append(_threading.Thread(target={name}, args=(*pair, amount)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for account in accounts:
        moved = sum(m[2] for m in moves if m[1] == account.number)
        moved -= sum(m[2] for m in moves if m[0] == account.number)
        assert account.balance == 100 + moved, f"account {{account.number}} has {{account.balance}}"


bank({moves})
"""
MOVES = {"opposite": "(1, 2, 30), (2, 1, 50)", "circle": "(1, 2, 10), (2, 3, 20), (3, 1, 40)"}


def run(*, source, name):
    programs = {title: BANK.format(name=name, moves=moves) for title, moves in MOVES.items()}
    yield from rows(source, programs)


def judge(rows):
    return judged(rows, advice)


def advice(row):
    """What to try instead."""
    if (
        "without giving it back" in row["because"] + row["story"]
        or "has finished" in row["because"]
    ):
        return "A with statement gives the lock back on every way out."
    if row["ending"] == "deadlock" and "balance)" in row["source"].replace(" ", ""):
        return "An order that changes while threads run is none: sort by account.number."
    if row["ending"] == "deadlock":
        return "Let every transfer take its two locks in the same order: by account.number."
    if row["own lock"]:
        return (
            "A lock made inside the function is a new one in each call: use those of the accounts."
        )
    if row["preemptions"] == 0:
        return "Take amount from source.balance, and add it to target.balance."
    if "timeout" in row["source"] or "blocking" in row["source"] or "locked()" in row["source"]:
        return "Whoever gives up must try again, or the money stays where it was."
    return "Both balances change, so both locks must be held."
