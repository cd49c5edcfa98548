"""Check twice: the other booking must now come between the second check and the taking.

A check tells what was true a moment ago, however often it is made.
"""

from types import SimpleNamespace


def setup():
    return SimpleNamespace(free=True, tickets=[])


def book(shared, name):
    if shared.free and not shared.tickets and shared.free:
        shared.free = False
        shared.tickets.append(name)


def ann(shared):
    book(shared, "Ann")


def bob(shared):
    book(shared, "Bob")


THREADS = [ann, bob]


def safe(shared):
    return len(shared.tickets) == 1
