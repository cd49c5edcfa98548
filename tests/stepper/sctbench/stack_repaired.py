"""The stack itself is asked.

SCTBench CS.stack_bad, repaired.
"""

from threading import Lock
from types import SimpleNamespace

ROUNDS = 2


def setup():
    return SimpleNamespace(lock=Lock(), stack=[], filled=False)


def push(s):
    for number in range(ROUNDS):
        with s.lock:
            s.stack.append(number)
            s.filled = True


def pop(s):
    for _ in range(ROUNDS):
        with s.lock:
            if s.stack:
                s.stack.pop()


THREADS = [push, pop]
