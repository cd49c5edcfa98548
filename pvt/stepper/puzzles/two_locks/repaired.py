"""Everybody locks in the same order: whoever has the first lock finds the second free, or soon free."""

from threading import Lock
from types import SimpleNamespace

HINT = "A circle of waiting needs two orders. What if there were only one?"


def setup():
    return SimpleNamespace(ann=Lock(), bob=Lock(), moved=0)


def ann_to_bob(shared):
    with shared.ann, shared.bob:
        shared.moved += 1


def bob_to_ann(shared):
    with shared.ann, shared.bob:
        shared.moved += 1


THREADS = [ann_to_bob, bob_to_ann]


def safe(shared):
    return shared.moved == 2
