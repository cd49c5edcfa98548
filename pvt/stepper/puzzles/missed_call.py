"""The call nobody heard.

The guest waits for the doctor to call. The doctor makes a note and calls once. The guest looks at
the note first: if it is there, no waiting is needed."""

from threading import Condition
from types import SimpleNamespace

GOAL = "Break it: the doctor has called, and the guest waits for ever."


def setup():
    return SimpleNamespace(called=False, bell=Condition())


def doctor(shared):
    shared.called = True
    with shared.bell:
        shared.bell.notify()


def guest(shared):
    if not shared.called:
        with shared.bell:
            shared.bell.wait()
    assert shared.called, "nobody has called"


THREADS = [doctor, guest]


class Rarer:
    """The guest looks twice: the call can still fall between the last look and the waiting.

    It needs better timing, and happens less often.
    """

    def guest(shared):
        if not shared.called and not shared.called:
            with shared.bell:
                shared.bell.wait()
        assert shared.called, "nobody has called"


class Repaired:
    """Note and look while holding the condition: no call can fall between looking and waiting."""

    HINT = "The call falls between looking and waiting. wait() gives the lock away only when it really waits."

    def doctor(shared):
        with shared.bell:
            shared.called = True
            shared.bell.notify()

    def guest(shared):
        with shared.bell:
            while not shared.called:
                shared.bell.wait()
        assert shared.called, "nobody has called"
