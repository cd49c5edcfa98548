"""Two transfers, each waiting for the other.

Every account has a lock. A transfer locks the account it takes from, then the account it gives to.
Two transfers run in opposite directions."""

from threading import Lock
from types import SimpleNamespace

GOAL = "Break it: bring both transfers to a state in which neither can ever go on."


def setup():
    return SimpleNamespace(ann=Lock(), bob=Lock(), moved=0)


def ann_to_bob(shared):
    with shared.ann, shared.bob:
        shared.moved += 1


def bob_to_ann(shared):
    with shared.bob, shared.ann:
        shared.moved += 1


THREADS = [ann_to_bob, bob_to_ann]


def safe(shared):
    return shared.moved == 2


class Rarer:
    """Wait politely while the other lock is taken: it may still be taken right after the look.

    Looking at a lock reserves nothing.
    """

    import time

    def ann_to_bob(shared):
        while shared.bob.locked():
            time.sleep(0.01)
        with shared.ann, shared.bob:
            shared.moved += 1

    def bob_to_ann(shared):
        while shared.ann.locked():
            time.sleep(0.01)
        with shared.bob, shared.ann:
            shared.moved += 1


class Repaired:
    """Everybody locks in the same order: whoever has the first lock finds the second free, or soon
    free."""

    HINT = "A circle of waiting needs two orders. What if there were only one?"

    def bob_to_ann(shared):
        with shared.ann, shared.bob:
            shared.moved += 1
