"""Give back the lock: `sell(shop, wanted)` takes `wanted` loaves from `shop.stock`, and returns
whether there were enough.

Three threads buy at once. `shop.lock` guards the stock.
"""

from pvt.course.deadlock.exercises._searched import judged, rows

ARGUMENTS = ("shop", "wanted")
SHOP = """
import threading as _threading


class Shop:
    def __init__(self):
        self.stock, self.lock = 2, _threading.Lock()


shop, sold = Shop(), []


def customer(wanted):
    answer = {name}(shop, wanted)
    assert answer in (True, False), f"sell returned {{answer!r}}, not True or False"
    if answer:
        sold.append(wanted)


threads = [_threading.Thread(target=customer, args=(wanted,)) for wanted in (1, 2, 1)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert sold, "nothing was sold"
assert shop.stock == 2 - sum(sold), f"{{sum(sold)}} loaves were sold, and {{shop.stock}} of 2 are left"
assert shop.stock >= 0, "more was sold than there was"
assert not shop.lock.locked(), "the lock was not given back"
"""


def run(*, source, name):
    yield from rows(source, {"shop": SHOP.format(name=name)})


def judge(rows):
    return judged(rows, advice)


def advice(row):
    """What to try instead."""
    words = row["because"] + row["story"]
    if "giving it back" in words or "has finished" in words or "given back" in words:
        return (
            "Which way out of the function passes no release()? A with statement has no such way."
        )
    if "release unlocked lock" in words:
        return "One way out gives the lock back twice, or without having it."
    if "not True or False" in words or "nothing was sold" in words:
        return "Return True when there was enough, and False when there was not."
    if row["own lock"]:
        return "A lock made inside the function is a new one in each call: use shop.lock."
    return "Looking and taking must both be done while holding shop.lock, in one go."
