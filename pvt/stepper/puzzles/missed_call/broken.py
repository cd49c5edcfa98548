"""The call nobody heard.

The guest waits for the doctor to call. The doctor makes a note and calls once. The guest looks at the note first:
if it is there, no waiting is needed.
"""

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
