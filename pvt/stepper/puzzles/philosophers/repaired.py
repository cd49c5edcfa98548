"""The forks have an order, and everybody takes the earlier one first: no circle can close."""

from threading import Lock
from types import SimpleNamespace

HINT = "The circle closes because all reach in the same direction. One who reaches the other way opens it."


def setup():
    return SimpleNamespace(a=Lock(), b=Lock(), c=Lock())


def eat(left, right):
    with left, right:
        pass


def plato(shared):
    eat(shared.a, shared.b)


def hypatia(shared):
    eat(shared.b, shared.c)


def zeno(shared):
    eat(shared.a, shared.c)


THREADS = [plato, hypatia, zeno]
