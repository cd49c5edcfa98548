"""The seat sold twice.

One seat is left on the night train. Ann and Bob book at the same moment. Each booking first checks
that the seat is free, then takes it and prints a ticket."""

from types import SimpleNamespace

GOAL = "Break it: both Ann and Bob have a ticket for the one seat."


def setup():
    return SimpleNamespace(free=True, tickets=[])


def book(shared, name):
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


class Rarer:
    """Check twice: the other booking must now come between the second check and the taking.

    A check tells what was true a moment ago, however often it is made.
    """

    def book(shared, name):
        if shared.free and not shared.tickets and shared.free:
            shared.free = False
            shared.tickets.append(name)


class Repaired:
    """Check and act under one lock: what was true at the check is still true at the act."""

    from threading import Lock

    HINT = "The check is out of date as soon as somebody else may act. Which steps belong together?"

    def setup():
        return SimpleNamespace(free=True, tickets=[], lock=Lock())

    def book(shared, name):
        with shared.lock:
            if shared.free:
                shared.free = False
                shared.tickets.append(name)
