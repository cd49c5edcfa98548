"""Woken for a parcel that is gone.

A van fetches one parcel, a lorry two. The depot brings three and wakes a driver for each. A driver
who is woken takes a parcel: there must be one, or nobody would have called."""

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


class Rarer:
    """Come a little later: mostly the parcels lie there, and nobody has to be woken.

    A sleep makes the meeting rare. Whoever is woken is still not alone.
    """

    import time

    def fetch(shared):
        time.sleep(0.1)
        with shared.ready:
            if not shared.parcels:
                shared.ready.wait()
            shared.parcels.pop()


class Repaired:
    """`while` instead of `if`: whoever is woken looks again, and goes back to wait if the parcel is
    gone."""

    HINT = "Being woken is a hint, not a promise. What must a driver do first after waking?"

    def fetch(shared):
        with shared.ready:
            while not shared.parcels:
                shared.ready.wait()
            shared.parcels.pop()
