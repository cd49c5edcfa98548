"""Note and look while holding the condition: no call can fall between looking and waiting."""

from threading import Condition
from types import SimpleNamespace

HINT = "The call falls between looking and waiting. wait() gives the lock away only when it really waits."


def setup():
    return SimpleNamespace(called=False, bell=Condition())


def doctor(shared):
    with shared.bell:
        shared.called = True
        shared.bell.notify()


def guest(shared):
    with shared.bell:
        while not shared.called:
            shared.bell.wait()
    assert shared.called, "nobody has called"


THREADS = [doctor, guest]
