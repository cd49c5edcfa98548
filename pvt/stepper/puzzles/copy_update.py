"""The price list with one entry missing.

Readers must never see a half-changed price list. So a writer copies it, changes the copy, and puts
the copy in its place in one step. Two writers do so."""

from types import SimpleNamespace

GOAL = "Break it: both writers are done, and one of the two new prices is not in the list."


def setup():
    return SimpleNamespace(prices={})


def update(shared, ware, price):
    copy = dict(shared.prices)
    copy[ware] = price
    shared.prices = copy


def tea(shared):
    update(shared, "tea", 3)


def jam(shared):
    update(shared, "jam", 5)


THREADS = [tea, jam]


def safe(shared):
    return shared.prices == {"tea": 3, "jam": 5}


class Rarer:
    """Start again if the list has changed meanwhile: the change may come right after that look.

    The test and the replacement would have to be one step.
    """

    def update(shared, ware, price):
        while True:
            before = shared.prices
            copy = dict(before)
            copy[ware] = price
            if shared.prices is before:
                shared.prices = copy
                return


class Repaired:
    """Writers take turns under a lock; readers still need none."""

    from threading import Lock

    HINT = (
        "Replacing is one step, but copying and replacing are not. Readers are safe. And writers?"
    )

    def setup():
        return SimpleNamespace(prices={}, writing=Lock())

    def update(shared, ware, price):
        with shared.writing:
            copy = dict(shared.prices)
            copy[ware] = price
            shared.prices = copy
