"""Two connections where one was paid for.

The connection to the archive is opened when it is first needed. Opening is expensive, so the
program looks whether it is open already. Two threads need it."""

from types import SimpleNamespace

GOAL = "Break it: the connection is opened twice."


def setup():
    return SimpleNamespace(connection=None, opened=[])


def connection(shared):
    if shared.connection is None:
        shared.opened.append("archive")
        shared.connection = "open"
    return shared.connection


def reader(shared):
    assert connection(shared) == "open"


THREADS = [reader, reader]


def safe(shared):
    return len(shared.opened) == 1


class Rarer:
    """A mark that says "I am opening it": now the race is for the mark.

    The mark is checked and then set, which is the old mistake with another name.
    """

    import time

    def setup():
        return SimpleNamespace(connection=None, opening=False, opened=[])

    def connection(shared):
        if shared.connection is None and not shared.opening:
            shared.opening = True
            shared.opened.append("archive")
            shared.connection = "open"
        while shared.connection is None:
            time.sleep(0.01)
        return shared.connection


class Repaired:
    """Look under the lock: the second thread waits, and then finds the connection open."""

    from threading import Lock

    HINT = "Both threads may look before either has opened. Let only one at a time look and open."

    def setup():
        return SimpleNamespace(connection=None, opened=[], lock=Lock())

    def connection(shared):
        with shared.lock:
            if shared.connection is None:
                shared.opened.append("archive")
                shared.connection = "open"
        return shared.connection
