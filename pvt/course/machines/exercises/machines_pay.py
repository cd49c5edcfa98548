"""Pay once: `pay_all(orders, bank)` pays every order, though it is killed on the way and done again
on other machines.

`orders` are triples (number, part, amount): an order may be paid in several parts.
`bank.pay(amount, key)` pays; a second payment with the same key is answered like the first, and
nothing is paid. What the function has remembered is gone when it is done again.
"""

from pvt.tools.learner import learners_function

ARGUMENTS = ("orders", "bank")
ORDERS = ((1, 1, 30), (1, 2, 50), (2, 1, 30), (3, 1, 20), (3, 2, 20))
CASES = {
    "nobody is killed": (),
    "a machine is killed before the bank has paid": (("before", 1),),
    "a machine is killed after the bank has paid": (("after", 2),),
    "two machines are killed": (("after", 0), ("before", 3)),
}


class Killed(BaseException):
    """Stands for the end of a machine: no line of the learner's function is to see it."""


class Bank:
    """Pays once for each key; somebody is killed at these calls."""

    def __init__(self, kills):
        self.kills, self.paid, self.calls, self.keys = list(kills), [], 0, {}

    def pay(self, amount, key):
        """Pay this amount, once for each key."""
        self.calls += 1
        if self.calls > 100:
            raise Killed
        place = self.calls - 1
        if self.kills and self.kills[0] == ("before", place):
            raise self.killed()
        if key not in self.keys:
            self.keys[key] = amount
            self.paid.append(amount)
        if self.kills and self.kills[0] == ("after", place):
            raise self.killed()
        return self.keys[key]

    def killed(self):
        self.kills.pop(0)
        return Killed()


def run(*, source, name):
    for case, kills in CASES.items():
        bank = Bank(kills)
        for _ in range(1 + len(kills)):
            pay_all = learners_function(source, name)  # another machine: nothing is remembered
            try:
                pay_all(list(ORDERS), bank)
                break
            except Killed:
                continue
        yield {
            "case": case,
            "calls": bank.calls,
            "keys": len(bank.keys),
            "paid": sum(bank.paid),
            "times": len(bank.paid),
        }


def judge(rows):
    total = sum(amount for *_, amount in ORDERS)
    for row in rows:
        if why := wrong(row, total):
            return False, f"Where {row['case']}: {why}"
    return True, f"{len(rows)} runs, and in each the {len(ORDERS)} parts were paid once."


def wrong(row, total):
    """What is wrong with this row, or None."""
    if not row["calls"]:
        return "nothing was paid. Call bank.pay(amount, key) for each part."
    if row["times"] > len(ORDERS):
        return (
            f"{row['paid']} were paid instead of {total}. The second machine used another key for "
            "the same part: a key must be the same in every attempt."
        )
    if row["keys"] == 1:
        return "only the first part was paid, because all have the same key."
    if row["times"] < len(ORDERS) and row["calls"] >= len(ORDERS):
        return (
            f"{row['paid']} were paid instead of {total}. Two parts had the same key, or one was "
            "given up: a key must belong to one part, and every part must be tried."
        )
    if row["paid"] != total:
        return f"{row['paid']} were paid instead of {total}."
    return None
