"""Come a little later: mostly the parcels lie there, and nobody has to be woken.

A sleep makes the meeting rare. Whoever is woken is still not alone.
"""

import time
from threading import Condition
from types import SimpleNamespace


def setup():
    return SimpleNamespace(ready=Condition(), parcels=[])


def fetch(shared):
    time.sleep(0.1)
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
