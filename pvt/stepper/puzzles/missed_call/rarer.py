"""The guest looks twice: the call can still fall between the last look and the waiting.

It needs better timing, and happens less often.
"""

from threading import Condition
from types import SimpleNamespace


def setup():
    return SimpleNamespace(called=False, bell=Condition())


def doctor(shared):
    shared.called = True
    with shared.bell:
        shared.bell.notify()


def guest(shared):
    if not shared.called and not shared.called:
        with shared.bell:
            shared.bell.wait()
    assert shared.called, "nobody has called"


THREADS = [doctor, guest]
