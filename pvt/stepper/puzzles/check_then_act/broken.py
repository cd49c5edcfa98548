"""The seat sold twice.

One seat is left on the night train. Ann and Bob book at the same moment. Each booking first checks that the
seat is free, then takes it and prints a ticket.
"""

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
