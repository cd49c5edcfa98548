"""Start again if the list has changed meanwhile: the change may come right after that look.

The test and the replacement would have to be one step.
"""

from types import SimpleNamespace


def setup():
    return SimpleNamespace(prices={})


def update(shared, ware, price):
    while True:
        before = shared.prices
        copy = dict(before)
        copy[ware] = price
        if shared.prices is before:
            shared.prices = copy
            return


def tea(shared):
    update(shared, "tea", 3)


def jam(shared):
    update(shared, "jam", 5)


THREADS = [tea, jam]


def safe(shared):
    return shared.prices == {"tea": 3, "jam": 5}
