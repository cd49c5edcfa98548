"""Meeting at the wrong moment.

Two surveyors measure one side of a field each. They meet at the gate, so that each can use the
other's figure for the area. They do meet."""

from threading import Barrier
from types import SimpleNamespace

GOAL = "Break it: a surveyor computes with a side that has not been measured."


def setup():
    return SimpleNamespace(gate=Barrier(2), length=0, width=0)


def first(shared):
    shared.gate.wait()
    shared.length = 30
    assert shared.length * shared.width == 600, "a side is missing"


def second(shared):
    shared.gate.wait()
    shared.width = 20
    assert shared.length * shared.width == 600, "a side is missing"


THREADS = [first, second]


class Rarer:
    """Sleep before computing: mostly the other has measured by then.

    A sleep is a guess about others. Nothing makes them keep to it.
    """

    import time

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


class Repaired:
    """First measure, then meet, then compute."""

    HINT = "A barrier promises that all have arrived. What should be done before arriving?"

    def first(shared):
        shared.length = 30
        shared.gate.wait()
        assert shared.length * shared.width == 600, "a side is missing"

    def second(shared):
        shared.width = 20
        shared.gate.wait()
        assert shared.length * shared.width == 600, "a side is missing"
