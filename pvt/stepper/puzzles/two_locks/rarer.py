"""Wait politely while the other lock is taken: it may still be taken right after the look.

Looking at a lock reserves nothing.
"""

import time
from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(ann=Lock(), bob=Lock(), moved=0)


def ann_to_bob(shared):
    while shared.bob.locked():
        time.sleep(0.01)
    with shared.ann, shared.bob:
        shared.moved += 1


def bob_to_ann(shared):
    while shared.ann.locked():
        time.sleep(0.01)
    with shared.bob, shared.ann:
        shared.moved += 1


THREADS = [ann_to_bob, bob_to_ann]


def safe(shared):
    return shared.moved == 2
