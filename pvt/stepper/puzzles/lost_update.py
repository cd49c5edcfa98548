"""The lost visitor.

Two doors of a museum count visitors on one counter. Each door adds one. At closing time the counter
should say two. It has said so every evening so far."""

from types import SimpleNamespace

GOAL = "Break it: both doors have counted, and the counter says 1."


def setup():
    return SimpleNamespace(visitors=0)


def door(shared):
    shared.visitors += 1


THREADS = [door, door]


def safe(shared):
    return shared.visitors == 2


class Rarer:
    """Look again before writing: now the other door must count between the second look and the
    write.

    The gap is smaller. It is still there.
    """

    def door(shared):
        seen = shared.visitors
        if shared.visitors == seen:
            shared.visitors = seen + 1
        else:
            shared.visitors += 1


class Repaired:
    """One lock around reading and writing: nobody can count in between."""

    from threading import Lock

    HINT = (
        "Reading and writing are two steps. Who may come in between, and what would keep them out?"
    )

    def setup():
        return SimpleNamespace(visitors=0, lock=Lock())

    def door(shared):
        with shared.lock:
            shared.visitors += 1
