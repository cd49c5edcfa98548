"""Woken for a parcel that is gone.

A van fetches one parcel, a lorry two. The depot brings three and wakes a driver for each. A driver who is woken
takes a parcel: there must be one, or nobody would have called.
"""

from threading import Condition
from types import SimpleNamespace

GOAL = "Break it: a driver reaches for a parcel where none is left."


def setup():
    return SimpleNamespace(ready=Condition(), parcels=[])


def fetch(shared):
    with shared.ready:
        if not shared.parcels:
            shared.ready.wait()
        shared.parcels.pop()


def van(shared):
    fetch(shared)


def lorry(shared):
    fetch(shared)
    fetch(shared)


def depot(shared):
    for number in (1, 2, 3):
        with shared.ready:
            shared.parcels.append(number)
            shared.ready.notify()


THREADS = [depot, van, lorry]
