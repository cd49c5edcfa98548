"""First measure, then meet, then compute."""

from threading import Barrier
from types import SimpleNamespace

HINT = "A barrier promises that all have arrived. What should be done before arriving?"


def setup():
    return SimpleNamespace(gate=Barrier(2), length=0, width=0)


def first(shared):
    shared.length = 30
    shared.gate.wait()
    assert shared.length * shared.width == 600, "a side is missing"


def second(shared):
    shared.width = 20
    shared.gate.wait()
    assert shared.length * shared.width == 600, "a side is missing"


THREADS = [first, second]
