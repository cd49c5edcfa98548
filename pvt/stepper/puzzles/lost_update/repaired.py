"""One lock around reading and writing: nobody can count in between."""

from threading import Lock
from types import SimpleNamespace

HINT = "Reading and writing are two steps. Who may come in between, and what would keep them out?"


def setup():
    return SimpleNamespace(visitors=0, lock=Lock())


def door(shared):
    with shared.lock:
        shared.visitors += 1


THREADS = [door, door]


def safe(shared):
    return shared.visitors == 2
