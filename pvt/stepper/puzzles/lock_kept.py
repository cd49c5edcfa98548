"""The key that was taken home.

One loaf lies in the shop. The baker brings another. Two customers want one each; whoever finds the
shelf empty leaves. All use the key of the shop."""

from threading import Lock
from types import SimpleNamespace

GOAL = "Break it: somebody leaves with the key, and another waits for it for ever."


def setup():
    return SimpleNamespace(key=Lock(), loaves=1)


def baker(shared):
    with shared.key:
        assert shared.loaves >= 0, "a loaf was sold that was not there"
        shared.loaves += 1


def customer(shared):
    shared.key.acquire()
    if shared.loaves == 0:
        return
    shared.loaves -= 1
    shared.key.release()


THREADS = [baker, customer, customer]


def safe(shared):
    return not shared.key.locked()


class Rarer:
    """Look through the window first: few customers now enter an empty shop, but some still do.

    The loaf may be sold between the look and the key.
    """

    def customer(shared):
        if shared.loaves == 0:
            return
        shared.key.acquire()
        if shared.loaves == 0:
            return
        shared.loaves -= 1
        shared.key.release()


class Repaired:
    """The `with` statement gives the key back on every way out."""

    HINT = "Follow each way out of customer(). On which one is the key not given back?"

    def customer(shared):
        with shared.key:
            if shared.loaves == 0:
                return
            shared.loaves -= 1
