"""Writers take turns under a lock; readers still need none."""

from threading import Lock
from types import SimpleNamespace

HINT = "Replacing is one step, but copying and replacing are not. Readers are safe. And writers?"


def setup():
    return SimpleNamespace(prices={}, writing=Lock())


def update(shared, ware, price):
    with shared.writing:
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
