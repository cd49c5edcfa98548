"""Check and act under one lock: what was true at the check is still true at the act."""

from threading import Lock
from types import SimpleNamespace

HINT = "The check is out of date as soon as somebody else may act. Which steps belong together?"


def setup():
    return SimpleNamespace(free=True, tickets=[], lock=Lock())


def book(shared, name):
    with shared.lock:
        if shared.free:
            shared.free = False
            shared.tickets.append(name)


def ann(shared):
    book(shared, "Ann")


def bob(shared):
    book(shared, "Bob")


THREADS = [ann, bob]


def safe(shared):
    return len(shared.tickets) == 1
