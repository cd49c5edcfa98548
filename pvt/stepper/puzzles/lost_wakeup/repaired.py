"""`while` instead of `if`: whoever is woken looks again, and goes back to wait if the parcel is gone."""

from threading import Condition
from types import SimpleNamespace

HINT = "Being woken is a hint, not a promise. What must a driver do first after waking?"


def setup():
    return SimpleNamespace(ready=Condition(), parcels=[])


def fetch(shared):
    with shared.ready:
        while not shared.parcels:
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
