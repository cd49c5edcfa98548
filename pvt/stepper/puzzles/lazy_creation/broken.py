"""Two connections where one was paid for.

The connection to the archive is opened when it is first needed. Opening is expensive, so the program looks
whether it is open already. Two threads need it.
"""

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
