"""Sleep before computing: mostly the other has measured by then.

A sleep is a guess about others. Nothing makes them keep to it.
"""

import time
from threading import Barrier
from types import SimpleNamespace


def setup():
    return SimpleNamespace(gate=Barrier(2), length=0, width=0)


def first(shared):
    shared.gate.wait()
    shared.length = 30
    time.sleep(0.1)
    assert shared.length * shared.width == 600, "a side is missing"


def second(shared):
    shared.gate.wait()
    shared.width = 20
    time.sleep(0.1)
    assert shared.length * shared.width == 600, "a side is missing"


THREADS = [first, second]
