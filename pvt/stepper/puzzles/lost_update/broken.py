"""The lost visitor.

Two doors of a museum count visitors on one counter. Each door adds one. At closing time the counter should
say two. It has said so every evening so far.
"""

from types import SimpleNamespace

GOAL = "Break it: both doors have counted, and the counter says 1."


def setup():
    return SimpleNamespace(visitors=0)


def door(shared):
    shared.visitors += 1


THREADS = [door, door]


def safe(shared):
    return shared.visitors == 2
