"""The price list with one entry missing.

Readers must never see a half-changed price list. So a writer copies it, changes the copy, and puts the copy in
its place in one step. Two writers do so.
"""

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
