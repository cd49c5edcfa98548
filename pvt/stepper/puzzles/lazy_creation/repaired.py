"""Look under the lock: the second thread waits, and then finds the connection open."""

from threading import Lock
from types import SimpleNamespace

HINT = "Both threads may look before either has opened. Let only one at a time look and open."


def setup():
    return SimpleNamespace(connection=None, opened=[], lock=Lock())


def connection(shared):
    with shared.lock:
        if shared.connection is None:
            shared.opened.append("archive")
            shared.connection = "open"
    return shared.connection


def reader(shared):
    assert connection(shared) == "open"


THREADS = [reader, reader]


def safe(shared):
    return len(shared.opened) == 1
