"""A mark that says "I am opening it": now the race is for the mark.

The mark is checked and then set, which is the old mistake with another name.
"""

import time
from types import SimpleNamespace


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


def reader(shared):
    assert connection(shared) == "open"


THREADS = [reader, reader]


def safe(shared):
    return len(shared.opened) == 1
